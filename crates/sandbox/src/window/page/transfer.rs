//! 퀵계좌이체: join or log in, then choose an account. The buyer is logged in from the start, so that one
//! click suffices.

use maud::{Markup, html};
use toss_model::{
    Payment,
    instrument::ACCOUNTS,
    method::PayMethod,
    window::{BillingForm, Window},
};

use super::{Draft, Shown, about, agree, buttons, magic, order, receipts, values, window};
use crate::window::{
    form::{MemberForm, Step},
    outcome::ENDINGS,
    pay::PayForm,
};

/// Registration of an account.
pub(super) fn register(shown: &Shown<'_>, form: &BillingForm) -> Markup {
    if let Some(step) = member(shown) {
        return step;
    }
    let body = html! {
        (about(form.customer_name.as_deref(), welcome(shown, "자동결제에 쓸 계좌를 골라 주세요.")))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/account" } {
            (accounts())
            label.check {
                input type="checkbox" name="hide" value="1";
                span { "계좌 정보를 응답에 넣지 않기" small { "빌링키 발급 응답의 transfers가 null이 됩니다." } }
            }
        }
        (others(shown))
        (buttons(shown.id, "등록하기"))
    };
    window(shown, "계좌 등록", &body)
}

/// A payment from an account.
pub(super) fn pay(shown: &Shown<'_>, visit: &Window, payment: &Payment) -> Markup {
    if let Some(step) = member(shown) {
        return step;
    }
    let prefilled = PayForm::prefilled(PayMethod::Transfer, &visit.offer);
    let filled = match shown.draft {
        Draft::Pay(typed) => typed,
        _ => &prefilled,
    };
    let name = visit.offer.customer_name.as_deref();
    let body = html! {
        (order(payment, None))
        (about(name, welcome(shown, "출금할 계좌를 골라 주세요.")))
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/pay" } {
            (accounts())
            (receipts(&filled.receipt))
            (agree("결제 서비스 이용 약관, 출금 동의"))
        }
        (others(shown))
        (buttons(shown.id, "결제하기"))
    };
    window(shown, "퀵계좌이체", &body)
}

/// What stands over the accounts.
fn welcome(shown: &Shown<'_>, what: &str) -> String {
    let how = match shown.draft {
        Draft::Entered(Step::Join) => "퀵계좌이체에 가입했어요.",
        Draft::Entered(Step::Login) => "로그인했어요.",
        _ => "퀵계좌이체에 로그인한 상태예요.",
    };
    format!("{how} {what}")
}

fn accounts() -> Markup {
    html! {
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
    }
}

fn others(shown: &Shown<'_>) -> Markup {
    html! {
        p.others {
            a href={ "/sandbox/window/" (shown.id) "?step=login" } { "다른 번호로 로그인" }
            a href={ "/sandbox/window/" (shown.id) "?step=join" } { "처음 가입하기" }
        }
    }
}

/// The page of the step that the buyer is at, if it is not the accounts.
fn member(shown: &Shown<'_>) -> Option<Markup> {
    let prefilled;
    let (step, filled) = match shown.draft {
        Draft::Step(step) => {
            prefilled = MemberForm::prefilled(step);
            (step, &prefilled)
        }
        Draft::Member(typed) => (typed.step, typed),
        _ => return None,
    };
    Some(match step {
        Step::Join => join(shown, filled),
        Step::Login => login(shown, filled),
    })
}

fn phone(filled: &MemberForm) -> Markup {
    html! {
        div.field {
            label for="number" { "휴대폰 번호" }
            input id="number" name="phone" value=(filled.phone) required inputmode="numeric"
                autocomplete="off" maxlength="15";
        }
    }
}

fn back(shown: &Shown<'_>) -> Markup {
    html! {
        p.others { a href={ "/sandbox/window/" (shown.id) } { "계좌 고르러 가기" } }
    }
}

fn endings() -> Markup {
    values("다른 결과를 내는 휴대폰 번호", magic("01000", &ENDINGS))
}

fn join(shown: &Shown<'_>, filled: &MemberForm) -> Markup {
    let body = html! {
        p.lead { "휴대폰으로 본인인증을 하면 가입돼요. 문자는 가지 않고, 인증번호는 늘 000000이에요." }
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/member" } {
            input type="hidden" name="step" value="join";
            div.field {
                label for="name" { "이름" }
                input id="name" name="name" value=(filled.name) required maxlength="100" autocomplete="off";
            }
            (phone(filled))
            div.field {
                label for="code" { "인증번호" }
                input id="code" name="code" value=(filled.code) required inputmode="numeric"
                    autocomplete="off" maxlength="6";
            }
            (agree("퀵계좌이체 이용 약관, 본인인증 동의"))
        }
        (endings())
        (back(shown))
        (buttons(shown.id, "가입하기"))
    };
    window(shown, "퀵계좌이체 가입", &body)
}

fn login(shown: &Shown<'_>, filled: &MemberForm) -> Markup {
    let body = html! {
        p.lead { "결제 비밀번호는 늘 000000이에요." }
        form id="main" method="post" action={ "/sandbox/window/" (shown.id) "/member" } {
            input type="hidden" name="step" value="login";
            (phone(filled))
            div.field {
                label for="code" { "결제 비밀번호 6자리" }
                input id="code" name="code" type="password" value=(filled.code) required inputmode="numeric"
                    autocomplete="off" maxlength="6";
            }
        }
        (endings())
        (back(shown))
        (buttons(shown.id, "로그인하기"))
    };
    window(shown, "퀵계좌이체 로그인", &body)
}
