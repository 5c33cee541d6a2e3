//! A page in a real browser with everything around it stubbed. All tests share one document, so a
//! [`Host`] puts back what it changed when it is dropped.

use serde_json::{Value, json};
use wasm_bindgen::{JsCast, prelude::*};

#[wasm_bindgen(module = "/tests/web/stub.js")]
extern "C" {
    fn install();
    fn restore();
    fn answers(json: &str);
    pub(crate) fn script(behaviour: &str);
    pub(crate) fn sdk_behaviour(behaviour: &str);
    pub(crate) fn network(online: bool);
    pub(crate) fn hurry();
    pub(crate) fn user_agent(words: &str);
    fn reject_now(code: &str) -> bool;
    fn stream(json: &str);
    pub(crate) fn open_streams() -> u32;
    fn written() -> String;
    pub(crate) fn option(name: &str, content: &str);
    pub(crate) fn come_back();
    fn storage_text() -> String;
    fn options() -> JsValue;
    #[wasm_bindgen(variadic)]
    async fn call_in(module: &str, name: &str, values: Box<[JsValue]>) -> JsValue;
    async fn arrive(redirect: &str) -> JsValue;
    async fn prepare(module: &str) -> JsValue;
    fn part(name: &str, module: &str);
    pub(crate) fn hide(hidden: bool);
}

/// What the developer is told, as JSON.
pub(crate) async fn misuse_said(
    is_test: bool,
    address: &str,
    opener: &str,
    embedder: &str,
) -> String {
    let module = include_str!("../../assets/develop.js");
    let values = [
        is_test.into(),
        address.into(),
        opener.into(),
        embedder.into(),
    ];
    let said = call_in(module, "misuse", values.into()).await;
    js_sys::JSON::stringify(&said).unwrap().into()
}

pub(crate) use crate::{seen::*, sessions::*};

const REDIRECT: &str = include_str!("../../assets/redirect.js");
const PREPARE: &str = include_str!("../../assets/prepare.js");

