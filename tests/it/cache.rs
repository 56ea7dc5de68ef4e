//! The shared token cache: what it promises to runs side by side, on disks and clocks that misbehave, and to whoever
//! reads the disk.

mod damage;
mod folder;
mod processes;
mod scratch;
mod sharing;
mod time;
