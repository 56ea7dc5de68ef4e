//! Sends one request over the network and reads its answer; the only user of reqwest. Repeats nothing, follows no
//! redirect, and knows neither tokens nor what an answer means.
//!
//! Limits besides [`MAX_BODY`] are hyper's: an answer has at most 100 headers, and no more of its head is read once
//! 408 KiB of it have come.

mod certificate;
mod connector;
mod error;
mod phase;
mod preconnect;
mod probe;
mod proxy;
mod resolver;
mod self_signed;
mod sighting;
mod tls;
mod tunnel;
mod witness;
mod worker;

pub use certificate::Certificate;
pub use probe::{Doubt, Proxy, Way};

use super::{Cause, Http, Request, Response, TransportError};
use crate::protocol::secret::Secret;
use phase::Progress;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use url::Url;
use worker::{Plan, Worker};

/// The largest body that is read, in bytes after decompression. More ends in [`super::Cause::TooLarge`].
pub const MAX_BODY: usize = 12 << 20;

/// The longest time for name look-up, TCP, proxy and TLS together, within the request's own time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The settings of a connection.
#[derive(Clone, Debug)]
pub struct Connection {
    /// False accepts any certificate.
    pub verify_certificate: bool,
    /// Further root certificates, PEM text.
    pub ca_certificate: Option<String>,
    /// The proxy, `http://[user:password@]host:port`. Without it the variables `HTTPS_PROXY`, `https_proxy`,
    /// `ALL_PROXY`, `all_proxy`, `NO_PROXY` and `no_proxy` count. Loopback addresses are never proxied.
    pub proxy_url: Option<Secret<String>>,
}

/// The network.
///
/// Nothing is built before the first request, so that a run that fails early pays for none of it. A reqwest client
/// serves one request at a time: only so is it known how far the connection for a request had come when the request
/// broke. Threads that share a `ReqwestClient` therefore get a client each, and each keeps its connections.
pub struct ReqwestClient {
    connection: Connection,
    connect_timeout: Duration,
    lookup: resolver::LookupFn,
    plan: OnceLock<Result<Plan, TransportError>>,
    idle: Mutex<Vec<Worker>>,
}

impl ReqwestClient {
    /// A wire that will connect as `connection` says.
    #[must_use]
    pub const fn new(connection: Connection) -> Self {
        Self {
            connection,
            connect_timeout: CONNECT_TIMEOUT,
            lookup: resolver::system,
            plan: OnceLock::new(),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// The plan, from which all clients are made.
    fn plan(&self) -> Result<&Plan, TransportError> {
        self.plan
            .get_or_init(|| self.make_plan().map_err(error::unusable))
            .as_ref()
            .map_err(Clone::clone)
    }

    #[expect(clippy::disallowed_methods, reason = "the proxy of the environment")]
    fn make_plan(&self) -> Result<Plan, String> {
        let Connection {
            verify_certificate,
            ca_certificate,
            proxy_url,
        } = &self.connection;

        let tls = tls::configuration(
            *verify_certificate,
            ca_certificate.as_deref(),
            &tls::environment_roots().certificates,
        )?;

        let proxy = proxy::find(proxy_url.as_ref(), |name| std::env::var(name).ok());
        let (proxy, unusable_proxy) = match proxy {
            Ok(proxy) => (proxy, None),
            // A variable is set for other programs too; connections to this machine don't need it.
            Err(why) if proxy_url.is_none() => (None, Some(why)),
            Err(why) => return Err(why),
        };
        if let Some(proxy) = &proxy {
            log::debug!("proxy: {}", proxy.address());
        }

        Ok(Plan {
            tls,
            proxy: proxy.map(Arc::new),
            unusable_proxy,
            connect_timeout: self.connect_timeout,
            lookup: self.lookup,
        })
    }

    fn take_lane(&self) -> Result<Worker, TransportError> {
        // The last one put back is the one with the warmest connections.
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.map_or_else(|| self.plan()?.lane(), Ok)
    }

    fn put_back(&self, lane: Worker) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(lane);
    }
}

impl ReqwestClient {
    fn exchange(
        &self,
        request: &Request,
        progress: &Arc<Progress>,
    ) -> Result<Response, TransportError> {
        let mut lane = self.take_lane()?;
        let result = lane.send(request, progress);

        // A request given up may not have begun in the client's thread when the next one comes; what it then does
        // would be taken for that one's doing. So such a client is not used again.
        if !matches!(&result, Err(broken) if broken.cause == Cause::TimedOut) {
            self.put_back(lane);
        }

        result
    }
}

impl Http for ReqwestClient {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.exchange(request, &Progress::new())
    }

