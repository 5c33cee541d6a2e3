//! How the buyer pays.

use std::borrow::Cow;

use leptos::prelude::*;
use toss_checkout_contract::{Method, Session};

use super::Page;
use crate::{
    flow::Event,
    i18n::{Messages, fill},
};

/// From this many on the list is set closer, and only the chosen method says what it is about.
const MANY: usize = 4;

/// The methods that the session offers, one radio button each.
#[component]
pub(crate) fn MethodPicker<'a>(
    /// What offers them.
    session: &'a Session,
) -> impl IntoView + use<> {
    let page = Page::get();
    let class = if session.methods.len() < MANY {
        "methods"
    } else {
        "methods many"
    };
    let groups = groups(&session.methods).into_iter();
    let groups = groups.map(|group| shown(page, session, group));
    view! {
        <fieldset
            class=class
            part="methods"
            // Keys that wait for a consent were made with a method already.
            prop:hidden=move || page.form(|form| form.held.is_some())
        >
            <legend>{page.text().methods}</legend>
            {groups.collect_view()}
        </fieldset>
    }
}

/// Methods that stand together.
#[derive(Debug, PartialEq, Eq)]
struct Group {
    /// Whether they stand under a heading of their own.
    is_gift_certificates: bool,
    methods: Vec<Method>,
}

/// The methods in their order. Several gift certificates are gathered where the first of them stands.
fn groups(methods: &[Method]) -> Vec<Group> {
    let gifts: Vec<_> = methods
        .iter()
        .copied()
        .filter(|method| method.is_gift_certificate())
        .collect();
    let mut groups: Vec<Group> = Vec::new();
    for &method in methods {
        let is_gathered = gifts.len() > 1 && method.is_gift_certificate();
        if is_gathered {
            if gifts.first() == Some(&method) {
                groups.push(Group {
                    is_gift_certificates: true,
                    methods: gifts.clone(),
                });
            }
            continue;
        }
        match groups.last_mut() {
            Some(group) if !group.is_gift_certificates => group.methods.push(method),
            _ => groups.push(Group {
                is_gift_certificates: false,
                methods: vec![method],
            }),
        }
    }
    groups
}

fn shown(page: Page, session: &Session, group: Group) -> AnyView {
    let methods = group.methods.into_iter();
    let choices = methods.map(|method| choice(page, method, hint(session, method, page.text())));
    let choices = choices.collect_view();
    if group.is_gift_certificates {
        view! {
            <fieldset class="method-group" part="method-group">
                <legend>{page.text().gift_certificates}</legend>
                {choices}
            </fieldset>
        }
        .into_any()
    } else {
        view! { <div class="method-group" part="method-group">{choices}</div> }.into_any()
    }
}

/// One line about a method: what it needs, or what the buyer should know before choosing it.
fn hint(session: &Session, method: Method, text: &Messages) -> Cow<'static, str> {
    let card = session.card.as_ref();
    match card.filter(|card| method == Method::Card && card.is_direct()) {
        Some(card) => {
            let company = card.card_company.as_deref();
            let service = card
                .easy_pay
                .as_deref()
                .map(|code| text.easy_pay_name(code));
            let company = company.map(|code| text.card_company(code).unwrap_or(code));
            let name = service.or(company).unwrap_or_default();
            fill(text.direct_hint, &[("name", name)]).into()
        }
        None => text.method_hint(session.kind, method).into(),
    }
}

fn choice(page: Page, method: Method, about: Cow<'static, str>) -> impl IntoView {
    let text = page.text();
    let id = method.as_str();
    let hint = [id, "-hint"].concat();
    view! {
        <div class="method" part="method">
            <input
                type="radio"
                name="method"
                id=id
                value=id
                aria-describedby=hint.clone()
                prop:checked=move || page.form(|form| form.method == method)
                prop:disabled=move || page.form(|form| form.opening)
                on:change=move |_| page.dispatch(Event::MethodChosen(method))
            />
            <label for=id>{text.method_name(method)}</label>
            <span class="hint" id=hint>
                {about}
            </span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gift_certificates_are_gathered_where_the_first_of_them_stands() {
        use Method::{
            BookGiftCertificate as Book, Card, CultureGiftCertificate as Culture, MobilePhone,
        };
        let group = |is_gift_certificates, methods: &[Method]| Group {
            is_gift_certificates,
            methods: methods.to_vec(),
        };
        assert_eq!(
            groups(&[Card, Culture, MobilePhone, Book]),
            [
                group(false, &[Card]),
                group(true, &[Culture, Book]),
                group(false, &[MobilePhone]),
            ]
        );
        // One alone needs no heading.
        assert_eq!(
            groups(&[Card, Culture, MobilePhone]),
            [group(false, &[Card, Culture, MobilePhone])]
        );
        assert_eq!(groups(&[]), []);
    }
}
