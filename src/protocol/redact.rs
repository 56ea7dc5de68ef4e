//! Keeps secrets out of what is written: `fields` masks values by the names of their keys, `secrets` strikes out the run's
//! own secrets wherever they are repeated.

pub mod fields;
pub mod logs;
pub mod secrets;
