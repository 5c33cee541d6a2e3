//! The state machine, event by event.

use toss_checkout_contract::{
    Amount, ApiError, AuthKey, ChargeResult, ChargeStatus, ClientKey, ConfirmRequest, Consent,
    ConsentText, ConsentVersion, Customer, CustomerKey, DecimalAmount, Failure, FailureCode,
    Interval, IssueRequest, Method, OrderId, PaymentKey, Plan, Session, SessionId, SessionKind,
    SessionResult, SessionStatus, Timestamp, codes,
};
use toss_payments_sdk::{FailReturn, LoadError, ReturnError, SdkError, SdkErrorCode};

use super::*;
use crate::config::Misconfiguration;

mod changes;
mod consent;
mod form;
mod keys;
mod public_events;

fn session(kind: SessionKind, status: SessionStatus) -> Session {
    let payment = kind == SessionKind::Payment;
    Session {
        id: SessionId::new("cs_0123456789abcdefABCDEF").unwrap(),
        kind,
        status,
        revision: 1,
        order_id: payment.then(|| OrderId::new("order-0001").unwrap()),
        order_name: "티셔츠 1장".into(),
        amount: payment.then(|| Amount::won(15_000).unwrap()),
        customer_key: CustomerKey::new("customer-1").unwrap(),
        client_key: ClientKey::new("test_ck_abc").unwrap(),
        methods: if payment {
            vec![Method::VirtualAccount]
        } else {
            vec![Method::Card, Method::Transfer]
        },
        customer: Customer::default(),
        virtual_account: None,
        card: None,
        foreign_easy_pay: None,
        plan: (!payment).then(|| Plan {
            amount: Amount::won(4_900).unwrap(),
            interval: Interval::Month,
        }),
        charge_now: false,
        consent: None,
        locale: None,
        return_url: None,
        expires_at: Timestamp::new("2026-11-21T09:00:00+09:00").unwrap(),
        now: None,
        result: None,
    }
}

fn billing(status: SessionStatus) -> Session {
    session(SessionKind::Billing, status)
}

fn payment(status: SessionStatus) -> Session {
    session(SessionKind::Payment, status)
}

fn issue(customer: &str) -> Keys {
    Keys::Issue(IssueRequest {
        auth_key: AuthKey::new("bln_1").unwrap(),
        customer_key: CustomerKey::new(customer).unwrap(),
        consent: None,
    })
}

fn confirm(order: &str, amount: u64) -> Keys {
    Keys::Confirm(ConfirmRequest {
        payment_key: PaymentKey::new("tviva1").unwrap(),
        order_id: OrderId::new(order).unwrap(),
        amount: DecimalAmount::parse(&amount.to_string()).unwrap(),
    })
}

/// What comes of a redirect once the session has been read.
fn land(redirect: Redirect, session: Session) -> (State, Vec<Effect>) {
    step(State::Loading(redirect), Event::SessionRead(Ok(session)))
}

/// The form with Toss's script there, and the box ticked where there is one.
fn ready(session: Session) -> State {
    let (state, effects) = land(Redirect::None, session);
    assert_eq!(effects[0], Effect::LoadSdk);
    let (state, _) = step(state, Event::Agreed(Some(words())));
    step(state, Event::SdkLoaded(Ok(()))).0
}

/// What the buyer agrees to.
fn words() -> Consent {
    Consent {
        version: ConsentVersion::new("ko-1").unwrap(),
        text: ConsentText::new("매월 4,900원을 결제하는 데 동의해요.").unwrap(),
    }
}

fn fail(code: &str) -> Redirect {
    Redirect::Failed(FailReturn {
        code: FailureCode::from(code),
        message: "말".into(),
        order_id: None,
    })
}

fn refusal(code: &str, retryable: bool) -> RequestError {
    RequestError::Api(ApiError {
        code: code.into(),
        message: String::new(),
        retryable,
        trace_id: String::new(),
    })
}

fn sdk_error(code: &str) -> SdkError {
    SdkError {
        code: SdkErrorCode::Toss(FailureCode::from(code)),
        message: "말".into(),
    }
}
