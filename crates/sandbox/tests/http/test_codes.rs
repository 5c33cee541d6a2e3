use serde_json::json;
use toss_model::{ErrorCode, Language};

use crate::harness::*;

#[tokio::test]
async fn every_documented_code_can_be_asked_for_in_both_languages() {
    let toss = start().await;
    for code in ErrorCode::ALL {
        for (accepted, language) in [("ko-KR", Language::Ko), ("en-US", Language::En)] {
            let request = toss
                .post("/v1/billing/any", &json!({}))
                .header("tosspayments-test-code", code.as_str())
                .header("accept-language", accepted);
            let answer = read(request.send().await.unwrap()).await;
            assert_eq!(answer.status, code.status(), "{code}");
            let text = code.text(language);
            assert_eq!(answer.json, json!({"code": code.as_str(), "message": text}));
        }
    }
}

#[tokio::test]
async fn a_test_code_does_no_work_and_an_unknown_one_is_refused() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    let body = confirm_body(&key, "order-1");
    let ask = async |code: &str| {
        let request = toss
            .post("/v1/payments/confirm", &body)
            .header("tosspayments-test-code", code);
        read(request.send().await.unwrap()).await
    };
    let answer = ask("REJECT_CARD_COMPANY").await;
    assert_eq!((answer.status, answer.code()), (403, "REJECT_CARD_COMPANY"));
    let answer = ask("NO_SUCH_CODE").await;
    assert_eq!((answer.status, answer.code()), (400, "INVALID_TEST_CODE"));
    assert_eq!(toss.call("/v1/payments/confirm", &body).await.status, 200);
}
