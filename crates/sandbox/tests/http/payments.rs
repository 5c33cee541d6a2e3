use serde_json::{Value, json};

use crate::harness::*;

const PAYMENT_KEYS: [&str; 37] = [
    "approvedAt",
    "balanceAmount",
    "cancels",
    "card",
    "cashReceipt",
    "cashReceipts",
    "checkout",
    "country",
    "cultureExpense",
    "currency",
    "discount",
    "easyPay",
    "failure",
    "giftCertificate",
    "isPartialCancelable",
    "lastTransactionKey",
    "mId",
    "metadata",
    "method",
    "mobilePhone",
    "orderId",
    "orderName",
    "paymentKey",
    "receipt",
    "requestedAt",
    "secret",
    "status",
    "suppliedAmount",
    "taxExemptionAmount",
    "taxFreeAmount",
    "totalAmount",
    "transfer",
    "type",
    "useEscrow",
    "vat",
    "version",
    "virtualAccount",
];

#[tokio::test]
async fn confirm_answers_the_documented_payment() {
    let toss = start().await;
    let payment = toss.waiting("order-1").await;
    assert_eq!(keys(&payment), PAYMENT_KEYS);
    let expected = json!({
        "mId": "tosspayments", "version": "2022-11-16", "status": "WAITING_FOR_DEPOSIT",
        "orderId": "order-1", "orderName": "티셔츠 1장", "approvedAt": null, "type": "NORMAL",
        "method": "가상계좌", "currency": "KRW", "country": "KR", "totalAmount": 15_000,
        "balanceAmount": 15_000, "suppliedAmount": 13_636, "vat": 1_364, "taxFreeAmount": 0,
        "cancels": null, "failure": null, "card": null, "transfer": null, "cashReceipt": null,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(payment[name], *value, "{name}");
    }
    let account = &payment["virtualAccount"];
    assert_eq!(
        keys(account),
        [
            "accountNumber",
            "accountType",
            "bankCode",
            "customerName",
            "depositorName",
            "dueDate",
            "expired",
            "refundReceiveAccount",
            "refundStatus",
            "settlementStatus",
        ]
    );
    assert_eq!(account["bankCode"], "20");
    assert_eq!(account["expired"], false);
    assert!(account["accountNumber"].as_str().unwrap().starts_with('X'));
    for date in [&payment["requestedAt"], &account["dueDate"]] {
        assert!(date.as_str().unwrap().ends_with("+09:00"), "{date}");
    }
    assert!(payment["secret"].as_str().unwrap().starts_with("ps_"));
}

#[tokio::test]
async fn the_secret_is_told_once() {
    let toss = start().await;
    let payment = toss.waiting("order-1").await;
    let key = payment["paymentKey"].as_str().unwrap();
    for path in [
        format!("/v1/payments/{key}"),
        "/v1/payments/orders/order-1".to_owned(),
    ] {
        let found = toss.look(&path).await;
        assert_eq!(found.status, 200);
        assert_eq!(found.json["secret"], Value::Null);
        let mut same = payment.clone();
        same["secret"] = Value::Null;
        assert_eq!(found.json, same);
    }
    assert_eq!(toss.control("payments").await[0]["secret"], Value::Null);
}

#[tokio::test]
async fn confirm_refuses_by_name() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    let cases = [
        (json!({}), 400, "INVALID_REQUEST"),
        (
            json!({"paymentKey": key, "orderId": "order-1"}),
            400,
            "INVALID_REQUEST",
        ),
        (
            json!({"paymentKey": key, "orderId": "order-1", "amount": -1}),
            400,
            "BELOW_ZERO_AMOUNT",
        ),
        (
            json!({"paymentKey": key, "orderId": "order-1", "amount": 1}),
            400,
            "INVALID_REQUEST",
        ),
        (
            json!({"paymentKey": key, "orderId": "order-2", "amount": 15_000}),
            403,
            "FORBIDDEN_REQUEST",
        ),
        (
            json!({"paymentKey": "tgen_nothing", "orderId": "order-1", "amount": 15_000}),
            404,
            "NOT_FOUND_PAYMENT_SESSION",
        ),
        // The published samples send the amount as text.
        (
            json!({"paymentKey": key, "orderId": "order-1", "amount": "15000"}),
            200,
            "no code",
        ),
        (
            json!({"paymentKey": key, "orderId": "order-1", "amount": 15_000}),
            400,
            "ALREADY_PROCESSED_PAYMENT",
        ),
    ];
    for (body, status, code) in cases {
        let answer = toss.call("/v1/payments/confirm", &body).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{body}");
    }
}

