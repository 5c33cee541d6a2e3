//! Statements that were built before. To build one takes longer than to gather its values, and nothing of
//! it but the shape of a change is needed.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::parts::Shape;

/// As many as there are shapes in this program: some dozens.
#[derive(Debug, Default)]
pub(in crate::store) struct Texts(RwLock<HashMap<Shape, Arc<str>>>);

impl Texts {
    /// The text for changes of this shape, which is built once.
    pub(super) fn of<E>(
        &self,
        shape: &Shape,
        build: impl FnOnce(&Shape) -> Result<String, E>,
    ) -> Result<Arc<str>, E> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.get(shape) {
            return Ok(Arc::clone(text));
        }
        drop(known);
        let text: Arc<str> = build(shape)?.into();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(shape.clone(), Arc::clone(&text));
        Ok(text)
    }
}
