//! What is wrong with the order.

use super::*;

#[wasm_bindgen_test]
async fn an_order_that_cannot_be_is_named_to_the_developer_before_anything_is_shown() {
    let payment = |name: &str, value: serde_json::Value| {
        let mut order: serde_json::Value = serde_json::from_str(PAYMENT).unwrap();
        order[name] = value;
        order.to_string()
    };
    for (order, fix) in [
        ("{".to_owned(), "option order: is no JSON object"),
        (
            "{\"orderName\":\"셔츠\"}".to_owned(),
            "option order: orderId takes",
        ),
        (payment("orderId", json!("ab")), "orderId takes 6 to 64"),
        (
            payment("amount", json!(15000)),
            "amount takes {\"value\": 15000",
        ),
        (payment("orderName", json!(7)), "orderName takes 1 to 100"),
        (
            payment("amount", json!({"value": 12.5, "currency": "KRW"})),
            "amount takes",
        ),
        (
            payment("amount", json!({"value": "12.5", "currency": "USD"})),
            "amount takes",
        ),
        (
            payment("amount", json!({"value": 12.5, "currency": "USD"})),
            "foreignEasyPay is needed",
        ),
        (
            payment("methods", json!(["CARD", "FOREIGN_EASY_PAY"])),
            "amount is in KRW, in which \"FOREIGN_EASY_PAY\" cannot",
        ),
        (
            payment("foreignEasyPay", json!({"country": "Korea"})),
            "foreignEasyPay.country takes",
        ),
        (
            payment("chargeNow", json!(true)),
            "chargeNow: nothing is charged",
        ),
        (
            payment(
                "plan",
                json!({"amount": {"value": 1, "currency": "KRW"}, "interval": "month"}),
            ),
            "has a plan, and",
        ),
        (
            payment("customer", json!({"name": null})),
            "customer.name takes",
        ),
        (
            payment("virtualAccount", json!({"validHours": "72"})),
            "virtualAccount.validHours takes",
        ),
    ] {
        let mut host = direct(&json!({}), &order).await;
        host.open("").await;
        see("지금은 결제할 수 없어요").await;
        assert!(text().contains(fix), "{fix}: {}", text());
    }
    let mut host = direct(&json!({}), PAYMENT).await;
    option("customer-key", "김토스");
    host.open("").await;
    see("option customer-key: holds the character").await;
}
