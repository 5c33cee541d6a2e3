//! What the browser's URL API writes is read as it was.

use toss_payments_sdk::Return;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stub::address;

#[wasm_bindgen_test]
fn what_the_browser_writes_is_read() {
    let key: String = ('!'..='~').collect();
    let base = "https://shop.example/done?own=%EA%B0%80+b#top";
    let billing = address(base, &[("customerKey", "a-_=.@b"), ("authKey", &key)]);
    let Return::Billing(back) = Return::parse(&billing).unwrap() else {
        panic!("{billing}");
    };
    assert_eq!(back.auth_key.expose(), key);
    assert_eq!(back.customer_key.expose(), "a-_=.@b");

    let message = "결제가 취소 되었습니다 + & ? # % 😀";
    let fail = address(
        base,
        &[("code", "PAY_PROCESS_ABORTED"), ("message", message)],
    );
    let Return::Fail(back) = Return::parse(&fail).unwrap() else {
        panic!("{fail}");
    };
    assert_eq!(back.message, message);
}
