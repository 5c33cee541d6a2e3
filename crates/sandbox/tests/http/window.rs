use serde_json::{Value, json};

use crate::harness::*;

async fn page(toss: &Running, path: &str) -> (u16, String, String) {
    let response = toss.client.get(toss.url(path)).send().await.unwrap();
    let status = response.status().as_u16();
    let policy = response
        .headers()
        .get("content-security-policy")
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    (status, policy, response.text().await.unwrap())
}

fn count(page: &str, text: &str) -> usize {
    page.matches(text).count()
}

#[tokio::test]
async fn each_window_shows_what_it_is_for_and_is_marked_as_a_test() {
    let toss = start().await;
    let payment = toss.open("payment", payment_request("order-1")).await;
    let card = toss.open("billing", billing_request("CARD")).await;
    let account = toss.open("billing", billing_request("TRANSFER")).await;
    for (path, button, words) in [
        (
            &payment,
            "발급하기",
            vec!["티셔츠 1장", "15,000원", "김토스"],
        ),
        (&card, "등록하기", vec!["카드번호", "9410 0012 3456 7890"]),
        (
            &account,
            "등록하기",
            vec!["우리은행 1002****0000", "계좌 정보를 응답에 넣지 않기"],
        ),
    ] {
        let (status, policy, html) = page(&toss, path).await;
        assert_eq!(status, 200);
        for word in words
            .into_iter()
            .chain(["테스트", "에러 코드", "실패시키기"])
        {
            assert!(html.contains(word), "{word} in {path}");
        }
        assert_eq!(count(&html, &format!(">{button}</button>")), 1);
        assert_eq!(count(&html, ">취소</button>"), 1);
        for inline in ["<style", " style=", "onclick", "javascript:"] {
            assert!(!html.contains(inline), "{inline}");
        }
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(
            policy.contains("form-action 'self' http://shop.test"),
            "{policy}"
        );
    }
    let (_, _, html) = page(&toss, &payment).await;
    assert_eq!(
        count(&html, "<option value=\""),
        13 + 4,
        "13 banks, 4 codes"
    );
}

#[tokio::test]
async fn success_carries_the_documented_parameters_behind_the_merchants_own() {
    let toss = start().await;
    let window = toss.open("payment", payment_request("order-1")).await;
    let url = toss
        .submit(&format!("{window}/issue"), &account_form())
        .await;
    let names: Vec<_> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(
        names,
        ["session", "paymentType", "orderId", "paymentKey", "amount"]
    );
    assert_eq!(parameter(&url, "amount"), "15000");
    assert_eq!(parameter(&url, "orderId"), "order-1");
    let window = toss.open("billing", billing_request("CARD")).await;
    let url = toss
        .submit(&format!("{window}/card"), &card_form(WORKING_CARD))
        .await;
    let names: Vec<_> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["customerKey", "authKey"]);
    assert_eq!(parameter(&url, "customerKey"), CUSTOMER);
    // A second click brings the same keys, a third way out is closed.
    let again = toss
        .submit(&format!("{window}/card"), &card_form(WORKING_CARD))
        .await;
    assert_eq!(again, url);
    let (status, _, html) = page(&toss, &window).await;
    assert_eq!(status, 410);
    assert!(html.contains("이미 끝난 결제창이에요"));
}

#[tokio::test]
async fn cancel_and_failure_go_to_fail_url() {
    let toss = start().await;
    let window = toss.open("payment", payment_request("order-1")).await;
    let url = toss.submit(&format!("{window}/cancel"), &[]).await;
    assert_eq!(url.path(), "/fail");
    assert_eq!(parameter(&url, "code"), "PAY_PROCESS_CANCELED");
    assert!(url.query_pairs().all(|(name, _)| name != "orderId"));
    for (code, sent, message) in [
        (
            "",
            "PAY_PROCESS_ABORTED",
            "결제 진행 중 승인에 실패하여 결제가 중단되었습니다.",
        ),
        (
            "REJECT_CARD_COMPANY",
            "REJECT_CARD_COMPANY",
            "결제 승인이 거절되었습니다.",
        ),
        (
            "<b>NEW & odd</b>",
            "<b>NEW & odd</b>",
            "결제에 실패했습니다.",
        ),
    ] {
        let window = toss.open("payment", payment_request("order-1")).await;
        let url = toss
            .submit(&format!("{window}/fail"), &[("code", code)])
            .await;
        assert_eq!(parameter(&url, "code"), sent);
        assert_eq!(parameter(&url, "message"), message);
        assert_eq!(parameter(&url, "orderId"), "order-1");
    }
}

