//! A connection opened ahead of need, kept until a request takes it. Opens nothing itself and decides nothing.

use super::phase::Progress;
use hyper::rt::{Read, ReadBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::task::JoinHandle;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A connection being opened in a task of its own. One that nobody takes ends with the client.
pub struct Preconnected<C> {
    task: JoinHandle<Result<C, BoxError>>,
    progress: Arc<Progress>,
}

impl<C: Read + Unpin + Send + 'static> Preconnected<C> {
    /// Starts to open a connection that reports to `progress`. Must be called within a runtime.
    pub fn start(
        connecting: impl Future<Output = Result<C, BoxError>> + Send + 'static,
        progress: Arc<Progress>,
    ) -> Self {
        Self {
            task: tokio::spawn(connecting),
            progress,
        }
    }

    /// Its progress.
    pub const fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }

    /// Waits for the connection. `None` when it failed, or was closed since.
    pub async fn take(self) -> Option<C> {
        let mut connection = self.task.await.ok()?.ok()?;
        // The system may know of an end that the runtime has not looked at yet; this makes it look.
        tokio::task::yield_now().await;
        is_quiet(&mut connection).await.then_some(connection)
    }
}

/// True while the other side has neither closed nor spoken. An HTTP server does not speak first.
async fn is_quiet<C: Read + Unpin>(connection: &mut C) -> bool {
    std::future::poll_fn(|context| {
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        Poll::Ready(
            Pin::new(&mut *connection)
                .poll_read(context, buffer.unfilled())
                .is_pending(),
        )
    })
    .await
}
