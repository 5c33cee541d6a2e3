use super::*;
use crate::requests::{AbsoluteUrl, Deadline, VirtualAccount};

fn order() -> OrderId {
    OrderId::new("order-1").unwrap()
}

fn check<'a>(
    order_name: &'a str,
    build: impl FnOnce(PaymentRequest<'a, VirtualAccount<'a>>) -> PaymentRequest<'a, VirtualAccount<'a>>,
) -> Result<(), (&'static str, Problem)> {
    let order = Box::leak(Box::new(order()));
    let amount = Amount::won(1).unwrap();
    let request = PaymentRequest::new(amount, order, order_name, VirtualAccount::new());
    build(request)
        .check()
        .map_err(|error| (error.field, *error.problem))
}

#[test]
fn limits_are_those_of_toss() {
    let (most, more) = (&*"가".repeat(100), &*"가".repeat(101));
    let too_long = |field| {
        Err((
            field,
            Problem::TooLong {
                length: 101,
                max: 100,
            },
        ))
    };
    assert_eq!(check(most, |request| request), Ok(()));
    assert_eq!(check(more, |request| request), too_long("orderName"));
    assert_eq!(
        check("", |request| request),
        Err(("orderName", Problem::Empty))
    );
    assert_eq!(
        check("티셔츠", |request| request.customer_name(most)),
        Ok(())
    );
    assert_eq!(
        check("티셔츠", |request| request.customer_name(more)),
        too_long("customerName")
    );
    assert_eq!(
        check("티셔츠", |request| request.customer_email(more)),
        too_long("customerEmail")
    );
    for (phone, fits) in [
        ("12345678", true),
        ("123456789012345", true),
        ("010-1234-5678", false),
        ("1234567", false),
        ("1234567890123456", false),
        ("", false),
    ] {
        let checked = check("티셔츠", |request| request.customer_mobile_phone(phone));
        assert_eq!(checked.is_ok(), fits, "{phone}");
    }
}

#[test]
fn metadata_has_limits_of_its_own() {
    let order = order();
    let fits = |pairs: &[(&str, &str)]| {
        let amount = Amount::won(1).unwrap();
        PaymentRequest::new(amount, &order, "티셔츠", VirtualAccount::new())
            .metadata(pairs)
            .check()
            .map_err(|error| (error.field, *error.problem))
    };
    assert_eq!(fits(&[(&"k".repeat(40), &"v".repeat(2000))]), Ok(()));
    let five = [("a", ""), ("b", ""), ("c", ""), ("d", ""), ("e", "")];
    assert_eq!(fits(&five), Ok(()));
    let six = [five.as_slice(), &[("f", "")]].concat();
    assert_eq!(
        fits(&six),
        Err(("metadata", Problem::TooMany { count: 6, max: 5 }))
    );
    for bad in ["", "a[0]", "a]"] {
        assert_eq!(fits(&[(bad, "x")]).unwrap_err().0, "metadata", "{bad}");
    }
    assert_eq!(fits(&[("a", "1"), ("a", "2")]).unwrap_err().0, "metadata");
    let refused = |key: usize, value: usize| {
        fits(&[(&"k".repeat(key), &"v".repeat(value))])
            .unwrap_err()
            .0
    };
    assert_eq!(refused(41, 1), "metadata key");
    assert_eq!(refused(1, 2001), "metadata value");
}

#[test]
fn the_deadline_is_checked_by_its_own_name() {
    for (deadline, refused) in [
        (Deadline::ValidHours(1), None),
        (Deadline::ValidHours(2160), None),
        (Deadline::ValidHours(2161), Some("validHours")),
        (Deadline::ValidHours(0), Some("validHours")),
        (Deadline::DueDate("2027-01-01T00:00:00"), None),
        (Deadline::DueDate("2027-01-01"), Some("dueDate")),
    ] {
        let account = VirtualAccount::new().deadline(deadline);
        let order = order();
        let request = PaymentRequest::new(Amount::won(1).unwrap(), &order, "티셔츠", account);
        let checked = request.check().map_err(|error| error.field);
        assert_eq!(checked.err(), refused, "{deadline:?}");
    }
}

#[test]
fn without_addresses_it_asks_for_a_promise() {
    let order = order();
    let request = PaymentRequest::new(
        Amount::won(1).unwrap(),
        &order,
        "티셔츠",
        VirtualAccount::new(),
    );
    let keys = |urls: Option<&ReturnUrls>| {
        let json = serde_json::to_value(request.clone().object(urls)).unwrap();
        json.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(None), ["amount", "method", "orderId", "orderName"]);
    let urls = ReturnUrls {
        success: AbsoluteUrl::new("successUrl", "https://shop.example/ok").unwrap(),
        fail: AbsoluteUrl::new("failUrl", "https://shop.example/no").unwrap(),
    };
    assert_eq!(
        keys(Some(&urls)),
        [
            "amount",
            "failUrl",
            "method",
            "orderId",
            "orderName",
            "successUrl"
        ]
    );
}
