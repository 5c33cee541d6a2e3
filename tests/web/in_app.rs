//! Browsers inside other apps.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

const ANDROID: &str =
    "Mozilla/5.0 (Linux; Android 14; SM-S901N) AppleWebKit/537.36 Mobile Safari/537.36";
const IPHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
const NOTICE: &str = "이 앱 안에서는 은행·카드 앱에 다녀온 뒤 돌아오지 못할 수 있어요.";

async fn open_in(system: &str, app: &str) -> Host {
    let mut host = Host::new(&json!({"GET session": [[200, billing("open")]]}));
    user_agent(&[system, " ", app].concat());
    host.open_form().await;
    enabled("카드 등록하기").await;
    host
}

#[wasm_bindgen_test]
async fn a_link_opens_the_form_of_this_session_in_the_phones_browser() {
    let location = web_sys::window().unwrap().location();
    let (origin, host_name) = (location.origin().unwrap(), location.host().unwrap());
    let form = format!("{origin}/checkout/?session={SESSION}");
    let encoded: String = js_sys::encode_uri_component(&form).into();
    for (app, href) in [
        (
            "KAKAOTALK 2410000",
            format!("kakaotalk://web/openExternal?url={encoded}"),
        ),
        ("Line/14.9.0", format!("{form}&openExternalBrowser=1")),
        (
            "NAVER(inapp; search; 2000; 12.5.1)",
            format!("intent://{host_name}/checkout/?session={SESSION}#Intent;scheme=http;end"),
        ),
    ] {
        let host = open_in(ANDROID, app).await;
        assert!(text().contains(NOTICE), "{app}: {}", text());
        let link = button("다른 브라우저로 열기");
        assert_eq!(link.get_attribute("href"), Some(href), "{app}");
        register("카드 등록하기").await;
        let target = &calls("requestBillingAuth")[0]["argument"]["windowTarget"];
        assert_eq!(target, "self", "{app}: the window replaces the page");
        drop(host);
    }
}

#[wasm_bindgen_test]
async fn a_sentence_says_how_where_only_the_apps_menu_can() {
    for (app, how) in [
        ("NAVER(inapp; search; 2000; 12.5.1)", "‘Safari로 열기’"),
        ("Instagram 334.0.0", "‘외부 브라우저에서 열기’"),
        ("[FBAN/FBIOS;FBAV/466.0]", "‘외부 브라우저에서 열기’"),
        ("BAND/15.2.0", "‘외부 브라우저에서 열기’"),
    ] {
        let host = open_in(IPHONE, app).await;
        assert!(text().contains(NOTICE), "{app}: {}", text());
        assert!(text().contains(how), "{app}: {}", text());
        assert!(element("#checkout a").is_none(), "{app}");
        drop(host);
    }
}

#[wasm_bindgen_test]
async fn the_phones_own_browser_says_nothing_of_it() {
    for system in [ANDROID, IPHONE] {
        let host = open_in(system, "Version/17.5").await;
        assert!(!text().contains("이 앱 안에서는"), "{}", text());
        drop(host);
    }
}
