//! The documents and workflows are true to the program.

#[cfg(unix)]
mod demo;
#[cfg(unix)]
mod examples;
#[cfg(unix)]
mod pages;
mod workflows;
