//! Names become addresses here, and only those that are allowed reach the connector. What is connected
//! to is exactly what was checked: a name that changes its answer in between gains nothing.

use std::{io, net::SocketAddr, sync::Arc};

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use crate::domain::{endpoint::Reach, public_address::is_public};

/// Every address of the name was refused.
#[derive(Debug, Error)]
#[error(
    "{0} is an address of an inner network; events go to public addresses only, unless EVENT_ALLOW_PRIVATE is set"
)]
pub(super) struct InnerAddress(pub(super) String);

type Lookup = dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync;

/// The system's resolver behind a check.
#[derive(Clone)]
pub(super) struct CheckedResolver {
    reach: Reach,
    lookup: Arc<Lookup>,
}

impl CheckedResolver {
    pub(super) fn system(reach: Reach) -> Self {
        Self::with(reach, |name| {
            Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
        })
    }

    pub(super) fn with(
        reach: Reach,
        lookup: impl Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self {
            reach,
            lookup: Arc::new(lookup),
        }
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { reach, lookup } = self.clone();
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let found = lookup(name.clone()).await?;
            let nothing = found.is_empty();
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| reach == Reach::Anywhere || is_public(address.ip()))
                .collect();
            if allowed.is_empty() && !nothing {
                return Err(InnerAddress(name).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
