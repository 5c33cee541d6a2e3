//! Turns functions of the compiled page into the one instruction that stops it; wasm-opt then drops
//! whatever only they needed. Those that begin a panic: a buyer's browser never shows its message, and
//! the tests, whose build keeps them, read it. And those that nothing can call, which the compiler keeps
//! because their address is in a table.

use anyhow::{Context, Result};

use crate::wasm::{self, Reader};

/// Functions that never return, by the beginning of their names.
const BEGIN_PANICS: [&str; 12] = [
    "core::panicking::",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "core::cell::panic_",
    "core::cell::lazy::panic_",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "alloc::alloc::handle_alloc_error",
    "std::thread::local::panic_access_error",
];
/// And by their endings.
const END_IN_PANICS: [&str; 6] = [
    "::rust_begin_unwind",
    "::rust_panic",
    "::panic_with_hook",
    "::assert_failed",
    "UnwrapThrowExt<T>>::unwrap_throw",
    "Fallibility::capacity_overflow",
];
/// What Leptos brings along to stream bodies of requests, which the page does not: its doors to JavaScript
/// are dropped before.
const NEVER_RUN: [&str; 2] = ["wasm_streams::", "js_sys::futures::future_to_promise"];
/// No local variables; `unreachable`; the end.
const TRAP: &[u8] = &[0, 0x00, 0x0b];

/// What panics say, in the standard library and in the crates that the page uses.
const MESSAGES: [&str; 42] = [
    "capacity overflow",
    "slice index starts at ",
    " but ends at ",
    "index out of bounds: the len is ",
    " but the index is ",
    "range start index ",
    " out of range for slice of length ",
    "range end index ",
    "assertion `left ",
    " right` failed",
    "cannot access a Thread Local Storage value during or after destruction",
    "removal index (is ",
    ") should be < len (is ",
    "called `Option::unwrap()` on a `None` value",
    "called `Result::unwrap()` on an `Err` value",
    "called `Option::unwrap_throw()` on a `None` value",
    "called `Result::unwrap_throw()` on an `Err` value",
    "LazyCell instance has previously been poisoned",
    "Once instance has previously been poisoned",
    "one-time initialization may not be performed recursively",
    "`async fn` resumed after completion",
    "RefCell already mutably borrowed",
    "RefCell already borrowed",
    "internal error: entered unreachable code",
    "JsValue passed is not an Error type -- this is a bug",
    "Arc counter overflow",
    "Attempted to initialize thread-local while it is being dropped",
    "mid > len",
    "index not found",
    "failed to generate unique thread ID: bitspace exhausted",
    "inner is None only in drop",
    "window size must be non-zero",
    "Tried to shrink to a larger capacity",
    "Map must not be polled after it returned `Poll::Ready`",
    "finish: callbacks should be Some",
    "finish: result should be None",
    "polled Feed after completion",
    "Executor::spawn called, but no global 'spawn' function is configured.",
    "Executor::spawn_local called, but no global 'spawn_local' function is configured.",
    "Tried to access a reactive value that has already been disposed.",
    "a Display implementation returned an error unexpectedly",
    // What the standard library calls the errors of an operating system, where there is none.
    "entity not foundpermission deniedconnection refusedconnection resethost unreachablenetwork unreachableconnection abortednot connectedaddress in useaddress not availablenetwork downbroken pipeentity already existsoperation would blocknot a directoryis a directorydirectory not emptyread-only filesystem or storage mediumfilesystem loop or indirection limit (e.g. symlink loop)stale network file handleinvalid input parameterinvalid datatimed outwrite zerono storage spaceseek on unseekable filequota exceededfile too largeresource busyexecutable file busydeadlockcross-device link or renametoo many linksinvalid filenameargument list too longoperation interruptedunsupportedunexpected end of fileout of memoryin progressother erroruncategorized error",
];

