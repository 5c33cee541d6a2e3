//! The buyer's answer without a browser: what the buttons of a window do, as JSON.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use toss_model::Language;

use super::{ControlError, read, uncached};
use crate::{
    error::ApiError,
    toss::Toss,
    window::{self, Press},
};

/// `finish` takes the window's fields as an object of texts, `fail` a `code`; both may be left out.
pub(super) async fn press(
    State(toss): State<Toss>,
    Path((id, action)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, ControlError> {
    let fields: Map<String, Value> = if body.is_empty() {
        Map::new()
    } else {
        read(&body, "INVALID_WINDOW")?
    };
    let press = match action.as_str() {
        "finish" => Press::Finish(fields),
        "cancel" => Press::Cancel,
        "fail" => {
            let code = fields.get("code").and_then(Value::as_str);
            Press::Fail(code.unwrap_or_default().to_owned())
        }
        _ => return Err(ControlError::not_found("finish, cancel or fail")),
    };
    Ok(match window::press(&toss, &id, &press) {
        Ok(url) => uncached(json!({"url": url})),
        Err(refusal) => {
            let error = ApiError::from(refusal);
            (error.status, Json(error.body(Language::Ko))).into_response()
        }
    })
}