/// The request that the loader makes of what Toss has sent, as JSON; `None` where it leaves that to the program.
pub(crate) async fn delivery(query: &str) -> Option<Value> {
    let options = js_sys::Object::new();
    for (name, value) in [
        ("returned", &*["success", query].concat()),
        ("session", SESSION),
    ] {
        js_sys::Reflect::set(&options, &name.into(), &value.into()).unwrap();
    }
    let made = call_in(REDIRECT, "delivery", [JsValue::from(options)].into()).await;
    let text = js_sys::JSON::stringify(&made).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

/// Switches direct mode on, as the page's loader does for these options.
pub(crate) async fn go_direct() {
    part(
        "direct-order.js",
        include_str!("../../assets/direct-order.js"),
    );
    let module = include_str!("../../assets/direct.js");
    call_in(module, "direct", [options()].into()).await;
}

/// A mounted page.
pub(crate) struct Host {
    mounted: Option<toss_checkout::Mounted>,
    /// Whether the loader begins what it can, before the program is there.
    pub(crate) hurries: bool,
}

impl Host {
    /// Stubs the browser. `replies` maps `GET session`, `POST confirm`, … to lists of
    /// `[status, body]`, given out in turn, the last one for ever; status 0 is a dead network.
    pub(crate) fn new(replies: &Value) -> Self {
        install();
        option("locale", "ko");
        from_now_on(replies);
        Self {
            mounted: None,
            hurries: false,
        }
    }

    /// Opens the page at `/checkout/` + `path`.
    pub(crate) async fn open(&mut self, path: &str) {
        stand_at(&format!("/checkout/{path}"));
        self.start().await;
    }

    async fn start(&mut self) {
        self.begin().await;
        settle().await;
    }

    /// Begins the page as its loader does.
    async fn begin(&mut self) {
        let options = if self.hurries {
            part("redirect.js", REDIRECT);
            prepare(PREPARE).await
        } else {
            arrive(REDIRECT).await
        };
        let checkout = element("#checkout").unwrap();
        let options = options.unchecked_into();
        self.mounted = Some(toss_checkout::start(checkout.unchecked_into(), options));
    }

    /// Begins the page and takes it away at once.
    pub(crate) async fn come_and_go(&mut self) {
        self.begin().await;
        self.unmount().await;
    }

    /// Opens the page of a customer's subscriptions.
    pub(crate) async fn open_subscriptions(&mut self) {
        let host = element("#checkout").unwrap().unchecked_into();
        let options = options().unchecked_into();
        let start = toss_checkout::subscription::start_subscription;
        self.mounted = Some(start(host, options));
        settle().await;
    }

    fn stop(&mut self) {
        if let Some(mounted) = self.mounted.take() {
            mounted.unmount();
        }
    }

    /// Opens the form.
    pub(crate) async fn open_form(&mut self) {
        self.open(&format!("?session={SESSION}")).await;
    }

    /// Takes the page away, as a refresh does, and opens it at the address that is there now.
    pub(crate) async fn refresh(&mut self) {
        self.stop();
        settle().await;
        self.start().await;
    }

    /// Takes the page away.
    pub(crate) async fn unmount(&mut self) {
        self.stop();
        settle().await;
    }
}

/// What the backend answers from now on, as [`Host::new`] takes it.
pub(crate) fn from_now_on(replies: &Value) {
    let replies: serde_json::Map<String, Value> = replies
        .as_object()
        .unwrap()
        .iter()
        .map(|(call, list)| {
            let list = list.as_array().unwrap().iter();
            let list = list.map(|r| json!({"status": r[0], "body": r[1].to_string()}));
            (call.clone(), list.collect())
        })
        .collect();
    answers(&Value::Object(replies).to_string());
}

impl Drop for Host {
    fn drop(&mut self) {
        self.stop();
        restore();
    }
}

/// Sends a session as a server-sent event.
pub(crate) async fn send(session: &Value) {
    stream(&session.to_string());
    settle().await;
}

/// Closes Toss's window with a code; with an empty one, with something that is no error at all.
pub(crate) async fn reject(code: &str) {
    until("a window to close", || reject_now(code)).await;
    settle().await;
}

/// Makes this the address of the document.
pub(crate) fn stand_at(address: &str) {
    let history = web_sys::window().unwrap().history().unwrap();
    history
        .replace_state_with_url(&JsValue::NULL, "", Some(address))
        .unwrap();
}

pub(crate) fn address() -> String {
    web_sys::window().unwrap().location().href().unwrap()
}

/// Whether the tab's storage holds this text anywhere.
pub(crate) fn tab_holds(text: &str) -> bool {
    storage_text().contains(text)
}

/// How many things the tab's storage holds, but for methods that were chosen, which open nothing.
pub(crate) fn stored() -> usize {
    let stored: serde_json::Map<String, Value> = serde_json::from_str(&storage_text()).unwrap();
    let mut names = stored.keys().collect::<Vec<_>>();
    names.retain(|name| !name.starts_with("toss-checkout.method."));
    names.len()
}

/// What the loader of the subscriptions' page takes from the address, or from the tab.
pub(crate) async fn link() -> Option<String> {
    let module = include_str!("../../assets/subscription/link.js");
    call_in(module, "link", [].into()).await.as_string()
}

/// What happened: `requests`, `calls`, `scripts`, and the headings that were `drawn`.
pub(crate) fn log() -> Value {
    serde_json::from_str(&written()).unwrap()
}

/// The page's events, as they bubbled up to the document.
pub(crate) fn events() -> Vec<Value> {
    log()["events"].as_array().unwrap().clone()
}

/// Requests to paths that end like this.
pub(crate) fn requests(ending: &str) -> Vec<Value> {
    let log = log();
    let all = log["requests"].as_array().unwrap().iter();
    all.filter(|request| request["path"].as_str().unwrap().ends_with(ending))
        .cloned()
        .collect()
}

/// Calls of Toss's SDK by name.
pub(crate) fn calls(name: &str) -> Vec<Value> {
    let log = log();
    let all = log["calls"].as_array().unwrap().iter();
    all.filter(|call| call["name"] == name).cloned().collect()
}
