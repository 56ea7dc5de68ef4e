//! A TCP proxy on loopback that makes a server far away: round trips take as long as it is told. Knows no HTTP and no TLS.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Listens, and passes each connection on to `server`; answers with its port.
///
/// Loopback connects at once, so the round trip that connecting takes is made up for by the first bytes: they leave no
/// earlier than a round trip after the connection came. From there each direction takes half a round trip.
pub fn proxy(server: u16, round_trip: Duration) -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let connected = Instant::now() + round_trip;
            let Ok(far) = TcpStream::connect(("127.0.0.1", server)) else {
                continue;
            };
            let _ = (near.set_nodelay(true), far.set_nodelay(true));
            if let (Ok(near_too), Ok(far_too)) = (near.try_clone(), far.try_clone()) {
                pass(near, far_too, connected, round_trip / 2);
                pass(far, near_too, connected, round_trip / 2);
            }
        }
    });
    Ok(port)
}

/// Passes bytes on, each `delay` after it came or after `earliest`, whichever is later.
fn pass(mut from: TcpStream, mut to: TcpStream, earliest: Instant, delay: Duration) {
    let (sender, receiver) = channel::<(Instant, Vec<u8>)>();
    std::thread::spawn(move || {
        for (due, bytes) in receiver {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
    std::thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let due = Instant::now().max(earliest) + delay;
            if sender
                .send((due, buffer.get(..length).unwrap_or_default().to_vec()))
                .is_err()
            {
                break;
            }
        }
    });
}