#[tokio::test]
async fn a_mistake_is_shown_and_the_window_stays_open() {
    let toss = start().await;
    let window = toss.open("billing", billing_request("CARD")).await;
    let url = toss.url(&format!("{window}/card"));
    for (form, text) in [
        (card_form("1234"), "카드번호를 다시 확인해주세요."),
        (
            [
                ("number", WORKING_CARD),
                ("expiry", "12/20"),
                ("identity", "900101"),
                ("password", "12"),
            ],
            "유효기간",
        ),
    ] {
        let response = toss.client.post(&url).form(&form).send().await.unwrap();
        assert_eq!(response.status(), 422);
        let html = response.text().await.unwrap();
        assert!(html.contains(text));
        // What was typed stays, to be corrected.
        let typed = form[0].1;
        assert!(html.contains(&format!("name=\"number\" value=\"{typed}\"")));
    }
    toss.submit(&format!("{window}/card"), &card_form(WORKING_CARD))
        .await;
    let window = toss.open("payment", payment_request("order-1")).await;
    let url = toss.url(&format!("{window}/issue"));
    let without_consent = &account_form()[..3];
    let response = toss
        .client
        .post(&url)
        .form(without_consent)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 422);
}

#[tokio::test]
async fn in_a_frame_the_page_around_is_told_and_only_it() {
    let toss = start().await;
    let open = async |request: Value, kind: &str| {
        let answer = toss
            .open_raw(&json!({
                "clientKey": CLIENT_KEY, "customerKey": CUSTOMER, "kind": kind, "target": "iframe",
                "opener": "http://shop.test/checkout?x=1", "request": request,
            }))
            .await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json["url"].as_str().unwrap().to_owned()
    };
    let window = open(billing_request("CARD"), "billing").await;
    let (_, policy, html) = page(&toss, &window).await;
    assert!(
        policy.contains("frame-ancestors http://shop.test;"),
        "{policy}"
    );
    assert!(html.contains("data-opener=\"http://shop.test\""));
    let url = toss.url(&format!("{window}/card"));
    let form = card_form(WORKING_CARD);
    let response = toss.client.post(&url).form(&form).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let html = response.text().await.unwrap();
    assert!(
        html.contains("&quot;type&quot;:&quot;navigate&quot;"),
        "{html}"
    );
    assert!(html.contains("authKey="));

    let mut promise = payment_request("order-1");
    promise["successUrl"] = Value::Null;
    promise["failUrl"] = Value::Null;
    let window = open(promise, "payment").await;
    let url = toss.url(&format!("{window}/cancel"));
    let html = toss.client.post(&url).send().await.unwrap();
    let html = html.text().await.unwrap();
    assert!(html.contains("USER_CANCEL") && html.contains("&quot;reject&quot;"));
}

