//! Screens without an outcome yet: under way, or interrupted.

use leptos::prelude::*;
use toss_checkout_contract::Session;

use crate::{
    effects::Page,
    flow::{Event, Keys},
    ui::{Mark, Screen, button, el, link, shop_link},
};

/// The session is being read: the skeleton of the form.
pub(crate) fn loading(page: Page) -> AnyView {
    let text = page.text(None);
    let bones = ["bone title", "bone price", "bone choice", "bone choice"];
    let skeleton = el("div", "skeleton")
        .attr("aria-hidden", "true")
        .children(bones.map(|bone| el("div", bone).view()));
    el("main", "page")
        .attr("aria-busy", "true")
        .child(skeleton.view())
        .child(el("p", "visually-hidden").text(text.loading).view())
        .view()
}

/// The keys are on their way.
pub(crate) fn delivering(page: Page, session: &Session, keys: &Keys) -> AnyView {
    let text = page.text(Some(session));
    let heading = match keys {
        Keys::Confirm(_) => text.delivering_payment,
        Keys::Issue(_) => text.delivering_card,
    };
    Screen {
        mark: Mark::Busy,
        heading,
        lead: Some(text.do_not_close),
        body: Vec::new(),
        actions: Vec::new(),
    }
    .view()
}

/// The backend has the keys and looks the outcome up.
pub(crate) fn looking_up(page: Page, session: &Session) -> AnyView {
    let text = page.text(Some(session));
    Screen {
        mark: Mark::Busy,
        heading: text.looking_up,
        lead: Some(text.looking_up_hint),
        body: Vec::new(),
        actions: shop_link(session, text, false).into_iter().collect(),
    }
    .view()
}

/// The session could not be read.
pub(crate) fn unreachable(page: Page) -> AnyView {
    let text = page.text(None);
    let help = page.support_url().map(|url| link(text.help, url, false));
    Screen {
        mark: Mark::Failed,
        heading: text.unreachable,
        lead: Some(text.unreachable_hint),
        body: Vec::new(),
        actions: [
            Some(button(page, text.try_again, Event::TryAgain, true)),
            help,
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
    .view()
}

/// The keys could not be delivered and are kept.
pub(crate) fn undelivered(page: Page, session: &Session) -> AnyView {
    let text = page.text(Some(session));
    let help = page.support_url().map(|url| link(text.help, url, false));
    Screen {
        mark: Mark::Waiting,
        heading: text.undelivered,
        lead: Some(text.undelivered_hint),
        body: Vec::new(),
        actions: [
            Some(button(page, text.try_again, Event::TryAgain, true)),
            help,
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
    .view()
}
