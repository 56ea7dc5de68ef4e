//! One reqwest client: builds it, sends one request at a time through it, reads the answer up to the limit.

#![expect(
    clippy::disallowed_types,
    reason = "the wire is the one user of reqwest"
)]

use super::connector::Watch;
use super::phase::Progress;
use super::proxy::Endpoint;
use super::{MAX_BODY, address, error, proxy, resolver, tunnel};
use crate::http::{Body, Credentials, Method, Request, Response, TransportError};
use crate::protocol::resource::is_loopback;
use error::Target;
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The settings that all workers of a client share.
pub struct Plan {
    /// The TLS configuration.
    pub tls: rustls::ClientConfig,
    /// The proxy, if there is one.
    pub proxy: Option<Arc<Endpoint>>,
    /// The reason why the proxy that the environment names can't be used: it matters for other machines alone.
    pub unusable_proxy: Option<String>,
    /// The time limit for connecting.
    pub connect_timeout: Duration,
    /// The resolver.
    pub lookup: resolver::LookupFn,
}

impl Plan {
    /// A new client, with a thread of its own.
    ///
    /// # Errors
    /// [`crate::http::Cause::Unusable`] when the system gives no thread.
    pub fn lane(&self) -> Result<Worker, TransportError> {
        let watch = Watch::default();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let mut builder = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .user_agent(concat!("zoom-runner/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .dns_resolver(Arc::new(resolver::ThreadResolver(self.lookup)))
            .connector_layer(watch.clone())
            .connect_timeout(self.connect_timeout)
            .pool_max_idle_per_host(1);

        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy::rule(proxy));
        }

        let client = builder.build().map_err(|error| error::no_client(&error))?;
        Ok(Worker {
            client,
            watch,
            proxy: self.proxy.clone(),
            unusable_proxy: self.unusable_proxy.clone(),
            connect_timeout: self.connect_timeout,
            lookup: self.lookup,
            known: HashSet::new(),
        })
    }
}

/// One client.
pub struct Worker {
    client: Client,
    watch: Watch,
    proxy: Option<Arc<Endpoint>>,
    unusable_proxy: Option<String>,
    connect_timeout: Duration,
    lookup: resolver::LookupFn,
    /// The hosts that it may have a connection to.
    known: HashSet<String>,
}

impl Worker {
    /// Starts to open a connection to the host of `url`, unless there may be one. Does not wait for it.
    ///
    /// A request is what makes reqwest call its connector; it ends right there, refused by [`Watch`]. It must not
    /// find a kept connection, or it would be sent.
    pub fn prepare(&mut self, url: &str) {
        let Ok(url) = Url::parse(url) else { return };
        let host = origin(&url);
        if self.known.insert(host.clone()) {
            self.watch.park(&host);
            let _ = self.client.get(url).send();
        }
    }

    /// Opens a connection to the host of `url` and closes it, sending no HTTP byte; it reports to `progress`, a watched
    /// one. No request may have been sent through this client before.
    ///
    /// # Errors
    /// As [`crate::http::Http::send`], up to the TLS handshake.
    pub fn look(
        &mut self,
        url: &str,
        timeout: Duration,
        progress: &Arc<Progress>,
    ) -> Result<(), TransportError> {
        let url =
            Url::parse(url).map_err(|error| error::unusable(format!("not a URL: {error}")))?;
        let host = address(&url);
        let target = Target {
            host: &host,
            proxy: self.proxy.as_deref(),
        };
        let timeout = self.open_tunnel(&url, &target, timeout)?;
        self.watch.look(progress);

        // The request ends where the connection stands, refused by the watch.
        let Err(error) = self.client.get(url).timeout(timeout).send() else {
            return Ok(());
        };
        if progress.sighting(super::sighting::Sighting::stood) == Some(true) {
            return Ok(());
        }

        Err(error::sending(error, progress, &target))
    }

