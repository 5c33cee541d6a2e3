//! What the buyer sees in the end.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

fn open(session: &Value) -> Host {
    Host::new(&json!({"GET session": [[200, session]]}))
}

fn waiting() -> Value {
    let mut session = payment("waiting_for_deposit");
    session["result"] = json!({
        "method": "VIRTUAL_ACCOUNT",
        "virtualAccount": {"bankCode": "88", "accountNumber": "X1234567890123",
            "customerName": "김토스", "dueDate": "2030-01-04T23:59:59+09:00"}
    });
    session
}

#[wasm_bindgen_test]
async fn a_virtual_account_shows_where_how_much_and_until_when() {
    let mut host = open(&waiting());
    host.open_form().await;
    for words in [
        "입금해 주세요",
        "아직 결제되지 않았어요",
        "신한은행",
        "X1234567890123",
        "김토스",
        "15,000원",
        "1월 4일",
        "11:59",
        "한국 시간",
        "남음",
    ] {
        assert!(text().contains(words), "{words}: {}", text());
    }
    assert_eq!(button("계좌번호 복사").tag_name(), "BUTTON");
}

#[wasm_bindgen_test]
async fn a_deposit_turns_the_open_page_to_paid_and_a_reversal_turns_it_back() {
    let mut host = open(&waiting());
    host.open_form().await;
    assert_eq!(open_streams(), 1);
    let mut paid = waiting();
    paid["status"] = json!("paid");
    paid["revision"] = json!(2);
    send(&paid).await;
    see("입금이 확인됐어요").await;
    send(&waiting()).await;
    assert!(
        text().contains("입금이 확인됐어요"),
        "old news changes nothing"
    );
    let mut back = waiting();
    back["revision"] = json!(3);
    send(&back).await;
    see("입금해 주세요").await;
    host.unmount().await;
    assert_eq!(open_streams(), 0, "nothing is left behind");
}

#[wasm_bindgen_test]
async fn an_unknown_outcome_is_followed_until_it_is_known() {
    let mut host = open(&billing("unknown"));
    host.open_form().await;
    see("결과를 확인하고 있어요").await;
    let mut done = billing("registered");
    done["revision"] = json!(2);
    done["result"] = json!({"method": "TRANSFER"});
    send(&done).await;
    see("계좌가 등록됐어요").await;
    assert!(
        text().contains("첫 결제 때 확인"),
        "Toss did not name the account"
    );
}

#[wasm_bindgen_test]
async fn the_first_charge_is_told_with_its_outcome() {
    let cases = [
        ("succeeded", json!(null), "첫 결제가 완료됐어요"),
        (
            "declined",
            json!({"code": "REJECT_CARD_PAYMENT"}),
            "첫 결제는 하지 못했어요",
        ),
        ("unknown", json!(null), "첫 결제 결과를 확인하고"),
    ];
    for (status, failure, words) in cases {
        let mut session = billing("registered");
        session["result"] = json!({
            "method": "CARD",
            "card": {"issuerCode": "??", "number": "94100012****789*"},
            "charge": {"status": status, "orderId": "charge-1",
                "amount": {"value": 4900, "currency": "KRW"}, "failure": failure}
        });
        let mut host = open(&session);
        host.open_form().await;
        see(words).await;
        assert!(text().contains("카드가 등록됐어요"));
        assert_eq!(text().contains("REJECT_CARD_PAYMENT"), status == "declined");
        let followed = u32::from(status == "unknown");
        assert_eq!(open_streams(), followed, "{status}");
    }
}

#[wasm_bindgen_test]
async fn the_way_back_to_the_shop_is_an_address_of_the_web_only() {
    let mut host = open(&billing("registered"));
    host.open_form().await;
    let link = button("상점으로 돌아가기");
    assert_eq!(
        link.get_attribute("href").as_deref(),
        Some("https://shop.example/")
    );
    drop(host);
    let mut session = billing("registered");
    session["returnUrl"] = json!("javascript:alert(1)");
    let mut host = open(&session);
    host.open_form().await;
    assert!(!text().contains("상점으로 돌아가기"));
}

#[wasm_bindgen_test]
async fn the_other_ends_have_their_words() {
    let late = json!({"virtualAccount": waiting()["result"]["virtualAccount"]});
    let cases = [
        (payment("canceled"), json!(null), "결제가 취소됐어요"),
        (
            payment("partially_canceled"),
            json!(null),
            "일부가 취소됐어요",
        ),
        (payment("expired"), json!(null), "결제 시간이 지났어요"),
        (payment("expired"), late, "입금 기한이 지났어요"),
        (
            payment("failed"),
            json!({"failure": {"code": "REJECT_CARD_COMPANY"}}),
            "결제하지 못했어요",
        ),
    ];
    for (mut session, result, words) in cases {
        session["result"] = result;
        let mut host = open(&session);
        host.open_form().await;
        see(words).await;
    }
}

#[wasm_bindgen_test]
async fn an_unknown_session_and_an_answer_that_is_none_are_told_apart() {
    let not_found =
        json!({"code": "CHECKOUT_SESSION_NOT_FOUND", "message": "", "retryable": false});
    let mut host = Host::new(&json!({"GET session": [[404, not_found]]}));
    host.open_form().await;
    see("주문을 찾을 수 없어요").await;
    drop(host);
    let mut host =
        Host::new(&json!({"GET session": [[200, {"hello": "world"}], [200, billing("open")]]}));
    host.open_form().await;
    see("상점에 연결하지 못했어요").await;
    press("다시 시도").await;
    see("카드 등록하기").await;
}
