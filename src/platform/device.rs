//! The device and the browser on it.

use toss_checkout_contract::Locale;
use toss_payments_sdk::{Surroundings, WindowTarget, WindowTargetError};

use super::window;

/// What the browser calls itself.
pub(crate) fn user_agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

/// Where Toss's window can open here. `wanted` is what the merchant wants of a desktop: a phone gets
/// what Toss allows there.
///
/// # Errors
/// Toss's window cannot open here at all.
pub(crate) fn window_target(
    wanted: Option<WindowTarget>,
) -> Result<WindowTarget, WindowTargetError> {
    let window = window();
    let user_agent = user_agent();
    let width = window.inner_width().ok().and_then(|width| width.as_f64());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a width in pixels"
    )]
    let here = Surroundings {
        user_agent: &user_agent,
        width: width.unwrap_or_default() as u32,
        touch_points: u32::try_from(window.navigator().max_touch_points()).unwrap_or_default(),
        framed: window.top().ok().flatten().is_none_or(|top| top != window),
    };
    WindowTarget::choose(here, wanted.filter(|_| !here.is_phone()))
}

/// Text as it stands in a parameter of an address.
pub(crate) fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// The first of the browser's languages that the page speaks; Korean where it speaks none.
pub(crate) fn locale() -> Locale {
    let languages = window().navigator().languages();
    let known = languages
        .iter()
        .find_map(|tag| Locale::of_tag(&tag.as_string()?));
    known.unwrap_or(Locale::Ko)
}
