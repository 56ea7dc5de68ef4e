//! Scripted servers on loopback for the wire's tests. Each connection gets a thread; threads end with the process.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use zoom_runner::http::client::{Connection, ReqwestClient};
use zoom_runner::http::{Http, Method, Request, TransportError};

/// A server that was told what to say.
pub struct Server {
    pub port: u16,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// One connection to a server.
pub struct Peer<S> {
    pub stream: S,
    /// Which connection this is, from 0.
    pub number: usize,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Runs `script` for each connection.
    pub fn start(script: impl Fn(Peer<TcpStream>) + Send + Sync + 'static) -> Self {
        Self::on("127.0.0.1", script).unwrap()
    }

    /// The same on another address.
    pub fn on(
        host: &str,
        script: impl Fn(Peer<TcpStream>) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((host, 0))?;
        let port = listener.local_addr()?.port();
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let server = Self {
            port,
            connections: Arc::clone(&connections),
            requests: Arc::clone(&requests),
        };
        let script = Arc::new(script);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let number = connections.fetch_add(1, Ordering::SeqCst);
                let (script, requests) = (Arc::clone(&script), Arc::clone(&requests));
                std::thread::spawn(move || {
                    script(Peer {
                        stream,
                        number,
                        requests,
                    })
                });
            }
        });
        Ok(server)
    }

    /// Answers each request of each connection with `answer`, which gets the request.
    pub fn answering(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start(move |mut peer| {
            while let Some(request) = peer.request() {
                peer.say(&answer(&request));
            }
        })
    }

    /// Reads one request, says `answer`, and closes.
    pub fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |mut peer| {
            peer.request();
            peer.say(&answer);
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests so far, head and body each.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl<S: Read + Write> Peer<S> {
    /// The same connection below another layer.
    pub fn map<T>(self, layer: impl FnOnce(S) -> T) -> Peer<T> {
        Peer {
            stream: layer(self.stream),
            number: self.number,
            requests: self.requests,
        }
    }

    /// Reads one request; `None` when the client is gone.
    pub fn request(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        let mut one = [0];
        while !bytes.ends_with(b"\r\n\r\n") {
            if self.stream.read(&mut one).ok()? == 0 {
                return None;
            }
            bytes.push(one[0]);
        }
        let head = String::from_utf8(bytes).unwrap();
        let length = header(&head, "content-length").map_or(0, |value| value.parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        let request = head + &String::from_utf8(body).unwrap();
        self.requests.lock().unwrap().push(request.clone());
        Some(request)
    }

    pub fn say(&mut self, bytes: &[u8]) {
        // The client may be gone, which is the point of some tests.
        let _ = self
            .stream
            .write_all(bytes)
            .and_then(|()| self.stream.flush());
    }

    /// Says nothing more and waits until the client is gone.
    pub fn hang(&mut self) {
        let _ = io::copy(&mut self.stream, &mut io::sink());
    }
}

/// A header of a raw request.
pub fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request
        .lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
}

/// A 200 answer with a JSON body.
pub fn ok(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A connection without anything special. The proxy goes nowhere: loopback must not use it.
pub fn plain() -> Connection {
    Connection {
        verify_certificate: true,
        ca_certificate: None,
        proxy_url: None,
    }
}

pub fn wire() -> ReqwestClient {
    ReqwestClient::new(plain())
}

/// A request without body or credentials that may take 5 seconds.
pub fn request(method: Method, url: &str) -> Request {
    Request {
        method,
        url: url.to_owned(),
        credentials: None,
        body: None,
        timeout: Duration::from_secs(5),
    }
}

/// Sends a GET that may take `timeout` milliseconds and must break.
pub fn broken(wire: &ReqwestClient, url: &str, timeout: u64) -> TransportError {
    let request = Request {
        timeout: Duration::from_millis(timeout),
        ..request(Method::Get, url)
    };
    wire.send(&request).map(|answer| answer.status).unwrap_err()
}
