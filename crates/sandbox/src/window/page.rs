//! The pages of the window. Korean, plain forms; the names of buttons are relied on by tests.

use maud::{DOCTYPE, Markup, html};
use toss_checkout_contract::Method;

use super::form::{CardForm, spaced};
use crate::state::{
    BillingForm, Payment, Window,
    card::MAGIC_CARDS,
    institution::ISSUING_BANKS,
    instrument::ACCOUNTS,
    moment::readable,
    payment::{CashReceiptChoice, Means},
};

/// What every open window page needs.
pub(super) struct Shown<'a> {
    pub(super) id: &'a str,
    pub(super) opener: Option<&'a str>,
    pub(super) mistake: Option<&'a str>,
    /// What was wrong stays in the form, to be corrected.
    pub(super) typed: Option<&'a CardForm>,
}

/// Whole won with thousands separators.
pub(crate) fn won(amount: u64) -> String {
    let digits = amount.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push('원');
    text
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

fn open(shown: &Shown<'_>, title: &str, body: &Markup) -> Markup {
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
    let who = form.customer_name.as_deref();
    match form.method {
        Method::Card => card(shown, who, form.corporate),
        Method::Transfer | Method::VirtualAccount => account(shown, who),
    }
}

fn about(who: Option<&str>, what: &str) -> Markup {
    html! {
        p.lead {
            @if let Some(who) = who { strong { (who) } "님, " }
            (what)
        }
    }
}

fn card(shown: &Shown<'_>, who: Option<&str>, corporate: bool) -> Markup {
    let prefilled = CardForm::prefilled(corporate);
    let filled = shown.typed.unwrap_or(&prefilled);
    let body = html! {
        (about(who, "자동결제에 쓸 카드를 등록해 주세요."))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/card" } {
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
        details {
            summary { "다른 결과를 내는 카드번호" }
            ul.numbers {
                @for card in &MAGIC_CARDS {
                    li {
                        button.number type="button" data-fill=(spaced(card.number)) { (spaced(card.number)) }
                        span { (card.what) }
                    }
                }
            }
        }
        (buttons(shown.id, "등록하기"))
    };
    open(shown, "카드 등록", &body)
}

fn account(shown: &Shown<'_>, who: Option<&str>) -> Markup {
    let body = html! {
        (about(who, "자동결제에 쓸 계좌를 골라 주세요. 퀵계좌이체에 로그인한 상태예요."))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/account" } {
            fieldset {
                legend { "계좌" }
                @for (at, account) in ACCOUNTS.iter().enumerate() {
                    label.choice {
                        input type="radio" name="account" value=(account.id) checked[at == 0] required;
                        span.what {
                            strong { (account.bank_name) " " (account.number) }
                            small { (account.what) }
                        }
                    }
                }
            }
            label.check {
                input type="checkbox" name="hide" value="1";
                span { "계좌 정보를 응답에 넣지 않기" small { "빌링키 발급 응답의 transfers가 null이 됩니다." } }
            }
        }
        (buttons(shown.id, "등록하기"))
    };
    open(shown, "계좌 등록", &body)
}

/// Issue of a virtual account.
pub(super) fn payment(shown: &Shown<'_>, window: &Window, payment: &Payment) -> Markup {
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
        dl.order {
            div { dt { "주문" } dd { (payment.order_name) } }
            div.total { dt { "결제 금액" } dd { (won(payment.total)) } }
            @if let Some(due) = due {
                div { dt { "입금 기한" } dd { (due) } }
            }
        }
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
    open(shown, "가상계좌 발급", &body)
}

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
pub(super) fn leaving(opener: &str, message: &str) -> Markup {
    let body = html! {
        main {
            h1 { "상점으로 돌아가는 중" }
            p.lead role="status" { "잠시만 기다려 주세요." }
        }
    };
    document("상점으로 돌아가는 중", &body, Some((opener, "", message)))
}

/// A window that was left before.
pub(super) fn over() -> Markup {
    notice(
        "이미 끝난 결제창이에요",
        "상점으로 돌아가서 다시 시작해 주세요.",
    )
}

/// A window that never was, or was open too long.
pub(super) fn gone() -> Markup {
    notice(
        "결제창을 찾을 수 없어요",
        "열린 지 30분이 지났거나 샌드박스가 다시 시작됐어요. 상점으로 돌아가서 다시 시작해 주세요.",
    )
}
