//! Numbers and moments by the browser's own formatter.

use js_sys::{Date, Number, Object, Reflect};
use wasm_bindgen::JsValue;

/// A number with the separators of a language.
pub(crate) fn digits(number: f64, lang: &str) -> String {
    Number::from(number).to_locale_string(lang).into()
}

/// `11월 24일 (화) 오후 11:59`, in Korean time.
pub(crate) fn korean_time(moment: &str, lang: &str) -> String {
    written(
        moment,
        lang,
        &[
            ("month", "long"),
            ("day", "numeric"),
            ("weekday", "short"),
            ("hour", "numeric"),
            ("minute", "2-digit"),
        ],
    )
}

/// `2026년 11월 24일`, in Korean time.
pub(crate) fn korean_day(moment: &str, lang: &str) -> String {
    let parts = [("year", "numeric"), ("month", "long"), ("day", "numeric")];
    written(moment, lang, &parts)
}

fn written(moment: &str, lang: &str, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (name, value) in [("timeZone", "Asia/Seoul")].iter().chain(parts) {
        // Fails for frozen objects.
        let _ = Reflect::set(
            &options,
            &JsValue::from_str(name),
            &JsValue::from_str(value),
        );
    }
    let date = Date::new(&JsValue::from_str(moment));
    date.to_locale_string(lang, &options).into()
}
