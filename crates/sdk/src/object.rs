//! Plain JavaScript objects.

use js_sys::{Array, Reflect};
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

/// A plain JavaScript object under construction, for the SDK or for a JSON body. What is `None` is
/// left out, since the SDK refuses a key that holds `undefined`.
///
/// One type for all objects instead of a `Serialize` struct for each: every derived one would bring
/// code of its own into the download.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object<'a>(Vec<(&'a str, Field<'a>)>);

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Field<'a> {
    /// Text.
    Text(&'a str),
    /// A number that JavaScript holds exactly.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// An object in the object.
    Object(Object<'a>),
    /// A list.
    List(Vec<Field<'a>>),
}

impl Field<'_> {
    fn to_js(&self) -> JsValue {
        match self {
            Self::Text(text) => JsValue::from_str(text),
            Self::Number(number) => JsValue::from_f64(*number),
            Self::Flag(flag) => JsValue::from_bool(*flag),
            Self::Object(object) => object.to_js(),
            Self::List(fields) => fields.iter().map(Field::to_js).collect::<Array>().into(),
        }
    }
}

impl<'a> Object<'a> {
    /// An empty object.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another field, where there is a value for it.
    #[inline(never)]
    pub fn set(&mut self, name: &'a str, value: Option<Field<'a>>) {
        self.0.extend(value.map(|value| (name, value)));
    }

    /// Takes a field out again.
    #[inline(never)]
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|(it, _)| *it != name);
    }

    /// Whether a field holds this text.
    pub(crate) fn says(&self, name: &str, text: &str) -> bool {
        let says = |(it, field): &(&str, Field<'_>)| {
            *it == name && matches!(field, Field::Text(said) if *said == text)
        };
        self.0.iter().any(says)
    }

    /// Whether there is a field of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(it, _)| *it == name)
    }

    /// Another field of text, where there is one.
    pub fn text(&mut self, name: &'a str, text: Option<&'a str>) {
        self.set(name, text.map(Field::Text));
    }

    /// Whether nothing was set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The JavaScript object. Through `serde` it would be 3 KB more of compiled code.
    pub fn to_js(&self) -> JsValue {
        let object = js_sys::Object::new();
        for (name, field) in &self.0 {
            // Fails for frozen objects only.
            let _ = Reflect::set(&object, &JsValue::from_str(name), &field.to_js());
        }
        object.into()
    }
}

/// As JSON.
impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, field)))
    }
}
