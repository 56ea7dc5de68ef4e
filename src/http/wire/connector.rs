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
