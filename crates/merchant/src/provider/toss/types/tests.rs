use toss_checkout_contract::{Amount, Currency};

use super::*;
use crate::domain::provider_payment::IssuedMethod;

fn payment(json: &str) -> ProviderPayment {
    serde_json::from_str::<PaymentAnswer>(json).unwrap().into()
}

#[test]
fn a_payment_abroad_is_counted_in_cents() {
    let payment = payment(
        r#"{"paymentKey":"tgen_1","orderId":"order-1","status":"PARTIAL_CANCELED","totalAmount":12.5,
            "balanceAmount":10,"currency":"USD","method":"간편결제","easyPay":{"provider":"PAYPAL"},
            "cancels":[{"transactionKey":"t1","cancelAmount":2.5,"cancelStatus":"DONE"}]}"#,
    );
    assert_eq!((payment.total, payment.balance), (1_250, Some(1_000)));
    assert_eq!(payment.cancels[0].amount, 250);
    assert_eq!(payment.details.method, Some(Method::ForeignEasyPay));
    let dollars = Amount::new(1_250, Currency::Usd).unwrap();
    assert!(payment.costs(dollars));
    // The same number in won is another amount.
    assert!(!payment.costs(Amount::won(1_250).unwrap()));
    let fraction = r#"{"paymentKey":"t","orderId":"order-1","status":"DONE","totalAmount":12.5}"#;
    assert!(serde_json::from_str::<PaymentAnswer>(fraction).is_err());
}

#[test]
fn a_payment_with_unknown_fields_and_status_is_read() {
    let payment = payment(
        r#"{"paymentKey":"tgen_1","orderId":"order-1","status":"SOMETHING_NEW","totalAmount":15000.0,
            "secret":"ps_secret","newField":{"a":1},"method":"간편결제","virtualAccount":null,
            "easyPay":{"provider":"토스페이","amount":0}}"#,
    );
    assert_eq!(payment.total, 15_000);
    assert_eq!(
        payment.status,
        ProviderStatus::Other("SOMETHING_NEW".into())
    );
    assert_eq!(payment.details.method, Some(Method::Card));
    assert_eq!(payment.details.easy_pay.as_deref(), Some("토스페이"));
    assert_eq!(payment.currency, "KRW");
    assert!(!format!("{payment:?}").contains("ps_secret"));
}

#[test]
fn what_is_left_what_went_back_and_the_cash_receipt_are_read() {
    let payment = payment(
        r#"{"paymentKey":"tgen_1","orderId":"order-1","status":"PARTIAL_CANCELED","totalAmount":15000,
            "balanceAmount":10000,"currency":"KRW","method":"가상계좌","approvedAt":"2026-11-21T10:00:00+09:00",
            "virtualAccount":{"bankCode":"20","accountNumber":"X650","customerName":"김토스",
              "dueDate":"2026-11-24T09:00:00","expired":false},
            "cashReceipt":{"type":"소득공제","receiptKey":"k","issueNumber":"123456789",
              "receiptUrl":"https://dashboard.tosspayments.com/receipt"},
            "cancels":[{"transactionKey":"t1","cancelAmount":5000,"cancelReason":"반품",
                "canceledAt":"2026-11-22T10:00:00+09:00","cancelStatus":"DONE"},
              {"transactionKey":"t2","cancelAmount":1,"cancelStatus":"ABORTED"},{"transactionKey":null}]}"#,
    );
    assert_eq!(payment.balance, Some(10_000));
    assert_eq!(payment.cancels.len(), 1);
    assert_eq!(payment.cancels[0].amount, 5_000);
    assert!(payment.cancels[0].done);
    let receipt = payment.details.cash_receipt.unwrap();
    assert_eq!(receipt.issue_number.as_deref(), Some("123456789"));
    assert_eq!(
        payment.due_at,
        Millis::from_toss("2026-11-24T09:00:00+09:00")
    );
}

#[test]
fn an_account_without_a_due_date_costs_only_itself() {
    let payment = payment(
        r#"{"paymentKey":"t","orderId":"order-1","status":"WAITING_FOR_DEPOSIT","totalAmount":1,
            "virtualAccount":{"accountNumber":"X1"}}"#,
    );
    assert_eq!(payment.details.virtual_account, None);
    assert_eq!(payment.due_at, None);
}

#[test]
fn transfers_may_be_null_empty_or_filled() {
    let read = |transfers: &str| -> IssuedMethod {
        serde_json::from_str::<BillingObject>(&format!(
            r#"{{"billingKey":"Z_t5vOvQxrj4499PeiJcjen28","customerKey":"user","method":"계좌이체","card":null{transfers}}}"#
        ))
        .unwrap()
        .into()
    };
    for none in [
        "",
        r#","transfers":null"#,
        r#","transfers":[]"#,
        r#","transfers":[{}]"#,
    ] {
        assert_eq!(read(none).account, None, "{none}");
    }
    let filled =
        read(r#","transfers":[{"bankName":"우리은행","bankAccountNumber":"1002****0000"}]"#);
    assert_eq!(filled.account.as_ref().unwrap().bank_name, "우리은행");
    assert_eq!(filled.method, Some(Method::Transfer));
    assert!(!format!("{filled:?}").contains("Z_t5vOvQxrj4499"));
}
