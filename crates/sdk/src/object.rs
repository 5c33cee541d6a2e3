//! Plain JavaScript objects.

use serde::{Serialize, Serializer};
use serde_wasm_bindgen::Serializer as ToJs;
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

    /// The JavaScript object.
    pub fn to_js(&self) -> JsValue {
        // Fails for numbers that JavaScript does not hold only, and a `Field` has none.
        self.serialize(&ToJs::new().serialize_maps_as_objects(true))
            .unwrap_or_default()
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, field)))
    }
}
