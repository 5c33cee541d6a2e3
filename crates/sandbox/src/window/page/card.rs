//! The card form, for a registration and for a payment, and the wallets beside it.

use maud::{Markup, html};
use toss_model::{
    Payment,
    card::MAGIC_CARDS,
    method::PayMethod,
    window::{BillingForm, Window},
};

use super::{Draft, Shown, about, buttons, magic, pay as pay_page, spaced, values, window};
use crate::window::{
    form::{CardForm, card_company},
    outcome::{DECLINES, ENDINGS},
    pay::PayForm,
};

/// The wallets that a window for cards offers. Source: <https://docs.tosspayments.com/codes/org-codes>.
const WALLETS: [&str; 5] = ["토스페이", "네이버페이", "카카오페이", "페이코", "삼성페이"];
/// From here on a card can be paid in installments, in won.
const INSTALLMENTS_FROM: u64 = 50_000;

/// Registration of a card.
pub(super) fn register(shown: &Shown<'_>, form: &BillingForm) -> Markup {
    let prefilled = CardForm::prefilled(form.corporate);
    let filled = match shown.draft {
        Draft::Card(typed) => typed,
        _ => &prefilled,
    };
    let body = html! {
        (about(form.customer_name.as_deref(), "자동결제에 쓸 카드를 등록해 주세요."))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/card" } {
            (fields(&filled.number, &filled.expiry, &filled.password, &filled.identity))
        }
        (values("다른 결과를 내는 카드번호", cards().chain(spaced_magic())))
        (buttons(shown.id, "등록하기"))
    };
    let title = form.easy_pay.as_deref().map_or_else(
        || "카드 등록".to_owned(),
        |wallet| format!("{wallet} 카드 등록"),
    );
    window(shown, &title, &body)
}

/// A payment by card, or by a wallet.
pub(super) fn pay(shown: &Shown<'_>, visit: &Window, payment: &Payment) -> Markup {
    let prefilled = PayForm::prefilled(PayMethod::Card, &visit.offer);
    let filled = match shown.draft {
        Draft::Pay(typed) => typed,
        _ => &prefilled,
    };
    let chosen = match shown.draft {
        Draft::Wallet(wallet) => Some(wallet),
        _ => filled.provider.as_deref(),
    };
    if let Some(wallet) = chosen.or(visit.offer.provider.as_deref()) {
        return by_wallet(shown, payment, wallet, filled);
    }
    let inputs = html! {
        (fields(&filled.number, &filled.expiry, &filled.password, &filled.identity))
        (installments(visit, payment, &filled.installment))
    };
    let below = html! {
        (values("다른 결과를 내는 카드번호", outcomes()))
        p.others {
            span { "간편결제" }
            @for wallet in WALLETS {
                a href={ "/sandbox/window/" (shown.id) "?wallet=" (wallet) } { (wallet) }
            }
        }
    };
    let company = visit.offer.card_company.as_deref().and_then(card_company);
    let title = company.map_or_else(
        || "카드 결제".to_owned(),
        |company| format!("{}카드 결제", company.korean),
    );
    pay_page(shown, &title, payment, &inputs, &below)
}

fn by_wallet(shown: &Shown<'_>, payment: &Payment, wallet: &str, filled: &PayForm) -> Markup {
    let inputs = html! {
        input type="hidden" name="provider" value=(wallet);
        div.field {
            label for="number" { (wallet) "에 등록된 카드" }
            input id="number" name="number" value=(filled.number) required
                inputmode="numeric" autocomplete="off" maxlength="23";
        }
        label.check {
            input type="checkbox" name="balance" value="1" checked[filled.balance.is_some()];
            span { "카드 대신 머니로 결제하기" small { "응답에 card가 없고 easyPay만 있습니다." } }
        }
    };
    let below = html! {
        (values("다른 결과를 내는 카드번호", outcomes()))
        @if let Draft::Wallet(_) = shown.draft {
            p.others { a href={ "/sandbox/window/" (shown.id) } { "카드로 결제하기" } }
        }
    };
    pay_page(shown, &format!("{wallet} 결제"), payment, &inputs, &below)
}

fn fields(number: &str, expiry: &str, password: &str, identity: &str) -> Markup {
    html! {
        div.field {
            label for="number" { "카드번호" }
            input id="number" name="number" value=(number) required
                inputmode="numeric" autocomplete="off" maxlength="23";
        }
        div.pair {
            div.field {
                label for="expiry" { "유효기간 (MM/YY)" }
                input id="expiry" name="expiry" value=(expiry) required inputmode="numeric"
                    autocomplete="off" maxlength="5" placeholder="MM/YY";
            }
            div.field {
                label for="password" { "비밀번호 앞 2자리" }
                input id="password" name="password" type="password" value=(password) required
                    inputmode="numeric" autocomplete="off" maxlength="2";
            }
        }
        div.field {
            label for="identity" { "생년월일 6자리 또는 사업자번호 10자리" }
            input id="identity" name="identity" value=(identity) required inputmode="numeric"
                autocomplete="off" maxlength="10";
        }
    }
}

fn installments(visit: &Window, payment: &Payment, chosen: &str) -> Markup {
    let offer = &visit.offer;
    let most = match (offer.installment, offer.max_installment) {
        (Some(fixed), _) => fixed,
        (None, Some(max)) => max,
        (None, None) if payment.total >= INSTALLMENTS_FROM => 12,
        (None, None) => 0,
    };
    let least = offer.installment.unwrap_or(0);
    html! {
        div.field {
            label for="installment" { "할부" }
            select id="installment" name="installment" {
                @for months in (least..=most).filter(|months| *months != 1) {
                    option value=(months) selected[months.to_string() == chosen] {
                        @if months == 0 { "일시불" } @else { (months) "개월" }
                    }
                }
            }
        }
    }
}

fn cards() -> impl Iterator<Item = (String, &'static str)> {
    MAGIC_CARDS
        .iter()
        .map(|card| (spaced(card.number), card.what))
}

fn spaced_magic() -> impl Iterator<Item = (String, &'static str)> {
    magic("9410000000", &ENDINGS).map(|(number, what)| (spaced(&number), what))
}

/// What confirm makes of a card: its outcomes at registration play no part in a payment.
fn outcomes() -> impl Iterator<Item = (String, &'static str)> {
    let declines = magic("9410000000", &DECLINES).map(|(number, what)| (spaced(&number), what));
    cards().chain(declines).chain(spaced_magic())
}
