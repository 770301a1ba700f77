//! Where requests come in: decisions are answered by the shortest way, all else by the routes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use dictamen_platform::{Problem, connections};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::layers::{self, Observed, Route};
use super::{Service, decisions};

/// The whole service, as connections ask it. Copies are of one service.
///
/// A request for a decision goes through what every request goes through, without being matched, copied and boxed on the
/// way; the routes answer the same where a path has to be decoded first.
#[derive(Clone, Debug)]
pub struct Front {
    service: Arc<Service>,
    routes: Router,
}

impl Front {
    pub(super) fn new(service: Arc<Service>, routes: Router) -> Front {
        Front { service, routes }
    }

    async fn decide(&self, peer: Option<SocketAddr>, asked: (Arc<str>, Arc<str>), request: Request) -> Response {
        let observed = Observed::begin(&self.service, &request, Route::Decisions);
        let admitted = layers::admitted(&self.service, peer, &request, &observed);
        let answered = pin!(async {
            match admitted.await {
                Ok(caller) => decisions::decide(self.service.clone(), asked, caller, request).await,
                Err(problem) => problem.into_response(),
            }
        });
        let response = layers::unless_it_panics(answered).await;
        observed.end(&self.service, response)
    }

    async fn by_routes(self, peer: Option<SocketAddr>, mut request: Request) -> Response {
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        match self.routes.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    async fn answer_peer(self, peer: Option<SocketAddr>, request: Request) -> Response {
        match asked_for(&request) {
            Some(asked) => self.decide(peer, asked, request).await,
            // In a box: what is moved for each request is what the shortest way needs.
            None => Box::pin(self.by_routes(peer, request)).await,
        }
    }
}

/// The service as the threads ask it that have connections to answer: what may take long is done on the threads of a runtime.
#[derive(Clone, Debug)]
pub struct OnLanes(Arc<(Front, Handle)>);

impl OnLanes {
    pub(super) fn new(front: Front, elsewhere: Handle) -> OnLanes {
        OnLanes(Arc::new((front, elsewhere)))
    }

    /// Not in its place, but no longer than somebody waits for it.
    async fn elsewhere(self, peer: SocketAddr, request: Request) -> Response {
        let mut answering = JoinSet::new();
        let (front, elsewhere) = &*self.0;
        answering.spawn_on(front.clone().answer_peer(Some(peer), request), elsewhere);
        match answering.join_next().await {
            Some(Ok(response)) => response,
            Some(Err(error)) => Problem::internal(&error).into_response(),
            None => Problem::internal(&"nothing answers").into_response(),
        }
    }
}

impl connections::Front for OnLanes {
    async fn answer(self, peer: SocketAddr, request: Request<Body>) -> Response {
        let (front, _) = &*self.0;
        match asked_for(&request) {
            Some(asked) if front.service.decisions.is_short(&asked.0, &asked.1) => {
                front.decide(Some(peer), asked, request).await
            }
            // In a box: what is moved for each request is what the shortest way needs.
            _ => Box::pin(self.elsewhere(peer, request)).await,
        }
    }

    fn before_waiting(&self) {
        let (front, _) = &*self.0;
        front.service.decisions.ports().traces.before_waiting();
    }
}

/// As others that stand on tower ask it; who is at the other end is said by [`ConnectInfo`].
impl tower::Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| *address);
        let front = self.clone();
        Box::pin(async move { Ok(front.answer_peer(peer, request).await) })
    }
}

/// The ruleset and the decision that a request asks for, where its path says them as they are.
fn asked_for(request: &Request) -> Option<(Arc<str>, Arc<str>)> {
    if request.method() != Method::POST {
        return None;
    }
    let (ruleset, decision) = request.uri().path().strip_prefix("/v1/decisions/")?.split_once('/')?;
    let is_plain = |name: &str| !name.is_empty() && !name.contains(['/', '%']);
    (is_plain(ruleset) && is_plain(decision)).then(|| (ruleset.into(), decision.into()))
}
