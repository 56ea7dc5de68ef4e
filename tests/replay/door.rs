//! The replay door from outside.
