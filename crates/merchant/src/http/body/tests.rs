use serde::Deserialize;
use toss_checkout_contract::{Amount, ConfirmRequest};
use utoipa::OpenApi;

use super::*;

/// A body with everything that a description can say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it is only read")]
struct Everything {
    phases: Option<Vec<Phase>>,
    amount: Option<Amount>,
    when: Option<When>,
    sure: Option<bool>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "it is only read")]
struct Phase {
    periods: u32,
    note: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum When {
    Now,
}

#[derive(OpenApi)]
#[openapi(components(schemas(ConfirmRequest, Everything)))]
struct Calls;

/// Reading this body as a `T` fails, and the problem says this.
fn says_of<T: DeserializeOwned + ToSchema + std::fmt::Debug>(body: &str, says: &str) {
    let described = Described::new(&Calls::openapi());
    let problem = read::<T>(body.as_bytes(), &described).unwrap_err();
    let problem = format!("{problem:?}").replace('\\', "");
    assert!(problem.contains(says), "{body} -> {problem}");
    assert!(!problem.contains(" at line "), "{problem}");
}

#[test]
fn no_long_number_is_repeated() {
    assert_eq!(
        shown("integer `9410001234567890`, 12345678"),
        "integer `…`, 12345678"
    );
    assert_eq!(shown("a\nb 123456789"), "ab …");
    assert_eq!(shown(&"x".repeat(300)).len(), 200);
}

#[test]
fn a_value_of_another_type_is_named_with_what_is_needed() {
    for (body, says) in [
        // An array for the fields in their order, an object for a word.
        (
            r#"{"phases":[[1,"a"]]}"#,
            "phases[0] is an array; an object with periods is needed",
        ),
        (
            r#"{"amount":[100,"KRW"]}"#,
            "amount is an array; an object with value, currency is needed",
        ),
        (
            r#"{"when":{"now":null}}"#,
            "when is an object; a text in quotes is needed",
        ),
        (
            r#"{"phases":{}}"#,
            "phases is an object; an array is needed",
        ),
        (
            r#"{"phases":["month"]}"#,
            "phases[0] is \"month\"; an object with periods is needed",
        ),
        (
            r#"{"phases":[null]}"#,
            "phases[0] is null; an object with periods is needed",
        ),
        (
            r#"{"phases":[{"periods":"1"}]}"#,
            "phases[0].periods is \"1\"; a whole number is needed",
        ),
        (
            r#"{"amount":{"value":1,"currency":1}}"#,
            "amount.currency is 1; a text in quotes is needed",
        ),
        (r#"{"when":1}"#, "when is 1; a text in quotes is needed"),
        (
            r#"{"sure":"yes"}"#,
            "sure is \"yes\"; true or false is needed",
        ),
        (
            r#"{"phases":[{"periods":1,"note":"a\u0000"}]}"#,
            "phases[0].note holds the character U+0000",
        ),
        (
            r#"{"phases":[{"periods":-1}]}"#,
            "phases[0].periods: invalid value: integer `-1`, expected a whole number, not negative",
        ),
        (
            r#"{"phases":[{"periods":1.5}]}"#,
            "phases[0].periods: invalid type: floating point `1.5`, expected a whole number, not negative",
        ),
        (
            r#"{"amount":{"value":1e400}}"#,
            "amount.value: number out of range",
        ),
        (
            r#"{"phases":[{"note":"\ud800"}]}"#,
            "phases[0].note: unexpected end of hex escape",
        ),
    ] {
        says_of::<Everything>(body, says);
    }
    let described = Described::new(&Calls::openapi());
    for body in [
        r#"{"phases":null,"amount":null,"when":null,"sure":null,"added":[{}]}"#,
        r#"{"phases":[{"periods":1,"note":null}],"amount":{"value":100,"currency":"KRW"},"when":"now"}"#,
    ] {
        assert!(
            read::<Everything>(body.as_bytes(), &described).is_ok(),
            "{body}"
        );
    }
}

#[test]
fn the_field_and_the_problem_are_named() {
    for (body, says) in [
        ("{", "the body cannot be read as JSON: EOF while parsing"),
        (
            r#"{"paymentKey":}"#,
            "the body cannot be read as JSON: paymentKey: expected value",
        ),
        ("", "the body is empty; a JSON object such as"),
        ("null", "the body is null"),
        ("<x>", "the body is no JSON; a JSON object such as"),
        (" [1]", "the body is a JSON array; a JSON object such as"),
        ("\"x\"", "the body is a JSON string"),
        ("-1", "the body is a number"),
        ("true", "the body is true or false"),
        ("{}", "missing field `paymentKey`"),
        (
            r#"{"paymentKey":1}"#,
            "paymentKey is 1; a text in quotes is needed",
        ),
        (r#"{"paymentKey":""}"#, "paymentKey is empty"),
        (
            r#"{"paymentKey":"a","orderId":"a"}"#,
            "orderId has 1 characters",
        ),
        (
            r#"{"paymentKey":"a","orderId":"order-1","amount":"1"}"#,
            "amount is \"1\"; a number is needed",
        ),
        (
            r#"{"paymentKey":"a","orderId":"order-1","amount":1} x"#,
            "text after the JSON body",
        ),
    ] {
        says_of::<ConfirmRequest>(body, says);
    }
}
