//! The screens.

use serde_json::{Value, json};
use toss_payments_sdk::Return;

use super::{
    MOMENT, PAST,
    examples::{
        abroad, billing, deposit, failed, keys_of_payment, keys_of_registration, paid, payment,
        registered,
    },
    forms,
};
use crate::{
    config::Misconfiguration,
    flow::{Redirect, Refusal, RequestError, Stage, State, Wait, When},
};

/// Each by its name. `due`: when an account that waits for its deposit closes.
#[expect(clippy::too_many_lines, reason = "one list, to be read in one piece")]
pub(super) fn all(due: &str) -> Vec<(&'static str, State)> {
    let outcome = |session| State::Outcome(session, When::Now);
    let pay = || payment(json!({}));
    let subscribe = || billing(json!({}));
    let refused = |refusal| State::Refused(pay(), refusal);
    let receipt = json!({"approvedAt": MOMENT, "receiptUrl": "https://receipt.example/"});
    let declined = json!({"status": "declined", "failure": {"code": "REJECT_CARD_PAYMENT"}});
    let succeeded =
        json!({"status": "succeeded", "approvedAt": MOMENT, "receiptUrl": "https://r.example/"});
    let mut all = vec![("loading", State::Loading(Redirect::None))];
    all.extend(forms::all());
    all.extend(vec![
        (
            "delivering-payment",
            State::Delivering(pay(), keys_of_payment()),
        ),
        (
            "delivering-registration",
            State::Delivering(subscribe(), keys_of_registration()),
        ),
        (
            "undelivered",
            State::Undelivered(pay(), keys_of_payment(), RequestError::Network),
        ),
        (
            "undelivered-offline",
            State::Undelivered(pay(), keys_of_payment(), RequestError::Offline),
        ),
        (
            "unreachable-offline",
            State::Unreachable(Redirect::None, RequestError::Offline),
        ),
        (
            "unreachable",
            State::Unreachable(Redirect::None, RequestError::Network),
        ),
        (
            "looking-up",
            State::LookingUp(payment(json!({"status": "unknown"})), Wait::Short),
        ),
        (
            "looking-up-long",
            State::LookingUp(payment(json!({"status": "unknown"})), Wait::Long),
        ),
        ("registered-card", outcome(registered(&Value::Null))),
        (
            "registered-account",
            outcome(billing(json!({"status": "registered", "result": {
                "method": "TRANSFER",
                "account": {"bankName": "우리은행", "accountNumber": "1002****0000"},
            }}))),
        ),
        (
            "registered-account-later",
            outcome(billing(
                json!({"status": "registered", "result": {"method": "TRANSFER"}}),
            )),
        ),
        (
            "charge-pending",
            outcome(registered(&json!({"status": "pending"}))),
        ),
        ("charge-succeeded", outcome(registered(&succeeded))),
        ("charge-declined", outcome(registered(&declined))),
        (
            "charge-unknown",
            outcome(registered(&json!({"status": "unknown"}))),
        ),
        (
            "deposit-waiting",
            outcome(deposit("waiting_for_deposit", due, &json!({}))),
        ),
        (
            "deposit-waiting-too-late",
            outcome(deposit("waiting_for_deposit", PAST, &json!({}))),
        ),
        (
            "deposit-reversed",
            State::Reversed(deposit(
                "waiting_for_deposit",
                due,
                &json!({"reversedAt": MOMENT}),
            )),
        ),
        ("deposit-paid", outcome(deposit("paid", due, &receipt))),
        (
            "paid-card",
            outcome(paid(json!({
                "method": "CARD", "card": {"issuerCode": "61", "number": "43301234****123*",
                    "installmentPlanMonths": 3},
            }))),
        ),
        (
            "paid-easy-pay",
            outcome(paid(json!({"method": "CARD", "easyPay": "토스페이"}))),
        ),
        (
            "paid-transfer",
            outcome(paid(json!({"method": "TRANSFER"}))),
        ),
        (
            "paid-mobile-phone",
            outcome(paid(json!({"method": "MOBILE_PHONE"}))),
        ),
        (
            "paid-culture-gift-certificate",
            outcome(paid(json!({"method": "CULTURE_GIFT_CERTIFICATE"}))),
        ),
        (
            "paid-book-gift-certificate",
            outcome(paid(json!({"method": "BOOK_GIFT_CERTIFICATE"}))),
        ),
        (
            "paid-game-gift-certificate",
            outcome(paid(json!({"method": "GAME_GIFT_CERTIFICATE"}))),
        ),
        (
            "paid-abroad",
            outcome(abroad(json!({"status": "paid", "result": {
                "method": "FOREIGN_EASY_PAY", "easyPay": "PAYPAL", "approvedAt": MOMENT,
                "receiptUrl": "https://receipt.example/",
            }}))),
        ),
        (
            "before-paid",
            State::Outcome(deposit("paid", due, &receipt), When::Before),
        ),
        (
            "before-registered",
            State::Outcome(registered(&succeeded), When::Before),
        ),
        ("canceled", outcome(payment(json!({"status": "canceled"})))),
        ("canceled-paid", outcome(deposit("canceled", due, &receipt))),
        (
            "partially-canceled",
            outcome(deposit("partially_canceled", due, &receipt)),
        ),
        (
            "expired-account",
            outcome(deposit("expired", PAST, &json!({}))),
        ),
        (
            "expired-session",
            outcome(payment(json!({"status": "expired"}))),
        ),
        (
            "failed-try-again",
            failed(&subscribe(), "INVALID_CARD_NUMBER"),
        ),
        ("failed-try-again-unknown", failed(&pay(), "BRAND_NEW_CODE")),
        (
            "failed-try-again-unknown-choice",
            failed(&subscribe(), "BRAND_NEW_CODE"),
        ),
        (
            "failed-start-again",
            failed(&pay(), "NOT_FOUND_PAYMENT_SESSION"),
        ),
        (
            "failed-start-again-window",
            State::Failed(pay(), "NOT_FOUND_PAYMENT_SESSION".into(), Stage::Window),
        ),
        ("failed-wait", failed(&pay(), "PROVIDER_ERROR")),
        (
            "failed-other-method",
            failed(&subscribe(), "REJECT_CARD_PAYMENT"),
        ),
        (
            "failed-other-method-none",
            failed(&pay(), "REJECT_ACCOUNT_PAYMENT"),
        ),
        (
            "failed-other-card",
            failed(&subscribe(), "INVALID_STOPPED_CARD"),
        ),
        (
            "failed-card-company",
            failed(&subscribe(), "INVALID_REJECT_CARD"),
        ),
        ("failed-shop", failed(&pay(), "INVALID_API_KEY")),
        ("failed-shop-done", failed(&pay(), "DUPLICATED_ORDER_ID")),
        (
            "refused-address",
            match Return::parse("?paymentKey=t&paymentKey=u&orderId=order-0001&amount=54000") {
                Err(error) => refused(Refusal::Address(error)),
                Ok(back) => unreachable!("{back:?}"),
            },
        ),
        ("refused-amount", refused(Refusal::Amount)),
        ("refused-order", refused(Refusal::Order)),
        (
            "refused-customer",
            State::Refused(subscribe(), Refusal::Customer),
        ),
        ("refused-kind", refused(Refusal::Kind)),
        ("not-found", State::NotFound),
        (
            "misconfigured",
            State::Misconfigured(Misconfiguration::SecretKey),
        ),
    ]);
    all
}

