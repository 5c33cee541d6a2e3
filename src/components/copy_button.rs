//! Puts a text on the clipboard and says so.

use leptos::{prelude::*, task::spawn_local};

use super::{Button, Page};
use crate::platform::clipboard;

/// What is copied and what is said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copying {
    /// What is copied.
    pub(crate) value: String,
    /// The button's words.
    pub(crate) label: &'static str,
    /// When it worked.
    pub(crate) done: &'static str,
    /// When it did not.
    pub(crate) failed: &'static str,
}

/// A button that copies; the outcome is shown by whoever holds `said`, and announced.
#[component]
pub(crate) fn CopyButton(
    /// What and how.
    copying: Copying,
    /// Whether it is the main button of its screen.
    primary: bool,
    /// Where the outcome goes.
    said: RwSignal<Option<&'static str>>,
) -> impl IntoView {
    let page = Page::get();
    let label = copying.label;
    let copy = move |()| {
        let Copying {
            value,
            done,
            failed,
            ..
        } = copying.clone();
        spawn_local(async move {
            let words = if clipboard::copy(&value).await {
                done
            } else {
                failed
            };
            // The screen may be another by now.
            let _ = said.try_set(Some(words));
            let _ = page.announced.try_set(Some(words));
        });
    };
    view! { <Button label primary on_press=Callback::new(copy) /> }
}
