//! JSON by the browser's own parser and serde's derives.

use js_sys::{JSON, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

pub(crate) use super::from_js::from_js;

/// A value that JSON was parsed to.
pub(crate) type JsonValue = JsValue;

/// Parses JSON; `undefined` for what is none.
pub(crate) fn parse(text: &str) -> JsonValue {
    JSON::parse(text).unwrap_or_default()
}

/// Reads JSON; `None` for what is none, or is not what `T` takes.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    from_js(parse(text)).ok()
}

/// A plain JavaScript value. Absent fields are left out where the type's derive says so.
pub(crate) fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    let serializer = Serializer::new().serialize_maps_as_objects(true);
    // Fails for numbers that JavaScript does not hold exactly; amounts stay below, see `MAX_AMOUNT`.
    value.serialize(&serializer).unwrap_or_default()
}

/// Writes JSON.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> String {
    // Fails for cycles, which a serialized value has none of.
    JSON::stringify(&to_js(value)).map_or_else(|_| String::new(), String::from)
}

/// A field that is text.
pub(crate) fn text(of: &JsonValue, name: &str) -> Option<String> {
    Reflect::get(of, &JsValue::from_str(name)).ok()?.as_string()
}

/// Sets a field of an object; does nothing to what is none.
pub(crate) fn set_text(of: &JsonValue, name: &str, text: &str) {
    // Fails for what is no object.
    let _ = Reflect::set(of, &JsValue::from_str(name), &JsValue::from_str(text));
}