#[cfg(test)]
mod tests {
    use toss_checkout_contract::{Method, SessionStatus};

    use super::*;
    use crate::i18n::{Reason, reason};

    #[test]
    fn every_method_is_shown_in_a_form_and_paid() {
        let all = all(PAST);
        for method in Method::ALL {
            let is_offered = all.iter().any(|(_, state)| match state {
                State::Checkout(form) => form.session.methods.contains(&method),
                _ => false,
            });
            let is_paid = all.iter().any(|(_, state)| match state {
                State::Outcome(session, _) => {
                    let result = session.result.as_ref();
                    session.status == SessionStatus::Paid
                        && result.and_then(|result| result.method) == Some(method)
                }
                _ => false,
            });
            assert!(is_offered && is_paid, "{method:?}: {is_offered}, {is_paid}");
        }
    }

    #[test]
    fn every_action_is_shown_with_every_severity_that_it_comes_with() {
        let all = all(PAST);
        let shown: Vec<_> = all
            .iter()
            .filter_map(|(_, state)| match state {
                State::Failed(_, code, _) => Some((reason(code).action(), reason(code).severity())),
                _ => None,
            })
            .collect();
        for reason in Reason::ALL {
            let wanted = (reason.action(), reason.severity());
            assert!(shown.contains(&wanted), "{reason:?}: {wanted:?}");
        }
    }
}
