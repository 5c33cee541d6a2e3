//! What shall go wrong, what is assumed, and the way back to nothing.

use maud::{Markup, html};

use super::view::{self, View};
use crate::faults::Fault;

pub(super) fn section(view: View, faults: &[Fault], rules: &[(&'static str, String)]) -> Markup {
    let text = view.text;
    let items = html! {
        div id="setting-list" data-list {
            div id="faults" {
                h3 { (text.faults) }
                @if faults.is_empty() {
                    p.empty { (text.no_faults) }
                } @else {
                    ul {
                        @for fault in faults {
                            li { code { (fault.endpoint.as_str()) } " " (fault.kind.as_str()) " × " (fault.times_left()) }
                        }
                    }
                    (view.button("/sandbox/console/faults/clear", text.clear_faults, true))
                }
            }
            div id="assumed" {
                h3 { (text.assumed) }
                ul {
                    @for (name, value) in rules { li { code { (name) "=" (value) } } }
                }
                (view.button("/sandbox/console/reset", text.reset, true))
            }
        }
    };
    view::section("settings", text.settings, &items)
}
