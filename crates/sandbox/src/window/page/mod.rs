//! The pages of the window. Korean, plain forms; the names of buttons are relied on by tests.

mod card;
mod deposit;
mod notice;
mod simple;
mod transfer;

use std::fmt::Display;

use maud::{DOCTYPE, Markup, html};
use toss_checkout_contract::Method;
use toss_model::{
    Payment,
    method::PayMethod,
    payment::{CashReceiptChoice, Origin},
    window::{BillingForm, Window},
};

pub(super) use self::notice::{gone, leaving, over};
use super::{
    form::{CardForm, MemberForm, Step, spaced},
    outcome::Magic,
    pay::PayForm,
};
use crate::pages::money;

/// What every open window page needs.
pub(super) struct Shown<'a> {
    pub(super) id: &'a str,
    pub(super) opener: Option<&'a str>,
    pub(super) mistake: Option<&'a str>,
    pub(super) draft: Draft<'a>,
}

/// How far the buyer is.
#[derive(Clone, Copy)]
pub(super) enum Draft<'a> {
    /// At the beginning.
    Fresh,
    /// What was wrong stays in the form, to be corrected.
    Card(&'a CardForm),
    /// The same, for a payment.
    Pay(&'a PayForm),
    /// Asked for a step of 퀵계좌이체.
    Step(Step),
    /// Got that step wrong.
    Member(&'a MemberForm),
    /// Got it right.
    Entered(Step),
    /// Chose a wallet instead of a card.
    Wallet(&'a str),
}

fn document(title: &str, body: &Markup, data: Option<(&str, &str, &str)>) -> Markup {
    let (opener, window, message) = data.map_or((None, None, None), |(opener, window, message)| {
        (
            Some(opener),
            Some(window),
            (!message.is_empty()).then_some(message),
        )
    });
    html! {
        (DOCTYPE)
        html lang="ko" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (title) " · 테스트 결제창" }
                link rel="stylesheet" href="/sandbox/assets/window.css";
                link rel="icon" href="data:,";
                script src="/sandbox/assets/window.js" type="module" {}
            }
            body data-opener=[opener] data-window=[window] data-message=[message] {
                header {
                    span.brand { "토스페이먼츠 샌드박스" }
                    span.badge { "테스트" }
                }
                (body)
            }
        }
    }
}

fn window(shown: &Shown<'_>, title: &str, body: &Markup) -> Markup {
    let body = html! {
        main {
            h1 { (title) }
            @if let Some(mistake) = shown.mistake {
                p.mistake role="alert" { (mistake) }
            }
            (body)
            (failing(shown.id))
        }
    };
    let data = shown.opener.map(|opener| (opener, shown.id, ""));
    document(title, &body, data)
}

/// The row of buttons under a form. 취소 belongs to a form of its own, named by its id.
fn buttons(id: &str, primary: &str) -> Markup {
    html! {
        div.actions {
            button.primary type="submit" form="main" { (primary) }
            form method="post" action={ "/sandbox/window/" (id) "/cancel" } {
                button.plain type="submit" { "취소" }
            }
        }
    }
}

fn failing(id: &str) -> Markup {
    html! {
        section.tools aria-labelledby="tools" {
            h2 id="tools" { "테스트 도구" }
            p { "등록·결제가 결제창에서 실패한 것처럼 끝냅니다. 어떤 코드든 넣을 수 있어요." }
            form.fail method="post" action={ "/sandbox/window/" (id) "/fail" } {
                label for="code" { "에러 코드" }
                div.inline {
                    input id="code" name="code" value="PAY_PROCESS_ABORTED" maxlength="100"
                        autocomplete="off" autocapitalize="characters" spellcheck="false" list="codes";
                    button.plain type="submit" { "실패시키기" }
                }
                datalist id="codes" {
                    @for code in ["PAY_PROCESS_ABORTED", "PAY_PROCESS_CANCELED", "REJECT_CARD_COMPANY", "NOT_SUPPORTED_METHOD"] {
                        option value=(code) {}
                    }
                }
            }
        }
    }
}

/// Registration of a card or an account.
pub(super) fn billing(shown: &Shown<'_>, form: &BillingForm) -> Markup {
    match form.method {
        Method::Card => card::register(shown, form),
        _ => transfer::register(shown, form),
    }
}

/// One payment.
pub(super) fn payment(shown: &Shown<'_>, visit: &Window, payment: &Payment) -> Markup {
    let Origin::Window(method) = payment.origin else {
        return notice::over();
    };
    match method {
        PayMethod::VirtualAccount => deposit::issue(shown, visit, payment),
        PayMethod::Card => card::pay(shown, visit, payment),
        PayMethod::Transfer => transfer::pay(shown, visit, payment),
        PayMethod::MobilePhone => simple::phone(shown, visit, payment),
        PayMethod::CultureGiftCertificate
        | PayMethod::BookGiftCertificate
        | PayMethod::GameGiftCertificate => simple::certificate(shown, visit, payment, method),
        PayMethod::ForeignEasyPay => simple::foreign(shown, visit, payment),
    }
}

/// What is being paid for.
fn order(payment: &Payment, due: Option<&str>) -> Markup {
    html! {
        dl.order {
            div { dt { "주문" } dd { (payment.order_name) } }
            div.total { dt { "결제 금액" } dd { (money(payment.currency, payment.total)) } }
            @if let Some(due) = due {
                div { dt { "입금 기한" } dd { (due) } }
            }
        }
    }
}

/// The form of a payment, what orders another outcome, and the buttons.
fn pay(
    shown: &Shown<'_>,
    title: &str,
    payment: &Payment,
    fields: &Markup,
    below: &Markup,
) -> Markup {
    let body = html! {
        (order(payment, None))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/pay" } { (fields) }
        (below)
        (buttons(shown.id, "결제하기"))
    };
    window(shown, title, &body)
}

fn receipts(chosen: &str) -> Markup {
    html! {
        fieldset {
            legend { "현금영수증" }
            div.row {
                @for choice in CashReceiptChoice::ALL {
                    label.choice {
                        input type="radio" name="receipt" value=(choice.as_str()) checked[choice.as_str() == chosen] required;
                        span.what { (choice.as_str()) }
                    }
                }
            }
        }
    }
}

fn agree(what: &str) -> Markup {
    html! {
        label.check {
            input type="checkbox" name="agree" value="1" checked required;
            span { "[필수] " (what) }
        }
    }
}

/// Values for the main field, which the window's script fills in: what they are and what they do.
fn values(title: &str, values: impl IntoIterator<Item = (String, &'static str)>) -> Markup {
    html! {
        details {
            summary { (title) }
            ul.numbers {
                @for (value, what) in values {
                    li {
                        button.number type="button" data-fill=(value) { (value) }
                        span { (what) }
                    }
                }
            }
        }
    }
}

/// Values that begin like this.
fn magic(before: &str, table: &'static [Magic]) -> impl Iterator<Item = (String, &'static str)> {
    table
        .iter()
        .map(move |magic| (format!("{before}{}", magic.ending), magic.what))
}

fn about(who: Option<&str>, what: impl Display) -> Markup {
    html! {
        p.lead {
            @if let Some(who) = who { strong { (who) } "님, " }
            (what)
        }
    }
}
