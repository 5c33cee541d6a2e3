//! The virtual account form.

use maud::{Markup, html};

use super::{Shown, buttons, order, window};
use crate::state::{
    Payment, Window,
    institution::ISSUING_BANKS,
    moment::readable,
    payment::{CashReceiptChoice, Means},
};

/// Issue of a virtual account.
pub(super) fn issue(shown: &Shown<'_>, window: &Window, payment: &Payment) -> Markup {
    let due = match &payment.means {
        // Without seconds.
        Means::Undecided { due } => Some(readable(*due).chars().take(16).collect::<String>()),
        _ => None,
    };
    let name = window.customer_name.as_deref().unwrap_or("김토스");
    let chosen = window
        .cash_receipt
        .unwrap_or(CashReceiptChoice::IncomeDeduction);
    let body = html! {
        (order(payment, due.as_deref()))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/issue" } {
            div.field {
                label for="bank" { "입금할 은행" }
                select id="bank" name="bank" required {
                    @for bank in &ISSUING_BANKS {
                        option value=(bank.code) selected[bank.code == "20"] { (bank.name) }
                    }
                }
            }
            div.field {
                label for="name" { "입금자명" }
                input id="name" name="name" value=(name) required maxlength="100" autocomplete="off";
            }
            @if let Some(phone) = &window.phone {
                div.field {
                    label for="phone" { "휴대폰 번호" }
                    input id="phone" name="phone" value=(phone) inputmode="numeric"
                        maxlength="15" autocomplete="off";
                }
            }
            fieldset {
                legend { "현금영수증" }
                div.row {
                    @for choice in CashReceiptChoice::ALL {
                        label.choice {
                            input type="radio" name="receipt" value=(choice.as_str()) checked[choice == chosen] required;
                            span.what { (choice.as_str()) }
                        }
                    }
                }
            }
            label.check {
                input type="checkbox" name="agree" value="1" checked required;
                span { "[필수] 결제 서비스 이용 약관, 개인정보 처리 동의" }
            }
        }
        (buttons(shown.id, "발급하기"))
    };
    self::window(shown, "가상계좌 발급", &body)
}