    /// Sees to it that the proxy opens a tunnel to the host of `url`, where there is one; returns what is left of `timeout`.
    ///
    /// # Errors
    /// The proxy's refusal, and that of a proxy which can't be used.
    fn open_tunnel(
        &self,
        url: &Url,
        target: &Target<'_>,
        timeout: Duration,
    ) -> Result<Duration, TransportError> {
        if let Some(why) = self.unusable_proxy.as_ref().filter(|_| !is_loopback(url)) {
            return Err(error::unusable(why.clone()));
        }

        let Some(proxy) = self.proxy.as_deref().filter(|proxy| proxy.serves(url)) else {
            return Ok(timeout);
        };
        // The answer of a proxy that is reached by TLS is left to reqwest.
        if proxy.url().scheme() != "http" {
            return Ok(timeout);
        }

        let limit = self.connect_timeout.min(timeout / 2);
        match tunnel::ask(proxy.url(), target.host, self.lookup, limit) {
            tunnel::Answer::Status(200) | tunnel::Answer::None => Ok(timeout),
            tunnel::Answer::Silent => Ok(timeout.saturating_sub(limit)),
            tunnel::Answer::Status(status) => Err(error::no_tunnel(status, target)),
        }
    }

    /// Sends `request` and reads the whole answer; its connection reports to `progress`, a new one.
    ///
    /// # Errors
    /// As [`crate::http::Http::send`].
    pub fn send(
        &mut self,
        request: &Request,
        progress: &Arc<Progress>,
    ) -> Result<Response, TransportError> {
        let url = Url::parse(&request.url)
            .map_err(|error| error::unusable(format!("not a URL: {error}")))?;
        let host = address(&url);
        let target = Target {
            host: &host,
            proxy: self.proxy.as_deref(),
        };
        let origin = origin(&url);
        let mut timeout = request.timeout;
        if !self.known.contains(&origin) {
            timeout = self.open_tunnel(&url, &target, timeout)?;
        }

        self.watch.serve(&origin, progress);
        self.known.insert(origin);
        let response = build(&self.client, url, request)
            .timeout(timeout)
            .send()
            .map_err(|error| error::sending(error, progress, &target))?;
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers.filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let headers = headers.collect();

        Ok(Response {
            status,
            headers,
            body: read(response, &target)?,
            kept_connection: progress.is_kept(),
        })
    }
}

/// Returns the pool key, `scheme://host:port`.
fn origin(url: &Url) -> String {
    format!("{}://{}", url.scheme(), address(url))
}

fn build(client: &Client, url: Url, request: &Request) -> RequestBuilder {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Patch => reqwest::Method::PATCH,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };

    let builder = client.request(method, url);

    // reqwest marks both as sensitive, which keeps them out of its logs.
    let builder = match &request.credentials {
        Some(Credentials::Bearer(token)) => builder.bearer_auth(token.reveal()),
        Some(Credentials::Basic { user, password }) => {
            builder.basic_auth(user, Some(password.reveal()))
        }
        None => builder,
    };

    match &request.body {
        Some(Body::Json(text)) => builder
            .header(CONTENT_TYPE, "application/json")
            .body(text.clone()),
        Some(Body::Form(pairs)) => builder
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(
                url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(pairs)
                    .finish(),
            ),
        None => builder,
    }
}

fn read(
    response: reqwest::blocking::Response,
    target: &Target<'_>,
) -> Result<Vec<u8>, TransportError> {
    const LIMIT: u64 = MAX_BODY as u64;
    const FIRST_PIECE: usize = 8 * 1024;

    // Not known for a compressed answer.
    let length = response.content_length().unwrap_or(0);
    if length > LIMIT {
        return Err(error::too_large(MAX_BODY, target));
    }

    // One byte more shows the end, and tells a body that is just as large as allowed from one that is larger. Read in
    // place: `read_to_end` would fill each piece with zeros first.
    let mut body = vec![0; usize::try_from(length).unwrap_or(MAX_BODY).max(FIRST_PIECE) + 1];
    let mut filled = 0;
    let mut response = response.take(LIMIT + 1);
    loop {
        let room = body.get_mut(filled..).unwrap_or_default();
        match response.read(room) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error::reading(&error, target)),
        }
        if filled == body.len() {
            body.resize(filled * 2, 0);
        }
    }

    if filled > MAX_BODY {
        return Err(error::too_large(MAX_BODY, target));
    }
    body.truncate(filled);

    Ok(body)
}
