//! Makes the built page smaller, where Trunk, wasm-bindgen and wasm-opt each see a part only:
//!
//! - wasm-bindgen exports what any crate marks for export, whether the page uses it or not, and with
//!   it stays all the code behind it (Leptos brings streams that we do not open);
//! - it names imports and exports by hashes, which no compressor makes smaller;
//! - its JavaScript is written to be read;
//! - panics prepare messages that nobody sees.
//!
//! Files that were changed get new names, since browsers keep them by name for ever.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{tools, traps, wasm};

/// The browsers that run the page at all (reference types in WebAssembly) know this JavaScript.
const ESBUILD: [&str; 3] = ["--format=esm", "--target=es2022", "--log-level=warning"];
/// Chromium then compiles every function while the script arrives, and not each one when it is called, which
/// is when the buyer waits. Source:
/// <https://github.com/WICG/explicit-javascript-compile-hints-file-based>.
const COMPILED_AT_ONCE: &str = "--banner:js=//# allFunctionsCalledOnLoad";
/// The files of sentences.
const SENTENCES: [&str; 4] = ["ko", "ko-more", "en", "en-more"];
/// Of many orders of `wasm-opt`'s passes those whose result packs best; -1.5 % beside `-Oz`. The last pass
/// of each is told that nothing lies in the first kilobyte of memory, where Rust has the far end of its
/// stack.
const SMALLEST: [&[&str]; 2] = [
    &[
        "--flatten",
        "--rereloop",
        "-Oz",
        "--gufa",
        "-Oz",
        "--low-memory-unused",
    ],
    &[
        "--flatten",
        "--rereloop",
        "--gufa",
        "-Os",
        "-Oz",
        "--low-memory-unused",
    ],
];
/// The module by which the compiled page asks for its glue code.
const GLUE_MODULE: &str = "./toss-checkout_bg.js";

/// Makes the page in `dist` smaller with these tools. `compiled` is the page as wasm-bindgen left it.
///
/// # Errors
/// A tool fails, or a file is not as the tool before it usually writes it.
pub(crate) fn page(dist: &Path, compiled: &Path, tools: &[PathBuf]) -> Result<()> {
    let index = dist.join("index.html");
    let mut html = read(&index)?;
    let stem = stem_of(&html).context("index.html names no script")?;
    let page = Page {
        tools,
        work: dist.join("shrink"),
        wasm: dist.join(format!("{stem}_bg.wasm")),
        glue: dist.join(format!("{stem}.js")),
    };
    fs::create_dir(&page.work).context("cannot make a folder to work in")?;
    page.set_traps(compiled)?;
    page.drop_unused()?;
    page.rename()?;

    let glue = page.bundle(&["--minify", COMPILED_AT_ONCE])?;
    let new_stem = format!("toss-checkout-{}", hash(&[&glue, &fs::read(&page.wasm)?]));
    fs::write(dist.join(format!("{new_stem}.js")), glue).context("cannot write the glue")?;
    fs::rename(&page.wasm, dist.join(format!("{new_stem}_bg.wasm")))
        .context("cannot rename the compiled page")?;
    fs::remove_file(&page.glue).context("cannot remove the old glue")?;
    // They are in the glue now.
    fs::remove_dir_all(dist.join("snippets")).context("cannot remove the snippets")?;

    let text = name_languages(dist)?;
    let packed = pack_sentences(dist, &text)?;
    for name in ["boot.mjs", "direct.js", "develop.js"] {
        let script = dist.join(name);
        let packed = page.esbuild(
            &script,
            &["--bundle", "--minify", &packed, COMPILED_AT_ONCE],
        )?;
        fs::write(&script, packed).with_context(|| format!("cannot write {name}"))?;
    }
    fs::remove_file(dist.join("prepare.mjs")).context("cannot remove what is in boot.mjs now")?;
    html = html.replace(
        "_bg.wasm\"></script>",
        &format!("_bg.wasm&text={text}\"></script>"),
    );
    html = html.replace(&stem, &new_stem);
    html = page.join_styles(dist, &html)?;
    fs::write(&index, html).context("cannot write index.html")?;
    fs::remove_dir_all(&page.work).context("cannot tidy up")
}

struct Page<'a> {
    tools: &'a [PathBuf],
    work: PathBuf,
    wasm: PathBuf,
    glue: PathBuf,
}

