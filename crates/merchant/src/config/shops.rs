//! Key pairs: which shops there are, and what each is contracted for.

use toss_checkout_contract::{ClientKey, KeyFamily, KeyMode, SecretKey};

use super::{
    Args, Hidden,
    wrong::{Checked, Wrong, refuse},
};
use crate::{
    application::ShopKeys,
    domain::{
        ids::ShopId,
        shop::{BILLING_SHOP, DEFAULT_SHOP, ShopPurpose, mode_name},
    },
};

/// The variables of a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairNames {
    /// Of the client key.
    pub client: &'static str,
    /// Of the secret key.
    pub secret: &'static str,
}

const DEFAULT: PairNames = PairNames {
    client: "TOSS_CLIENT_KEY",
    secret: "TOSS_SECRET_KEY",
};
const BILLING: PairNames = PairNames {
    client: "TOSS_BILLING_CLIENT_KEY",
    secret: "TOSS_BILLING_SECRET_KEY",
};
const PURPOSE: &str = "TOSS_KEY_PURPOSE";

impl PairNames {
    /// The variables that configure a shop.
    pub fn of(shop: &ShopId) -> Self {
        if shop.as_str() == BILLING_SHOP {
            BILLING
        } else {
            DEFAULT
        }
    }
}

/// The pair of both variables, or what is wrong with it. The second pair may be absent.
pub(super) fn read(args: &Args, wrong: &mut Wrong) -> Option<Vec<ShopKeys>> {
    let billing = Texts {
        names: BILLING,
        client: given(args.toss_billing_client_key.as_deref()),
        secret: given(args.toss_billing_secret_key.as_ref().map(Hidden::expose)),
    };
    let default = Texts {
        names: DEFAULT,
        client: given(args.toss_client_key.as_deref()),
        secret: given(args.toss_secret_key.as_ref().map(Hidden::expose)),
    };
    let has_second = billing.client.is_some() || billing.secret.is_some();
    let purpose = wrong.unless(purpose(args, has_second));
    let default = default.read(wrong);
    if !has_second {
        let (client_key, secret_key) = default?;
        return Some(vec![ShopKeys {
            id: ShopId::new(DEFAULT_SHOP),
            purpose: purpose?,
            client_key,
            secret_key,
        }]);
    }
    let billing = billing.read(wrong);
    let (default, billing) = (default?, billing?);
    wrong.unless(two_contracts(&default, &billing))?;
    let shop = |id: &str, purpose, (client_key, secret_key)| ShopKeys {
        id: ShopId::new(id),
        purpose,
        client_key,
        secret_key,
    };
    Some(vec![
        shop(DEFAULT_SHOP, purpose?, default),
        shop(BILLING_SHOP, ShopPurpose::Billing, billing),
    ])
}

/// Of all pairs: they do not mix.
pub(super) fn mode(shops: &[ShopKeys]) -> KeyMode {
    let live = |shop: &ShopKeys| shop.secret_key.mode() == KeyMode::Live;
    if shops.iter().any(live) {
        KeyMode::Live
    } else {
        KeyMode::Test
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// What the first pair is for: everything, unless there is a second one for billing.
fn purpose(args: &Args, has_second: bool) -> Checked<ShopPurpose> {
    let purpose = match given(args.toss_key_purpose.as_deref()) {
        None if has_second => ShopPurpose::Payment,
        None => ShopPurpose::Both,
        Some(word) => match word.parse() {
            Ok(purpose) => purpose,
            Err(_) => {
                return refuse(
                    PURPOSE,
                    format!("'{word}' is none of payment, billing and both"),
                );
            }
        },
    };
    if has_second && purpose == ShopPurpose::Billing {
        return refuse(
            PURPOSE,
            "is billing, but TOSS_BILLING_CLIENT_KEY is the pair for billing, so nothing is left for payments: set it to payment, or remove it",
        );
    }
    Ok(purpose)
}

type Pair = (ClientKey, SecretKey);

struct Texts<'a> {
    names: PairNames,
    client: Option<&'a str>,
    secret: Option<&'a str>,
}

impl Texts<'_> {
    fn read(&self, wrong: &mut Wrong) -> Option<Pair> {
        let client = wrong.unless(self.client_key());
        let secret = wrong.unless(self.secret_key());
        let (client, secret) = (client?, secret?);
        wrong.unless(same_mode(
            (self.names.client, client.mode()),
            (self.names.secret, secret.mode()),
            "Toss refuses such a pair, so take both from the same line of the developer centre",
        ))?;
        Some((client, secret))
    }

    fn client_key(&self) -> Checked<ClientKey> {
        let PairNames { client, secret } = self.names;
        let Some(text) = self.client else {
            return refuse(
                client,
                format!(
                    "is not set; take the client key (test_ck_… or live_ck_…) from Toss's developer centre{}",
                    self.other_half(secret)
                ),
            );
        };
        if SecretKey::looks_like(text) {
            return refuse(
                client,
                format!(
                    "holds a secret key, which would be shown to every buyer; put it into {secret}, and here the client key (test_ck_… or live_ck_…)"
                ),
            );
        }
        match ClientKey::new(text) {
            Ok(key) if key.family() == KeyFamily::Widget => refuse(
                client,
                "holds a widget key (gck); registration and virtual accounts need the API 개별 연동 키, which begins with test_ck_ or live_ck_",
            ),
            Ok(key) => Ok(key),
            Err(problem) => refuse(client, problem.to_string()),
        }
    }

    fn secret_key(&self) -> Checked<SecretKey> {
        let PairNames { client, secret } = self.names;
        let Some(text) = self.secret else {
            return refuse(
                secret,
                format!(
                    "is not set; take the secret key (test_sk_… or live_sk_…) from Toss's developer centre{}",
                    self.other_half(client)
                ),
            );
        };
        if ClientKey::new(text).is_ok() {
            return refuse(
                secret,
                format!(
                    "holds a client key; put it into {client}, and here the secret key (test_sk_… or live_sk_…)"
                ),
            );
        }
        match SecretKey::new(text) {
            Ok(key) if key.family() == KeyFamily::Widget => refuse(
                secret,
                "holds a widget key (gsk); the API needs the API 개별 연동 키, which begins with test_sk_ or live_sk_",
            ),
            Ok(key) => Ok(key),
            Err(problem) => refuse(secret, problem.to_string()),
        }
    }

    /// What to do about a second pair of which one half is there.
    fn other_half(&self, there: &str) -> String {
        if self.names == BILLING {
            format!(", or remove {there}: a second pair is complete or absent")
        } else {
            String::new()
        }
    }
}

fn same_mode(
    (one, mode): (&'static str, KeyMode),
    (other, others): (&'static str, KeyMode),
    advice: &str,
) -> Checked<()> {
    if mode == others {
        return Ok(());
    }
    refuse(
        other,
        format!(
            "is a {} key but {one} is a {} key; {advice}",
            mode_name(others),
            mode_name(mode)
        ),
    )
}

fn two_contracts(default: &Pair, billing: &Pair) -> Checked<()> {
    if default.0 == billing.0 || default.1.expose() == billing.1.expose() {
        return refuse(
            BILLING.client,
            "is of the same contract as TOSS_CLIENT_KEY; a contract for payments and billing needs one pair only, so remove TOSS_BILLING_CLIENT_KEY and TOSS_BILLING_SECRET_KEY",
        );
    }
    same_mode(
        (DEFAULT.client, default.0.mode()),
        (BILLING.client, billing.0.mode()),
        "real and test payments do not mix in one installation, so take both pairs from the same environment of the developer centre",
    )
}
