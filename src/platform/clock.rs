//! The time by the backend's clock: that of a buyer's device may be days off.

use std::cell::Cell;

use js_sys::Date;

thread_local! {
    /// How far the backend's clock is ahead of the device's, in milliseconds.
    static AHEAD_MS: Cell<f64> = const { Cell::new(0.0) };
}

/// The backend says that it is this moment now.
pub(crate) fn set(now: &str) {
    let ahead = Date::parse(now) - Date::now();
    if !ahead.is_nan() {
        AHEAD_MS.set(ahead);
    }
}

/// Milliseconds until a moment, `NaN` for a day that does not exist.
pub(crate) fn ms_until(moment: &str) -> f64 {
    Date::parse(moment) - Date::now() - AHEAD_MS.get()
}