/// Sets the traps. Names must still be there.
///
/// # Errors
/// It is no WebAssembly that we can read, or has no names.
pub(crate) fn set(wasm: &[u8]) -> Result<Vec<u8>> {
    let imported = wasm::imported_functions(wasm)?;
    let names = wasm::function_names(wasm)?.context("the functions have no names")?;
    wasm::rewrite_section(wasm, wasm::CODE, &mut |code| {
        let mut reader = Reader(code);
        let mut written = Vec::with_capacity(code.len());
        let count = reader.number()?;
        wasm::write_number(&mut written, count);
        for index in 0..count {
            let length = reader.number()?;
            let body = reader.take(length)?;
            let name = names.get(&(imported + index));
            let body = if name.is_some_and(|name| panics(name) || never_runs(name)) {
                TRAP
            } else {
                body
            };
            wasm::write_number(&mut written, body.len());
            written.extend(body);
        }
        Ok(written)
    })
}

/// Blanks what panics would say, and where they would say that they happened.
///
/// # Errors
/// It is no WebAssembly that we can read.
pub(crate) fn blank_messages(wasm: &[u8]) -> Result<Vec<u8>> {
    wasm::rewrite_section(wasm, wasm::DATA, &mut |section| {
        let mut data = section.to_vec();
        let parts = parts(section)?;
        for place in parts.iter().flat_map(|part| part.places(section)) {
            if let Some((path, range)) = location(section, &parts, place) {
                fill(&mut data, place, 16, 0);
                fill(&mut data, range, path.len(), b' ');
            }
        }
        for message in MESSAGES {
            let found: Vec<usize> = data
                .windows(message.len())
                .enumerate()
                .filter(|(_, bytes)| *bytes == message.as_bytes())
                .map(|(place, _)| place)
                .collect();
            for place in found {
                fill(&mut data, place, message.len(), b' ');
            }
        }
        Ok(data)
    })
}

/// Without the digests that the compiler puts in: `core[1f2e]::panicking::panic_fmt`, `…::h1f2e3d4c`.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0;
    for letter in name.chars() {
        depth += usize::from(letter == '[');
        if depth == 0 {
            plain.push(letter);
        }
        depth -= usize::from(letter == ']' && depth > 0);
    }
    let is_digest = |last: &str| {
        last.strip_prefix('h').is_some_and(|digits| {
            digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit())
        })
    };
    match plain.rsplit_once("::") {
        Some((before, last)) if is_digest(last) => before.to_owned(),
        _ => plain,
    }
}

fn panics(name: &str) -> bool {
    let name = plain(name);
    BEGIN_PANICS
        .iter()
        .any(|beginning| name.starts_with(beginning))
        || END_IN_PANICS.iter().any(|ending| name.ends_with(ending))
}

fn never_runs(name: &str) -> bool {
    NEVER_RUN.iter().any(|part| name.contains(part))
}

/// A part of memory that the section fills.
struct Part {
    address: usize,
    /// Where its bytes are in the section.
    at: usize,
    length: usize,
}

impl Part {
    /// Where in the section an aligned address is that has room for a `Location`.
    fn places(&self, section: &[u8]) -> impl Iterator<Item = usize> + use<> {
        let first = self.at + self.address.next_multiple_of(4) - self.address;
        let end = (self.at + self.length).min(section.len());
        (first..end.saturating_sub(15)).step_by(4)
    }
}

fn parts(section: &[u8]) -> Result<Vec<Part>> {
    let mut reader = Reader(section);
    let mut parts = Vec::new();
    for _ in 0..reader.number()? {
        // Filled at the start (0), beginning at a constant (`i32.const`) address.
        let begins = reader.take(2)?;
        anyhow::ensure!(begins == [0, 0x41], "memory is filled in a new way");
        let address = reader.number()?;
        reader.byte()?;
        let length = reader.number()?;
        let at = section.len() - reader.0.len();
        reader.take(length)?;
        parts.push(Part {
            address,
            at,
            length,
        });
    }
    Ok(parts)
}

