//! The console's page: the frame around its sections.

use maud::{DOCTYPE, Markup, html};
use toss_model::{BillingRecord, Payment};

use super::{Overview, clock, records, requests, settings, view::View};

/// How many of each kind are shown, newest first.
const SHOWN: usize = 100;

pub(super) fn console(overview: &Overview, view: View, notice: Option<&str>) -> Markup {
    let text = view.text;
    let (payments, billing, keys, rules) = {
        let mut state = overview.toss.state();
        state.pass_time(overview.toss.now());
        let payments: Vec<Payment> = state.payments().iter().rev().take(SHOWN).cloned().collect();
        let billing: Vec<BillingRecord> =
            state.billing().iter().rev().take(SHOWN).cloned().collect();
        (
            payments,
            billing,
            state.billing().len(),
            state.rules().list(),
        )
    };
    let mut log = overview.request_log.entries();
    log.reverse();
    log.truncate(SHOWN);
    let faults = overview.faults.list();
    let mut deliveries = overview.webhooks.deliveries();
    deliveries.reverse();
    deliveries.truncate(SHOWN);
    let nowhere = overview.webhooks.targets().is_empty();
    html! {
        (DOCTYPE)
        html lang=(text.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if let Some(seconds) = view.refresh { meta http-equiv="refresh" content=(seconds); }
                title { (text.title) }
                link rel="stylesheet" href="/sandbox/assets/console.css";
                link rel="icon" href="data:,";
                script src="/sandbox/assets/console.js" type="module" {}
            }
            body {
                (header(view))
                main {
                    div id="notices" role="alert" {
                        @if let Some(notice) = notice { p.notice id="notice" { (notice) } }
                    }
                    (clock::section(view, &overview.timekeeper))
                    (records::payments(view, &payments))
                    (records::accounts(view, &payments))
                    (records::billing(view, keys, &billing))
                    (requests::webhooks(view, nowhere, &deliveries))
                    (requests::log(view, &log))
                    (settings::section(view, &faults, &rules))
                }
            }
        }
    }
}

fn header(view: View) -> Markup {
    let text = view.text;
    html! {
        header {
            h1 { (text.title) }
            span.badge { (text.test) }
            p.live id="live" role="status" data-on=(text.live) data-off=(text.lost) data-paused=(text.paused) hidden {}
            button.plain id="pause" type="button" data-pause=(text.pause) data-resume=(text.resume) hidden { (text.pause) }
            noscript {
                a href=(view.href("/sandbox")) { (text.reload) }
                " "
                a href={ "/sandbox?lang=" (text.code) "&refresh=5" } { (text.reload_often) }
            }
            nav aria-label=(text.jump) {
                a href="#clock" { (text.clock) }
                a href="#payments" { (text.payments) }
                a href="#accounts" { (text.accounts) }
                a href="#billing" { (text.billing) }
                a href="#webhooks" { (text.webhooks) }
                a href="#requests" { (text.requests) }
                a href="#settings" { (text.settings) }
                a href={ "/sandbox?lang=" (text.other_code) } lang=(text.other_code) hreflang=(text.other_code) { (text.other) }
            }
        }
    }
}
