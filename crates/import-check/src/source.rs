//! What a source file imports.

/// Every path of the crate in a file, from the crate's root. Only what stands before the tests of the file
/// counts.
pub(crate) fn imports(text: &str, module: &[String]) -> Vec<Vec<String>> {
    let code = without_comments(text);
    let code = code
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let mut found = Vec::new();
    for (start, root) in roots(code) {
        let Some(base) = base(root, module) else {
            continue;
        };
        let mut rest = &code[start + root.len()..];
        tree(&mut rest, &base, &mut found);
    }
    found
}

/// Where paths begin that stay in the crate, each with its `crate::` or `super::super::`.
fn roots(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = code[at..]
        .find("crate::")
        .into_iter()
        .chain(code[at..].find("super::"))
        .min()
    {
        let start = at + start;
        let mut end = start + "crate::".len();
        while code[end..].starts_with("super::") {
            end += "super::".len();
        }
        let before = code[..start].chars().next_back();
        let is_path = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
        if is_path {
            found.push((start, &code[start..end]));
        }
        at = end;
    }
    found
}

/// The module that `crate::` or `super::…` names, as seen by a file.
fn base(root: &str, module: &[String]) -> Option<Vec<String>> {
    if root.starts_with("crate::") {
        return Some(Vec::new());
    }
    let up = root.len() / "super::".len();
    let depth = module.len().checked_sub(up)?;
    Some(module[..depth].to_vec())
}

/// Reads `a::b`, `a::{b, c::d}` and the like behind a root.
fn tree(rest: &mut &str, base: &[String], found: &mut Vec<Vec<String>>) {
    let mut path = base.to_vec();
    loop {
        let text = rest.trim_start();
        if let Some(inner) = text.strip_prefix('{') {
            *rest = inner;
            loop {
                tree(rest, &path, found);
                let after = rest.trim_start();
                if let Some(more) = after.strip_prefix(',') {
                    *rest = more;
                } else {
                    *rest = after.strip_prefix('}').unwrap_or(after);
                    return;
                }
            }
        }
        let end = text
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*')
            .unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        if !name.is_empty() && name != "self" && name != "*" {
            path.push(name.to_owned());
        }
        if let Some(more) = after.strip_prefix("::") {
            *rest = more;
        } else {
            // `name as other`
            let behind = after.trim_start();
            let renamed = behind.strip_prefix("as ").map(|other| {
                let end = other.find([',', '}', ';']).unwrap_or(other.len());
                &other[end..]
            });
            *rest = renamed.unwrap_or(after);
            if path.len() > base.len() || name == "self" || name == "*" {
                found.push(path);
            }
            return;
        }
    }
}

/// The code without line comments; a `//` inside a text goes too, which hides no import.
fn without_comments(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, module: &str) -> Vec<String> {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        let mut found: Vec<_> = imports(text, &module)
            .into_iter()
            .map(|path| path.join("::"))
            .collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn trees_and_single_paths_are_read() {
        let text = "use crate::{\n    a::{self, B, c::{D, E as F}},\n    g::*,\n};\nfn f() -> crate::h::I {}";
        assert_eq!(
            of(text, "x"),
            ["a", "a::B", "a::c::D", "a::c::E", "g", "h::I"]
        );
    }

    #[test]
    fn the_way_up_is_followed() {
        let text = "use super::{Own, sibling::Thing};\nuse super::super::far;";
        assert_eq!(
            of(text, "x::y::z"),
            ["x::far", "x::y::Own", "x::y::sibling::Thing"]
        );
    }

    #[test]
    fn comments_and_tests_do_not_count() {
        let text = "// crate::a\n/// [`crate::b`]\nuse crate::c::D;\n#[cfg(test)]\nmod tests {\n    use crate::e::F;\n}\n";
        assert_eq!(of(text, "x"), ["c::D"]);
        assert!(
            of(
                "use other_crate::a; macro_rules! m { () => { $crate::b } }",
                "x"
            )
            .len()
                <= 1
        );
    }
}
