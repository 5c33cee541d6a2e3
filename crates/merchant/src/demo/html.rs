//! The shop's pages.

use toss_checkout_contract::{ChargeStatus, Session, SessionKind, SessionStatus};

const HEAD: &str = r#"<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>한 장 가게 · 데모</title>
<link rel="stylesheet" href="/demo/style.css">
</head>
<body>
<header><p class="brand">한 장 가게</p><p class="demo">데모 가게예요. 실제로 결제되지 않아요.</p></header>
<main>
"#;
const FOOT: &str = "</main>\n</body>\n</html>\n";

const GOODS: &str = r#"<h1>오늘의 상품</h1>
<ul class="goods">
<li>
<h2>토스 프라임 구독</h2>
<p class="price"><strong>4,900원</strong> <span>/ 월</span></p>
<p class="about">카드나 계좌를 한 번 등록하면 매달 자동으로 결제돼요.</p>
<p class="small"><a href="/demo/subscribe?charge=later">지금은 등록만 하고 결제는 나중에</a></p>
<a class="button" href="/demo/subscribe">구독하기</a>
</li>
<li>
<h2>티셔츠 1장</h2>
<p class="price"><strong>15,000원</strong></p>
<p class="about">가상계좌로 입금하면 바로 보내드려요.</p>
<a class="button" href="/demo/order">주문하기</a>
</li>
</ul>
"#;

/// What is sold, and how the visitor's last orders stand.
pub(super) fn home(sessions: &[Session]) -> String {
    let mut html = format!("{HEAD}{GOODS}");
    if !sessions.is_empty() {
        html.push_str("<h1>내 주문</h1>\n<ul class=\"orders\">\n");
        for session in sessions {
            html.push_str(&row(session));
        }
        html.push_str("</ul>\n");
    }
    html.push_str(FOOT);
    html
}

/// Shown when the merchant API does not answer.
pub(super) fn broken() -> String {
    format!(
        "{HEAD}<h1>주문을 만들지 못했어요</h1>\n<p>잠시 후 다시 시도해 주세요.</p>\n\
         <p><a class=\"button\" href=\"/\">가게로 돌아가기</a></p>\n{FOOT}"
    )
}

fn row(session: &Session) -> String {
    let (word, tone) = standing(session);
    format!(
        "<li><a href=\"/checkout/?session={}\"><span class=\"name\">{}</span> <span class=\"sum\">{}</span> \
         <span class=\"state {tone}\">{word}</span></a></li>\n",
        session.id.expose(),
        escaped(&session.order_name),
        sum(session),
    )
}

fn sum(session: &Session) -> String {
    let amount = match session.kind {
        SessionKind::Payment => session.amount,
        SessionKind::Billing => session.plan.map(|plan| plan.amount),
    };
    amount.map_or_else(String::new, |amount| won(amount.value()))
}

fn won(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + "원"
}

fn standing(session: &Session) -> (&'static str, &'static str) {
    let charge = session
        .result
        .as_ref()
        .and_then(|result| result.charge.as_ref())
        .map(|charge| charge.status);
    match session.status {
        SessionStatus::Open => ("결제 전", "quiet"),
        SessionStatus::Authenticated | SessionStatus::Confirming | SessionStatus::Issuing => {
            ("처리 중", "quiet")
        }
        SessionStatus::WaitingForDeposit => ("입금 대기", "wait"),
        SessionStatus::Paid => ("결제 완료", "good"),
        SessionStatus::PartiallyCanceled => ("일부 환불", "quiet"),
        SessionStatus::Canceled => ("취소됨", "quiet"),
        SessionStatus::Registered => match charge {
            Some(ChargeStatus::Declined) => ("등록됨 · 첫 결제 실패", "bad"),
            Some(ChargeStatus::Pending | ChargeStatus::Unknown) => {
                ("등록됨 · 결제 확인 중", "wait")
            }
            Some(ChargeStatus::Succeeded) | None => ("등록 완료", "good"),
        },
        SessionStatus::Active => ("구독 중", "good"),
        SessionStatus::Failed => ("결제하지 못함", "bad"),
        SessionStatus::Unknown => ("확인 중", "wait"),
        SessionStatus::Expired => ("기한 지남", "quiet"),
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
        assert_eq!(won(900), "900원");
        assert_eq!(won(4900), "4,900원");
        assert_eq!(won(1_234_567), "1,234,567원");
    }

    #[test]
    fn the_shop_has_nothing_inline_and_the_links_that_journeys_click() {
        let html = home(&[]);
        for link in [
            r#"href="/demo/subscribe">구독하기</a>"#,
            r#"href="/demo/order">주문하기</a>"#,
        ] {
            assert!(html.contains(link), "{link}");
        }
        assert!(!html.contains("style=") && !html.contains("<script") && !html.contains("<style"));
        assert_eq!(escaped("<b>\"&"), "&lt;b&gt;&quot;&amp;");
    }
}
