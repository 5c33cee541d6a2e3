//! The console's page. Secrets are masked; names of buttons are relied on by tests.

use maud::{DOCTYPE, Markup, html};

use crate::{
    app::App,
    control::{Fault, LogEntry},
    state::{BillingRecord, Payment, instrument::Instrument, moment::readable, payment::Means},
    webhooks::{Delivery, Standing},
    window::won,
};

/// How many of each kind are shown, newest first.
const SHOWN: usize = 100;

pub(super) fn console(app: &App, notice: Option<&str>) -> Markup {
    let (payments, billing, rules) = {
        let mut state = app.state();
        state.pass_time(app.clock.now());
        let payments: Vec<Payment> = state.payments().iter().rev().take(SHOWN).cloned().collect();
        let billing: Vec<BillingRecord> =
            state.billing().iter().rev().take(SHOWN).cloned().collect();
        (payments, billing, state.rules().list())
    };
    let requests: Vec<LogEntry> = app
        .log()
        .entries()
        .iter()
        .rev()
        .take(SHOWN)
        .cloned()
        .collect();
    let faults: Vec<Fault> = app.faults().list().cloned().collect();
    let deliveries = app.webhooks.deliveries();
    html! {
        (DOCTYPE)
        html lang="ko" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "토스페이먼츠 샌드박스" }
                link rel="stylesheet" href="/sandbox/assets/console.css";
                link rel="icon" href="data:,";
            }
            body {
                header {
                    h1 { "토스페이먼츠 샌드박스" }
                    span.badge { "테스트" }
                    nav aria-label="바로 가기" {
                        a href="#payments" { "결제" }
                        a href="#billing" { "빌링키" }
                        a href="#webhooks" { "웹훅" }
                        a href="#requests" { "요청" }
                        a href="#settings" { "설정" }
                        a href="/sandbox" { "새로고침" }
                    }
                }
                main {
                    @if let Some(notice) = notice {
                        p.notice role="alert" { (notice) }
                    }
                    (payment_section(&payments))
                    (billing_section(&billing))
                    (webhook_section(app, &deliveries))
                    (request_section(&requests))
                    (settings_section(&faults, &rules))
                }
            }
        }
    }
}

/// Enough to tell two secrets apart, too little to use one.
fn masked(secret: &str) -> String {
    let start: String = secret.chars().take(4).collect();
    format!("{start}…")
}

/// `2026-11-21T09:00:00+09:00` for people: everything here is Korean time.
fn plain(at: &str) -> String {
    at.chars().take(19).collect::<String>().replace('T', " ")
}

fn button(action: &str, label: &str, applies: bool) -> Markup {
    html! {
        form method="post" action=(action) {
            button type="submit" disabled[!applies] { (label) }
        }
    }
}

fn payment_section(payments: &[Payment]) -> Markup {
    html! {
        section id="payments" aria-labelledby="payments-title" {
            h2 id="payments-title" { "결제" }
            @if payments.is_empty() {
                p.empty { "아직 결제가 없습니다. 결제창을 열거나 빌링키로 결제하면 여기에 나타납니다." }
            }
            @for payment in payments { (payment_card(payment)) }
        }
    }
}

fn payment_card(payment: &Payment) -> Markup {
    let key = payment.key.expose();
    let action = |name: &str| format!("/sandbox/console/payments/{key}/{name}");
    let is_account = payment.account().is_some();
    html! {
        article aria-label={ (payment.order_name) " " (payment.order_id) } {
            div.top {
                h3 { (payment.order_name) }
                span.status data-status=(payment.status.as_str()) { (payment.status.as_str()) }
                @if payment.account().is_some_and(|account| account.expired) {
                    span.status data-status="EXPIRED" { "입금 기한 지남" }
                }
                strong.amount { (won(payment.total)) }
            }
            dl {
                div { dt { "주문번호" } dd { code { (payment.order_id) } } }
                div { dt { "결제 키" } dd { code { (key) } } }
                div { dt { "요청" } dd { (readable(payment.requested_at)) } }
                @if let Some(at) = payment.approved_at {
                    div { dt { "승인" } dd { (readable(at)) } }
                }
                @match &payment.means {
                    Means::VirtualAccount(account) if !account.number.is_empty() => {
                        div { dt { "가상계좌" } dd { (account.bank.name) " " code { (account.number) } " " (account.customer_name) } }
                        div { dt { "입금 기한" } dd { (readable(account.due)) } }
                        div { dt { "현금영수증" } dd { (account.cash_receipt.as_str()) } }
                    }
                    Means::VirtualAccount(account) => {
                        div { dt { "가상계좌" } dd { (account.bank.name) ", 승인 대기" } }
                    }
                    Means::Card { card, .. } => div { dt { "카드" } dd { code { (card.masked()) } } },
                    Means::Transfer { bank_code } => div { dt { "계좌이체" } dd { "은행 코드 " (bank_code) } },
                    Means::Undecided { .. } => {}
                }
            }
            div.actions {
                @if is_account {
                    (button(&action("deposit"), "입금하기", payment.takes_deposit()))
                    (button(&action("reverse"), "입금 취소", payment.can_reverse()))
                }
                @if is_account || payment.can_expire() {
                    (button(&action("expire"), "만료시키기", payment.can_expire()))
                }
                @if payment.can_cancel() {
                    (button(&action("cancel"), "결제 취소", true))
                }
            }
        }
    }
}

