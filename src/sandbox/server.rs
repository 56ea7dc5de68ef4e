//! The embedded Zoom's HTTP: axum on loopback, latency and broken connections. Knows no endpoint.

use super::faults::Kind;
use super::zoom::{Ask, Reply, Zoom};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The largest body that is read.
const MAX_BODY: usize = 4 << 20;

struct Shared {
    zoom: Arc<Zoom>,
    url: String,
    count: std::sync::atomic::AtomicU64,
}

/// Listens, and serves until the sender is dropped.
pub fn start(zoom: Arc<Zoom>) -> std::io::Result<(SocketAddr, oneshot::Sender<()>)> {
    let (stop, stopped) = oneshot::channel();
    let listener = std::net::TcpListener::bind(("127.0.0.1", zoom.options.port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let shared = Shared { zoom, url: format!("http://{address}"), count: 0.into() };
    std::thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let router = axum::Router::new().fallback(serve).with_state(Arc::new(shared));
            let listener = match TcpListener::from_std(listener) {
                Ok(listener) => listener,
                Err(error) => return log::error!("the sandbox does not listen: {error}"),
            };
            let server = axum::serve(listener, router);
            tokio::select! {
                result = server => if let Err(error) = result { log::error!("the sandbox stopped: {error}") },
                _ = stopped => {}
            }
        });
    })?;
    Ok((address, stop))
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let ask = read(request).await;
    let zoom = &shared.zoom;
    if zoom.options.latency > 0 {
        tokio::time::sleep(Duration::from_millis(zoom.options.latency)).await;
    }
    let reply = match zoom.strike() {
        Some(Kind::Hang) => {
            zoom.remember(&ask, 0);
            return std::future::pending().await;
        }
        Some(Kind::Cut) => {
            zoom.remember(&ask, 0);
            return cut();
        }
        Some(Kind::Status(status)) => {
            Reply::json(status, &serde_json::json!({"code": status, "message": "A fault was asked for."}))
        }
        None => zoom.answer(&ask, &shared.url),
    };
    zoom.remember(&ask, reply.status);
    let number = shared.count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    if zoom.options.log {
        log_line(&ask, reply.status);
    }
    let mut response = Response::builder()
        .status(reply.status)
        .header("x-zm-trackingid", format!("v=2.0;clid=sandbox;rid=WEB_{number:08x}"));
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap_or_default()
}

fn log_line(ask: &Ask, status: u16) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{} {} {status}", ask.method, ask.target);
}

/// An answer that promises more than comes.
fn cut() -> Response {
    let stream = Body::from("{\"id\":");
    Response::builder().status(200).header("content-length", "1000").body(stream).unwrap_or_default()
}

async fn read(request: Request) -> Ask {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let header =
        |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let query = parts.uri.query().unwrap_or_default();
    Ask {
        method: parts.method.as_str().to_owned(),
        segments: parts.uri.path().split('/').skip(1).map(decoded).collect(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        target: parts.uri.to_string(),
        authorization: header("authorization"),
        content_type: header("content-type"),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}
