//! The virtual account form.

use maud::{Markup, html};
use toss_model::{
    Payment, institution::ISSUING_BANKS, method::PayMethod, moment::readable, payment::Means,
    window::Window,
};

use super::{Draft, Shown, agree, buttons, order, receipts, window};
use crate::window::pay::PayForm;

/// Issue of a virtual account.
pub(super) fn issue(shown: &Shown<'_>, visit: &Window, payment: &Payment) -> Markup {
    let due = match &payment.means {
        // Without seconds.
        Means::Undecided { due } => Some(readable(*due).chars().take(16).collect::<String>()),
        _ => None,
    };
    let prefilled = PayForm::prefilled(PayMethod::VirtualAccount, &visit.offer);
    let filled = match shown.draft {
        Draft::Pay(typed) => typed,
        _ => &prefilled,
    };
    let body = html! {
        (order(payment, due.as_deref()))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/issue" } {
            div.field {
                label for="bank" { "입금할 은행" }
                select id="bank" name="bank" required {
                    @for bank in &ISSUING_BANKS {
                        option value=(bank.code) selected[bank.code == filled.bank] { (bank.name) }
                    }
                }
            }
            div.field {
                label for="name" { "입금자명" }
                input id="name" name="name" value=(filled.name) required maxlength="100" autocomplete="off";
            }
            @if let Some(phone) = &visit.offer.phone {
                div.field {
                    label for="phone" { "휴대폰 번호" }
                    input id="phone" name="phone" value=(phone) inputmode="numeric"
                        maxlength="15" autocomplete="off";
                }
            }
            (receipts(&filled.receipt))
            (agree("결제 서비스 이용 약관, 개인정보 처리 동의"))
        }
        (buttons(shown.id, "발급하기"))
    };
    window(shown, "가상계좌 발급", &body)
}
