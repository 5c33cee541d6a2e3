//! Answers with fields set and removed, so that a client's reading can be tried without a proxy.

use serde_json::Value;

use super::Fault;

impl Fault {
    /// The JSON with its fields set and removed; None for what is no JSON.
    pub(crate) fn mutated(&self, body: &[u8]) -> Option<String> {
        let mut value: Value = serde_json::from_slice(body).ok()?;
        for (pointer, new) in &self.set {
            set(&mut value, pointer, new);
        }
        for pointer in &self.remove {
            remove(&mut value, pointer);
        }
        Some(value.to_string())
    }
}

/// Where a pointer's last name stands, and that name. Source: RFC 6901.
fn parent<'a>(value: &'a mut Value, pointer: &str) -> Option<(&'a mut Value, String)> {
    let (path, name) = pointer.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    Some((value.pointer_mut(path)?, name))
}

fn set(value: &mut Value, pointer: &str, new: &Value) {
    match parent(value, pointer) {
        Some((Value::Object(object), name)) => {
            object.insert(name, new.clone());
        }
        Some((Value::Array(list), index)) => {
            let at = index.parse::<usize>().ok();
            if let Some(place) = at.and_then(|at| list.get_mut(at)) {
                *place = new.clone();
            }
        }
        _ => {}
    }
}

fn remove(value: &mut Value, pointer: &str) {
    match parent(value, pointer) {
        Some((Value::Object(object), name)) => {
            object.remove(&name);
        }
        Some((Value::Array(list), index)) => {
            let at = index.parse().ok().filter(|at| *at < list.len());
            if let Some(at) = at {
                list.remove(at);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Endpoint;
    use super::*;

    #[test]
    fn fields_are_set_added_removed_and_of_another_type() {
        let body = json!({"a": 1, "b": {"c": [1, 2], "d": "x"}, "e/f": 0}).to_string();
        let fault = Fault::mutate(Endpoint::Confirm)
            .set("/a", "1")
            .set("/b/new", json!({"g": null}))
            .set("/b/c/1", 3)
            .set("/no/such", 1)
            .remove("/b/d")
            .remove("/e~1f")
            .remove("/b/c/9");
        let changed: Value =
            serde_json::from_str(&fault.mutated(body.as_bytes()).unwrap()).unwrap();
        assert_eq!(
            changed,
            json!({"a": "1", "b": {"c": [1, 3], "new": {"g": null}}})
        );
        assert_eq!(fault.mutated(b"<html>"), None);
    }
}
