//! The imports, one to one. No logic: see `payment.rs` for the API.
//! Source: the typings of the npm package `@tosspayments/tosspayments-sdk` 2.8.1.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/loader.js")]
extern "C" {
    /// Settles with a number, see `loader.js`.
    #[wasm_bindgen(catch)]
    pub(crate) async fn load(
        src: &str,
        namespace: &str,
        timeout_ms: u32,
        retries: u32,
        integrity: Option<&str>,
        nonce: Option<&str>,
    ) -> Result<JsValue, JsValue>;

    pub(crate) fn clear(namespace: &str);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = TossPayments)]
    pub(crate) fn toss_payments(client_key: &str) -> Result<TossPaymentsSys, JsValue>;

    #[wasm_bindgen(js_name = TossPaymentsSDK)]
    #[derive(Debug, Clone)]
    pub(crate) type TossPaymentsSys;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn payment(this: &TossPaymentsSys, params: &JsValue) -> Result<PaymentSys, JsValue>;

    #[wasm_bindgen(js_name = TossPaymentsPayment)]
    #[derive(Debug, Clone)]
    pub(crate) type PaymentSys;

    #[wasm_bindgen(method, catch, js_name = requestBillingAuth)]
    pub(crate) fn request_billing_auth(
        this: &PaymentSys,
        request: &JsValue,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = requestPayment)]
    pub(crate) fn request_payment(this: &PaymentSys, request: &JsValue)
    -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn destroy(this: &PaymentSys) -> Result<Promise, JsValue>;
}
