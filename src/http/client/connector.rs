//! Stands around reqwest's own connector, to learn how far each connection comes and to open one ahead of need.
//! Neither resolves nor connects itself.

use super::phase::{self, Progress};
use super::preconnect::Preconnected;
use hyper::rt::Read;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a connector is called. Neither reqwest nor hyper says, but a client serves one request at a time.
#[derive(Clone, Debug)]
enum Purpose {
    /// For the request to this host with this progress.
    Serve(String, Arc<Progress>),
    /// To open a connection to this host that a later request will take.
    Park(String),
    /// To open a connection and close it again: somebody looks on.
    Look(Arc<Progress>),
}

/// Tells a client's connector what it is called for.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Mutex<Option<Purpose>>>);

impl Watch {
    /// From here on connections are for the request to `host` with this `progress`.
    pub fn serve(&self, host: &str, progress: &Arc<Progress>) {
        self.set(Some(Purpose::Serve(host.to_owned(), Arc::clone(progress))));
    }

    /// From here on connections go to `host` and are kept aside.
    pub fn park(&self, host: &str) {
        self.set(Some(Purpose::Park(host.to_owned())));
    }

    /// From here on connections are opened for `progress` alone, and closed when they stand.
    pub fn look(&self, progress: &Arc<Progress>) {
        self.set(Some(Purpose::Look(Arc::clone(progress))));
    }

    fn set(&self, purpose: Option<Purpose>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = purpose;
    }

    fn purpose(&self) -> Option<Purpose> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

// reqwest hides the types of its connector's request and connection; they are what `T` and `C` stand for.
impl<T, C> Layer<BoxCloneSyncService<T, C, BoxError>> for Watch {
    type Service = Watched<T, C>;

    fn layer(&self, inner: BoxCloneSyncService<T, C, BoxError>) -> Self::Service {
        Watched {
            watch: self.clone(),
            inner,
            parked: Arc::default(),
        }
    }
}

/// A connector that reports, and that can keep connections for later.
pub struct Watched<T, C> {
    watch: Watch,
    inner: BoxCloneSyncService<T, C, BoxError>,
    parked: Arc<Mutex<HashMap<String, Preconnected<C>>>>,
}

impl<T, C> Clone for Watched<T, C> {
    fn clone(&self) -> Self {
        Self {
            watch: self.watch.clone(),
            inner: self.inner.clone(),
            parked: Arc::clone(&self.parked),
        }
    }
}

impl<T, C> Watched<T, C> {
    fn parked(&self) -> MutexGuard<'_, HashMap<String, Preconnected<C>>> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T, C> Service<T> for Watched<T, C>
where
    T: Send + 'static,
    C: Read + Unpin + Send + 'static,
{
    type Response = C;
    type Error = BoxError;
    type Future = Connecting<C>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: T) -> Connecting<C> {
        let (host, progress) = match self.watch.purpose() {
            Some(Purpose::Serve(host, progress)) => (host, progress),
            Some(Purpose::Park(host)) => {
                let progress = Progress::new();
                let parked =
                    Preconnected::start(open(&mut self.inner, target, &progress), progress);
                self.parked().insert(host, parked);
                return Connecting::refused();
            }
            Some(Purpose::Look(progress)) => {
                let connecting = open(&mut self.inner, target, &progress);
                let seen = Arc::clone(&progress);
                let inner = Box::pin(async move {
                    connecting.await?;
                    seen.stands();
                    Err("seen enough".into())
                });
                return Connecting {
                    inner,
                    progress,
                    task: None,
                };
            }
            None => return Connecting::refused(),
        };

        let parked = self.parked().remove(&host);
        let Some(parked) = parked else {
            let inner = Box::pin(open(&mut self.inner, target, &progress));
            return Connecting {
                inner,
                progress,
                task: None,
            };
        };

        progress.follow(parked.progress());
        let (mut inner, fresh) = (self.inner.clone(), Arc::clone(&progress));
        let inner = Box::pin(async move {
            match parked.take().await {
                Some(connection) => Ok(connection),
                None => open(&mut inner, target, &fresh).await,
            }
        });

        Connecting {
            inner,
            progress,
            task: None,
        }
    }
}

/// Calls reqwest's connector so that what it does is reported to `progress`.
fn open<T, C>(
    inner: &mut BoxCloneSyncService<T, C, BoxError>,
    target: T,
    progress: &Arc<Progress>,
) -> impl Future<Output = Result<C, BoxError>> + Send + use<T, C>
where
    T: 'static,
    C: 'static,
{
    progress.begin();
    let connecting = phase::within_call(Arc::clone(progress), || inner.call(target));
    phase::within(Arc::clone(progress), connecting)
}

/// A connection being opened.
///
/// When a kept connection becomes free first, hyper takes that one for the request and finishes this future in a
/// task of its own. That is the one moment where the connector is still busy but the request is under way, so the
/// task is looked at.
pub struct Connecting<C> {
    inner: Pin<Box<dyn Future<Output = Result<C, BoxError>> + Send>>,
    progress: Arc<Progress>,
    task: Option<tokio::task::Id>,
}

impl<C: Send + 'static> Connecting<C> {
    /// A connection that is not there: what a call for no request gets.
    fn refused() -> Self {
        let refusal = std::future::ready(Err("no connection for now".into()));
        Self {
            inner: Box::pin(refusal),
            progress: Progress::new(),
            task: None,
        }
    }
}

impl<C> Future for Connecting<C> {
    type Output = Result<C, BoxError>;

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

impl<C> Drop for Connecting<C> {
    fn drop(&mut self) {
        self.progress.ended();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Stage;
    use tower::service_fn;

    /// A connection that nothing comes from.
    struct Silent;

    impl Read for Silent {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: hyper::rt::ReadBufCursor<'_>,
        ) -> Poll<std::io::Result<()>> {
            Poll::Pending
        }
    }

    /// A connector that stays busy until it is dropped, and the progress it reports to.
    fn busy() -> (Connecting<Silent>, Arc<Progress>) {
        let watch = Watch::default();
        let progress = Progress::new();
        watch.serve("zoom.us", &progress);
        let inner = BoxCloneSyncService::new(service_fn(|()| {
            std::future::pending::<Result<Silent, BoxError>>()
        }));
        (watch.layer(inner).call(()), progress)
    }

    /// Polls once in a task of its own.
    async fn poll_in_task(mut connecting: Connecting<Silent>) -> Connecting<Silent> {
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
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(test);
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
