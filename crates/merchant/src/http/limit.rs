//! Keeps one caller from taking everybody's share: token buckets in memory, generous for a buyer and
//! tight for a script.

mod buckets;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Instant,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use toss_checkout_contract::{LinkToken, SessionId};

use self::buckets::{Buckets, Rate};
use crate::{app_state::AppState, http::error::ApiError, network::Network};

/// A page sends a handful of requests; polling is one every few seconds.
const PER_SESSION: Rate = Rate {
    burst: 60.0,
    per_second: 5.0,
};
/// Offices and phone carriers put many buyers behind one address.
const PER_NETWORK: Rate = Rate {
    burst: 300.0,
    per_second: 50.0,
};
/// The buckets of all kinds of callers.
#[derive(Debug)]
pub(super) struct Limiter {
    sessions: Buckets<SessionId>,
    links: Buckets<LinkToken>,
    networks: Buckets<Network>,
}

impl Default for Limiter {
    fn default() -> Self {
        Self {
            sessions: Buckets::new(PER_SESSION),
            links: Buckets::new(PER_SESSION),
            networks: Buckets::new(PER_NETWORK),
        }
    }
}

/// Whom the request is counted for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller(pub(super) Option<Network>);

/// The address that calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address(pub(super) Option<IpAddr>);

/// Middleware for the public routes; hands [`Caller`] and [`Address`] on.
pub(super) async fn limit(
    State((state, limiter)): State<(Arc<AppState>, Arc<Limiter>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let now = Instant::now();
    let address = address(&state, &request);
    // `None` is not counted.
    let network = address.and_then(Network::of);
    let session = session(request.uri().path());
    let taken = network
        .map_or(Ok(()), |network| limiter.networks.take(network, now))
        .and_then(|()| session.map_or(Ok(()), |id| limiter.sessions.take(id, now)))
        .and_then(|()| {
            link(request.headers()).map_or(Ok(()), |link| limiter.links.take(link, now))
        });
    match taken {
        Ok(()) => {
            request.extensions_mut().insert(Caller(network));
            request.extensions_mut().insert(Address(address));
            next.run(request).await
        }
        Err(wait) => ApiError::too_many(wait.as_secs() + 1).into_response(),
    }
}

/// The session that the path names, if it can be one.
fn session(path: &str) -> Option<SessionId> {
    let id = path.strip_prefix("/api/checkout/sessions/")?;
    let id = id.split('/').next()?;
    SessionId::new(id).ok()
}

/// The link to a customer's subscriptions that the request shows, if it can be one.
pub(super) fn link(headers: &HeaderMap) -> Option<LinkToken> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    LinkToken::new(given.strip_prefix("Bearer ")?.trim()).ok()
}

/// Who calls.
fn address(state: &AppState, request: &Request) -> Option<IpAddr> {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()?
        .0
        .ip();
    let forwarded = state
        .config
        .trust_proxy
        .then(|| forwarded(request.headers()));
    Some(forwarded.flatten().unwrap_or(peer))
}

/// The last entry is the one that our own proxy wrote; those before it are the caller's claim.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?
        .rsplit(',')
        .next()?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_a_session_gets_a_bucket() {
        let id = "cs_0123456789abcdefABCDEF";
        assert_eq!(
            session(&format!("/api/checkout/sessions/{id}/confirm")),
            SessionId::new(id).ok()
        );
        assert_eq!(session("/api/checkout/sessions/nonsense"), None);
        assert_eq!(session("/api/sessions"), None);
    }

    #[test]
    fn the_last_forwarded_entry_counts() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "1.1.1.1, 2.2.2.2".parse().unwrap());
        headers.append("x-forwarded-for", "3.3.3.3 , 4.4.4.4".parse().unwrap());
        assert_eq!(forwarded(&headers), Some("4.4.4.4".parse().unwrap()));
        assert_eq!(forwarded(&HeaderMap::new()), None);
    }
}
