//! Talking to Zoom: a typed call goes out with a token and comes back as an answer or as one of our failures. Begin with
//! `client`, which fills an endpoint, sends, and reads; lists go on in `paging`, changes in `change` and `update`.

pub mod account_plan;
pub mod change;
pub mod client;
pub mod endpoint;
pub mod error;
pub mod model;
pub mod months;
pub mod outcome;
pub mod paging;
pub mod roles;
pub mod rollback;
pub mod token;
pub mod token_cache;
pub mod update;
pub mod verbatim;
