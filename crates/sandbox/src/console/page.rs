//! The console's page: the frame around its sections.

use maud::{DOCTYPE, Markup, html};

use super::{clock, records, requests, settings, text::Text};
use crate::{
    app::App,
    faults::Fault,
    request_log::LogEntry,
    state::{BillingRecord, Payment},
};

/// How many of each kind are shown, newest first.
const SHOWN: usize = 100;

/// Whom the page is for.
#[derive(Clone, Copy)]
pub(super) struct View {
    pub(super) text: &'static Text,
    /// The language was chosen in the address; links and buttons keep it.
    pub(super) chosen: bool,
    /// Reload every so many seconds, for browsers without JavaScript.
    pub(super) refresh: Option<u16>,
}

impl View {
    /// An address of the console in the same language.
    pub(super) fn href(self, path: &str) -> String {
        if self.chosen {
            format!("{path}?lang={}", self.text.code)
        } else {
            path.to_owned()
        }
    }

    /// A button that does something.
    pub(super) fn button(self, path: &str, label: &str, applies: bool) -> Markup {
        html! {
            form method="post" action=(self.href(path)) {
                button type="submit" disabled[!applies] { (label) }
            }
        }
    }
}

/// A section whose `items` the console's script keeps up to date one by one, by their ids.
pub(super) fn section(id: &str, title: &str, items: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (title) }
            (items)
        }
    }
}

pub(super) fn console(app: &App, view: View, notice: Option<&str>) -> Markup {
    let text = view.text;
    let (payments, billing, keys, rules) = {
        let mut state = app.state();
        state.pass_time(app.clock.now());
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
    let log: Vec<LogEntry> = {
        let log = app.log();
        log.entries().iter().rev().take(SHOWN).cloned().collect()
    };
    let faults: Vec<Fault> = app.faults().list().cloned().collect();
    let mut deliveries = app.webhooks.deliveries();
    deliveries.reverse();
    deliveries.truncate(SHOWN);
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
                    (clock::section(view, app))
                    (records::payments(view, &payments))
                    (records::accounts(view, &payments))
                    (records::billing(view, keys, &billing))
                    (requests::webhooks(view, app.webhooks.targets().is_empty(), &deliveries))
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

/// Enough to tell two secrets apart, too little to use one.
pub(super) fn masked(secret: &str) -> String {
    let start: String = secret.chars().take(4).collect();
    format!("{start}…")
}

/// `2026-11-21T09:00:00+09:00` for people: everything here is Korean time.
pub(super) fn plain(at: &str) -> String {
    at.chars().take(19).collect::<String>().replace('T', " ")
}
