//! What went over the wire: webhooks out, requests in.

use maud::{Markup, html};

use super::view::{View, plain, section};
use crate::{
    request_log::LogEntry,
    webhooks::{Delivery, DeliveryStatus},
};

pub(super) fn webhooks(view: View, nowhere: bool, deliveries: &[Delivery]) -> Markup {
    let text = view.text;
    let items = html! {
        ul.rows id="webhook-list" data-list {
            @if nowhere {
                li.empty id="no-webhook-url" { (text.no_webhook_url) }
            } @else if deliveries.is_empty() {
                li.empty id="no-webhooks" { (text.no_webhooks) }
            }
            @for delivery in deliveries { (webhook(view, delivery)) }
        }
    };
    section("webhooks", text.webhooks, &items)
}

fn webhook(view: View, delivery: &Delivery) -> Markup {
    let text = view.text;
    let look = match delivery.standing {
        DeliveryStatus::Pending => "WAITING_FOR_DEPOSIT",
        DeliveryStatus::Delivered => "DONE",
        DeliveryStatus::Failed => "CANCELED",
    };
    html! {
        li id={ "webhook-" (delivery.id) } {
            div.top {
                strong { (delivery.event_type.as_str()) " " code { (delivery.status) } }
                span.status data-status=(look) { (text.standing(delivery.standing)) }
            }
            dl {
                div { dt { (text.order) } dd { code { (delivery.order_id) } } }
                div { dt { "URL" } dd { (delivery.url) } }
            }
            @if !delivery.attempts.is_empty() {
                ol.attempts {
                    @for attempt in &delivery.attempts {
                        li {
                            @match (attempt.status, attempt.error.as_deref()) {
                                (Some(status), _) => { "HTTP " (status) }
                                (None, Some(error)) => { (error) }
                                (None, None) => { (text.no_answer) }
                            }
                            " " small { (plain(&attempt.at)) }
                        }
                    }
                }
            }
            div.actions {
                (view.button(&format!("/sandbox/console/webhooks/{}/resend", delivery.id), text.resend, true))
            }
        }
    }
}

pub(super) fn log(view: View, entries: &[LogEntry]) -> Markup {
    let text = view.text;
    let items = html! {
        ul.rows id="request-list" data-list {
            @if entries.is_empty() { li.empty id="no-requests" { (text.no_requests) } }
            @for entry in entries { (request(view, entry)) }
        }
    };
    section("requests", text.requests, &items)
}

fn request(view: View, entry: &LogEntry) -> Markup {
    let text = view.text;
    let look = match entry.status {
        Some(..400) => "DONE",
        Some(_) => "CANCELED",
        None => "WAITING_FOR_DEPOSIT",
    };
    html! {
        li id={ "request-" (entry.trace_id) } {
            details {
                summary {
                    code { (entry.method) " " (entry.path) }
                    span.status data-status=(look) {
                        @match entry.status { Some(status) => { (status) } None => { (text.broken_off) } }
                    }
                    @if let Some(code) = &entry.code { code { (code) } }
                    @if entry.replayed { span.status { (text.replayed) } }
                    @if let Some(fault) = entry.fault { span.status data-status="EXPIRED" { (text.fault) " " (fault) } }
                    small { (plain(&entry.at)) }
                }
                dl {
                    @if let Some(key) = &entry.idempotency_key { div { dt { (text.idempotency) } dd { code { (key) } } } }
                    div { dt { (text.trace) } dd { code { (entry.trace_id) } } }
                }
                (body(text.asked, entry.request_body.as_deref()))
                (body(text.answered, entry.response_body.as_deref()))
            }
        }
    }
}

/// JSON with its lines broken; what was cut is shown as it is.
fn body(title: &str, json: Option<&str>) -> Markup {
    let broken = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        serde_json::to_string_pretty(&value).ok()
    };
    html! {
        @if let Some(json) = json {
            h3 { (title) }
            pre tabindex="0" { code { (broken(json).as_deref().unwrap_or(json)) } }
        }
    }
}