#[tokio::test]
async fn the_server_checks_what_the_sdk_should_have() {
    let toss = start().await;
    let body = |name: &str, value: Value| {
        let mut body = json!({
            "clientKey": CLIENT_KEY, "customerKey": CUSTOMER, "kind": "payment", "target": "self",
            "request": payment_request("order-1"),
        });
        body[name] = value;
        body
    };
    let request = |name: &str, value: Value| {
        let mut request = payment_request("order-1");
        request[name] = value;
        body("request", request)
    };
    let cases = [
        (
            body("clientKey", json!("test_ck_nobody")),
            "UNAUTHORIZED_KEY",
        ),
        (
            body("clientKey", json!("live_ck_abc")),
            "INVALID_CLIENT_KEY",
        ),
        (body("clientKey", json!(SECRET_KEY)), "INVALID_CLIENT_KEY"),
        (body("clientKey", Value::Null), "INVALID_CLIENT_KEY"),
        (body("customerKey", json!("a b")), "INVALID_CUSTOMER_KEY"),
        (
            body("customerKey", json!("a".repeat(51))),
            "INVALID_CUSTOMER_KEY",
        ),
        (body("target", json!("popup")), "INVALID_REQUEST"),
        (body("target", json!("iframe")), "INVALID_REQUEST"),
        (body("kind", json!("gift")), "INVALID_REQUEST"),
        (body("request", json!([])), "INVALID_REQUEST"),
        (request("method", json!("CASH")), "NOT_SUPPORTED_METHOD"),
        (
            request("method", json!("FOREIGN_EASY_PAY")),
            "NOT_SUPPORTED_METHOD",
        ),
        (
            request("amount", json!({"value": 0.5, "currency": "KRW"})),
            "BELOW_ZERO_AMOUNT",
        ),
        (
            request("sandbox", json!({"paymentResult": "MAYBE"})),
            "INVALID_REQUEST",
        ),
        (
            request("amount", json!({"value": 0, "currency": "KRW"})),
            "BELOW_ZERO_AMOUNT",
        ),
        (
            request("amount", json!({"value": 1, "currency": "USD"})),
            "INVALID_CURRENCY",
        ),
        (request("amount", Value::Null), "REQUIRED_AMOUNT"),
        (request("orderId", json!("a")), "INVALID_ORDER_ID"),
        (request("orderName", json!("")), "INVALID_ORDER_NAME"),
        (
            request("successUrl", json!("javascript:alert(1)")),
            "INVALID_REQUEST",
        ),
        (request("failUrl", Value::Null), "INVALID_REQUEST"),
        (request("metadata", json!({"a[": "b"})), "INVALID_REQUEST"),
        (
            request("virtualAccount", json!({"validHours": 9_999_999})),
            "EXCEED_MAX_VALID_HOURS",
        ),
    ];
    for (body, code) in cases {
        let answer = toss.open_raw(&body).await;
        assert_eq!(answer.code(), code, "{body}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
    assert_eq!(toss.control("payments").await, json!([]));
}

#[tokio::test]
async fn a_merchants_page_of_any_origin_may_open_a_window() {
    let toss = start().await;
    let preflight = toss
        .client
        .request(reqwest::Method::OPTIONS, toss.url("/sandbox/window"))
        .header("origin", SHOP)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), 204);
    let headers = preflight.headers();
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["access-control-allow-headers"], "content-type");
}

#[tokio::test]
async fn what_the_merchant_sends_is_text_on_the_page() {
    let toss = start().await;
    let mut request = payment_request("order-1");
    request["orderName"] = json!("<script>alert(1)</script>\"'&");
    request["customerName"] = json!("\"><img src=x>");
    let window = toss.open("payment", request).await;
    let (_, _, html) = page(&toss, &window).await;
    assert!(!html.contains("<script>alert") && !html.contains("<img"));
    toss.submit(&format!("{window}/issue"), &account_form())
        .await;
    let (_, _, html) = page(&toss, "/sandbox").await;
    assert!(!html.contains("<script>alert"));
}

#[tokio::test]
async fn an_unknown_window_says_so() {
    let toss = start().await;
    let (status, _, html) = page(&toss, "/sandbox/window/nothing").await;
    assert_eq!(status, 404);
    assert!(html.contains("결제창을 찾을 수 없어요"));
    let url = toss.url("/sandbox/window/nothing/card");
    let form = card_form(WORKING_CARD);
    let response = toss.client.post(url).form(&form).send().await.unwrap();
    assert_eq!(response.status(), 404);
}

