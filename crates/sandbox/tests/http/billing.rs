use serde_json::{Value, json};

use crate::harness::*;

#[tokio::test]
async fn a_card_is_registered_once_and_charged() {
    let toss = start().await;
    let auth_key = toss.registered(WORKING_CARD).await;
    let issued = toss.call(ISSUE, &issue_body(&auth_key)).await;
    assert_eq!(issued.status, 200);
    let billing_key = issued.json["billingKey"].as_str().unwrap().to_owned();
    let mut shape = issued.json.clone();
    shape["billingKey"] = json!("");
    shape["authenticatedAt"] = json!("");
    assert_eq!(
        shape,
        json!({
            "mId": "tosspayments", "customerKey": CUSTOMER, "authenticatedAt": "", "method": "카드",
            "billingKey": "",
            "card": {
                "issuerCode": "21", "acquirerCode": "21", "number": "94100012****789*",
                "cardType": "신용", "ownerType": "개인",
            },
            "cardCompany": "하나", "cardNumber": "94100012****789*",
        })
    );
    let again = toss.call(ISSUE, &issue_body(&auth_key)).await;
    assert_eq!((again.status, again.code()), (400, "INVALID_BILLING_AUTH"));

    let paid = toss
        .call(
            &format!("/v1/billing/{billing_key}"),
            &charge_body("sub-001"),
        )
        .await;
    assert_eq!(paid.status, 200);
    assert_eq!(paid.json["status"], "DONE");
    assert_eq!(paid.json["type"], "BILLING");
    assert_eq!(paid.json["method"], "카드");
    assert_eq!(paid.json["suppliedAmount"], 4_455);
    assert_eq!(paid.json["vat"], 445);
    assert_eq!(paid.json["virtualAccount"], Value::Null);
    assert_eq!(paid.json["card"]["amount"], 4_900);
    assert_eq!(paid.json["card"]["acquireStatus"], "READY");
    assert_eq!(
        toss.look("/v1/payments/orders/sub-001").await.json,
        paid.json
    );
    let again = toss
        .call(
            &format!("/v1/billing/{billing_key}"),
            &charge_body("sub-001"),
        )
        .await;
    assert_eq!((again.status, again.code()), (400, "DUPLICATED_ORDER_ID"));
    // The `=` at the end may be percent-encoded.
    let encoded = billing_key.replace('=', "%3D");
    let paid = toss
        .call(&format!("/v1/billing/{encoded}"), &charge_body("sub-002"))
        .await;
    assert_eq!(paid.status, 200);
    let log = toss.control("requests").await.to_string();
    assert!(!log.contains(&billing_key) && !log.contains(&auth_key));
}

async fn account(toss: &Running, form: &[(&str, &str)]) -> Value {
    let window = toss.open("billing", billing_request("TRANSFER")).await;
    let url = toss.submit(&format!("{window}/account"), form).await;
    let auth_key = parameter(&url, "authKey");
    toss.call(ISSUE, &issue_body(&auth_key)).await.json
}

#[tokio::test]
async fn an_account_is_known_at_registration_or_only_at_the_charge() {
    let toss = start().await;
    let known = account(&toss, &[("account", "woori")]).await;
    assert_eq!(
        keys(&known),
        [
            "authenticatedAt",
            "billingKey",
            "card",
            "customerKey",
            "easyPay",
            "mId",
            "method",
            "transfers",
        ]
    );
    assert_eq!(known["method"], "계좌이체");
    assert_eq!(
        known["transfers"],
        json!([{"bankName": "우리은행", "bankAccountNumber": "1002****0000"}])
    );
    let hidden = account(&toss, &[("account", "woori"), ("hide", "1")]).await;
    assert_eq!(hidden["transfers"], Value::Null);
    let key = hidden["billingKey"].as_str().unwrap();
    let paid = toss
        .call(&format!("/v1/billing/{key}"), &charge_body("sub-001"))
        .await
        .json;
    assert_eq!(paid["method"], "계좌이체");
    assert_eq!(paid["card"], Value::Null);
    assert_eq!(
        paid["transfer"],
        json!({"bankCode": "20", "settlementStatus": "INCOMPLETED"})
    );
}

#[tokio::test]
async fn magic_cards_decide_the_outcome() {
    let toss = start().await;
    let auth_key = toss.registered("9410 0000 0000 0011").await;
    let refused = toss.call(ISSUE, &issue_body(&auth_key)).await;
    assert_eq!(
        (refused.status, refused.code()),
        (400, "INVALID_STOPPED_CARD")
    );
    let key = toss.billing_key("9410 0000 0000 0001").await;
    let declined = toss
        .call(&format!("/v1/billing/{key}"), &charge_body("sub-001"))
        .await;
    assert_eq!(
        (declined.status, declined.code()),
        (403, "REJECT_CARD_PAYMENT")
    );
    assert_eq!(toss.look("/v1/payments/orders/sub-001").await.status, 404);
}

#[tokio::test]
async fn a_charge_refuses_what_cannot_be() {
    let toss = start().await;
    let key = toss.billing_key(WORKING_CARD).await;
    let path = format!("/v1/billing/{key}");
    let with = |name: &str, value: Value| {
        let mut body = charge_body("sub-001");
        body[name] = value;
        body
    };
    let cases = [
        (
            with("customerKey", json!("someone")),
            "NOT_MATCHES_CUSTOMER_KEY",
        ),
        (with("customerKey", Value::Null), "INVALID_REQUEST"),
        (with("amount", json!(99)), "BELOW_MINIMUM_AMOUNT"),
        (with("amount", json!("x")), "INVALID_REQUEST"),
        (with("orderId", json!("a")), "INVALID_ORDER_ID"),
        (
            with("orderName", json!("가".repeat(101))),
            "INVALID_ORDER_NAME",
        ),
        (with("taxFreeAmount", json!(4_901)), "INVALID_REQUEST"),
    ];
    for (body, code) in cases {
        let answer = toss.call(&path, &body).await;
        assert_eq!((answer.status, answer.code()), (400, code), "{body}");
    }
    let answer = toss
        .call("/v1/billing/nothing", &charge_body("sub-001"))
        .await;
    assert_eq!(
        (answer.status, answer.code()),
        (400, "INVALID_BILL_KEY_REQUEST")
    );
    let mut taxed = charge_body("sub-002");
    taxed["taxFreeAmount"] = json!(1_600);
    let paid = toss.call(&path, &taxed).await.json;
    assert_eq!(paid["taxFreeAmount"], 1_600);
    assert_eq!(paid["vat"], 300);
    assert_eq!(paid["suppliedAmount"], 3_000);
}
