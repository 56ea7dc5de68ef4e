//! Looks names up with the system's resolver, in a thread of its own each time. Keeps nothing.

use super::progress;
use crate::http::Stage;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::ToSocketAddrs;
use tokio::sync::oneshot;

/// The system's resolver.
///
/// A look-up can't be called off and may hang for minutes. Tokio would wait for it when the client is dropped; a
/// thread that nobody joins lets go of it.
#[derive(Debug)]
pub struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            progress::looking_up(name.as_str());
            let (give, take) = oneshot::channel();
            std::thread::Builder::new().name("resolver".to_owned()).spawn(move || {
                // Port 0 stands for the port that the URL says.
                let found = (name.as_str(), 0).to_socket_addrs().map(|addresses| Box::new(addresses) as Addrs);
                // Nobody waits any more when the try's time is up.
                let _ = give.send(found);
            })?;
            let found = take.await.map_err(io::Error::other)??;
            progress::reached(Stage::Connecting);
            Ok(found)
        })
    }
}
