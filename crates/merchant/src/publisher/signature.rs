//! Standard Webhooks: <https://www.standardwebhooks.com>. A receiver verifies with any library of that
//! specification.

use standardwebhooks::Webhook;

use crate::domain::signing_secret::SigningSecret;

/// The value of `webhook-signature`: one signature for each secret, so that a receiver may go over from
/// one secret to the next at any moment while both are in use.
pub(super) fn sign(secrets: &[SigningSecret], id: &str, timestamp: i64, body: &str) -> String {
    let signatures: Vec<String> = secrets
        .iter()
        .filter_map(|secret| {
            // A `SigningSecret` is base64 and a `str` is UTF-8; the library has no other error.
            let webhook = Webhook::new(secret.expose()).ok()?;
            webhook.sign(id, timestamp, body.as_bytes()).ok()
        })
        .collect();
    signatures.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // From the specification's own libraries.
        let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".parse().unwrap();
        let signature = sign(
            &[secret],
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1_649_367_553,
            r#"{"email":"test@example.com","username":"test_user"}"#,
        );
        assert_eq!(signature, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }

    #[test]
    fn two_secrets_give_two_signatures() {
        let (old, new) = (SigningSecret::generate(), SigningSecret::generate());
        let both = sign(&[new.clone(), old.clone()], "evt_1", 1, "{}");
        let one = |secret: &SigningSecret| sign(std::slice::from_ref(secret), "evt_1", 1, "{}");
        assert_eq!(both, format!("{} {}", one(&new), one(&old)));
        assert_ne!(one(&new), one(&old));
    }
}
