//! Keeps one caller from taking everybody's share: token buckets in memory, generous for a buyer and
//! tight for a script.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::{IntoResponse, Response},
};
use toss_checkout_contract::SessionId;

use crate::{core::Core, problem::Problem};

/// How many requests at once, and how many per second in the long run.
#[derive(Debug, Clone, Copy)]
struct Rate {
    burst: f64,
    per_second: f64,
}

/// A page sends a handful of requests; polling is one every few seconds.
const PER_SESSION: Rate = Rate {
    burst: 60.0,
    per_second: 5.0,
};
/// Offices and phone carriers put many buyers behind one address.
const PER_ADDRESS: Rate = Rate {
    burst: 300.0,
    per_second: 50.0,
};
/// Full buckets are forgotten beyond this many.
const MAX_BUCKETS: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Session(String),
    Address(IpAddr),
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

/// The buckets.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    buckets: Mutex<HashMap<Who, Bucket>>,
}

impl Limiter {
    /// `Err`: how long to wait.
    fn take(&self, who: Who, rate: Rate, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            // Whoever was idle for a minute has a full bucket again, or nearly.
            buckets.retain(|_, b| now.duration_since(b.filled) < Duration::from_mins(1));
        }
        let bucket = buckets.entry(who).or_insert(Bucket {
            tokens: rate.burst,
            filled: now,
        });
        let since = now.duration_since(bucket.filled).as_secs_f64();
        bucket.tokens = (bucket.tokens + since * rate.per_second).min(rate.burst);
        bucket.filled = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64(
            (1.0 - bucket.tokens) / rate.per_second,
        ))
    }
}

/// Middleware for the public routes.
pub(super) async fn limit(
    State((core, limiter)): State<(Arc<Core>, Arc<Limiter>)>,
    request: Request,
    next: Next,
) -> Response {
    let now = Instant::now();
    let address = address(&core, &request);
    let session = session(request.uri().path());
    let taken = address
        .map_or(Ok(()), |ip| {
            limiter.take(Who::Address(ip), PER_ADDRESS, now)
        })
        .and_then(|()| match session {
            Some(id) => limiter.take(Who::Session(id), PER_SESSION, now),
            None => Ok(()),
        });
    match taken {
        Ok(()) => next.run(request).await,
        Err(wait) => Problem::too_many(wait.as_secs() + 1).into_response(),
    }
}

/// The session that the path names, if it can be one.
fn session(path: &str) -> Option<String> {
    let id = path.strip_prefix("/api/checkout/sessions/")?;
    let id = id.split('/').next()?;
    SessionId::new(id).ok().map(|id| id.expose().to_owned())
}

/// Who calls. This machine itself is not counted: that is a proxy, which counts for us, or a test.
fn address(core: &Core, request: &Request) -> Option<IpAddr> {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()?
        .0
        .ip();
    let ip = if core.config.trust_proxy {
        forwarded(request.headers()).unwrap_or(peer)
    } else {
        peer
    };
    (!ip.to_canonical().is_loopback()).then(|| ip.to_canonical())
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
    fn a_bucket_empties_and_fills_again() {
        let limiter = Limiter::default();
        let start = Instant::now();
        let rate = Rate {
            burst: 2.0,
            per_second: 1.0,
        };
        let who = || Who::Session("a".into());
        assert!(limiter.take(who(), rate, start).is_ok());
        assert!(limiter.take(who(), rate, start).is_ok());
        assert_eq!(
            limiter.take(who(), rate, start).unwrap_err(),
            Duration::from_secs(1)
        );
        let other = Who::Session("b".into());
        assert!(limiter.take(other, rate, start).is_ok());
        let later = start + Duration::from_secs(1);
        assert!(limiter.take(who(), rate, later).is_ok());
        assert!(limiter.take(who(), rate, later).is_err());
    }

    #[test]
    fn only_what_can_be_a_session_gets_a_bucket() {
        let id = "cs_0123456789abcdefABCDEF";
        assert_eq!(
            session(&format!("/api/checkout/sessions/{id}/confirm")).as_deref(),
            Some(id)
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
