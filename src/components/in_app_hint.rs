//! How to leave the browser of another app.

use leptos::prelude::*;

use super::{LinkButton, Page};
use crate::{
    in_app::{InApp, WayOut},
    platform::device,
};

/// In the browser of another app, says how to open the form in the phone's own.
#[component]
pub(crate) fn InAppHint() -> impl IntoView {
    let page = Page::get();
    let text = page.text();
    let user_agent = device::user_agent();
    let app = InApp::of(&user_agent)?;
    let address = page.config(|config| config.form_url.clone())?;
    let way_out = match app.way_out(&user_agent, &address, &device::encoded(&address)) {
        WayOut::Link(href) => {
            view! { <LinkButton label=text.in_app_open href primary=false /> }.into_any()
        }
        WayOut::Menu if app == InApp::Naver => view! { <p>{text.in_app_naver}</p> }.into_any(),
        WayOut::Menu => view! { <p>{text.in_app_meta}</p> }.into_any(),
    };
    Some(view! {
        <div class="notice" part="notice">
            <p>{text.in_app}</p>
            {way_out}
        </div>
    })
}
