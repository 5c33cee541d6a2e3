//! Screens without an outcome yet: under way, or interrupted.

use toss_checkout_contract::Session;

use crate::{
    effects::Page,
    flow::Keys,
    text::Text,
    ui::{Mark, Node, Screen, button, el, link, shop_link},
};

/// The session is being read: the skeleton of the form.
pub(crate) fn loading(page: Page) -> Node {
    let text = page.text(None);
    let mut skeleton = el("div", "skeleton").attr("aria-hidden", "true");
    for bone in ["bone title", "bone price", "bone choice", "bone choice"] {
        skeleton = skeleton.child(el("div", bone));
    }
    el("main", "page")
        .attr("aria-busy", "true")
        .child(skeleton)
        .child(el("p", "visually-hidden").text(text.loading))
        .into()
}

/// The keys are on their way.
pub(crate) fn delivering(page: Page, session: &Session, keys: &Keys) -> Node {
    let text = page.text(Some(session));
    let heading = match keys {
        Keys::Confirm(_) => text.delivering_payment,
        Keys::Issue(_) => text.delivering_card,
    };
    let mut screen = Screen::new(Mark::Busy, heading);
    screen.lead(text.do_not_close);
    screen.node()
}

/// The backend has the keys and looks the outcome up.
pub(crate) fn looking_up(page: Page, session: &Session) -> Node {
    let text = page.text(Some(session));
    let mut screen = Screen::new(Mark::Busy, text.looking_up);
    screen.lead(text.looking_up_hint);
    screen.action(shop_link(session, text, false));
    screen.node()
}

/// The session could not be read.
pub(crate) fn unreachable(page: Page) -> Node {
    let text = page.text(None);
    interrupted(page, text, Mark::Failed, text.unreachable, text.unreachable_hint)
}

/// The keys could not be delivered and are kept.
pub(crate) fn undelivered(page: Page, session: &Session) -> Node {
    let text = page.text(Some(session));
    interrupted(page, text, Mark::Waiting, text.undelivered, text.undelivered_hint)
}

fn interrupted(page: Page, text: &Text, mark: Mark, heading: &'static str, lead: &str) -> Node {
    let mut screen = Screen::new(mark, heading);
    screen.lead(lead);
    screen.action(Some(button(page, text.try_again)));
    screen.action(help(page, false));
    screen.node()
}

/// The way to help, where the merchant names one.
pub(crate) fn help(page: Page, main: bool) -> Option<Node> {
    let url = page.support_url()?;
    Some(link(page.text(None).help, &url, main))
}
