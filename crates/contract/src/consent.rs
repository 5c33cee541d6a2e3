//! What a buyer agrees to when a card or an account is registered.

use serde::{Deserialize, Serialize};

use crate::ids::{ConsentText, ConsentVersion};

/// A consent: the sentence that the buyer sees beside the checkbox, and its version. On a session, what
/// the merchant wants to be agreed to; beside the keys, what was agreed to.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    /// Finds the sentence again when there have been several.
    pub version: ConsentVersion,
    /// The sentence, word for word.
    pub text: ConsentText,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_survives_the_wire_word_for_word() {
        let json = r#"{"version":"ko-2026-11-1","text":"상점이 매월\n4,900원을 결제해요."}"#;
        let consent: Consent = serde_json::from_str(json).unwrap();
        assert_eq!(consent.text.as_str(), "상점이 매월\n4,900원을 결제해요.");
        assert_eq!(serde_json::to_string(&consent).unwrap(), json);
    }

    #[test]
    fn each_part_keeps_its_rules() {
        let (limit, text) = ("v".repeat(40), "가".repeat(2000));
        assert!(ConsentVersion::new(&limit).is_ok() && ConsentText::new(&text).is_ok());
        let said = |error: crate::ValueError| error.to_string();
        for (version, says) in [
            ("", "version is empty"),
            ("2026 11", "version holds the character ' ' at position 5"),
            ("버전", "version holds the character '버' at position 1"),
            (&*(limit + "v"), "version has 41 characters"),
        ] {
            let problem = said(ConsentVersion::new(version).unwrap_err());
            assert!(problem.starts_with(says), "{problem}");
        }
        for (text, says) in [
            ("", "text is empty"),
            ("a\u{0}", "text holds the character"),
            (&*(text + "가"), "text has 2001 characters"),
        ] {
            let problem = said(ConsentText::new(text).unwrap_err());
            assert!(problem.starts_with(says), "{problem}");
        }
    }
}
