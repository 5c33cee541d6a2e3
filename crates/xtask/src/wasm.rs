//! As much of WebAssembly's binary format as making the page smaller takes.
//! Source: <https://webassembly.github.io/spec/core/binary/modules.html>.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};

/// Magic and version.
const HEADER: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
/// The section of the functions' bodies.
pub(crate) const CODE: u8 = 10;
/// The section of what is in memory at the start.
pub(crate) const DATA: u8 = 11;

/// An import: module and name.
pub(crate) type Import = (String, String);

/// The imports of a module, in their order.
///
/// # Errors
/// It is no WebAssembly that we can read.
pub(crate) fn imports(wasm: &[u8]) -> Result<Vec<Import>> {
    let mut found = Vec::new();
    rewrite(
        wasm,
        &mut |import| {
            found.push(import.clone());
            import
        },
        &mut |name| name,
    )?;
    Ok(found)
}

/// The exports of a module, in their order.
///
/// # Errors
/// It is no WebAssembly that we can read.
pub(crate) fn exports(wasm: &[u8]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    rewrite(wasm, &mut |import| import, &mut |name| {
        found.push(name.clone());
        name
    })?;
    Ok(found)
}

/// How many functions a module imports: they come first in the count of its functions.
///
/// # Errors
/// It is no WebAssembly that we can read.
pub(crate) fn imported_functions(wasm: &[u8]) -> Result<usize> {
    let mut functions = 0;
    let mut sections = Sections::of(wasm)?;
    while let Some((id, body)) = sections.next()? {
        if id == IMPORTS {
            Reader(body).imports(&mut |import| import, &mut functions)?;
        }
    }
    Ok(functions)
}

/// What the functions of a module are called; none where it does not say.
///
/// # Errors
/// It is no WebAssembly that we can read.
pub(crate) fn function_names(wasm: &[u8]) -> Result<Option<HashMap<usize, String>>> {
    const FUNCTIONS: u8 = 1;
    let mut sections = Sections::of(wasm)?;
    while let Some((id, body)) = sections.next()? {
        let mut body = Reader(body);
        if id != CUSTOM || body.name()? != "name" {
            continue;
        }
        while !body.0.is_empty() {
            let kind = body.byte()?;
            let length = body.number()?;
            let mut names = Reader(body.take(length)?);
            if kind == FUNCTIONS {
                let count = names.number()?;
                let names = (0..count).map(|_| Ok((names.number()?, names.name()?)));
                return names.collect::<Result<_>>().map(Some);
            }
        }
    }
    Ok(None)
}

/// Writes a module with one of its sections changed.
///
/// # Errors
/// It is no WebAssembly that we can read, or `change` fails.
pub(crate) fn rewrite_section(
    wasm: &[u8],
    wanted: u8,
    change: &mut dyn FnMut(&[u8]) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let mut written = Vec::with_capacity(wasm.len());
    let mut sections = Sections::of(wasm)?;
    written.extend(HEADER);
    while let Some((id, body)) = sections.next()? {
        if id == wanted {
            write_section(&mut written, id, &change(body)?);
        } else {
            write_section(&mut written, id, body);
        }
    }
    Ok(written)
}

/// Writes a module with other names for imports and exports, and without custom sections, which say
/// nothing to a browser.
///
/// # Errors
/// It is no WebAssembly that we can read.
pub(crate) fn rewrite(
    wasm: &[u8],
    import: &mut dyn FnMut(Import) -> Import,
    export: &mut dyn FnMut(String) -> String,
) -> Result<Vec<u8>> {
    let mut written = HEADER.to_vec();
    let mut sections = Sections::of(wasm)?;
    while let Some((id, body)) = sections.next()? {
        match id {
            CUSTOM => {}
            IMPORTS => write_section(&mut written, id, &Reader(body).imports(import, &mut 0)?),
            EXPORTS => write_section(&mut written, id, &Reader(body).exports(export)?),
            _ => write_section(&mut written, id, body),
        }
    }
    Ok(written)
}

struct Sections<'a>(Reader<'a>);

impl<'a> Sections<'a> {
    fn of(wasm: &'a [u8]) -> Result<Self> {
        let sections = wasm.strip_prefix(HEADER).context("no WebAssembly")?;
        Ok(Self(Reader(sections)))
    }

