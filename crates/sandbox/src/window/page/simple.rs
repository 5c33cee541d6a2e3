//! The other methods: one field, whose value decides.

use maud::{Markup, html};
use toss_model::{
    Payment,
    method::{Carrier, PayMethod},
    window::Window,
};

use super::{Draft, Shown, agree, magic, pay, spaced, values};
use crate::window::{
    outcome::{DECLINES, ENDINGS, Magic},
    pay::PayForm,
};

/// What the field holds: what was typed before, or what it is filled with.
fn typed(shown: &Shown<'_>, visit: &Window, method: PayMethod) -> String {
    match shown.draft {
        Draft::Pay(typed) => typed.number.clone(),
        _ => PayForm::prefilled(method, &visit.offer).number,
    }
}

fn field(label: &str, value: &str, mode: &str) -> Markup {
    html! {
        div.field {
            label for="number" { (label) }
            input id="number" name="number" value=(value) required inputmode=(mode)
                autocomplete="off" maxlength="60" spellcheck="false";
        }
    }
}

fn all() -> impl Iterator<Item = &'static Magic> {
    DECLINES.iter().chain(&ENDINGS)
}

fn carrier_name(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Kt => "KT",
        Carrier::Lgu => "LG U+",
        Carrier::Skt => "SKT",
        Carrier::Hello => "LG헬로모바일",
        Carrier::Kct => "티플러스",
        Carrier::Sk7 => "SK세븐모바일",
    }
}

/// 휴대폰
pub(super) fn phone(shown: &Shown<'_>, visit: &Window, payment: &Payment) -> Markup {
    let offered = &visit.offer.carriers;
    let inputs = html! {
        div.field {
            label for="carrier" { "통신사" }
            select id="carrier" name="carrier" required {
                @for carrier in Carrier::ALL {
                    @if offered.is_empty() || offered.contains(&carrier) {
                        option value=(carrier.as_str()) { (carrier_name(carrier)) }
                    }
                }
            }
        }
        (field("휴대폰 번호", &typed(shown, visit, PayMethod::MobilePhone), "numeric"))
        (agree("휴대폰 결제 이용 약관, 본인인증 동의"))
    };
    let below = values(
        "다른 결과를 내는 휴대폰 번호",
        magic("01000", &DECLINES).chain(magic("01000", &ENDINGS)),
    );
    pay(shown, "휴대폰 결제", payment, &inputs, &below)
}

/// 문화상품권, 도서문화상품권, 게임문화상품권
pub(super) fn certificate(
    shown: &Shown<'_>,
    visit: &Window,
    payment: &Payment,
    method: PayMethod,
) -> Markup {
    let inputs = field("상품권 번호", &typed(shown, visit, method), "numeric");
    let numbers = all().map(|magic| (spaced(&format!("4100000000{}", magic.ending)), magic.what));
    let below = values("다른 결과를 내는 상품권 번호", numbers);
    let title = format!("{} 결제", method.korean());
    pay(shown, &title, payment, &inputs, &below)
}

/// 해외 간편결제
pub(super) fn foreign(shown: &Shown<'_>, visit: &Window, payment: &Payment) -> Markup {
    let provider = match visit.offer.provider.as_deref() {
        Some("PAYPAL") => "PayPal",
        Some("PAYPAY") => "PayPay",
        _ => "해외 간편결제",
    };
    let label = format!("{provider} 계정");
    let inputs = field(
        &label,
        &typed(shown, visit, PayMethod::ForeignEasyPay),
        "email",
    );
    let accounts = all().map(|magic| (format!("buyer{}@example.com", magic.ending), magic.what));
    let below = values("다른 결과를 내는 계정", accounts);
    pay(shown, &format!("{provider} 결제"), payment, &inputs, &below)
}
