//! What Toss's script gets, and what comes back from it.

use serde_json::{Value, json};
use toss_payments_sdk::{
    AbsoluteUrl, Amount, Anonymous, BillingAuthRequest, Card, CardBilling, CashReceiptType,
    ClientKey, CustomerKey, Deadline, EscrowProduct, FailureCode, GiftCertificate, OrderId,
    Payment, PaymentMethod, PaymentRequest, ReturnUrls, SdkError, SdkErrorCode, TossPayments,
    Transfer, TransferBilling, VirtualAccount, WindowTarget,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stub::{called, stub};

const CLIENT_KEY: &str = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";

fn toss() -> Result<TossPayments, SdkError> {
    TossPayments::new(&ClientKey::new(CLIENT_KEY).unwrap())
}

fn payment() -> Result<Payment, SdkError> {
    toss()?.payment(&CustomerKey::new("customer-1").unwrap())
}

fn urls() -> ReturnUrls {
    let url =
        |name, path: &str| AbsoluteUrl::new(name, format!("https://shop.example/{path}")).unwrap();
    ReturnUrls {
        success: url("successUrl", "ok"),
        fail: url("failUrl", "no"),
    }
}

fn request<M: PaymentMethod<'static, Amount = Amount>>(method: M) -> PaymentRequest<'static, M> {
    let order = Box::leak(Box::new(OrderId::new("order-1").unwrap()));
    PaymentRequest::new(Amount::won(15_000).unwrap(), order, "티셔츠", method)
}

/// The last call: its name, its argument, and that it was one plain object.
fn last() -> (String, Value) {
    let call = called().pop().unwrap();
    assert_eq!((&call["count"], &call["plain"]), (&json!(1), &json!(true)));
    assert!(!call["kinds"].to_string().contains("undefined"), "{call}");
    (
        call["name"].as_str().unwrap().to_owned(),
        call["argument"].clone(),
    )
}

#[wasm_bindgen_test]
async fn the_calls_come_in_order_with_plain_objects() {
    let _guard = stub(&json!({"requestBillingAuth": ["resolve"]}));
    let urls = urls();
    let card = BillingAuthRequest::new(CardBilling::new(), &urls)
        .customer_name("김토스")
        .window_target(WindowTarget::Iframe);
    let payment = payment().unwrap();
    payment.request_billing_auth(card).unwrap().await.unwrap();
    let names: Vec<Value> = called().iter().map(|call| call["name"].clone()).collect();
    assert_eq!(names, ["TossPayments", "payment", "requestBillingAuth"]);
    assert_eq!(called()[0]["argument"], CLIENT_KEY);
    assert_eq!(
        called()[1]["argument"],
        json!({"customerKey": "customer-1"})
    );
    let expected = json!({
        "method": "CARD", "successUrl": "https://shop.example/ok", "failUrl": "https://shop.example/no",
        "customerName": "김토스", "windowTarget": "iframe",
    });
    assert_eq!(last(), ("requestBillingAuth".to_owned(), expected));

    let account = BillingAuthRequest::new(TransferBilling, &urls);
    payment
        .request_billing_auth(account)
        .unwrap()
        .await
        .unwrap();
    assert_eq!(last().1["method"], "TRANSFER");
}

#[wasm_bindgen_test]
fn a_guest_is_what_the_script_says_it_is() {
    let _guard = stub(&json!({}));
    toss().unwrap().payment(&Anonymous).unwrap();
    assert_eq!(last().1, json!({"customerKey": "@@guest"}));
}

#[wasm_bindgen_test]
fn lists_and_objects_in_the_object_are_plain_too() {
    let _guard = stub(&json!({}));
    let products = [EscrowProduct::new().name("티셔츠").quantity(2)];
    let account = VirtualAccount::new()
        .deadline(Deadline::ValidHours(72))
        .cash_receipt(CashReceiptType::IncomeDeduction)
        .escrow_products(&products);
    let order = OrderId::new("order-1").unwrap();
    let pairs = [("color", "blue")];
    let request = PaymentRequest::new(Amount::won(1).unwrap(), &order, "티셔츠", account)
        .metadata(&pairs)
        .customer_email(None);
    let urls = urls();
    let _opening = payment().unwrap().request_payment(request, &urls).unwrap();
    let expected = json!({
        "method": "VIRTUAL_ACCOUNT", "amount": {"value": 1, "currency": "KRW"},
        "orderId": "order-1", "orderName": "티셔츠",
        "successUrl": "https://shop.example/ok", "failUrl": "https://shop.example/no",
        "metadata": {"color": "blue"},
        "virtualAccount": {
            "validHours": 72, "cashReceipt": {"type": "소득공제"},
            "escrowProducts": [{"name": "티셔츠", "quantity": 2}],
        },
    });
    assert_eq!(last(), ("requestPayment".to_owned(), expected));
}

#[wasm_bindgen_test]
fn what_breaks_a_limit_never_reaches_toss() {
    let _guard = stub(&json!({}));
    let payment = payment().unwrap();
    let before = called().len();
    let account = VirtualAccount::new().deadline(Deadline::ValidHours(2161));
    let refused = payment
        .request_payment(request(account), &urls())
        .unwrap_err();
    assert!(refused.is_misconfiguration());
    assert_eq!(refused.message, "validHours is 2161; allowed are 1 to 2160");
    let promotion = Card::new().discount_code("SPRING");
    let refused = payment
        .request_payment_with_promise(request(promotion))
        .unwrap_err();
    assert!(refused.message.starts_with("discountCode"), "{refused}");
    let long = CustomerKey::new("k".repeat(51)).unwrap();
    let refused = toss().unwrap().payment(&long).unwrap_err();
    assert_eq!(
        refused.message,
        "customerKey has 51 characters; at most 50 are allowed"
    );
    let names = called();
    let names = names.iter().skip(before).map(|call| &call["name"]);
    assert!(names.eq(["TossPayments"]), "only the new instance was made");
}

#[wasm_bindgen_test]
async fn every_code_comes_through_whether_it_is_rejected_or_thrown() {
    for code in FailureCode::KNOWN.iter().map(FailureCode::as_str) {
        let error = json!({"kind": "error", "code": code, "message": "메시지"});
        for how in ["reject", "throw"] {
            let _guard = stub(&json!({"requestPayment": [how, error]}));
            let opening = payment()
                .unwrap()
                .request_payment(request(Transfer::new()), &urls());
            assert_eq!(opening.is_err(), how == "throw", "a throw is told at once");
            let thrown = match opening {
                Ok(opening) => opening.await.unwrap_err(),
                Err(thrown) => thrown,
            };
            assert_eq!(thrown.failure_code().as_str(), code);
            assert_eq!(thrown.message, "메시지");
        }
    }
}

#[wasm_bindgen_test]
fn what_toss_throws_at_once_is_an_error_and_no_trap() {
    for (function, code) in [
        ("TossPayments", "INVALID_CLIENT_KEY"),
        ("payment", "INVALID_CUSTOMER_KEY"),
        ("payment", "INSECURE_KEY_USAGE"),
        ("payment", "NOT_SUPPORTED_WIDGET_KEY"),
    ] {
        let error = json!({"kind": "error", "code": code, "message": "m"});
        let _guard = stub(&json!({function: ["throw", error]}));
        let thrown = payment().unwrap_err();
        assert!(thrown.is(&FailureCode::from(code)), "{thrown}");
        assert!(thrown.is_misconfiguration());
    }
}

#[wasm_bindgen_test]
async fn whatever_is_thrown_is_read() {
    for (thrown, message) in [
        (
            json!({"kind": "plain error", "message": "x is not a function"}),
            "x is not a function",
        ),
        (json!({"kind": "undefined"}), ""),
        (json!({"kind": "trap"}), ""),
        (json!("just text"), "just text"),
        (json!(7), ""),
        (json!(null), ""),
        (json!({"code": 7, "message": "a number"}), "a number"),
    ] {
        let _guard = stub(&json!({"requestBillingAuth": ["reject", thrown]}));
        let urls = urls();
        let opening = payment()
            .unwrap()
            .request_billing_auth(BillingAuthRequest::new(TransferBilling, &urls))
            .unwrap();
        let error = opening.await.unwrap_err();
        assert_eq!(
            (&error.code, &*error.message),
            (&SdkErrorCode::Broken, message),
            "{thrown}"
        );
        assert!(error.is_retryable() && !error.is_cancel());
    }
    // An object with a code needs not be an `Error`.
    let _guard = stub(&json!({"requestPayment": ["reject", {"code": "NEW_CODE"}]}));
    let opening = payment()
        .unwrap()
        .request_payment(request(GiftCertificate::Book), &urls())
        .unwrap();
    let error = opening.await.unwrap_err();
    assert_eq!(error.failure_code().as_str(), "NEW_CODE");
}

#[wasm_bindgen_test]
fn a_page_without_the_script_gets_an_error() {
    let error = toss().unwrap_err();
    assert_eq!(error.code, SdkErrorCode::Broken);
}

#[wasm_bindgen_test]
async fn an_answer_by_promise_is_read_and_checked() {
    let right = json!({
        "paymentKey": "tgen_1", "orderId": "order-1", "amount": {"value": 15000, "currency": "KRW"},
    });
    let _guard = stub(&json!({"requestPayment": ["resolve", right]}));
    let paying = payment()
        .unwrap()
        .request_payment_with_promise(request(Card::new()))
        .unwrap();
    let paid = paying.await.unwrap();
    assert_eq!(paid.payment_key.expose(), "tgen_1");
    assert_eq!(paid.order_id.as_str(), "order-1");
    assert_eq!(paid.amount, Amount::won(15_000).unwrap());
    assert_eq!(last().1.get("successUrl"), None);

    let spoil = |name: &str, value: Value| {
        let mut wrong = right.clone();
        wrong[name] = value;
        wrong
    };
    for (wrong, field) in [
        (spoil("paymentKey", json!(7)), "paymentKey"),
        (spoil("orderId", json!("no")), "orderId"),
        (
            spoil("amount", json!({"value": 1.5, "currency": "KRW"})),
            "amount",
        ),
        (
            spoil("amount", json!({"value": 15000, "currency": "USD"})),
            "amount",
        ),
        (json!("done"), "paymentKey"),
        (json!(null), "paymentKey"),
    ] {
        let _guard = stub(&json!({"requestPayment": ["resolve", wrong]}));
        let paying = payment()
            .unwrap()
            .request_payment_with_promise(request(Card::new()))
            .unwrap();
        let error = paying.await.unwrap_err();
        assert_eq!(error.code, SdkErrorCode::Broken);
        assert!(error.message.contains(field), "{wrong}: {error}");
    }
}

#[wasm_bindgen_test]
async fn destroying_ends_the_window_that_hangs() {
    let _guard = stub(&json!({}));
    let payment = payment().unwrap();
    let urls = urls();
    let opening = payment
        .request_payment(request(Transfer::new()), &urls)
        .unwrap();
    assert!(payment.destroy().await.unwrap());
    let error = opening.await.unwrap_err();
    assert!(error.is(&FailureCode::PaymentRequestAborted) && error.is_cancel());
}

#[wasm_bindgen_test]
async fn an_old_script_cannot_be_destroyed_and_says_so() {
    let _guard = stub(&json!({"destroy": "missing"}));
    assert!(!payment().unwrap().destroy().await.unwrap());
    let none = json!({"kind": "error", "code": "NO_ACTIVE_PAYMENT_REQUEST", "message": "m"});
    let _guard = stub(&json!({"destroy": ["reject", none]}));
    assert!(payment().unwrap().destroy().await.unwrap());
    let broken = json!({"kind": "plain error", "message": "m"});
    let _guard = stub(&json!({"destroy": ["throw", broken]}));
    assert!(payment().unwrap().destroy().await.is_err());
}
