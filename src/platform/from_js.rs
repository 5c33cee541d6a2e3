//! Reads values that `JSON.parse` made by serde's derives. Beside `serde-wasm-bindgen` it is small,
//! since its errors hold no text: nobody sees why an answer could not be read, and the text would be
//! two thirds of the reader. It knows nothing of the types that it reads.
//!
//! What is `null` or `undefined` counts as absent.

use std::fmt;

use js_sys::{Array, Number, Reflect};
use serde::{
    Deserializer,
    de::{
        self, DeserializeOwned, DeserializeSeed, Expected, IntoDeserializer, MapAccess, SeqAccess,
        Unexpected, Visitor, value::U32Deserializer,
    },
    forward_to_deserialize_any,
};
use wasm_bindgen::{JsCast, JsValue};

/// The value is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    // The usual ones put a text together first.
    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// Reads a value.
///
/// # Errors
/// It is not what `T` takes.
pub(crate) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, Unreadable> {
    T::deserialize(FromJs(value))
}

struct FromJs(JsValue);

impl FromJs {
    fn is_absent(&self) -> bool {
        self.0.is_undefined() || self.0.is_null()
    }
}

impl<'de> Deserializer<'de> for FromJs {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if let Some(text) = self.0.as_string() {
            return visitor.visit_string(text);
        }
        if let Some(number) = self.0.as_f64() {
            // JavaScript has no whole numbers; serde's types ask for them.
            if Number::is_safe_integer(&self.0) && number >= 0.0 {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "whole, exact, not negative"
                )]
                return visitor.visit_u64(number as u64);
            }
            return visitor.visit_f64(number);
        }
        match self.0.as_bool() {
            Some(flag) => visitor.visit_bool(flag),
            None if self.is_absent() => visitor.visit_unit(),
            None => Err(Unreadable),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.is_absent() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let list = self.0.dyn_into::<Array>().map_err(|_| Unreadable)?;
        visitor.visit_seq(Items { list, next: 0 })
    }

    /// Asks for the fields that are wanted, so that others, which a newer backend may send, cost nothing.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if !self.0.is_object() {
            return Err(Unreadable);
        }
        visitor.visit_map(Fields {
            of: self.0,
            names: fields,
            next: 0,
            value: None,
        })
    }

    /// Words only: no type of ours has variants with content. A word that is none of the variants goes to
    /// the one that is marked `#[serde(other)]`, where there is one.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let word = self.0.as_string().ok_or(Unreadable)?;
        let index: U32Deserializer<Unreadable> = index_of(variants, &word).into_deserializer();
        visitor.visit_enum(index)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct tuple tuple_struct map identifier ignored_any
    }
}

struct Items {
    list: Array,
    next: u32,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        if self.next >= self.list.length() {
            return Ok(None);
        }
        let item = self.list.get(self.next);
        self.next += 1;
        seed.deserialize(FromJs(item)).map(Some)
    }
}

/// Where a variant stands; beyond all of them for a word that is none.
fn index_of(variants: &[&str], word: &str) -> u32 {
    let index = variants.iter().position(|variant| *variant == word);
    index
        .and_then(|index| u32::try_from(index).ok())
        .unwrap_or(u32::MAX)
}

/// The fields by their places in the list of names, which serde's derives take as well as the names:
/// so no type brings code that compares them.
struct Fields {
    of: JsValue,
    names: &'static [&'static str],
    next: u32,
    value: Option<FromJs>,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unreadable> {
        while let Some((name, rest)) = self.names.split_first() {
            let place = self.next;
            self.names = rest;
            self.next += 1;
            let value = Reflect::get(&self.of, &JsValue::from_str(name)).map(FromJs);
            let value = value.map_err(|_| Unreadable)?;
            if !value.is_absent() {
                self.value = Some(value);
                let place: U32Deserializer<Unreadable> = place.into_deserializer();
                return seed.deserialize(place).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Unreadable> {
        seed.deserialize(self.value.take().ok_or(Unreadable)?)
    }
}
