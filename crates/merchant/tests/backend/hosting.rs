//! The built page.

use std::path::Path;

use toss_merchant::clock::Clock;

use crate::support::{Shop, quick};

const PAGE: &str = r#"<!doctype html><html><head><meta charset="utf-8">
<meta name="toss-checkout:sdk-url" content="https://js.tosspayments.com/v2/standard">
<meta name="toss-checkout:api" content="">
<link rel="preload" href="./page-4f6d2c1a9b8e7d6c_bg.wasm" crossorigin="anonymous" as="fetch" type="application/wasm">
</head><body></body></html>"#;

const SUBSCRIPTIONS: &str = r#"<!doctype html><html><head><meta charset="utf-8">
<meta name="toss-subscription:api" content=""><title>내 구독</title></head><body></body></html>"#;

fn build(folder: &Path) {
    std::fs::create_dir_all(folder.join("snippets/sdk-0123456789abcdef")).unwrap();
    std::fs::create_dir(folder.join("subscription")).unwrap();
    for (name, content) in [
        ("index.html", PAGE),
        ("boot.mjs", "export {};"),
        ("page-4f6d2c1a9b8e7d6c_bg.wasm", "\0asm"),
        ("page-4f6d2c1a9b8e7d6c.js", "export {};"),
        ("base-4f6d2c1a9b8e7d6c.css", "a{}"),
        ("snippets/sdk-0123456789abcdef/inline0.js", "export {};"),
        ("subscription/index.html", SUBSCRIPTIONS),
        ("subscription/boot.js", "export {};"),
        ("subscription/page-4f6d2c1a9b8e7d6c_bg.wasm", "\0asm"),
    ] {
        std::fs::write(folder.join(name), content).unwrap();
    }
    std::fs::write(folder.join("../outside.txt"), "secret").unwrap();
}

async fn hosted(extra: &[&str]) -> (Shop, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    build(&dist);
    let page = format!("--page-dir={}", dist.display());
    let mut all = vec![
        page.as_str(),
        "--toss-sdk-url=http://127.0.0.1:8090/v2/standard",
    ];
    all.extend(extra);
    (Shop::with(&all, Clock::system(), quick()).await, folder)
}

