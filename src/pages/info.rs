//! Draws every screen that only tells something.

use leptos::prelude::*;

use crate::{
    components::{Button, Details, LinkButton, Page, Row, SmallPrint, TestMode},
    flow::Event,
    format,
    platform::document,
    screen::{Action, Fact, Part, Screen, Value},
};

/// A screen. The heading can take the focus, so that a screen reader begins there.
#[component]
pub(crate) fn InfoPage(
    /// What it says.
    screen: Screen,
) -> impl IntoView {
    let page = Page::get();
    let mark = screen.mark.class();
    let body = screen.body.into_iter().map(|it| part(page, it));
    let actions = screen.actions.into_iter().map(|it| action(page, it));
    view! {
        <div class="page" part="page" role=page.role()>
            <div class="result" part="result">
                <div class=mark part=mark aria-hidden="true"></div>
                <h1 tabindex="-1">{screen.heading}</h1>
                {body.collect_view()}
            </div>
            <div class="actions" part="actions">
                {actions.collect_view()}
            </div>
        </div>
    }
}

fn part(page: Page, part: Part) -> AnyView {
    match part {
        Part::Lead(words) => view! {
            <p class="lead" part="lead">
                {words}
            </p>
        }
        .into_any(),
        Part::TestMode => view! { <TestMode /> }.into_any(),
        Part::Code(code) => view! { <SmallPrint code /> }.into_any(),
        Part::Notice(tone, paragraphs, code) => {
            let paragraphs = paragraphs.into_iter().map(|words| view! { <p>{words}</p> });
            view! {
                <div class=tone.class() part=tone.class()>
                    {paragraphs.collect_view()}
                    {code.map(|code| view! { <SmallPrint code /> })}
                </div>
            }
            .into_any()
        }
        Part::Facts(facts) => {
            let rows = facts.into_iter().map(move |Fact(name, value)| {
                let value = written(page, value);
                view! { <Row name>{value}</Row> }
            });
            view! { <Details>{rows.collect_view()}</Details> }.into_any()
        }
        Part::Fix(fix) => view! {
            <section class="developers">
                <h2>{page.text().for_developers}</h2>
                <p lang="en">{fix}</p>
            </section>
        }
        .into_any(),
    }
}

/// A value in the buyer's language.
fn written(page: Page, value: Value) -> String {
    let text = page.text();
    match value {
        Value::Text(words) => words.into_owned(),
        Value::Money(amount) => format::money(amount, text),
        Value::Recurring(amount, interval) => {
            [&format::money(amount, text), " · ", interval].concat()
        }
        Value::Moment(moment) => format::moment(&moment, text),
    }
}

fn action(page: Page, action: Action) -> AnyView {
    match action {
        Action::TryAgain(label) => {
            let again = Callback::new(move |()| page.dispatch(Event::TryAgain));
            view! { <Button label primary=true on_press=again /> }.into_any()
        }
        Action::Back(label) => {
            let back = Callback::new(|()| document::go_back());
            document::can_go_back()
                .then(|| view! { <Button label primary=true on_press=back /> })
                .into_any()
        }
        Action::Link {
            label,
            href,
            primary,
        } => view! { <LinkButton label href primary /> }.into_any(),
    }
}
