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
    for words in ["계좌번호 복사", "이 화면 주소 복사", "인쇄하기"] {
        assert_eq!(button(words).tag_name(), "BUTTON", "{words}");
    }
    for words in ["입금자 이름은 달라도", "정확한 금액", "현금영수증"] {
        assert!(text().contains(words), "{words}: {}", text());
    }
    let number = element(".number").unwrap();
    assert_eq!(number.children().length(), 4, "in groups, for the eye only");
    assert_eq!(number.text_content().as_deref(), Some("X1234567890123"));
}

#[wasm_bindgen_test]
async fn a_cash_receipt_is_mentioned_only_where_one_was_offered() {
    for offered in [json!({}), json!({"cashReceipt": {"type": "미발행"}})] {
        let mut session = waiting();
        session["virtualAccount"] = offered;
        let mut host = open(&session);
        host.open_form().await;
        see("입금해 주세요").await;
        assert!(!text().contains("현금영수증"), "{}", text());
    }
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
    assert!(!text().contains("이미 처리된"), "it is news");
    let mut back = waiting();
    back["revision"] = json!(3);
    send(&back).await;
    see("입금이 취소됐어요").await;
    assert!(text().contains("아직 결제되지 않았어요") && text().contains("계좌번호 복사"));
    let heading = element("h1").unwrap().text_content();
    assert_eq!(heading.as_deref(), Some("입금해 주세요"));
    host.unmount().await;
    assert_eq!(open_streams(), 0, "nothing is left behind");
}

#[wasm_bindgen_test]
async fn a_tab_that_nobody_sees_leaves_its_stream_to_others() {
    let mut host = Host::new(&json!({"GET session": [[200, waiting()], [200, waiting()]]}));
    host.open_form().await;
    assert_eq!(open_streams(), 1);
    hide(true);
    wait(50).await;
    assert_eq!(open_streams(), 0);
    hide(false);
    wait(50).await;
    assert_eq!(open_streams(), 1);
    assert_eq!(requests(SESSION).len(), 2, "what was missed is asked for");
    host.unmount().await;
    assert_eq!(open_streams(), 0);

    hide(true);
    host.open_form().await;
    assert_eq!(open_streams(), 0, "opened behind others");
}

#[wasm_bindgen_test]
async fn the_time_that_is_left_is_counted_by_the_backends_clock() {
    let mut session = waiting();
    session["now"] = json!("2030-01-04T22:59:58+09:00");
    let mut host = open(&session);
    host.open_form().await;
    see("입금해 주세요").await;
    assert!(
        text().contains("1시간 0분 남음") || text().contains("59분"),
        "{}",
        text()
    );
    drop(host);
    // A moment that is none changes nothing.
    session["now"] = json!("soon");
    let mut host = open(&session);
    host.open_form().await;
    see("남음").await;
}

#[wasm_bindgen_test]
async fn a_reversed_deposit_is_told_after_a_refresh_where_the_backend_knows() {
    let mut session = waiting();
    session["result"]["reversedAt"] = json!("2026-11-21T10:00:00+09:00");
    let mut host = open(&session);
    host.open_form().await;
    see("입금이 취소됐어요").await;
    assert_eq!(open_streams(), 1);
    let mut paid = waiting();
    paid["status"] = json!("paid");
    paid["revision"] = json!(2);
    paid["result"]["virtualAccount"]["depositorName"] = json!("김엄마");
    send(&paid).await;
    see("입금이 확인됐어요").await;
    assert!(!text().contains("입금이 취소됐어요") && text().contains("김엄마"));
}

#[wasm_bindgen_test]
async fn what_was_done_before_is_called_so() {
    for session in [payment("paid"), billing("registered")] {
        let mut host = open(&session);
        host.open_form().await;
        see("이미 처리된 주문이에요").await;
    }
    let mut host = open(&waiting());
    host.open_form().await;
    see("입금해 주세요").await;
    assert!(!text().contains("이미 처리된"), "there is something to do");
}

#[wasm_bindgen_test]
async fn a_long_look_up_lets_the_buyer_go_and_still_ends() {
    let mut session = billing("unknown");
    let mut host = open(&session);
    option("support-url", "https://shop.example/help");
    hurry();
    host.open_form().await;
    see("화면을 닫아도 괜찮아요").await;
    assert!(text().contains("결과를 확인하고 있어요"));
    for words in ["상점으로 돌아가기", "도움이 필요해요"] {
        assert_eq!(button(words).tag_name(), "A", "{words}");
    }
    session["status"] = json!("registered");
    session["revision"] = json!(2);
    send(&session).await;
    see("카드가 등록됐어요").await;
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
    let was_paid = json!({"approvedAt": "2026-11-21T10:00:00+09:00"});
    let cases = [
        (payment("canceled"), json!(null), "없거나 돌려받게"),
        (payment("canceled"), was_paid, "결제한 금액은 돌려받게"),
        (
            payment("partially_canceled"),
            json!(null),
            "나머지는 그대로 결제돼",
        ),
        (payment("expired"), json!(null), "결제 시간이 지났어요"),
        (payment("expired"), late, "입금 기한이 지났어요"),
        (
            payment("failed"),
            json!({"failure": {"code": "REJECT_CARD_COMPANY"}}),
            "승인되지 않아서 결제된 금액은 없어요",
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

#[wasm_bindgen_test]
async fn a_page_without_a_network_says_so_and_goes_on_by_itself() {
    let mut host = Host::new(&json!({
        "GET session": [[0, null], [0, null], [200, billing("open")]]
    }));
    network(false);
    host.open_form().await;
    see("인터넷에 연결되어 있지 않아요").await;
    assert_eq!(button("다시 시도").tag_name(), "BUTTON");
    network(true);
    // The network is there, the shop is not.
    see("상점에 연결하지 못했어요").await;
    assert!(text().contains("상점이 응답하지 않아요"));
    network(true);
    see("카드 등록하기").await;
}
