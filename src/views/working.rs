//! Screens without an outcome yet: under way, or interrupted.

use toss_checkout_contract::Session;

use crate::{
    browser,
    effects::Page,
    flow::{Keys, Patience, Trouble},
    text::Text,
    ui::{El, Mark, Screen, button, button_that, el, link, shop_link},
};

/// The session is being read: the skeleton of the form.
pub(crate) fn loading(text: &Text) -> El {
    let skeleton = el("div", "skeleton").attr("aria-hidden", "true");
    // Boxes without words do not count as painted, neither for browsers nor for people.
    skeleton.put(el("p", "note").text(text.loading()));
    for bone in ["bone title", "bone price", "bone choice", "bone choice"] {
        skeleton.put(el("div", bone));
    }
    el("div", "page")
        .attr("aria-busy", "true")
        .child(skeleton)
        .child(el("h1", "visually-hidden").text(text.loading()))
}

/// The keys are on their way.
pub(crate) fn delivering(keys: &Keys, text: &Text) -> El {
    let heading = match keys {
        Keys::Confirm(_) => text.delivering_payment(),
        Keys::Issue(_) => text.delivering_card(),
    };
    let screen = Screen::new(Mark::Busy, heading);
    screen.lead(text.do_not_close());
    screen.done()
}

/// The backend has the keys and looks the outcome up.
pub(crate) fn looking_up(page: &Page, session: &Session, patience: Patience, text: &Text) -> El {
    let screen = Screen::new(Mark::Busy, text.looking_up());
    let long = patience == Patience::Long;
    screen.lead(if long {
        text.looking_up_long()
    } else {
        text.looking_up_hint()
    });
    screen.action(shop_link(session, text, long));
    screen.action(help(page, text, false));
    screen.done()
}

/// The session could not be read.
pub(crate) fn unreachable(page: &Page, trouble: &Trouble, text: &Text) -> El {
    let screen = no_answer(*trouble == Trouble::Offline, text);
    screen.action(Some(button(page, text.try_again())));
    screen.action(help(page, text, false));
    screen.done()
}

/// The outcome is known, and the words for it could not be fetched.
pub(crate) fn text_is_late(page: &Page, text: &Text) -> El {
    let screen = no_answer(browser::is_offline(), text);
    let again = page.clone();
    let fetch = move || again.fetch_whole_text();
    screen.action(Some(button_that(page, text.try_again(), fetch)));
    screen.done()
}

/// Without a network, or with one and without an answer.
fn no_answer(offline: bool, text: &Text) -> Screen {
    let (mark, heading, hint) = if offline {
        (Mark::Held, text.offline(), text.offline_hint())
    } else {
        (Mark::Failed, text.unreachable(), text.unreachable_hint())
    };
    let screen = Screen::new(mark, heading);
    screen.lead(hint);
    screen
}

/// The keys could not be delivered and are kept.
pub(crate) fn undelivered(page: &Page, trouble: &Trouble, text: &Text) -> El {
    let (heading, hint) = match trouble {
        Trouble::Offline => (text.offline(), text.undelivered_offline()),
        _ => (text.undelivered(), text.undelivered_hint()),
    };
    let screen = Screen::new(Mark::Held, heading);
    screen.lead(hint);
    screen.action(Some(button(page, text.try_again())));
    screen.action(help(page, text, false));
    screen.done()
}

/// The way to help, where the merchant names one.
pub(crate) fn help(page: &Page, text: &Text, main: bool) -> Option<El> {
    let url = page.config()?.support_url.as_ref()?;
    Some(link(text.help(), url.as_str(), main))
}
