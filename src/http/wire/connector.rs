//! Stands around reqwest's own connector to learn how far each connection comes. Neither resolves nor connects itself.

use super::progress::{self, Progress};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Tells a client's connector for which request it is called. A client serves one request at a time, so there is
/// one at most.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Mutex<Option<Arc<Progress>>>>);

impl Watch {
    /// From here on connections are opened for the request with this `progress`.
    pub fn follow(&self, progress: &Arc<Progress>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(progress));
    }

    fn current(&self) -> Arc<Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_else(Progress::new)
    }
}

// reqwest hides the types of its connector's request and connection; they are what `T` and `U` stand for.
impl<T, U> Layer<BoxCloneSyncService<T, U, BoxError>> for Watch {
    type Service = Watched<T, U>;

    fn layer(&self, inner: BoxCloneSyncService<T, U, BoxError>) -> Self::Service {
        Watched { watch: self.clone(), inner }
    }
}

/// A connector that reports.
pub struct Watched<T, U> {
    watch: Watch,
    inner: BoxCloneSyncService<T, U, BoxError>,
}

impl<T, U> Clone for Watched<T, U> {
    fn clone(&self) -> Self {
        Self { watch: self.watch.clone(), inner: self.inner.clone() }
    }
}

impl<T, U> Service<T> for Watched<T, U>
where
    T: Send + 'static,
    U: Send + 'static,
{
    type Response = U;
    type Error = BoxError;
    type Future = Connecting<U>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: T) -> Connecting<U> {
        let progress = self.watch.current();
        progress.begin();
        let inner = progress::within_call(Arc::clone(&progress), || self.inner.call(target));
        let inner = Box::pin(progress::within(Arc::clone(&progress), inner));
        Connecting { inner, progress, task: None }
    }
}

/// A connection being opened.
///
/// When a kept connection becomes free first, hyper takes that one for the request and finishes this future in a
/// task of its own. That is the one moment where the connector is still busy but the request is under way, so the
/// task is looked at.
pub struct Connecting<U> {
    inner: Pin<Box<dyn Future<Output = Result<U, BoxError>> + Send>>,
    progress: Arc<Progress>,
    task: Option<tokio::task::Id>,
}

impl<U> Future for Connecting<U> {
    type Output = Result<U, BoxError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let task = tokio::task::try_id();
        if self.task.is_some() && self.task != task {
            self.progress.stands();
        }
        self.task = task;
        let result = self.inner.as_mut().poll(context);
        if let Poll::Ready(Ok(_)) = &result {
            self.progress.stands();
        }
        result
    }
}

impl<U> Drop for Connecting<U> {
    fn drop(&mut self) {
        self.progress.ended();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Stage;
    use tower::service_fn;

    /// A connector that stays busy until it is dropped, and the progress it reports to.
    fn busy() -> (Connecting<()>, Arc<Progress>) {
        let watch = Watch::default();
        let progress = Progress::new();
        watch.follow(&progress);
        let inner = BoxCloneSyncService::new(service_fn(|()| std::future::pending::<Result<(), BoxError>>()));
        (watch.layer(inner).call(()), progress)
    }

    /// Polls once in a task of its own.
    async fn poll_in_task(mut connecting: Connecting<()>) -> Connecting<()> {
        let task = tokio::spawn(async move {
            std::future::poll_fn(|context| {
                assert!(Pin::new(&mut connecting).poll(context).is_pending());
                Poll::Ready(())
            })
            .await;
            Some(connecting)
        });
        task.await.unwrap().unwrap()
    }

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test);
    }

    #[test]
    fn a_connection_given_up_by_its_request_never_stood() {
        run(async {
            let (connecting, progress) = busy();
            drop(poll_in_task(connecting).await);
            assert_eq!(progress.settled(), Stage::Connecting);
        });
    }

    #[test]
    fn a_connection_that_went_on_without_its_request_lost_to_a_kept_one() {
        run(async {
            let (connecting, progress) = busy();
            let connecting = poll_in_task(poll_in_task(connecting).await).await;
            assert_eq!(progress.settled(), Stage::Waiting);
            drop(connecting);
            assert_eq!(progress.settled(), Stage::Waiting);
        });
    }
}