    /// Kind and content of the next one; none at the end.
    fn next(&mut self) -> Result<Option<(u8, &'a [u8])>> {
        if self.0.0.is_empty() {
            return Ok(None);
        }
        let id = self.0.byte()?;
        let length = self.0.number()?;
        Ok(Some((id, self.0.take(length)?)))
    }
}

fn write_section(to: &mut Vec<u8>, id: u8, body: &[u8]) {
    to.push(id);
    write_number(to, body.len());
    to.extend(body);
}

/// What is still to be read.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("it ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    /// Unsigned LEB128.
    pub(crate) fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number does not end")
    }

    fn name(&mut self) -> Result<String> {
        let length = self.number()?;
        let name = self.take(length)?;
        String::from_utf8(name.to_vec()).context("a name is not UTF-8")
    }

    fn limits(&mut self) -> Result<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Ok(())
    }

    /// What `read` goes over, as it is.
    fn span(&mut self, read: impl FnOnce(&mut Self) -> Result<()>) -> Result<&'a [u8]> {
        let before = self.0;
        read(self)?;
        let length = before.len() - self.0.len();
        Ok(before.get(..length).unwrap_or_default())
    }

    fn imports(
        &mut self,
        rename: &mut dyn FnMut(Import) -> Import,
        functions: &mut usize,
    ) -> Result<Vec<u8>> {
        let mut written = Vec::new();
        let count = self.number()?;
        write_number(&mut written, count);
        for _ in 0..count {
            let (module, name) = rename((self.name()?, self.name()?));
            write_name(&mut written, &module);
            write_name(&mut written, &name);
            written.extend(self.span(|reader| match reader.byte()? {
                // A function, by its type.
                0 => {
                    *functions += 1;
                    reader.number().map(drop)
                }
                // A table: element type, limits.
                1 => reader.byte().and_then(|_| reader.limits()),
                // A memory.
                2 => reader.limits(),
                // A global: type, whether it changes.
                3 => reader.take(2).map(drop),
                // A tag: attribute, type.
                4 => reader.byte().and_then(|_| reader.number()).map(drop),
                kind => bail!("an import of the unknown kind {kind}"),
            })?);
        }
        Ok(written)
    }

    fn exports(&mut self, rename: &mut dyn FnMut(String) -> String) -> Result<Vec<u8>> {
        let mut written = Vec::new();
        let count = self.number()?;
        write_number(&mut written, count);
        for _ in 0..count {
            write_name(&mut written, &rename(self.name()?));
            written.extend(self.span(|reader| {
                reader.byte()?;
                reader.number().map(drop)
            })?);
        }
        Ok(written)
    }
}

pub(crate) fn write_number(to: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        to.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    to.push(u8::try_from(number).unwrap_or_default());
}

fn write_name(to: &mut Vec<u8>, name: &str) {
    write_number(to, name.len());
    to.extend(name.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with a function and a memory imported, a function exported, and a custom section.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\
        \x02\x0e\x02\x01m\x01f\0\0\x01m\x01n\x02\0\x01\
        \x07\x08\x01\x04main\0\0\
        \0\x06\x04nameX";

    #[test]
    fn names_are_read() {
        let import = |name: &str| ("m".to_owned(), name.to_owned());
        assert_eq!(imports(MODULE).unwrap(), [import("f"), import("n")]);
        assert_eq!(exports(MODULE).unwrap(), ["main"]);
    }

    #[test]
    fn names_are_written_and_custom_sections_are_not() {
        let written = rewrite(
            MODULE,
            &mut |(module, name)| (module, name + "oo"),
            &mut |_| "x".repeat(200),
        )
        .unwrap();
        assert_eq!(imports(&written).unwrap()[0].1, "foo");
        assert_eq!(exports(&written).unwrap(), ["x".repeat(200)]);
        assert!(!written.windows(5).any(|bytes| bytes == b"nameX"));
        // With the old names it is the old module again.
        let back = rewrite(
            &written,
            &mut |(module, name)| (module, name.replace("oo", "")),
            &mut |_| "main".to_owned(),
        );
        assert_eq!(back.unwrap(), MODULE[..MODULE.len() - 8]);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(imports(b"<!doctype html>").is_err());
        assert!(imports(&MODULE[..20]).is_err());
    }
}
