//! The merchant's own sentences in the place of ours.

use std::cell::RefCell;

use toss_checkout_contract::Locale;

use super::{EN, KO, Messages};

/// A name of [`Messages`] and the merchant's sentence.
type Override = (String, String);

thread_local! {
    /// What was put together, so that many checkouts of one shop share it. A shop has few sets of
    /// sentences; they are kept for as long as the document.
    static KEPT: RefCell<Vec<(Locale, Vec<Override>, &'static Messages)>> =
        const { RefCell::new(Vec::new()) };
}

/// A language's sentences, with the merchant's own in the place of those of the same name. Names that
/// we do not have change nothing.
pub fn with_overrides(locale: Locale, overrides: &[Override]) -> &'static Messages {
    let ours = match locale {
        Locale::Ko => &KO,
        Locale::En => &EN,
    };
    if overrides.is_empty() {
        return ours;
    }
    KEPT.with_borrow_mut(|kept| {
        let same = |(of, by, _): &&(Locale, Vec<Override>, _)| *of == locale && by == overrides;
        if let Some((_, _, messages)) = kept.iter().find(same) {
            return *messages;
        }
        let messages: &'static Messages = Box::leak(Box::new(ours.overridden(|name| {
            let (_, sentence) = overrides.iter().find(|(named, _)| named == name)?;
            Some(Box::leak(sentence.clone().into_boxed_str()))
        })));
        kept.push((locale, overrides.to_vec(), messages));
        messages
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_merchants_sentence_takes_the_place_of_ours() {
        let theirs = |name: &str| vec![(name.to_owned(), "시작".to_owned())];
        let changed = with_overrides(Locale::Ko, &theirs("register_card"));
        assert_eq!(changed.register_card, "시작");
        assert_eq!(changed.register_account, KO.register_account);
        assert!(std::ptr::eq(
            changed,
            with_overrides(Locale::Ko, &theirs("register_card"))
        ));
        let english = with_overrides(Locale::En, &theirs("register_card"));
        assert_eq!(
            (english.locale, english.register_card),
            (Locale::En, "시작")
        );
        let unknown = with_overrides(Locale::Ko, &theirs("brand_new"));
        assert_eq!(unknown.register_card, KO.register_card);
        assert_eq!(with_overrides(Locale::En, &[]).card, EN.card);
    }
}