fn billing_section(records: &[BillingRecord]) -> Markup {
    html! {
        section id="billing" aria-labelledby="billing-title" {
            h2 id="billing-title" { "빌링키" }
            @if records.is_empty() {
                p.empty { "아직 발급된 빌링키가 없습니다." }
            } @else {
                div.scroll role="region" aria-labelledby="billing-title" tabindex="0" {
                    table {
                        thead { tr { th { "빌링키" } th { "고객 키" } th { "결제수단" } th { "결제 시도" } th { "발급" } } }
                        tbody {
                            @for record in records {
                                tr {
                                    td { code { (masked(record.key.expose())) } }
                                    td { code { (masked(record.customer.expose())) } }
                                    td {
                                        @match &record.instrument {
                                            Instrument::Card(card) => { "카드 " code { (card.masked()) } }
                                            Instrument::Account { account, .. } => { (account.bank_name) " " code { (account.number) } }
                                        }
                                    }
                                    td { (record.attempts) "회" }
                                    td { (readable(record.authenticated_at)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn webhook_section(app: &App, deliveries: &[Delivery]) -> Markup {
    html! {
        section id="webhooks" aria-labelledby="webhooks-title" {
            h2 id="webhooks-title" { "웹훅" }
            @if app.webhooks.urls().is_empty() {
                p.empty { "웹훅 주소가 없습니다. --webhook-url 로 지정하세요." }
            } @else if deliveries.is_empty() {
                p.empty { "아직 보낸 웹훅이 없습니다." }
            } @else {
                div.scroll role="region" aria-labelledby="webhooks-title" tabindex="0" {
                    table {
                        thead { tr { th { "이벤트" } th { "주문번호" } th { "주소" } th { "결과" } th { "시도" } th { "동작" } } }
                        tbody {
                            @for delivery in deliveries.iter().rev().take(SHOWN) { (webhook_row(delivery)) }
                        }
                    }
                }
            }
        }
    }
}

fn webhook_row(delivery: &Delivery) -> Markup {
    let standing = match delivery.standing {
        Standing::Pending => "보내는 중",
        Standing::Delivered => "전달됨",
        Standing::Failed => "실패",
    };
    html! {
        tr {
            td { (delivery.event_type) br; small { (delivery.status) } }
            td { code { (delivery.order_id) } }
            td { (delivery.url) }
            td { (standing) }
            td {
                @for attempt in &delivery.attempts {
                    div {
                        @match (attempt.status, attempt.error) {
                            (Some(status), _) => { "HTTP " (status) }
                            (None, Some(error)) => { (error) }
                            (None, None) => { "응답 없음" }
                        }
                        " " small { (plain(&attempt.at)) }
                    }
                }
            }
            td {
                (button(
                    &format!("/sandbox/console/webhooks/{}/resend", delivery.id),
                    "다시 보내기",
                    true,
                ))
            }
        }
    }
}

fn request_section(requests: &[LogEntry]) -> Markup {
    html! {
        section id="requests" aria-labelledby="requests-title" {
            h2 id="requests-title" { "API 요청" }
            @if requests.is_empty() {
                p.empty { "아직 /v1 요청이 없습니다." }
            } @else {
                div.scroll role="region" aria-labelledby="requests-title" tabindex="0" {
                    table {
                        thead { tr { th { "시각" } th { "요청" } th { "응답" } th { "멱등키" } th { "비고" } } }
                        tbody {
                            @for entry in requests {
                                tr {
                                    td { (plain(&entry.at)) }
                                    td { code { (entry.method) " " (entry.path) } }
                                    td {
                                        @match entry.status { Some(status) => { (status) } None => { "끊김" } }
                                        @if let Some(code) = &entry.code { " " code { (code) } }
                                    }
                                    td { @if let Some(key) = &entry.idempotency_key { code { (key) } } }
                                    td {
                                        @if entry.replayed { "재응답 " }
                                        @if let Some(fault) = entry.fault { "장애: " (fault) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn settings_section(faults: &[Fault], rules: &[(&'static str, String)]) -> Markup {
    html! {
        section id="settings" aria-labelledby="settings-title" {
            h2 id="settings-title" { "설정" }
            h3 id="faults" { "대기 중인 장애" }
            @if faults.is_empty() {
                p.empty { "없습니다. POST /sandbox/api/faults 로 추가합니다." }
            } @else {
                ul {
                    @for fault in faults {
                        li { code { (fault.endpoint.as_str()) } " " (fault.kind.as_str()) " × " (fault.count) }
                    }
                }
                (button("/sandbox/console/faults/clear", "장애 모두 지우기", true))
            }
            h3 { "문서에 없어서 가정한 동작" }
            ul {
                @for (name, value) in rules { li { code { (name) "=" (value) } } }
            }
            (button("/sandbox/console/reset", "초기화", true))
        }
    }
}
