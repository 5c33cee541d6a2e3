//! The sandbox's clock: what it shows, and the buttons that move it.

use maud::{Markup, html};
use toss_model::moment::readable;

use super::view::{self, View};
use crate::timekeeper::Timekeeper;

/// What the buttons advance by, as [`toss_model::clock::parse_duration`] reads it.
const STEPS: [&str; 5] = ["10m", "1h", "1d", "7d", "31d"];

pub(super) fn section(view: View, timekeeper: &Timekeeper) -> Markup {
    let text = view.text;
    let frozen = timekeeper.read().is_frozen();
    // Without seconds: the page counts as changed when this does.
    let now: String = readable(timekeeper.now()).chars().take(16).collect();
    let press = |name: &str, value: &str, label: &str| {
        html! {
            form method="post" action=(view.href("/sandbox/console/clock")) {
                input type="hidden" name=(name) value=(value);
                button type="submit" { (label) }
            }
        }
    };
    let items = html! {
        div id="clock-list" data-list {
            p.now id="clock-now" {
                strong { (now) }
                @if frozen { " " span.status data-status="WAITING_FOR_DEPOSIT" { (text.frozen) } }
            }
            div.actions id="clock-buttons" {
                @for step in STEPS { (press("advance", step, &format!("+{step}"))) }
                @if frozen {
                    (press("freeze", "false", text.resume_clock))
                } @else {
                    (press("freeze", "true", text.freeze))
                }
            }
            form.advance id="clock-form" method="post" action=(view.href("/sandbox/console/clock")) {
                label for="advance" { (text.advance_by) }
                input id="advance" name="advance" required placeholder="36h" autocomplete="off" maxlength="40";
                button type="submit" { (text.advance) }
            }
        }
    };
    view::section("clock", text.clock, &items)
}