#[tokio::test]
async fn the_last_digits_of_a_card_or_a_phone_number_can_end_the_window() {
    let toss = start().await;
    for (number, code) in [
        ("9410 0000 0000 0021", "REJECT_CARD_COMPANY"),
        ("9410 0000 0000 0022", "PAY_PROCESS_ABORTED"),
        ("9410 0000 0000 0023", "PAY_PROCESS_CANCELED"),
    ] {
        let window = toss.open("billing", billing_request("CARD")).await;
        let url = toss
            .submit(&format!("{window}/card"), &card_form(number))
            .await;
        assert_eq!(
            (url.path(), parameter(&url, "code").as_str()),
            ("/fail", code)
        );
    }
    let window = toss.open("billing", billing_request("TRANSFER")).await;
    let form = [
        ("step", "login"),
        ("phone", "010-0000-0021"),
        ("code", "000000"),
    ];
    let url = toss.submit(&format!("{window}/member"), &form).await;
    assert_eq!(parameter(&url, "code"), "REJECT_CARD_COMPANY");
}

#[tokio::test]
async fn a_buyer_joins_or_logs_in_and_then_chooses_an_account() {
    let toss = start().await;
    let window = toss.open("billing", billing_request("TRANSFER")).await;
    for (step, button, welcome) in [
        ("join", "가입하기", "퀵계좌이체에 가입했어요."),
        ("login", "로그인하기", "로그인했어요."),
    ] {
        let (status, _, html) = page(&toss, &format!("{window}?step={step}")).await;
        assert_eq!(
            (status, count(&html, &format!(">{button}</button>"))),
            (200, 1)
        );
        let url = toss.url(&format!("{window}/member"));
        let form = |phone, code| {
            [
                ("step", step),
                ("name", "김토스"),
                ("phone", phone),
                ("code", code),
                ("agree", "1"),
            ]
        };
        for (phone, code, mistake) in [
            ("0101", "000000", "휴대폰 번호를 다시 확인해주세요."),
            ("01012345678", "123456", "올바르지|일치하지"),
        ] {
            let request = toss.client.post(&url).form(&form(phone, code));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 422);
            let html = answer.text().await.unwrap();
            assert!(mistake.split('|').any(|words| html.contains(words)));
            // What was typed stays, to be corrected.
            assert!(html.contains(&format!("value=\"{phone}\"")));
        }
        let form = form("01012345678", "000000");
        let answer = toss.client.post(&url).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        let (_, _, html) = page(&toss, answer.headers()["location"].to_str().unwrap()).await;
        assert!(html.contains(welcome) && html.contains("우리은행 1002****0000"));
    }
    let (status, _, _) = page(&toss, &format!("{window}?step=leave")).await;
    assert_eq!(status, 200, "an unknown step is the first page");
    let url = toss
        .submit(&format!("{window}/account"), &[("account", "woori")])
        .await;
    assert!(!parameter(&url, "authKey").is_empty());
}

