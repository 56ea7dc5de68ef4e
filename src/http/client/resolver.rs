//! Looks names up with the system's resolver, without ever waiting for one that hangs. Keeps nothing.

use super::phase;
use crate::http::Stage;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use tokio::sync::oneshot;

/// Finds the addresses of a name. It may block for as long as it likes.
pub type LookupFn = fn(&str) -> io::Result<Vec<SocketAddr>>;

/// Asks the system.
///
/// # Errors
/// The system's, which says whether the name is unknown or nobody answered.
pub fn system(name: &str) -> io::Result<Vec<SocketAddr>> {
    // Port 0 stands for the port that the URL says.
    Ok((name, 0).to_socket_addrs()?.collect())
}

/// Runs each look-up in a thread of its own.
///
/// A look-up can't be called off and may hang for minutes. Tokio would wait for it when the client is dropped; a
/// thread that nobody joins lets go of it.
#[derive(Debug)]
pub struct ThreadResolver(pub LookupFn);

impl Resolve for ThreadResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.0;
        Box::pin(async move {
            phase::looking_up(name.as_str());
            let (give, take) = oneshot::channel();
            std::thread::Builder::new()
                .name("resolver".to_owned())
                .spawn(move || {
                    // Nobody waits any more when the try's time is up.
                    let _ = give.send(lookup(name.as_str()));
                })?;
            let found = take.await.map_err(io::Error::other)??;
            phase::found(found.iter().map(SocketAddr::ip));
            phase::reached(Stage::Connecting);
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