/// Whether a `core::panic::Location` (the path's address and length, line, column) is here; answers
/// the path, and its place in the section.
fn location<'a>(section: &'a [u8], parts: &[Part], place: usize) -> Option<(&'a [u8], usize)> {
    let word = |index: usize| -> Option<usize> {
        let bytes = section.get(place + 4 * index..place + 4 * index + 4)?;
        usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
    };
    let (address, length, line, column) = (word(0)?, word(1)?, word(2)?, word(3)?);
    let is_place = (1..100_000).contains(&line) && (1..1_000).contains(&column);
    let part = parts
        .iter()
        .find(|part| (part.address..part.address + part.length).contains(&address))?;
    let at = part.at + address - part.address;
    let path = section.get(at..at.checked_add(length)?)?;
    let is_path = path.ends_with(b".rs") && path.iter().all(u8::is_ascii_graphic);
    (is_place && is_path).then_some((path, at))
}

fn fill(data: &mut [u8], place: usize, length: usize, with: u8) {
    if let Some(bytes) = data.get_mut(place..place + length) {
        bytes.fill(with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_are_known_by_their_names() {
        for name in [
            "core[c5930c85a12de822]::panicking::panic_fmt",
            "core[c5930c85a12de822]::panicking::assert_failed::<usize, usize>",
            "<alloc[3ca501edff3f0c7c]::vec::Vec<_, _>>::remove::assert_failed",
            "__rustc[b7974e8690430dd9]::rust_begin_unwind",
            "<core::option::Option<T> as wasm_bindgen::UnwrapThrowExt<T>>::unwrap_throw::ha4bdc4628e46f6db",
            "std[a543996e6e7dbf1e]::panicking::panic_with_hook",
        ] {
            assert!(panics(name), "{name}");
        }
        for name in [
            "std[a543996e6e7dbf1e]::panicking::panic_count::is_zero_slow_path",
            "std[a543996e6e7dbf1e]::panicking::set_hook",
            "toss_checkout::effects::Page::perform::h8b95515fea0430d9",
            "core::option::Option<T>::map::h8b95515fea0430d9",
        ] {
            assert!(!panics(name) && !never_runs(name), "{name}");
        }
        assert!(never_runs(
            "core::ptr::drop_in_place<wasm_streams::writable::into_underlying_sink::Inner>::h1"
        ));
    }

    /// A module of which `panics` is the first function and `main` the second; both return 7.
    const FUNCTIONS: &[u8] = b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7f\x03\x03\x02\0\0\
        \x0a\x0b\x02\x04\0\x41\x07\x0b\x04\0\x41\x07\x0b\
        \0\x28\x04name\x01\x21\x02\0\x18core::panicking::panic_x\x01\x04main";

    #[test]
    fn a_function_that_panics_traps_and_the_others_stay() {
        let silent = set(FUNCTIONS).unwrap();
        let code: &[u8] = b"\x0a\x0a\x02\x03\0\x00\x0b\x04\0\x41\x07\x0b";
        assert!(silent.windows(code.len()).any(|bytes| bytes == code));
        assert!(set(&FUNCTIONS[..FUNCTIONS.len() - 42]).is_err());
    }

    #[test]
    fn places_and_messages_go_and_nothing_else() {
        let mut memory = b"src/a.rsCARDmid > len   ".to_vec();
        for word in [1024_u32, 8, 17, 5, 1024, 4, 17, 5] {
            memory.extend(word.to_le_bytes());
        }
        let mut section = vec![
            1,
            0,
            0x41,
            0x80,
            0x08,
            0x0b,
            u8::try_from(memory.len()).unwrap(),
        ];
        section.extend(&memory);
        let mut module = b"\0asm\x01\0\0\0\x0b".to_vec();
        module.push(u8::try_from(section.len()).unwrap());
        module.extend(&section);
        let blanked = blank_messages(&module).unwrap();
        assert_eq!(blanked.len(), module.len());
        let memory = &blanked[blanked.len() - memory.len()..];
        assert_eq!(&memory[..24], b"        CARD            ");
        assert_eq!(memory[24..40], [0; 16]);
        // `src/` is no file of Rust.
        assert_eq!(memory[40..44], 1024_u32.to_le_bytes());
    }
}
