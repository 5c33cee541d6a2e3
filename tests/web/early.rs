//! What the loader does before the program is there: Toss's keys are kept, leave the address bar, and go to the
//! backend. The program takes over what is under way.

use serde_json::{Value, json};
use toss_checkout_contract::{ConfirmRequest, IssueRequest};
use toss_payments_sdk::Return;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

/// What [`delivery`] answers, by the program's own reader.
fn parsed(query: &str) -> Option<Value> {
    let path = |call: &str| ["/api/checkout/sessions/", SESSION, "/", call].concat();
    let (path, body) = match Return::parse(query).ok()? {
        Return::Billing(back) => {
            let body = IssueRequest {
                auth_key: back.auth_key,
                customer_key: back.customer_key,
                consent: None,
            };
            (path("billing"), serde_json::to_value(body).unwrap())
        }
        Return::Payment(back) => {
            let body = ConfirmRequest {
                payment_key: back.payment_key,
                order_id: back.order_id,
                amount: back.amount,
            };
            (path("confirm"), serde_json::to_value(body).unwrap())
        }
        Return::Fail(_) => return None,
    };
    Some(json!({"path": path, "body": body}))
}

/// The loader sends keys without the program: what it reads, the program must read the same.
#[wasm_bindgen_test]
async fn what_the_loader_reads_in_an_address_is_what_the_program_reads() {
    let clear = [
        "?customerKey=customer-1&authKey=bln_secret",
        "?session=cs_1&customerKey=user@shop.kr&authKey=a",
        "?paymentType=NORMAL&orderId=order-0001&paymentKey=tviva1&amount=15000",
        "?orderId=order_=01&paymentKey=t%2Bg%2Fen%3D%3D&amount=1",
        // Dollars.
        "?orderId=order-0001&paymentKey=t&amount=12.5",
        "?orderId=order-0001&paymentKey=t&amount=12.50",
        "?orderId=order-0001&paymentKey=t&amount=1234567.89",
        "?orderId=order-0001&paymentKey=t&amount=0.07",
        "?orderId=order-0001&paymentKey=t&amount=15.00",
        // Browsers that write the address anew.
        "?customerKey=customer-1&authKey=a+b+",
        "?customerKey=customer-1&authKey=a%20b",
        // Appended to an address with a query, and to itself.
        "?session=cs_1?customerKey=customer-1&authKey=bln_secret",
        "?customerKey=customer-1&authKey=a+b?customerKey=customer-1&authKey=a+b",
        "?code=SPRING&customerKey=customer-1&&authKey=bln_secret&",
        "?customerKey=customer-1&%61uthKey=bln_secret",
    ];
    for query in clear {
        let made = delivery(query).await;
        assert!(made.is_some(), "{query}");
        assert_eq!(made, parsed(query), "{query}");
    }
    let long = |count: usize| format!("?customerKey=customer-1&authKey={}", "a".repeat(count));
    let doubtful = [
        "",
        "?",
        "?customerKey=customer-1",
        "?authKey=a",
        "?customerKey=customer-1&authKey=",
        "?customerKey=customer-1&authKey=a&authKey=b",
        "?customerKey=customer-1&authKey=a+b&authKey=a%2Bb",
        "?customerKey=customer-1&authKey=%ff",
        "?customerKey=customer-1&authKey=bln%2",
        "?customerKey=customer-1&authKey=%ED%95%9C",
        "?customerKey=customer+1&authKey=a",
        "?customerKey=a&authKey=a",
        "?customerKey=customer-1&authKey=a%00",
        "?orderId=order-0001&paymentKey=t&amount=1e3",
        "?orderId=order-0001&paymentKey=t&amount=015",
        "?orderId=order-0001&paymentKey=t&amount=15.005",
        "?orderId=order-0001&paymentKey=t&amount=15.",
        "?orderId=order-0001&paymentKey=t&amount=.5",
        "?orderId=order-0001&paymentKey=t&amount=0",
        "?orderId=order-0001&paymentKey=t&amount=0.00",
        "?orderId=order-0001&paymentKey=t&amount=15&amount=150",
        "?orderId=short&paymentKey=t&amount=15",
        "?orderId=%3Cscript%3E&paymentKey=t&amount=15",
        "?orderId=order-0001&amount=15",
        &long(301),
    ];
    for query in doubtful {
        assert_eq!(delivery(query).await, None, "{query}");
    }
    // Read by the program only.
    for query in [
        "?customerKey=customer-1&authKey=a%25b",
        "?customerKey=customer-1&authKey=b&paymentKey=t",
    ] {
        assert!(
            delivery(query).await.is_none() && parsed(query).is_some(),
            "{query}"
        );
    }
    assert_eq!(delivery(&long(300)).await, parsed(&long(300)));
}