impl Page<'_> {
    /// Begins anew, where functions still have names, without what only panics need and what never runs.
    fn set_traps(&self, compiled: &Path) -> Result<()> {
        let compiled =
            fs::read(compiled).with_context(|| format!("Trunk left no {}", compiled.display()))?;
        let trapped = traps::set(&compiled)?;
        fs::write(&self.wasm, trapped).context("cannot write the compiled page")
    }

    fn optimize(&self, passes: &[&str]) -> Result<()> {
        let file = self.wasm.as_os_str();
        let mut optimize = self.tool("wasm-opt");
        optimize.args(passes).arg(file).arg("-o").arg(file);
        run(&mut optimize).map(drop)
    }

    /// Drops exports that the glue does not use, what only they needed, and the glue's functions
    /// that nothing imports any more; again, until nothing is left to drop.
    fn drop_unused(&self) -> Result<()> {
        let mut before = usize::MAX;
        loop {
            let bundle = String::from_utf8(self.bundle(&[])?).context("the glue is not UTF-8")?;
            let exports = wasm::exports(&fs::read(&self.wasm)?)?;
            let used = |name: &String| uses(&bundle, name);
            let kept: Vec<String> = exports.iter().filter(|name| used(name)).cloned().collect();
            if kept.len() == before {
                break;
            }
            before = kept.len();
            self.keep_exports(&exports, &kept)?;
            let imports = wasm::imports(&fs::read(&self.wasm)?)?;
            let glue = keep_functions(&read(&self.glue)?, &imports)?;
            fs::write(&self.glue, glue).context("cannot write the glue")?;
        }
        SMALLEST
            .into_iter()
            .try_for_each(|passes| self.optimize(passes))
    }

    fn keep_exports(&self, all: &[String], kept: &[String]) -> Result<()> {
        let mut graph = vec![serde_json::json!({"name": "page", "root": true, "reaches": kept})];
        graph.extend(
            all.iter()
                .map(|name| serde_json::json!({"name": name, "export": name})),
        );
        let file = self.work.join("exports.json");
        fs::write(&file, serde_json::to_vec(&graph)?)
            .context("cannot write the list of exports")?;
        let mut drop_others = self.tool("wasm-metadce");
        drop_others.arg(&self.wasm).arg("--graph-file").arg(file);
        run(drop_others.arg("-o").arg(&self.wasm)).map(drop)
    }

    /// Gives imports and exports the shortest names there are.
    fn rename(&self) -> Result<()> {
        let compiled = fs::read(&self.wasm)?;
        let mut glue = read(&self.glue)?;
        let mut names = short_names();
        let mut renamed = Vec::new();
        let compiled = wasm::rewrite(
            &compiled,
            &mut |(module, name)| {
                // The page's own modules keep their names: the glue hands them on as they are.
                let name = if module == GLUE_MODULE {
                    let short = names.next().unwrap_or_default();
                    renamed.push((
                        format!("        {name}: function("),
                        format!("{short}: function("),
                    ));
                    short
                } else {
                    name
                };
                (module, name)
            },
            &mut |name| name,
        )?;
        let mut names = short_names();
        let compiled = wasm::rewrite(&compiled, &mut |import| import, &mut |name| {
            let short = names.next().unwrap_or_default();
            for after in ["(", ".", ";", ",", ")"] {
                renamed.push((
                    format!("wasm.{name}{after}"),
                    format!("wasm.{short}{after}"),
                ));
            }
            short
        })?;
        let compiled = traps::blank_messages(&compiled)?;
        for (long, short) in renamed {
            glue = glue.replace(&long, &short);
        }
        fs::write(&self.wasm, compiled).context("cannot write the compiled page")?;
        fs::write(&self.glue, glue).context("cannot write the glue")
    }

    /// The glue and the modules that it imports as one, without what starting the page does not use.
    fn bundle(&self, flags: &[&str]) -> Result<Vec<u8>> {
        let start = self.work.join("start.js");
        let glue = self.glue.file_name().context("the glue has no name")?;
        let glue = glue.to_string_lossy();
        // `prepare.mjs` lets Toss's script run before the program does.
        let loader = loader_in(&read(&self.glue)?)?;
        fs::write(
            &start,
            format!(
                "export {{ default, start }} from \"../{glue}\";\nexport {{ load }} from \".{loader}\";"
            ),
        )
        .context("cannot write the bundle's start")?;
        // Both lines of the glue only look as if they did something: exported classes register
        // themselves, which keeps them even when nobody uses them.
        let harmless = [
            "--define:Symbol.dispose=false",
            "--pure:FinalizationRegistry",
        ];
        self.esbuild(&start, &[&["--bundle"], &harmless[..], flags].concat())
    }

    /// One style sheet of all.
    fn join_styles(&self, dist: &Path, html: &str) -> Result<String> {
        let mut styles = String::new();
        let mut first = None;
        let mut lines: Vec<String> = Vec::new();
        for line in html.lines() {
            let line = line.trim();
            let sheet = line
                .strip_prefix("<link rel=\"stylesheet\" href=\"")
                .and_then(|rest| rest.split_once('"'));
            if let Some((href, _)) = sheet {
                let (folder, name) = href
                    .rsplit_once('/')
                    .context("a style sheet has no folder")?;
                let file = dist.join(name);
                styles += &read(&file)?;
                fs::remove_file(file).context("cannot remove a style sheet")?;
                first.get_or_insert((lines.len(), folder.to_owned()));
            } else if !line.is_empty() && !is_comment(line) {
                lines.push(without_snippets(line));
            }
        }
        let (place, folder) = first.context("index.html has no style sheet")?;
        let file = self.work.join("page.css");
        fs::write(&file, styles).context("cannot write the style sheet")?;
        let styles = self.esbuild(&file, &["--minify"])?;
        let name = format!("page-{}.css", hash(&[&styles]));
        fs::write(dist.join(&name), styles).context("cannot write the style sheet")?;
        lines.insert(
            place,
            format!("<link rel=\"stylesheet\" href=\"{folder}/{name}\">"),
        );
        Ok(lines.join("\n"))
    }

    fn esbuild(&self, file: &Path, flags: &[&str]) -> Result<Vec<u8>> {
        let mut esbuild = self.tool("esbuild");
        esbuild.arg(file).args(flags);
        if file.extension().is_none_or(|ending| ending != "css") {
            esbuild.args(ESBUILD);
        }
        run(&mut esbuild)
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        if let Ok(path) = tools::path_with(self.tools) {
            command.env("PATH", path);
        }
        command
    }
}