#[tokio::test]
async fn the_page_comes_with_a_strict_policy_and_its_sdk() {
    let (shop, _folder) = hosted(&[]).await;
    for path in [
        "/checkout/",
        "/checkout/?session=cs_0123456789abcdefABCDEF",
        "/checkout/success?session=x&authKey=y",
        "/checkout/fail?code=PAY_PROCESS_CANCELED",
        "/checkout/index.html",
    ] {
        let answer = shop.http.get(shop.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers().clone();
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert_eq!(header("cache-control"), "no-cache");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(
            header("cross-origin-opener-policy"),
            "same-origin-allow-popups"
        );
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "script-src 'self' 'wasm-unsafe-eval' http://127.0.0.1:8090;",
            "style-src 'self';",
            "img-src 'self' data:;",
            "connect-src 'self' http://127.0.0.1:8090 https://js.tosspayments.com",
            "https://apigw-sandbox.tosspayments.com;",
            "frame-src http://127.0.0.1:8090 https://js.tosspayments.com",
            "frame-ancestors 'self'",
        ] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        let html = answer.text().await.unwrap();
        assert!(html.contains(
            r#"<meta name="toss-checkout:sdk-url" content="http://127.0.0.1:8090/v2/standard">"#
        ));
        assert!(html.contains(r#"<meta name="toss-checkout:api" content="">"#));
    }
}

#[tokio::test]
async fn what_the_page_will_ask_for_is_named_early() {
    let (shop, folder) = hosted(&[]).await;
    let (open, issued) = (shop.order().await, shop.issued().await);
    let fetch = |what: &str| format!("<{what}>; rel=preload; as=fetch; crossorigin=anonymous");
    let program = fetch("./page-4f6d2c1a9b8e7d6c_bg.wasm") + "; type=\"application/wasm\"";
    let with = |id: &str| {
        format!(
            "{program}, {}",
            fetch(&format!("/api/checkout/sessions/{id}"))
        )
    };
    let session = with(&open.id);
    let form = format!("{session}, <http://127.0.0.1:8090/v2/standard>; rel=preload; as=script");
    let unknown = "cs_0123456789abcdefABCDEF";
    let link = async |path: &str| {
        let request = shop.http.get(shop.url(&format!("/checkout/{path}")));
        let packed = request.header("accept-encoding", "gzip");
        let answer = packed.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["content-encoding"], "gzip", "{path}");
        let link = answer.headers().get("link");
        link.map(|link| link.to_str().unwrap().to_owned())
    };
    for (path, wanted) in [
        (format!("?session={}", open.id), &form),
        (format!("index.html?a=b&session={}", open.id), &form),
        (format!("success?session={}&authKey=a", open.id), &session),
        (
            format!("success?session={}&paymentKey=a", open.id),
            &session,
        ),
        (format!("fail?session={}&code=A", open.id), &session),
        (format!("?session={}", issued.id), &with(&issued.id)),
        (format!("?session={unknown}"), &program),
        ("?session=".to_owned(), &program),
        (String::new(), &program),
    ] {
        assert_eq!(link(&path).await.as_ref(), Some(wanted), "{path}");
    }
    let twice = format!("?session={0}&session={0}", open.id);
    assert_eq!(link(&twice).await, None);
    // A page that asks another backend, and one that is not ours.
    for api in [r#"content="https://api.shop.example""#, ""] {
        let page = PAGE.replace(r#"name="toss-checkout:api" content="""#, api);
        std::fs::write(folder.path().join("dist/index.html"), page).unwrap();
        assert_eq!(link(&format!("?session={}", open.id)).await, None, "{api}");
    }
}

#[tokio::test]
async fn files_keep_their_types_and_only_hashed_ones_are_kept() {
    let (shop, _folder) = hosted(&[]).await;
    let forever = "public, max-age=31536000, immutable";
    for (path, kind, caching) in [
        ("boot.mjs", "application/javascript", "no-cache"),
        ("page-4f6d2c1a9b8e7d6c_bg.wasm", "application/wasm", forever),
        ("page-4f6d2c1a9b8e7d6c.js", "text/javascript", forever),
        ("base-4f6d2c1a9b8e7d6c.css", "text/css", forever),
        (
            "snippets/sdk-0123456789abcdef/inline0.js",
            "text/javascript",
            forever,
        ),
    ] {
        let url = shop.url(&format!("/checkout/{path}"));
        let answer = shop.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["content-type"], kind, "{path}");
        assert_eq!(answer.headers()["cache-control"], caching, "{path}");
    }
    let redirect = shop.http.get(shop.url("/checkout")).send().await.unwrap();
    assert_eq!(redirect.headers()["location"], "/checkout/");
    for outside in [
        "nothing.js",
        "../outside.txt",
        "%2e%2e/outside.txt",
        "..%2foutside.txt",
    ] {
        let url = shop.url(&format!("/checkout/{outside}"));
        let answer = shop.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{outside}");
    }
}

#[tokio::test]
async fn the_page_of_subscriptions_has_to_do_with_nobody_but_its_server() {
    let (shop, _folder) = hosted(&[]).await;
    let open = async |path: &str| shop.http.get(shop.url(path)).send().await.unwrap();
    let redirect = open("/subscription").await;
    assert_eq!(redirect.headers()["location"], "/subscription/");
    for path in [
        "/subscription/",
        "/subscription/index.html",
        "/subscription/?a=b",
    ] {
        let answer = open(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers().clone();
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert_eq!(header("cache-control"), "no-cache");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval';",
            "connect-src 'self';",
            "frame-ancestors 'self'",
        ] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(
            !policy.contains("http") && !policy.contains("frame-src"),
            "{policy}"
        );
        // What is fetched early is the checkout's.
        assert!(!headers.contains_key("link"));
        assert_eq!(answer.text().await.unwrap(), SUBSCRIPTIONS);
    }
    for (path, caching) in [
        ("boot.js", "no-cache"),
        (
            "page-4f6d2c1a9b8e7d6c_bg.wasm",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let answer = open(&format!("/subscription/{path}")).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["cache-control"], caching, "{path}");
    }
    // The folder's name is no door to what lies around it.
    for outside in [
        "nothing.js",
        "boot.mjs",
        "../index.html",
        "..%2findex.html",
        "%2e%2e/%2e%2e/outside.txt",
    ] {
        let status = open(&format!("/subscription/{outside}")).await.status();
        assert_eq!(status, 404, "{outside}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_built_says_so() {
    let shop = Shop::with(&["--page-dir=/nowhere"], Clock::system(), quick()).await;
    for path in ["/checkout/", "/subscription/"] {
        let answer = shop.http.get(shop.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 503, "{path}");
        assert!(answer.text().await.unwrap().contains("PAGE_DIR"), "{path}");
    }
    // What it has to say is below /checkout/ and /api/.
    let answer = shop.http.get(shop.url("/")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}
