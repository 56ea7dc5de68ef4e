//! A redis-server on loopback that lives as long as a test, and servers that only pretend to be one.

use redis::{Connection, Value, cmd};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A running redis-server.
pub struct Redis {
    child: Child,
    pub port: u16,
    directory: PathBuf,
}

impl Redis {
    /// Starts one on a free port; nothing, and a line, where there is no redis-server.
    pub fn start() -> Option<Self> {
        Self::with(&[])
    }

    /// The same, with further options; `{port}` and `{dir}` stand for what they say.
    pub fn with(options: &[&str]) -> Option<Self> {
        let missing = Command::new("redis-server")
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_err();
        if missing {
            println!("skipped: there is no redis-server on the PATH");
            return None;
        }
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "zoom-runner-redis-{}-{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::SeqCst)
        );
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir(&directory).unwrap();
        // Somebody else may take the port between our looking and its listening.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            let mut command = Command::new("redis-server");
            command.args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ]);
            command.arg("--dir").arg(&directory);
            for option in options {
                command.arg(option.replace("{port}", &(port + 1).to_string()));
            }
            let mut child = command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            if ready(&mut child, port) {
                return Some(Self {
                    child,
                    port,
                    directory,
                });
            }
            let _ = child.kill();
            child.wait().unwrap();
        }
        panic!("redis-server does not start");
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn connect(&self) -> Connection {
        redis::Client::open(self.url())
            .unwrap()
            .get_connection()
            .unwrap()
    }

    /// The names that begin with `prefix`.
    pub fn keys(&self, prefix: &str) -> Vec<String> {
        cmd("KEYS")
            .arg(format!("{prefix}*"))
            .query(&mut self.connect())
            .unwrap()
    }

    /// The one token's name.
    pub fn token(&self) -> String {
        let keys = self.keys("zoom-runner:token:");
        assert_eq!(keys.len(), 1, "{keys:?}");
        keys[0].clone()
    }

    pub fn do_it(&self, words: &[&str]) -> Value {
        cmd(words[0])
            .arg(&words[1..])
            .query(&mut self.connect())
            .unwrap()
    }

    /// Everything it holds, names and contents, and what it would write to a disk.
    pub fn dump(&self) -> Vec<Vec<u8>> {
        let mut connection = self.connect();
        let keys: Vec<Vec<u8>> = cmd("KEYS").arg("*").query(&mut connection).unwrap();
        let mut all = Vec::new();
        for key in keys {
            all.push(cmd("GET").arg(&key).query(&mut connection).unwrap());
            all.push(cmd("DUMP").arg(&key).query(&mut connection).unwrap());
            all.push(key);
        }
        redis::cmd("SAVE").exec(&mut connection).unwrap();
        all.push(std::fs::read(self.directory.join("dump.rdb")).unwrap());
        all
    }

    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// True when it answers on its port; false when it ended.
fn ready(child: &mut Child, port: u16) -> bool {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(20) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            let mut line = String::new();
            stream.write_all(b"PING\r\n").unwrap();
            let _ = BufReader::new(stream).read_line(&mut line);
            // One that wants a password is ready too.
            if line.starts_with("+PONG") || line.starts_with("-NOAUTH") {
                return true;
            }
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// Something that listens and is no redis: each connection goes to `serve`, in a thread of its own. Answers with its URL.
pub fn pretender(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "redis://127.0.0.1:{}",
        listener.local_addr().unwrap().port()
    );
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            std::thread::spawn(move || serve(stream));
        }
    });
    url
}

/// Accepts, and says nothing.
pub fn silent() -> String {
    pretender(|stream| {
        std::thread::sleep(Duration::from_secs(60));
        drop(stream);
    })
}

/// Passes on to `redis`, and each answer `late`.
pub fn slow(redis: &Redis, late: Duration) -> String {
    let port = redis.port;
    pretender(move |ours| {
        let theirs = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut from, mut to) = (ours.try_clone().unwrap(), theirs.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut from, &mut to));
        let (mut from, mut to) = (theirs, ours);
        let mut bytes = [0; 65_536];
        while let Ok(length @ 1..) = std::io::Read::read(&mut from, &mut bytes) {
            std::thread::sleep(late);
            if to.write_all(&bytes[..length]).is_err() {
                return;
            }
        }
    })
}
