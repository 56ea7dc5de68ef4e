//! The sandbox's HTTP: axum on loopback, with TLS or without, latency and broken connections. Begin reading at `serve`.

use super::faults::Kind;
use super::handler::Zoom;
use super::message::ApiRequest;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

/// The largest body that is read.
const MAX_BODY: usize = 4 << 20;
/// The time that a client may take over the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A running server. It stops when dropped.
pub struct Server {
    url: String,
    connections: Arc<AtomicU64>,
    // Dropping it ends the server.
    _stop: oneshot::Sender<()>,
}

struct Shared {
    zoom: Arc<Zoom>,
    url: String,
    count: AtomicU64,
}

impl Server {
    /// Listens, and serves until it is dropped.
    pub fn start(zoom: Arc<Zoom>) -> std::io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let listener = std::net::TcpListener::bind(("127.0.0.1", zoom.options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let scheme = if zoom.options.tls.is_some() {
            "https"
        } else {
            "http"
        };

        let url = format!("{scheme}://{address}");
        let connections = Arc::new(AtomicU64::new(0));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let arrivals = {
            let _inside = runtime.enter();
            arrivals(
                TcpListener::from_std(listener)?,
                &zoom,
                Arc::clone(&connections),
            )
        };

        let shared = Arc::new(Shared {
            zoom,
            url: url.clone(),
            count: AtomicU64::new(0),
        });

        std::thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let router = axum::Router::new().fallback(serve).with_state(shared);
                let server = axum::serve(Incoming { address, arrivals }, router);
                tokio::select! {
                    result = server => if let Err(error) = result { log::error!("the sandbox stopped: {error}") },
                    _ = stopped => {}
                }
            });
            // A hanging answer is not waited for.
            runtime.shutdown_background();
        })?;

        Ok(Self {
            url,
            connections,
            _stop: stop,
        })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }
}

/// A connection, plain or with TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Accepts and counts connections. Handshakes run beside each other: one that hangs holds up no other client.
fn arrivals(
    listener: TcpListener,
    zoom: &Zoom,
    connections: Arc<AtomicU64>,
) -> mpsc::Receiver<Box<dyn Stream>> {
    let (sender, receiver) = mpsc::channel(64);
    let acceptor = zoom
        .options
        .tls
        .as_ref()
        .map(|identity| tokio_rustls::TlsAcceptor::from(identity.config()));

    tokio::spawn(async move {
        while !sender.is_closed() {
            let Ok((stream, _)) = listener.accept().await else {
                // Too many open files, most likely: others end meanwhile.
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            };
            connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(handshake(stream, acceptor.clone(), sender.clone()));
        }
    });

    receiver
}

async fn handshake(
    stream: TcpStream,
    acceptor: Option<tokio_rustls::TlsAcceptor>,
    arrived: mpsc::Sender<Box<dyn Stream>>,
) {
    // Without this, an answer in two writes waits for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let stream: Box<dyn Stream> = match acceptor {
        None => Box::new(stream),
        Some(acceptor) => match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => Box::new(stream),
            failed => return log::debug!("no handshake: {failed:?}"),
        },
    };

    let _ = arrived.send(stream).await;
}

/// The connections that are ready to be served.
struct Incoming {
    address: SocketAddr,
    arrivals: mpsc::Receiver<Box<dyn Stream>>,
}

impl axum::serve::Listener for Incoming {
    type Io = Box<dyn Stream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.arrivals.recv().await {
            Some(stream) => (stream, self.address),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let request = read(request).await;
    let zoom = &shared.zoom;
    if zoom.options.latency > 0 {
        tokio::time::sleep(Duration::from_millis(zoom.options.latency)).await;
    }

    let reply = match zoom.next_fault() {
        Some(Kind::Hang) => {
            zoom.remember(&request, None);
            return std::future::pending().await;
        }
        Some(Kind::Cut) => {
            zoom.remember(&request, None);
            return cut();
        }
        Some(Kind::Status(status)) => zoom.faulty(&request, status),
        Some(Kind::Code(code)) => zoom.refuse(&request, code, &shared.url),
        None => zoom.answer(&request, &shared.url),
    };

    zoom.remember(&request, Some(&reply));
    let number = shared.count.fetch_add(1, Ordering::Relaxed);
    if zoom.options.log {
        log_line(&request, reply.status);
    }

    let tracking_id = format!("v=2.0;clid=sandbox;rid=WEB_{number:08x}");
    let mut response = Response::builder()
        .status(reply.status)
        .header("date", httpdate::fmt_http_date(zoom.time()))
        .header("x-zm-trackingid", tracking_id);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }

    response.body(Body::from(reply.body)).unwrap_or_default()
}

fn log_line(request: &ApiRequest, status: u16) {
    use std::io::Write;
    let _ = writeln!(
        std::io::stderr(),
        "{} {} {status}",
        request.method,
        request.target
    );
}

/// An answer that breaks off: its connection ends before the body does.
fn cut() -> Response {
    let body = Body::new(Broken { steps: 0 });
    Response::builder()
        .header("content-type", "application/json;charset=UTF-8")
        .body(body)
        .unwrap_or_default()
}

/// A body that begins, and fails once its beginning was sent.
struct Broken {
    steps: u8,
}

impl hyper::body::Body for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        self.steps += 1;
        match self.steps {
            1 => Poll::Ready(Some(Ok(hyper::body::Frame::data(Bytes::from_static(
                b"{\"id\":",
            ))))),
            // What is there is sent when there is nothing more for the moment.
            2 => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ => Poll::Ready(Some(Err(std::io::Error::other("a cut was asked for")))),
        }
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(1000)
    }
}

async fn read(request: Request) -> ApiRequest {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, MAX_BODY)
        .await
        .unwrap_or_default();
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };

    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };

    let query = parts.uri.query().unwrap_or_default();

    ApiRequest {
        method: parts.method.as_str().to_owned(),
        segments: parts.uri.path().split('/').skip(1).map(decoded).collect(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        target: parts.uri.to_string(),
        authorization: header("authorization"),
        content_type: header("content-type"),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}