/// A request for one payment by this method, with what only it has.
fn purchase(method: &str, own: &Value) -> Value {
    let mut request = json!({
        "method": method, "amount": {"value": 60_000, "currency": "KRW"},
        "orderId": format!("order-{method}"), "orderName": "티셔츠 1장",
        "successUrl": format!("{SHOP}/success"), "failUrl": format!("{SHOP}/fail"),
    });
    for (name, value) in own.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

/// What a buyer's click on 결제하기 sends: everything that the window is filled with.
pub(crate) async fn filled(toss: &Running, window: &str) -> Vec<(String, String)> {
    let (_, _, html) = page(toss, window).await;
    let attribute = |tag: &str, name: &str| {
        let start = tag.split_once(&format!(" {name}=\""))?.1;
        Some(start.split_once('"')?.0.to_owned())
    };
    let form = html.split("id=\"main\"").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for tag in form.split('<') {
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        if tag.starts_with("select") {
            let options = form.split(&format!("name=\"{name}\"")).nth(1).unwrap();
            let options = options.split("</select>").next().unwrap();
            let mut options: Vec<_> = options.split("<option").skip(1).collect();
            options.sort_by_key(|option| !option.contains(" selected"));
            fields.push((name, attribute(options[0], "value").unwrap()));
        } else if !tag.contains("type=\"radio\"") && !tag.contains("type=\"checkbox\"")
            || tag.contains(" checked")
        {
            fields.push((name, attribute(tag, "value").unwrap()));
        }
    }
    fields
}

#[tokio::test]
async fn every_method_has_a_window_that_one_click_pays_with() {
    let toss = start().await;
    let dollars = json!({"value": 12.5, "currency": "USD"});
    let paypal = json!({"provider": "PAYPAL", "country": "US"});
    for (method, own, title, korean, field) in [
        ("CARD", json!({}), "카드 결제", "카드", "card"),
        (
            "CARD",
            json!({"orderId": "direct-1", "card": {"flowMode": "DIRECT", "easyPay": "TOSSPAY"}}),
            "토스페이 결제",
            "간편결제",
            "easyPay",
        ),
        ("TRANSFER", json!({}), "퀵계좌이체", "계좌이체", "transfer"),
        (
            "MOBILE_PHONE",
            json!({}),
            "휴대폰 결제",
            "휴대폰",
            "mobilePhone",
        ),
        (
            "CULTURE_GIFT_CERTIFICATE",
            json!({}),
            "문화상품권 결제",
            "문화상품권",
            "giftCertificate",
        ),
        (
            "BOOK_GIFT_CERTIFICATE",
            json!({}),
            "도서문화상품권 결제",
            "도서문화상품권",
            "giftCertificate",
        ),
        (
            "GAME_GIFT_CERTIFICATE",
            json!({}),
            "게임문화상품권 결제",
            "게임문화상품권",
            "giftCertificate",
        ),
        (
            "FOREIGN_EASY_PAY",
            json!({"amount": dollars, "foreignEasyPay": paypal}),
            "PayPal 결제",
            "간편결제",
            "easyPay",
        ),
    ] {
        let request = purchase(method, &own);
        let amount = request["amount"]["value"].clone();
        let window = toss.open("payment", request).await;
        let (status, _, html) = page(&toss, &window).await;
        assert_eq!(status, 200, "{method}");
        assert!(html.contains(&format!("<h1>{title}</h1>")), "{title}");
        assert_eq!(count(&html, ">결제하기</button>"), 1);
        assert_eq!(count(&html, ">취소</button>"), 1);
        assert!(html.contains("실패시키기") && html.contains("에러 코드"));
        let fields = filled(&toss, &window).await;
        let fields: Vec<_> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let url = toss.submit(&format!("{window}/pay"), &fields).await;
        assert_eq!(url.path(), "/success", "{method} {fields:?}");
        assert_eq!(parameter(&url, "amount"), amount.to_string());
        let body = json!({
            "paymentKey": parameter(&url, "paymentKey"), "orderId": parameter(&url, "orderId"),
            "amount": amount,
        });
        let answer = toss.call("/v1/payments/confirm", &body).await;
        assert_eq!(answer.json["status"], "DONE", "{answer:?}");
        assert_eq!(answer.json["method"], korean);
        assert!(answer.json[field].is_object(), "{field} in {answer:?}");
    }
}

#[tokio::test]
async fn a_value_typed_in_decides_how_confirm_ends() {
    let toss = start().await;
    for (at, (method, number, code)) in [
        ("CARD", "9410000000000001", "REJECT_CARD_PAYMENT"),
        ("CARD", "9410000000000031", "EXCEED_MAX_AMOUNT"),
        ("MOBILE_PHONE", "01000000032", "PROVIDER_ERROR"),
        (
            "BOOK_GIFT_CERTIFICATE",
            "4100000000000033",
            "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let order = json!({"orderId": format!("decline-{at}")});
        let window = toss.open("payment", purchase(method, &order)).await;
        let mut fields = filled(&toss, &window).await;
        for (name, value) in &mut fields {
            if name == "number" {
                number.clone_into(value);
            }
        }
        let fields: Vec<_> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let url = toss.submit(&format!("{window}/pay"), &fields).await;
        let body = json!({
            "paymentKey": parameter(&url, "paymentKey"), "orderId": parameter(&url, "orderId"),
            "amount": 60_000,
        });
        let answer = toss.call("/v1/payments/confirm", &body).await;
        assert_eq!(answer.code(), code);
    }
}

#[tokio::test]
async fn installments_wallets_and_carriers_are_those_the_merchant_allows() {
    let toss = start().await;
    let open = async |order: &str, method: &str, own: Value| {
        let mut request = purchase(method, &own);
        request["orderId"] = json!(order);
        toss.open("payment", request).await
    };
    let most = open(
        "most-01",
        "CARD",
        json!({"card": {"maxCardInstallmentPlan": 3}}),
    )
    .await;
    let (_, _, html) = page(&toss, &most).await;
    assert!(html.contains(">일시불</option>") && html.contains(">3개월</option>"));
    assert!(!html.contains(">1개월") && !html.contains(">4개월"));
    let fixed = open(
        "fixed-1",
        "CARD",
        json!({"card": {"cardInstallmentPlan": 6}}),
    )
    .await;
    let (_, _, html) = page(&toss, &fixed).await;
    assert!(html.contains("<option value=\"6\" selected>6개월</option>"));
    assert!(!html.contains("일시불"));
    let url = toss.url(&format!("{most}/pay"));
    let mut form = card_form(WORKING_CARD).to_vec();
    form.push(("installment", "5"));
    let answer = toss.client.post(&url).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 422);
    let html = answer.text().await.unwrap();
    assert!(html.contains("설정 가능한 최대 할부 개월 수를 초과했습니다."));

    let company = json!({"card": {"flowMode": "DIRECT", "cardCompany": "현대"}});
    let company = open("company-1", "CARD", company).await;
    let (_, _, html) = page(&toss, &company).await;
    assert!(html.contains("<h1>현대카드 결제</h1>") && html.contains("4330 1234 1234 1234"));

    let wallet = open("wallet-1", "CARD", json!({})).await;
    let (_, _, html) = page(&toss, &wallet).await;
    assert!(html.contains("?wallet=네이버페이") && html.contains("12개월"));
    let (_, _, html) = page(&toss, &format!("{wallet}?wallet=네이버페이")).await;
    assert!(html.contains("<h1>네이버페이 결제</h1>"));

    let phone = json!({"mobilePhone": {"mobileCarriers": ["KT", "LGU"]}});
    let phone = open("phone-1", "MOBILE_PHONE", phone).await;
    let (_, _, html) = page(&toss, &phone).await;
    assert!(html.contains(">LG U+</option>") && !html.contains(">SKT</option>"));
    let form = [("carrier", "SKT"), ("number", "01012345678")];
    let url = toss.url(&format!("{phone}/pay"));
    let answer = toss.client.post(&url).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 422);
}

#[tokio::test]
async fn a_test_can_order_the_outcome_with_the_request() {
    let toss = start().await;
    for (at, method) in ["CARD", "TRANSFER", "VIRTUAL_ACCOUNT", "MOBILE_PHONE"]
        .into_iter()
        .enumerate()
    {
        for (result, path) in [("SUCCESS", "/success"), ("FAIL", "/fail")] {
            let own = json!({
                "orderId": format!("auto-{at}-{result}"), "sandbox": {"paymentResult": result},
            });
            let window = toss.open("payment", purchase(method, &own)).await;
            let places = [(); 2].map(|()| toss.client.get(toss.url(&window)).send());
            for place in places {
                let answer = place.await.unwrap();
                assert_eq!(answer.status(), 303, "{method} {result}");
                let url = answer.headers()["location"].to_str().unwrap();
                let url: url::Url = url.parse().unwrap();
                assert_eq!(url.path(), path);
                if result == "FAIL" {
                    assert_eq!(parameter(&url, "code"), "REJECT_CARD_COMPANY");
                }
            }
        }
    }
}
