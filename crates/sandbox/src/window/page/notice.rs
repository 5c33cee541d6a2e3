//! Pages without a form.

use maud::{Markup, html};

use super::document;

fn notice(title: &str, text: &str) -> Markup {
    let body = html! {
        main {
            h1 { (title) }
            p.lead { (text) }
        }
    };
    document(title, &body, None)
}

/// The frame's last page: its script tells the page around it.
pub(in crate::window) fn leaving(opener: &str, message: &str) -> Markup {
    let body = html! {
        main {
            h1 { "상점으로 돌아가는 중" }
            p.lead role="status" { "잠시만 기다려 주세요." }
        }
    };
    document("상점으로 돌아가는 중", &body, Some((opener, "", message)))
}

/// A window that was left before.
pub(in crate::window) fn over() -> Markup {
    notice(
        "이미 끝난 결제창이에요",
        "상점으로 돌아가서 다시 시작해 주세요.",
    )
}

/// A window that never was, or was open too long.
pub(in crate::window) fn gone() -> Markup {
    notice(
        "결제창을 찾을 수 없어요",
        "열린 지 30분이 지났거나 샌드박스가 다시 시작됐어요. 상점으로 돌아가서 다시 시작해 주세요.",
    )
}
