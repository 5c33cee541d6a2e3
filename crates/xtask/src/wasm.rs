//! As much of WebAssembly's binary format as renaming imports and exports takes.
//! Source: <https://webassembly.github.io/spec/core/binary/modules.html>.

use anyhow::{Context, Result, bail, ensure};

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const DATA: u8 = 11;

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

/// Blanks the names of other people's source files, which only messages of panics hold.
fn blank_paths(data: &mut [u8]) {
    const COMPILER: &[u8] = b"/rustc/";
    /// To which `target::flags_of_the_page` shortens the folder of dependencies.
    const DEPENDENCIES: &[u8] = b"src/index.";
    let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    let mut at = 0;
    while let Some(rest) = data.get_mut(at..).filter(|rest| !rest.is_empty()) {
        at += 1;
        if !rest.starts_with(COMPILER) && !rest.starts_with(DEPENDENCIES) {
            continue;
        }
        let length = rest.iter().take_while(|byte| is_path(byte)).count();
        let path = rest.get_mut(..length).unwrap_or_default();
        let end = path.windows(3).position(|ending| ending == b".rs");
        if let Some(path) = end.and_then(|end| path.get_mut(..end + 3)) {
            path.fill(b' ');
        }
    }
}

/// Writes a module with other names for imports and exports, and without custom sections and names
/// of source files, which say nothing to a browser.
///
/// # Errors
/// It is no WebAssembly that we can read.
pub(crate) fn rewrite(
    wasm: &[u8],
    import: &mut dyn FnMut(Import) -> Import,
    export: &mut dyn FnMut(String) -> String,
) -> Result<Vec<u8>> {
    let mut reader = Reader(wasm);
    let header = reader.take(8)?;
    ensure!(header.starts_with(b"\0asm"), "no WebAssembly");
    let mut written = header.to_vec();
    while !reader.0.is_empty() {
        let id = reader.byte()?;
        let length = reader.number()?;
        let mut body = Reader(reader.take(length)?);
        let section = match id {
            CUSTOM => continue,
            IMPORTS => body.imports(import)?,
            EXPORTS => body.exports(export)?,
            DATA => {
                let mut data = body.0.to_vec();
                blank_paths(&mut data);
                data
            }
            _ => body.0.to_vec(),
        };
        written.push(id);
        write_number(&mut written, section.len());
        written.extend(section);
    }
    Ok(written)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("it ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    /// Unsigned LEB128.
    fn number(&mut self) -> Result<usize> {
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

    fn imports(&mut self, rename: &mut dyn FnMut(Import) -> Import) -> Result<Vec<u8>> {
        let mut written = Vec::new();
        let count = self.number()?;
        write_number(&mut written, count);
        for _ in 0..count {
            let (module, name) = rename((self.name()?, self.name()?));
            write_name(&mut written, &module);
            write_name(&mut written, &name);
            written.extend(self.span(|reader| match reader.byte()? {
                // A function, by its type.
                0 => reader.number().map(drop),
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

fn write_number(to: &mut Vec<u8>, mut number: usize) {
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

    #[test]
    fn only_other_peoples_files_lose_their_names() {
        let mut data = b"\x01iframe/rustc/59807616/library/core/src/cell.rssrc/index.x-1949/indexmap-2.14.2/src/inner.rssrc/effects.rs/rustc/none".to_vec();
        let length = data.len();
        blank_paths(&mut data);
        assert_eq!(data.len(), length);
        let text = String::from_utf8(data).unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(words, ["\u{1}iframe", "src/effects.rs/rustc/none"]);
    }

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
