//! The calls of the backend contract that the page makes.

use gloo_net::http::{Request, RequestBuilder};
use serde::{Serialize, de::DeserializeOwned};
use toss_checkout_contract::{
    CustomerInvoices, CustomerSubscription, CustomerSubscriptions, LinkToken, Locale,
    ReplaceMethod, ReplaceMethodAt,
};
use web_sys::{AbortController, RequestCache};

use super::flow::Ask;
use crate::{
    flow::RequestError,
    platform::{clock, json},
    runtime::request::{Limit, answered, read},
};

const READ_TIMEOUT_MS: u32 = 10_000;
/// The backend waits for Toss, but not longer than this.
const ASK_TIMEOUT_MS: u32 = 40_000;

/// The backend, as the link opens it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Api<'a> {
    pub(super) base: &'a str,
    pub(super) link: &'a LinkToken,
    /// Aborted when the page ends.
    pub(super) page: Option<&'a AbortController>,
}

impl Api<'_> {
    pub(super) async fn subscriptions(self) -> Result<CustomerSubscriptions, RequestError> {
        let read: CustomerSubscriptions = self.get("").await?;
        clock::set(read.now.as_str());
        Ok(read)
    }

    pub(super) async fn invoices(
        self,
        id: &str,
        after: Option<&str>,
    ) -> Result<CustomerInvoices, RequestError> {
        let query = after.map_or_else(String::new, |after| ["?after=", after].concat());
        self.get(&["/subscriptions/", id, "/invoices", &query].concat())
            .await
    }

    pub(super) async fn ask(
        self,
        id: &str,
        ask: &Ask,
    ) -> Result<CustomerSubscription, RequestError> {
        match ask {
            Ask::Cancel(body) => self.post(id, "/cancel", body).await,
            Ask::Uncancel(body) => self.post(id, "/uncancel", body).await,
            Ask::Charge(body) => self.post(id, "/charge", body).await,
            Ask::Agree(body) => self.post(id, "/consents", body).await,
        }
    }

    pub(super) async fn change_method(
        self,
        id: &str,
        return_url: String,
        locale: Locale,
    ) -> Result<ReplaceMethodAt, RequestError> {
        let body = ReplaceMethod {
            return_url: Some(return_url),
            locale: Some(locale),
        };
        self.post(id, "/payment-method", &body).await
    }

    async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, RequestError> {
        let limit = Limit::new(READ_TIMEOUT_MS, self.page);
        let request = Request::get(&self.address(path)).cache(RequestCache::NoStore);
        let request = limit.build(self.known(request), None)?;
        let response = Request::from(request).send().await.ok();
        read(answered(response, &limit).await?)
    }

    async fn post<B: Serialize, T: DeserializeOwned>(
        self,
        id: &str,
        path: &str,
        body: &B,
    ) -> Result<T, RequestError> {
        let limit = Limit::new(ASK_TIMEOUT_MS, self.page);
        let request = Request::post(&self.address(&["/subscriptions/", id, path].concat()));
        let request = limit.build(self.known(request), Some(json::write(body)))?;
        let response = Request::from(request).send().await.ok();
        read(answered(response, &limit).await?)
    }

    fn known(self, request: RequestBuilder) -> RequestBuilder {
        request.header("authorization", &["Bearer ", self.link.expose()].concat())
    }

    fn address(self, path: &str) -> String {
        [self.base, "/api/subscription-page", path].concat()
    }
}
