//! The shop's pages.

use crate::checkout_api::{Amount, Session};

const HEAD: &str = r#"<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>한 장 가게 · 데모</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<p class="brand"><a href="/">한 장 가게</a></p>
<nav><a href="/subscriptions">내 구독</a></nav>
<p class="demo">데모 가게예요. 실제로 결제되지 않아요.</p>
</header>
<main>
"#;
const FOOT: &str = "</main>\n</body>\n</html>\n";

const GOODS: &str = r#"<h1>오늘의 상품</h1>
<ul class="goods">
<li>
<h2>토스 프라임 구독</h2>
<p class="price"><strong>4,900원</strong> <span>/ 월</span></p>
<p class="about">카드나 계좌를 한 번 등록하면 매달 자동으로 결제돼요.</p>
<p class="small"><a href="/subscribe?charge=later">지금은 등록만 하고 결제는 나중에</a></p>
<p class="small"><a href="/subscribe?easy_pay=NAVERPAY">네이버페이로 등록하기</a></p>
<a class="button" href="/subscribe">구독하기</a>
</li>
<li>
<h2>티셔츠 1장</h2>
<p class="price"><strong>15,000원</strong></p>
<p class="about">카드, 계좌, 휴대폰, 상품권으로 결제할 수 있어요.</p>
<p class="small"><a href="/order?easy_pay=TOSSPAY">토스페이로 바로 주문하기</a></p>
<a class="button" href="/order">주문하기</a>
</li>
<li>
<h2>스티커 묶음</h2>
<p class="price"><strong>US$12.50</strong></p>
<p class="about">해외로 보내드려요. PayPal로 결제해요.</p>
<a class="button" href="/order/abroad">해외로 주문하기</a>
</li>
</ul>
"#;

/// What is sold, and how the visitor's last orders stand.
pub(crate) fn home(sessions: &[Session]) -> String {
    let mut html = format!("{HEAD}{GOODS}");
    if !sessions.is_empty() {
        html.push_str("<h1>내 주문</h1>\n");
        html.push_str(&list(sessions));
    }
    html + FOOT
}

/// For a visitor who has never bought anything.
pub(crate) fn no_subscriptions() -> String {
    format!("{HEAD}<h1>내 구독</h1>\n<p>아직 구독이 없어요.</p>\n{FOOT}")
}

/// Shown when something is not there, or the merchant API does not answer.
pub(crate) fn broken(words: &str) -> String {
    format!(
        "{HEAD}<h1>{words}</h1>\n<p>잠시 후 다시 시도해 주세요.</p>\n\
         <p><a class=\"button\" href=\"/\">가게로 돌아가기</a></p>\n{FOOT}"
    )
}

fn list(sessions: &[Session]) -> String {
    let rows: String = sessions.iter().map(row).collect();
    format!("<ul class=\"orders\">\n{rows}</ul>\n")
}

fn row(session: &Session) -> String {
    let (word, tone) = standing(session);
    format!(
        "<li><a href=\"/orders/{}\"><span class=\"name\">{}</span> <span class=\"sum\">{}</span> \
         <span class=\"state {tone}\">{word}{}</span></a></li>\n",
        escaped(&session.id),
        escaped(&session.order_name),
        sum(session),
        method(session),
    )
}

fn sum(session: &Session) -> String {
    let plan = session.plan.as_ref().map(|plan| &plan.amount);
    let amount = session.amount.as_ref().or(plan);
    amount.map_or_else(String::new, written)
}

/// `15,000원`, `US$12.50`.
fn written(amount: &Amount) -> String {
    match &*amount.currency {
        "USD" => format!("US${:.2}", amount.value),
        // Won have no smaller unit, so `Display` writes no fraction.
        _ => won(&amount.value.to_string()),
    }
}

/// What was registered, as Toss masks it.
fn method(session: &Session) -> String {
    let Some(outcome) = &session.result else {
        return String::new();
    };
    let text = match (&outcome.card, &outcome.account) {
        (Some(card), _) => format!(" · 카드 {}", card.number),
        (None, Some(account)) => format!(" · {} {}", account.bank_name, account.account_number),
        (None, None) => String::new(),
    };
    escaped(&text)
}

fn won(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + "원"
}

/// A word and its colour. Also for what a later backend calls by a name that this shop does not know.
fn standing(session: &Session) -> (&'static str, &'static str) {
    let charge = session
        .result
        .as_ref()
        .and_then(|result| result.charge.as_ref())
        .map(|charge| &*charge.status);
    match (&*session.status, charge) {
        ("open", _) => ("결제 전", "quiet"),
        ("waiting_for_deposit", _) => ("입금 대기", "wait"),
        ("paid", _) => ("결제 완료", "good"),
        ("partially_canceled", _) => ("일부 환불", "quiet"),
        ("canceled", _) => ("취소됨", "quiet"),
        ("registered", Some("declined")) => ("등록됨 · 첫 결제 실패", "bad"),
        ("registered", Some("pending" | "unknown")) => ("등록됨 · 결제 확인 중", "wait"),
        ("registered", _) => ("등록 완료", "good"),
        ("active", _) => ("구독 중", "good"),
        ("failed", _) => ("결제하지 못함", "bad"),
        ("expired", _) => ("기한 지남", "quiet"),
        _ => ("확인 중", "wait"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_is_written_with_commas() {
        assert_eq!(won("900"), "900원");
        assert_eq!(won("4900"), "4,900원");
        assert_eq!(won("1234567"), "1,234,567원");
    }

    #[test]
    fn an_order_from_abroad_is_listed_in_dollars() {
        let abroad = session(serde_json::json!({
            "id": "cs_4", "customerKey": "c", "kind": "payment", "status": "paid",
            "orderName": "Sticker pack", "amount": {"value": 12.5, "currency": "USD"},
        }));
        assert!(home(&[abroad]).contains("US$12.50</span> <span class=\"state good\">결제 완료"));
    }

    fn session(json: serde_json::Value) -> Session {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_shop_has_nothing_inline_and_the_links_that_journeys_click() {
        let html = home(&[]);
        for link in [
            r#"href="/subscribe">구독하기</a>"#,
            r#"href="/order">주문하기</a>"#,
            r#"href="/subscriptions">내 구독</a>"#,
        ] {
            assert!(html.contains(link), "{link}");
        }
        assert!(!html.contains("style=") && !html.contains("<script") && !html.contains("<style"));
        assert_eq!(escaped("<b>\"&"), "&lt;b&gt;&quot;&amp;");
    }

    #[test]
    fn what_is_registered_is_shown_as_toss_masks_it() {
        let active = session(serde_json::json!({
            "id": "cs_3", "customerKey": "c", "kind": "billing", "status": "active",
            "orderName": "구독 <b>", "plan": {"amount": {"value": 4900, "currency": "KRW"}},
            "result": {"card": {"number": "12345678****000*"}, "charge": {"status": "succeeded"}},
        }));
        let html = home(&[active]);
        assert!(
            html.contains("구독 &lt;b&gt;") && html.contains("구독 중 · 카드 12345678****000*")
        );
        assert!(html.contains("href=\"/orders/cs_3\""), "{html}");
    }

    #[test]
    fn a_status_of_a_later_backend_is_no_failure() {
        let later = session(serde_json::json!({
            "id": "cs_1", "customerKey": "c", "kind": "payment", "status": "on_the_moon",
            "orderName": "x",
        }));
        assert!(home(&[later]).contains("확인 중"));
    }
}
