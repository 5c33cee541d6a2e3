//! Rules for the window that takes cards.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    open,
    session_status::SessionKind,
    value::{Problem, ValueError},
};

/// What a session sets for the window that takes or registers cards, in Toss's names.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardOptions {
    /// Which window opens; unset, Toss takes `DEFAULT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_mode: Option<CardFlow>,
    /// A card company's code (<https://docs.tosspayments.com/codes/org-codes>): the window shows this
    /// company only, and with `DIRECT` its own app opens. For a registration with `DIRECT` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_company: Option<String>,
    /// An easy pay service's code (<https://docs.tosspayments.com/codes/enum-codes>), such as `TOSSPAY`,
    /// or its Korean name; only with `DIRECT`, where its own window opens. `TOSSPAY` and `NAVERPAY` can
    /// be registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub easy_pay: Option<String>,
    /// Exactly so many months: 0 (at once), or 2 to 12. Not together with `max_card_installment_plan`.
    /// This and all below belong to one payment only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_installment_plan: Option<u8>,
    /// In up to so many months as the buyer chooses: 2 to 12, or 0 for at once only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_card_installment_plan: Option<u8>,
    /// Whether only the card company's app can pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_app_card_only: Option<bool>,
    /// Whether the window takes cards issued abroad only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_international_card_only: Option<bool>,
}

/// Which window opens for a card.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CardFlow {
    /// Toss's window for cards and easy pay.
    Default,
    /// The own window of `cardCompany` or `easyPay`.
    Direct,
}

impl CardFlow {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::Default, Self::Direct];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::Direct => "DIRECT",
        }
    }
}

const MONTHS: &str = "0, or 2 to 12 months";
/// Names of the services that can be registered.
/// Source: `easyPay` of `requestBillingAuth`, <https://docs.tosspayments.com/sdk/v2/js>.
const REGISTERED: [&str; 4] = ["TOSSPAY", "토스페이", "NAVERPAY", "네이버페이"];

fn refused(field: &'static str, expected: &'static str) -> Result<(), ValueError> {
    Err(Problem::Format { expected }.of(field))
}

impl CardOptions {
    /// Whether the own window of a company or service opens.
    pub fn is_direct(&self) -> bool {
        self.flow_mode == Some(CardFlow::Direct)
    }

    /// Checks what Toss would refuse when the window opens, or would not heed.
    ///
    /// # Errors
    /// Names the option and what it must be: `DIRECT` without what it opens; a service without `DIRECT`;
    /// both kinds of instalments, or months outside of 0 and 2 to 12; an empty code; for a registration,
    /// what belongs to one payment.
    pub fn check(&self, kind: SessionKind) -> Result<(), ValueError> {
        let codes = [
            ("card.cardCompany", &self.card_company),
            ("card.easyPay", &self.easy_pay),
        ];
        for (field, code) in codes {
            if code.as_deref().is_some_and(str::is_empty) {
                return Err(Problem::Empty.of(field));
            }
        }
        if !self.is_direct() && self.easy_pay.is_some() {
            return refused("card.easyPay", "absent, or together with flowMode DIRECT");
        }
        match kind {
            SessionKind::Payment => self.check_payment(),
            SessionKind::Billing => self.check_registration(),
        }
    }

    fn check_payment(&self) -> Result<(), ValueError> {
        if self.is_direct() && self.card_company.is_none() && self.easy_pay.is_none() {
            let expected = "DEFAULT, or DIRECT with a cardCompany or an easyPay";
            return refused("card.flowMode", expected);
        }
        let (exactly, up_to) = (self.card_installment_plan, self.max_card_installment_plan);
        if exactly.is_some() && up_to.is_some() {
            let expected = "absent where cardInstallmentPlan is given";
            return refused("card.maxCardInstallmentPlan", expected);
        }
        let is_plan = |months: Option<u8>| months.is_none_or(|n| n == 0 || (2..=12).contains(&n));
        if !is_plan(exactly) {
            return refused("card.cardInstallmentPlan", MONTHS);
        }
        if !is_plan(up_to) {
            return refused("card.maxCardInstallmentPlan", MONTHS);
        }
        Ok(())
    }