fn run(command: &mut Command) -> Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !done.status.success() {
        bail!("{name} failed:\n{}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(done.stdout)
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// `toss-checkout-1f2e3d4c5b6a7980`: the name of glue and compiled page without their endings.
fn stem_of(html: &str) -> Option<String> {
    let (_, after) = html.split_once("boot.mjs?js=")?;
    let (name, _) = after.split_once('&')?;
    name.strip_suffix(".js").map(str::to_owned)
}

/// `./snippets/…/loader.js`: the module of the bindings that brings Toss's script in.
fn loader_in(glue: &str) -> Result<String> {
    let mut paths = glue.lines().filter_map(|line| {
        let (_, path) = line.split_once(" from '")?;
        Some(path.trim_end_matches([';', '\'']))
    });
    let loader = paths.find(|path| path.ends_with("/loader.js"));
    loader
        .map(str::to_owned)
        .context("the glue imports no loader.js")
}

/// Takes the names of sentences out: the page knows their order. Those of banks and card companies stay.
fn without_names(file: &str) -> String {
    let lines = file.lines().map(|line| match line.split_once(": ") {
        Some((name, words)) if !name.contains(' ') => format!(":{words}\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// Gives the files of sentences one digest of all in their names; answers it.
fn name_languages(dist: &Path) -> Result<String> {
    let mut files = Vec::new();
    for name in SENTENCES {
        let long = dist.join(format!("{name}.txt"));
        files.push(without_names(&read(&long)?));
        fs::remove_file(long).context("cannot remove a file of sentences")?;
    }
    let parts: Vec<&[u8]> = files.iter().map(String::as_bytes).collect();
    let digest = hash(&parts);
    for (name, file) in SENTENCES.iter().zip(&files) {
        fs::write(dist.join(format!("{name}-{digest}.txt")), file)
            .context("cannot write a file of sentences")?;
    }
    Ok(digest)
}

/// The first sentences in Korean, for `boot.mjs`: most buyers need them, and need not ask once more then.
fn pack_sentences(dist: &Path, digest: &str) -> Result<String> {
    let name = format!("ko-{digest}");
    let text = read(&dist.join(format!("{name}.txt")))?;
    let packed = serde_json::json!({"name": name, "text": text});
    Ok(format!("--define:PACKED={packed}"))
}

/// Whether JavaScript mentions an export.
fn uses(script: &str, export: &str) -> bool {
    script
        .split(&format!("wasm.{export}"))
        .skip(1)
        .any(|after| {
            !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        })
}

/// The glue without the functions that are not imported.
fn keep_functions(glue: &str, imports: &[wasm::Import]) -> Result<String> {
    let is_imported = |name: &str| imports.iter().any(|import| import.1 == name);
    let mut kept = String::with_capacity(glue.len());
    let (mut dropping, mut functions) = (false, 0);
    for line in glue.lines() {
        // wasm-bindgen writes one function after the other at this depth, and nothing else there.
        let begins = line
            .strip_prefix("        ")
            .and_then(|rest| rest.split_once(": function("))
            .filter(|(name, _)| !name.starts_with(' '));
        if let Some((name, _)) = begins {
            dropping = !is_imported(name);
            functions += usize::from(!dropping);
        } else if line == "    };" {
            dropping = false;
        }
        if !dropping {
            kept += line;
            kept.push('\n');
        }
    }
    let wanted = imports.iter().filter(|import| import.0 == GLUE_MODULE);
    ensure!(
        functions == wanted.count(),
        "the glue has another shape than wasm-bindgen's used to have"
    );
    Ok(kept)
}

/// `a`, `b`, … `Z`, `aa`, `ba`, …
fn short_names() -> impl Iterator<Item = String> {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    (0usize..).map(|mut number| {
        let mut name = String::new();
        loop {
            name.push(LETTERS.get(number % 52).copied().unwrap_or_default().into());
            if number < 52 {
                return name;
            }
            number = number / 52 - 1;
        }
    })
}

fn is_comment(line: &str) -> bool {
    line.starts_with("<!--") && line.ends_with("-->")
}

/// A line of `index.html` without the links to modules that are in the glue now.
fn without_snippets(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, link)) = rest.split_once("<link rel=\"modulepreload\"") {
        let (link, after) = link.split_once('>').unwrap_or((link, ""));
        kept += before;
        if !link.contains("/snippets/") {
            kept += "<link rel=\"modulepreload\"";
            kept += link;
            kept.push('>');
        }
        rest = after;
    }
    kept + rest
}

/// FNV-1a: tells versions of a file apart, and is no defence against anybody.
fn hash(parts: &[&[u8]]) -> String {
    let bytes = parts.iter().flat_map(|part| part.iter());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_lose_their_names_and_banks_keep_their_codes() {
        let file = "card: 카드\nhint: 은행: 하나\nbank 04: KB국민은행\n";
        assert_eq!(
            without_names(file),
            ":카드\n:은행: 하나\nbank 04: KB국민은행\n"
        );
    }

    #[test]
    fn a_name_is_used_only_as_a_whole() {
        assert!(uses("wasm.memory.buffer", "memory"));
        assert!(!uses("wasm.memory_2()", "memory"));
        assert!(uses("wasm.memory_2(); wasm.memory", "memory"));
    }

    #[test]
    fn functions_that_nothing_imports_go() {
        let glue = "    const import0 = {\n        a_1: function() {\n            return 1;\n        },\n        b_2: function() { return handleError(function (x) {\n            x();\n        }, arguments); },\n    };\nrest\n";
        let import = |name: &str| (GLUE_MODULE.to_owned(), name.to_owned());
        let kept = keep_functions(glue, &[import("b_2")]).unwrap();
        assert!(
            !kept.contains("a_1") && !kept.contains("return 1"),
            "{kept}"
        );
        assert!(
            kept.contains("x();\n        }, arguments); },\n    };\nrest"),
            "{kept}"
        );
        assert!(keep_functions(glue, &[import("c_3")]).is_err());
    }

    #[test]
    fn short_names_are_all_different() {
        let names: Vec<String> = short_names().take(3_000).collect();
        assert_eq!((names[0].as_str(), names[51].as_str()), ("a", "Z"));
        let different: std::collections::HashSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len());
    }

    #[test]
    fn links_to_snippets_go() {
        let line = r#"a<link rel="modulepreload" href="/x.js"><link rel="modulepreload" href="/snippets/y.js">b"#;
        assert_eq!(
            without_snippets(line),
            r#"a<link rel="modulepreload" href="/x.js">b"#
        );
        let html = r#"src="./boot.mjs?js=toss-checkout-1.js&wasm=toss-checkout-1_bg.wasm""#;
        assert_eq!(stem_of(html).as_deref(), Some("toss-checkout-1"));
    }
}
