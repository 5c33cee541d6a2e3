//! As much of HTML as the built page's `index.html` takes.

/// Sets the `content` of the meta element of this name. The rest stays as it is.
pub(super) fn with_meta(html: &str, name: &str, content: &str) -> String {
    let mut out = String::with_capacity(html.len() + content.len());
    let mut written = 0;
    for (start, tag) in metas(html, name) {
        out += &html[written..start];
        let content = escaped(content);
        out.extend(["<meta name=\"", name, "\" content=\"", &content, "\">"]);
        written = start + tag.len();
    }
    out + &html[written..]
}

/// The `content` of the meta element of this name, as it is written there.
pub(super) fn meta<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let (_, tag) = metas(html, name).next()?;
    attribute(tag, "content")
}

/// What the page fetches early, as its link says: the compiled program.
pub(super) fn preloaded(html: &str) -> Option<&str> {
    let mut links = tags(html, "<link");
    let (_, link) = links.find(|(_, tag)| {
        attribute(tag, "rel") == Some("preload") && attribute(tag, "as") == Some("fetch")
    })?;
    attribute(link, "href")
}

/// The meta elements of this name, each with its place.
fn metas<'a>(html: &'a str, name: &str) -> impl Iterator<Item = (usize, &'a str)> {
    tags(html, "<meta").filter(move |(_, tag)| attribute(tag, "name") == Some(name))
}

fn tags<'a>(html: &'a str, beginning: &str) -> impl Iterator<Item = (usize, &'a str)> {
    html.match_indices(beginning).filter_map(|(start, _)| {
        let length = html[start..].find('>')? + 1;
        Some((start, &html[start..start + length]))
    })
}

/// An attribute of a tag, without its quotes, which a minifier may have removed.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}="))?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([' ', '>']).next(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDK: &str = "toss-checkout:sdk-url";

    #[test]
    fn the_sdk_address_is_written_into_the_page() {
        for page in [
            r#"<head><meta charset="utf-8"><meta name="toss-checkout:sdk-url" content="https://x"></head>"#,
            r#"<head><meta charset="utf-8"><meta content="https://x" name="toss-checkout:sdk-url" /></head>"#,
            "<head><meta charset=\"utf-8\"><meta content=https://x name=toss-checkout:sdk-url></head>",
        ] {
            assert_eq!(
                with_meta(page, SDK, "http://127.0.0.1:1/v2?a=\"&b"),
                "<head><meta charset=\"utf-8\"><meta name=\"toss-checkout:sdk-url\" \
                 content=\"http://127.0.0.1:1/v2?a=&quot;&amp;b\"></head>"
            );
        }
        let other = r#"<meta name="toss-checkout:api" content=""><p>"#;
        assert_eq!(with_meta(other, SDK, "x"), other);
    }

    #[test]
    fn attributes_are_found_with_and_without_quotes() {
        for page in [
            r#"<meta charset=utf-8><meta name="toss-checkout:sdk-url" content=""><link rel="modulepreload" href="a.js"><link rel="preload" href="./b.wasm" as="fetch">"#,
            r#"<meta content="" name=toss-checkout:sdk-url /><link rel=preload as=style href=c.css><link as=fetch rel=preload href=./b.wasm>"#,
        ] {
            assert_eq!(meta(page, SDK), Some(""), "{page}");
            assert_eq!(preloaded(page), Some("./b.wasm"), "{page}");
            assert_eq!(meta(page, "toss-checkout:api"), None, "{page}");
        }
        assert_eq!(
            preloaded("<link rel=\"preload\" as=\"fetch\" href=\"x\""),
            None
        );
    }
}