    fn check_registration(&self) -> Result<(), ValueError> {
        let service = self.easy_pay.as_deref();
        if self.is_direct() && !service.is_some_and(|name| REGISTERED.contains(&name)) {
            let expected = "TOSSPAY or NAVERPAY with flowMode DIRECT and kind billing";
            return refused("card.easyPay", expected);
        }
        if !self.is_direct() && self.card_company.is_some() {
            let expected = "absent, or together with flowMode DIRECT and kind billing";
            return refused("card.cardCompany", expected);
        }
        let of_payments = [
            (
                "card.cardInstallmentPlan",
                self.card_installment_plan.is_some(),
            ),
            (
                "card.maxCardInstallmentPlan",
                self.max_card_installment_plan.is_some(),
            ),
            ("card.useAppCardOnly", self.use_app_card_only.is_some()),
            (
                "card.useInternationalCardOnly",
                self.use_international_card_only.is_some(),
            ),
        ];
        match of_payments.into_iter().find(|(_, is_given)| *is_given) {
            Some((field, _)) => refused(field, "absent with kind billing"),
            None => Ok(()),
        }
    }
}

/// As a session carries them: a `flowMode` that this version does not know is left out.
pub(crate) fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<CardOptions>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Raw {
        #[serde(default, deserialize_with = "open::word")]
        flow_mode: Option<CardFlow>,
        card_company: Option<String>,
        easy_pay: Option<String>,
        card_installment_plan: Option<u8>,
        max_card_installment_plan: Option<u8>,
        use_app_card_only: Option<bool>,
        use_international_card_only: Option<bool>,
    }
    Ok(Option::<Raw>::deserialize(from)?.map(|raw| CardOptions {
        flow_mode: raw.flow_mode,
        card_company: raw.card_company,
        easy_pay: raw.easy_pay,
        card_installment_plan: raw.card_installment_plan,
        max_card_installment_plan: raw.max_card_installment_plan,
        use_app_card_only: raw.use_app_card_only,
        use_international_card_only: raw.use_international_card_only,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problem(kind: SessionKind, options: serde_json::Value) -> Option<String> {
        let options: CardOptions = serde_json::from_value(options).unwrap();
        options.check(kind).err().map(|error| error.to_string())
    }

    #[test]
    fn what_toss_takes_is_taken() {
        for fits in [
            json!({}),
            json!({"flowMode": "DIRECT", "easyPay": "TOSSPAY"}),
            json!({"flowMode": "DIRECT", "cardCompany": "61", "useAppCardOnly": true}),
            json!({"cardCompany": "61", "cardInstallmentPlan": 0}),
            json!({"flowMode": "DEFAULT", "maxCardInstallmentPlan": 12}),
        ] {
            assert_eq!(problem(SessionKind::Payment, fits.clone()), None, "{fits}");
        }
        for fits in [
            json!({}),
            json!({"flowMode": "DEFAULT"}),
            json!({"flowMode": "DIRECT", "easyPay": "네이버페이", "cardCompany": "61"}),
        ] {
            assert_eq!(problem(SessionKind::Billing, fits.clone()), None, "{fits}");
        }
    }

    #[test]
    fn what_toss_refuses_or_would_not_heed_is_named() {
        use SessionKind::{Billing, Payment};
        let company = json!({"flowMode": "DIRECT", "cardCompany": "61"});
        let kakao = json!({"flowMode": "DIRECT", "easyPay": "KAKAOPAY"});
        let both = json!({"cardInstallmentPlan": 3, "maxCardInstallmentPlan": 6});
        for (kind, given, field) in [
            (Payment, json!({"flowMode": "DIRECT"}), "card.flowMode"),
            (Payment, json!({"easyPay": "TOSSPAY"}), "card.easyPay"),
            (Payment, json!({"cardCompany": ""}), "card.cardCompany"),
            (
                Payment,
                json!({"cardInstallmentPlan": 1}),
                "card.cardInstallmentPlan",
            ),
            (
                Payment,
                json!({"maxCardInstallmentPlan": 13}),
                "card.maxCardInstallmentPlan",
            ),
            (Payment, both, "card.maxCardInstallmentPlan"),
            (Billing, company, "card.easyPay"),
            (Billing, kakao, "card.easyPay"),
            (Billing, json!({"cardCompany": "61"}), "card.cardCompany"),
            (
                Billing,
                json!({"cardInstallmentPlan": 0}),
                "card.cardInstallmentPlan",
            ),
        ] {
            let said = problem(kind, given.clone()).unwrap_or_default();
            assert!(said.starts_with(field), "{given}: {said}");
        }
        // Who creates a session is told of a word that does not exist.
        let typo = serde_json::from_value::<CardOptions>(json!({"flowMode": "DIRCT"}));
        assert!(typo.is_err());
    }
}
