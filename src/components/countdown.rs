//! The time that is left.

use gloo_timers::callback::Interval;
use leptos::prelude::*;
use toss_checkout_contract::Timestamp;

use super::Page;
use crate::{i18n::Messages, platform::clock};

/// `2일 23시간 59분 남음`; in the last hour with seconds. Not announced: a screen reader would never
/// stop. Its value is in the deadline beside it.
#[component]
pub(crate) fn Countdown(
    /// When it ends.
    until: Timestamp,
) -> impl IntoView {
    let text = Page::get().text();
    let left = RwSignal::new(clock::ms_until(until.as_str()));
    let tick = move || {
        // The last tick may come when the screen is another.
        let _ = left.try_set(clock::ms_until(until.as_str()));
    };
    // Dropped, and so stopped, with the component.
    StoredValue::new_local(Interval::new(1_000, tick));
    view! {
        <span class="countdown" part="countdown" aria-hidden="true">
            {move || words(left.get(), text)}
        </span>
    }
}

fn words(left_ms: f64, text: &Messages) -> String {
    if left_ms.is_nan() {
        return String::new();
    }
    if left_ms <= 0.0 {
        return text.time_is_up.to_owned();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and years fit"
    )]
    let seconds = (left_ms / 1000.0) as u64;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let parts: &[(u64, &str)] = if days > 0 {
        &[
            (days, text.days),
            (hours, text.hours),
            (minutes, text.minutes),
        ]
    } else if hours > 0 {
        &[(hours, text.hours), (minutes, text.minutes)]
    } else {
        &[(minutes, text.minutes), (seconds % 60, text.seconds)]
    };
    let mut words = String::new();
    for (number, unit) in parts {
        words.push_str(&number.to_string());
        words.push_str(unit);
        words.push(' ');
    }
    words.push_str(text.remaining);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::KO;

    #[test]
    fn seconds_show_in_the_last_hour_only() {
        let ms = |seconds: u32| f64::from(seconds) * 1000.0;
        assert_eq!(words(ms(3 * 86_400 - 60), &KO), "2일 23시간 59분 남음");
        assert_eq!(words(ms(3_600), &KO), "1시간 0분 남음");
        assert_eq!(words(ms(61), &KO), "1분 1초 남음");
        assert_eq!(words(0.0, &KO), "기한이 지났어요");
        assert_eq!(words(f64::NAN, &KO), "");
    }
}
