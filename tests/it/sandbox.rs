//! The sandbox from outside, asked over plain sockets: what its documentation promises, each row of it; and what
//! the actions declare, judged by its facts.

mod access;
mod client;
mod declarations;
mod faults;
mod independence;
mod limits;
mod lists;
mod meetings;
mod oauth;
mod page;
mod recordings;
mod refusals;
mod reports;
mod roles;
mod settings;
mod users;
mod validation;