    fn prepare(&self, url: &str) {
        // A proxy that refuses must not be asked twice: wrong passwords lock accounts.
        if self.plan().is_ok_and(|plan| plan.proxy.is_some()) {
            return;
        }

        // What is wrong with the connection shows when it is needed.
        if let Ok(mut lane) = self.take_lane() {
            lane.prepare(url);
            self.put_back(lane);
        }
    }
}

/// Returns what is wrong with the certificate file that `SSL_CERT_FILE` names; connections go without it.
#[must_use]
pub fn unreadable_certificate_file() -> Option<&'static str> {
    tls::environment_roots().unreadable_file.as_deref()
}

/// `host:port` of a URL.
fn address(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, SystemClock};
    use crate::http::{Method, Stage};
    use crate::protocol::secret::Secret;
    use std::net::TcpListener;

    fn wire() -> ReqwestClient {
        ReqwestClient::new(Connection {
            verify_certificate: true,
            ca_certificate: None,
            proxy_url: None,
        })
    }

    fn broken(wire: &ReqwestClient, url: &str, timeout: u64) -> TransportError {
        let timeout = Duration::from_millis(timeout);
        let request = Request {
            method: Method::Get,
            url: url.to_owned(),
            credentials: None,
            body: None,
            timeout,
        };
        wire.send(&request).unwrap_err()
    }

    #[test]
    fn connecting_has_a_limit_of_its_own() {
        // Its backlog accepts, and nobody speaks TLS.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/", silent.local_addr().unwrap());
        let clock = SystemClock::start();
        let wire = ReqwestClient {
            connect_timeout: Duration::from_millis(200),
            ..wire()
        };
        let broken = broken(&wire, &url, 5000);
        assert_eq!(
            (broken.stage, broken.cause),
            (Stage::Securing, Cause::TimedOut)
        );
        assert!(clock.now() < Duration::from_millis(2000));
    }

    #[test]
    fn a_name_service_that_hangs_is_given_up_in_time() {
        let hanging: resolver::LookupFn = |_| {
            SystemClock::start().sleep(Duration::from_secs(60));
            Ok(Vec::new())
        };
        let clock = SystemClock::start();
        let wire = ReqwestClient {
            lookup: hanging,
            ..wire()
        };
        wire.prepare("https://zoom.us/");
        for url in ["https://api.zoom.us/", "https://zoom.us/"] {
            let broken = broken(&wire, url, 200);
            assert_eq!(
                (broken.stage, broken.cause),
                (Stage::Resolving, Cause::TimedOut)
            );
            assert!(broken.chain[0].contains("zoom.us"), "{:?}", broken.chain);
        }
        drop(wire);
        assert!(clock.now() < Duration::from_millis(1500));
    }

    #[test]
    fn a_name_that_does_not_resolve_is_named_be_it_the_hosts_or_the_proxys() {
        let lookup: resolver::LookupFn = |_| Err(std::io::Error::other("name not known"));
        let behind = |host: &str| {
            let url = format!("http://user:hunter2@{host}:3128");
            ReqwestClient::new(Connection {
                verify_certificate: true,
                ca_certificate: None,
                proxy_url: Some(Secret::new(url)),
            })
        };
        for (client, name) in [
            (wire(), "something.example"),
            (behind("proxy.example"), "proxy.example"),
        ] {
            let client = ReqwestClient { lookup, ..client };
            let broken = broken(&client, "https://something.example/v2", 4000);
            assert_eq!(
                (broken.stage, broken.cause),
                (Stage::Resolving, Cause::Failed)
            );
            assert!(broken.chain[0].contains(name), "{:?}", broken.chain);
        }
    }

    #[test]
    fn client_pool_takes_no_worker_back_whose_request_timed_out() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = |listener: &TcpListener| {
            format!(
                "http://127.0.0.1:{}/",
                listener.local_addr().unwrap().port()
            )
        };
        let (silent_url, closed_url) = (url(&silent), url(&closed));
        drop(closed);
        let client = wire();
        let idle = || client.idle.lock().unwrap().len();
        assert_eq!(broken(&client, &silent_url, 100).cause, Cause::TimedOut);
        assert_eq!(
            idle(),
            0,
            "what it still does would be taken for the next one's doing"
        );
        assert_eq!(broken(&client, &closed_url, 5000).cause, Cause::Failed);
        assert_eq!(idle(), 1);
    }

    #[test]
    fn a_host_is_tried_at_all_its_addresses() {
        let lookup: resolver::LookupFn =
            |_| Ok(vec![([127, 0, 0, 2], 0).into(), ([127, 0, 0, 1], 0).into()]);
        let only = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://zoom.example:{}/", only.local_addr().unwrap().port());
        let broken = broken(&ReqwestClient { lookup, ..wire() }, &url, 200);
        assert_eq!(
            (broken.stage, broken.cause),
            (Stage::Waiting, Cause::TimedOut)
        );
    }
}