#[wasm_bindgen_test]
async fn the_keys_are_sent_once_and_the_program_takes_the_answer_over() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST billing": [[200, registered()]]
    }));
    host.hurries = true;
    host.open(&["success?session=", SESSION, "&", KEYS].concat())
        .await;
    see("카드가 등록됐어요").await;
    let posts = requests("/billing");
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0]["drawn"], false, "keys wait for no drawing");
    assert_eq!(requests(SESSION).len(), 1);
    assert!(!address().contains("bln_secret"), "{}", address());
    assert_eq!(stored(), 0);
}

/// On a slow phone a screen that is drawn for nothing costs a twentieth of a second.
#[wasm_bindgen_test]
async fn a_form_whose_session_has_arrived_is_the_first_that_is_drawn() {
    let mut host = Host::new(&json!({"GET session": [[200, billing("open")]]}));
    host.hurries = true;
    host.open_form().await;
    enabled("카드 등록하기").await;
    let drawn = &log()["drawn"];
    assert!(!drawn.to_string().contains("불러오고"), "{drawn}");
    assert!(!drawn.as_array().unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn where_the_first_request_is_lost_the_program_sends_its_own() {
    let mut host = Host::new(&json!({
        "GET session": [[0, null], [200, billing("open")]],
        "POST billing": [[0, null], [200, registered()]]
    }));
    host.hurries = true;
    host.open(&["success?session=", SESSION, "&", KEYS].concat())
        .await;
    see("카드가 등록됐어요").await;
    assert_eq!(requests("/billing").len(), 2);
    assert_eq!(requests(SESSION).len(), 2);
}

#[wasm_bindgen_test]
async fn a_refresh_while_the_keys_are_on_their_way_sends_them_at_once() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]],
        "POST billing": [[0, null], [0, null], [0, null], [0, null], [200, registered()]]
    }));
    host.hurries = true;
    host.open(&["success?session=", SESSION, "&", KEYS].concat())
        .await;
    see("상점에 아직 전달하지 못했어요").await;
    assert_eq!(stored(), 1);
    host.refresh().await;
    see("카드가 등록됐어요").await;
    assert_eq!(requests("/billing").len(), 5);
    assert_eq!(stored(), 0);
}

#[wasm_bindgen_test]
async fn what_the_buyer_agreed_to_is_sent_with_the_keys() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST billing": [[200, registered()]]
    }));
    host.hurries = true;
    let consent = json!({"version": "ko-1", "text": "동의해요."});
    let storage = web_sys::window()
        .unwrap()
        .session_storage()
        .unwrap()
        .unwrap();
    let slot = ["toss-checkout.consent.", SESSION].concat();
    storage.set_item(&slot, &consent.to_string()).unwrap();
    host.open(&["success?session=", SESSION, "&", KEYS].concat())
        .await;
    see("카드가 등록됐어요").await;
    let posts = requests("/billing");
    assert_eq!(posts.len(), 1);
    let body: Value = serde_json::from_str(posts[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["consent"], consent);
    assert_eq!(stored(), 0, "nothing is left behind");
}

#[wasm_bindgen_test]
async fn keys_never_stay_in_the_address_whatever_is_wrong_with_it() {
    let kept = ["&", KEYS].concat();
    for (path, words) in [
        // The session is lost, or none.
        (["success?", KEYS].concat(), "주문을 찾을 수 없어요"),
        (
            ["success?session=12345", &kept].concat(),
            "주문을 찾을 수 없어요",
        ),
        (String::from("success"), "주문을 찾을 수 없어요"),
        (String::from("fail"), "주문을 찾을 수 없어요"),
        // At another address, with an encoded name, and not to be read.
        (["?session=", SESSION, &kept].concat(), "카드가 등록됐어요"),
        (
            [
                "success?session=",
                SESSION,
                "&customerKey=customer-1&%61uthKey=bln_secret",
            ]
            .concat(),
            "카드가 등록됐어요",
        ),
        (
            ["success?session=", SESSION, &kept, "&authKey=bln_other"].concat(),
            "돌아온 주소가",
        ),
    ] {
        let mut host = Host::new(&json!({
            "GET session": [[200, billing("open")]], "POST billing": [[200, registered()]],
            "POST failure": [[204, null]]
        }));
        host.open(&path).await;
        see(words).await;
        assert!(!address().contains("bln_"), "{path}: {}", address());
        assert_eq!(stored(), 0, "{path}");
    }
}

#[wasm_bindgen_test]
async fn a_session_that_the_address_has_lost_is_that_of_the_open_window() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST billing": [[200, registered()]]
    }));
    let storage = web_sys::window()
        .unwrap()
        .session_storage()
        .unwrap()
        .unwrap();
    storage.set_item("toss-checkout.session", SESSION).unwrap();
    host.open(&["success?", KEYS].concat()).await;
    see("카드가 등록됐어요").await;
    assert!(address().ends_with(&["?session=", SESSION].concat()));
    assert_eq!(stored(), 0);
}
