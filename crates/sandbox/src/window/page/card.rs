//! The card form.

use maud::{Markup, html};

use super::{Draft, Shown, about, buttons, window};
use crate::{
    state::{BillingForm, card::MAGIC_CARDS},
    window::{
        form::{CardForm, spaced},
        outcome::ENDINGS,
    },
};

/// Registration of a card.
pub(super) fn register(shown: &Shown<'_>, form: &BillingForm) -> Markup {
    let body = html! {
        (about(form.customer_name.as_deref(), "자동결제에 쓸 카드를 등록해 주세요."))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/card" } {
            (fields(shown, form.corporate))
        }
        (numbers())
        (buttons(shown.id, "등록하기"))
    };
    window(shown, "카드 등록", &body)
}

fn fields(shown: &Shown<'_>, corporate: bool) -> Markup {
    let prefilled = CardForm::prefilled(corporate);
    let filled = match shown.draft {
        Draft::Card(typed) => typed,
        _ => &prefilled,
    };
    html! {
        div.field {
            label for="number" { "카드번호" }
            input id="number" name="number" value=(filled.number) required
                inputmode="numeric" autocomplete="off" maxlength="23";
        }
        div.pair {
            div.field {
                label for="expiry" { "유효기간 (MM/YY)" }
                input id="expiry" name="expiry" value=(filled.expiry) required inputmode="numeric"
                    autocomplete="off" maxlength="5" placeholder="MM/YY";
            }
            div.field {
                label for="password" { "비밀번호 앞 2자리" }
                input id="password" name="password" type="password" value=(filled.password) required
                    inputmode="numeric" autocomplete="off" maxlength="2";
            }
        }
        div.field {
            label for="identity" { "생년월일 6자리 또는 사업자번호 10자리" }
            input id="identity" name="identity" value=(filled.identity) required inputmode="numeric"
                autocomplete="off" maxlength="10";
        }
    }
}

/// Test numbers that the window's script fills in.
fn numbers() -> Markup {
    html! {
        details {
            summary { "다른 결과를 내는 카드번호" }
            ul.numbers {
                @for card in &MAGIC_CARDS { (number(card.number, card.what)) }
                @for (ending, _, what) in &ENDINGS { (number(&format!("9410000000{ending}"), what)) }
            }
        }
    }
}

fn number(digits: &str, what: &str) -> Markup {
    html! {
        li {
            button.number type="button" data-fill=(spaced(digits)) { (spaced(digits)) }
            span { (what) }
        }
    }
}
