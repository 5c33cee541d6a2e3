//! Screens without an outcome yet: under way, or interrupted.

use toss_checkout_contract::Session;

use crate::{
    effects::Page,
    flow::Keys,
    text::Text,
    ui::{El, Mark, Screen, button, button_that, el, link, shop_link},
};

/// The session is being read: the skeleton of the form.
pub(crate) fn loading(text: &Text) -> El {
    let skeleton = el("div", "skeleton").attr("aria-hidden", "true");
    // Boxes without words do not count as painted, neither for browsers nor for people.
    skeleton.put(el("p", "note").text(text.loading));
    for bone in ["bone title", "bone price", "bone choice", "bone choice"] {
        skeleton.put(el("div", bone));
    }
    el("main", "page")
        .attr("aria-busy", "true")
        .child(skeleton)
        .child(el("p", "visually-hidden").text(text.loading))
}

/// The keys are on their way.
pub(crate) fn delivering(keys: &Keys, text: &Text) -> El {
    let heading = match keys {
        Keys::Confirm(_) => text.delivering_payment,
        Keys::Issue(_) => text.delivering_card,
    };
    let screen = Screen::new(Mark::Busy, heading);
    screen.lead(text.do_not_close);
    screen.done()
}

/// The backend has the keys and looks the outcome up.
pub(crate) fn looking_up(session: &Session, text: &Text) -> El {
    let screen = Screen::new(Mark::Busy, text.looking_up);
    screen.lead(text.looking_up_hint);
    screen.action(shop_link(session, text, false));
    screen.done()
}

/// The session could not be read.
pub(crate) fn unreachable(page: &Page, text: &Text) -> El {
    let screen = Screen::new(Mark::Failed, text.unreachable);
    interrupted(page, screen, text.unreachable_hint, text)
}

/// The outcome is known, and the words for it could not be fetched.
pub(crate) fn text_is_late(page: &Page, text: &Text) -> El {
    let screen = Screen::new(Mark::Failed, text.unreachable);
    screen.lead(text.unreachable_hint);
    let again = page.clone();
    let fetch = move || again.fetch_whole_text();
    screen.action(Some(button_that(page, text.try_again, fetch)));
    screen.done()
}

/// The keys could not be delivered and are kept.
pub(crate) fn undelivered(page: &Page, text: &Text) -> El {
    let screen = Screen::new(Mark::Held, text.undelivered);
    interrupted(page, screen, text.undelivered_hint, text)
}

fn interrupted(page: &Page, screen: Screen, lead: &str, text: &Text) -> El {
    screen.lead(lead);
    screen.action(Some(button(page, text.try_again)));
    screen.action(help(page, text, false));
    screen.done()
}

/// The way to help, where the merchant names one.
pub(crate) fn help(page: &Page, text: &Text, main: bool) -> Option<El> {
    let url = page.config()?.support_url.as_ref()?;
    Some(link(text.help, url.as_str(), main))
}