#[tokio::test]
async fn what_is_assumed_can_be_changed() {
    let mut config = config();
    config
        .rules
        .assume("amount-mismatch=FORBIDDEN_REQUEST")
        .unwrap();
    config
        .rules
        .assume("auth-key-refused=NOT_FOUND_BILLING")
        .unwrap();
    let toss = start_with(config).await;
    let key = toss.authenticated("order-1").await;
    let body = json!({"paymentKey": key, "orderId": "order-1", "amount": 1});
    let answer = toss.call("/v1/payments/confirm", &body).await;
    assert_eq!((answer.status, answer.code()), (403, "FORBIDDEN_REQUEST"));
    let answer = toss.call(ISSUE, &issue_body("nothing")).await;
    assert_eq!((answer.status, answer.code()), (404, "NOT_FOUND_BILLING"));
}

#[tokio::test]
async fn a_deposit_pays_and_makes_the_cash_receipt() {
    let toss = start().await;
    let payment = toss.waiting("order-1").await;
    let key = payment["paymentKey"].as_str().unwrap();
    let paid = toss.press(&format!("payments/{key}/deposit")).await;
    assert_eq!((paid.status, &paid.json["status"]), (200, &json!("DONE")));
    let found = toss.look(&format!("/v1/payments/{key}")).await.json;
    assert_eq!(found, paid.json);
    assert!(found["approvedAt"].as_str().unwrap().ends_with("+09:00"));
    assert_eq!(found["virtualAccount"]["depositorName"], "김토스");
    assert_eq!(found["cashReceipt"]["type"], "소득공제");
    assert_eq!(found["cashReceipts"][0]["issueStatus"], "IN_PROGRESS");

    let again = toss.press(&format!("payments/{key}/deposit")).await;
    assert_eq!((again.status, again.code()), (409, "CONFLICT"));
    let back = toss.press(&format!("payments/{key}/reverse")).await.json;
    assert_eq!(back["status"], "WAITING_FOR_DEPOSIT");
    assert_eq!(back["approvedAt"], Value::Null);
    let closed = toss.press(&format!("payments/{key}/expire")).await.json;
    assert_eq!(closed["status"], "WAITING_FOR_DEPOSIT");
    assert_eq!(closed["virtualAccount"]["expired"], true);
    let canceled = toss.press(&format!("payments/{key}/cancel")).await.json;
    assert_eq!(canceled["status"], "CANCELED");
    assert_eq!(canceled["balanceAmount"], 0);
    assert_eq!(canceled["cancels"][0]["cancelAmount"], 15_000);
    assert_eq!(toss.press("payments/nothing/deposit").await.status, 404);
    assert_eq!(toss.press(&format!("payments/{key}/fly")).await.status, 404);
}

#[tokio::test]
async fn an_expired_window_is_shown_as_toss_shows_it() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    toss.press(&format!("payments/{key}/expire")).await;
    let found = toss.look("/v1/payments/orders/order-1").await.json;
    assert_eq!(found["status"], "EXPIRED");
    assert_eq!(found["failure"]["code"], "EXPIRED_PAYMENT");
    assert_eq!(found["method"], Value::Null);
    assert_eq!(found["useEscrow"], Value::Null);
    let answer = toss
        .call("/v1/payments/confirm", &confirm_body(&key, "order-1"))
        .await;
    assert_eq!(
        (answer.status, answer.code()),
        (404, "NOT_FOUND_PAYMENT_SESSION")
    );
}

#[tokio::test]
async fn another_method_on_a_known_path_is_named() {
    let toss = start().await;
    let answer = toss.look("/v1/payments/confirm").await;
    assert_eq!(
        (answer.status, answer.code()),
        (404, "NOT_FOUND_HTTP_METHOD")
    );
}
