//! For tests: that the modules of a crate import each other without cycles, and only inward.
//!
//! The sources are read as text. An import is every path that begins with `crate::` or `super::`, in a `use` or
//! elsewhere; comments do not count, nor do files and modules of tests. Siblings are compared: an import of
//! `store::rows` by `http::page` is an arrow from `http` to `store`, one of `http::body` by `http::page` an
//! arrow from `page` to `body` inside `http`. What a module and its own submodules say to each other is their
//! own affair.
//!
//! ```no_run
//! let faults = import_check::Crate::at(env!("CARGO_MANIFEST_DIR"))
//!     // From the inside outward; each layer may import itself and those before it.
//!     .layers(&[&["domain"], &["application"], &["provider", "store"], &["http"]])
//!     .check();
//! assert!(faults.is_empty(), "{}", faults.join("\n"));
//! ```

mod graph;
mod source;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use self::graph::Graph;

/// A crate whose imports are to be checked.
#[derive(Debug)]
pub struct Crate<'a> {
    source: PathBuf,
    layers: &'a [&'a [&'a str]],
    outside: &'a [&'a str],
}

impl<'a> Crate<'a> {
    /// The crate whose `Cargo.toml` is in this folder.
    pub fn at(manifest_dir: impl AsRef<Path>) -> Self {
        Self {
            source: manifest_dir.as_ref().join("src"),
            layers: &[],
            outside: &[],
        }
    }

    /// The top modules from the inside outward. Every one must be named; a layer may import itself and those
    /// before it.
    #[must_use]
    pub fn layers(mut self, layers: &'a [&'a [&'a str]]) -> Self {
        self.layers = layers;
        self
    }

    /// Top modules that may import everything and that nobody imports, such as a program's command line.
    #[must_use]
    pub fn outside(mut self, modules: &'a [&'a str]) -> Self {
        self.outside = modules;
        self
    }

    /// What is wrong, a sentence each; nothing when all is well.
    pub fn check(&self) -> Vec<String> {
        match self.graphs() {
            Ok(graphs) => self.judge(&graphs),
            Err(error) => vec![format!("{}: {error}", self.source.display())],
        }
    }

    /// The arrows between siblings, by the module that they are in; the top is the empty name.
    fn graphs(&self) -> io::Result<BTreeMap<String, Graph>> {
        let mut files = Vec::new();
        collect(&self.source, &mut Vec::new(), &mut files)?;
        let modules: BTreeSet<Vec<String>> = files.iter().map(|file| file.module.clone()).collect();
        let mut graphs: BTreeMap<String, Graph> = BTreeMap::new();
        for file in &files {
            for level in 0..file.module.len() {
                let inside = file.module[..level].join("::");
                let graph = graphs.entry(inside).or_default();
                graph.add(&file.module[level]);
            }
            for path in source::imports(&file.text, &file.module) {
                let target = longest(&modules, &path);
                let common = target
                    .iter()
                    .zip(&file.module)
                    .take_while(|(one, other)| one == other)
                    .count();
                let (Some(from), Some(to)) = (file.module.get(common), target.get(common)) else {
                    if common == 0 && !file.module.is_empty() {
                        let name = path.first().cloned().unwrap_or_default();
                        let graph = graphs.entry(String::new()).or_default();
                        graph.unknown(&file.module[0], &name);
                    }
                    continue;
                };
                let inside = file.module[..common].join("::");
                graphs.entry(inside).or_default().arrow(from, to);
            }
        }
        Ok(graphs)
    }

    fn judge(&self, graphs: &BTreeMap<String, Graph>) -> Vec<String> {
        let mut faults = Vec::new();
        for (inside, graph) in graphs {
            if let Some(cycle) = graph.cycle() {
                let inside = if inside.is_empty() { "crate" } else { inside };
                faults.push(format!(
                    "modules of {inside} import each other in a circle: {}",
                    cycle.join(" -> ")
                ));
            }
        }
        let Some(top) = graphs.get("") else {
            return faults;
        };
        for (from, name) in &top.unknown {
            if !self.outside.contains(&from.as_str()) {
                faults.push(format!(
                    "{from} imports crate::{name}, which is no module: name the module that it is in"
                ));
            }
        }
        let layer = |name: &str| self.layers.iter().position(|layer| layer.contains(&name));
        for (from, targets) in &top.arrows {
            if self.outside.contains(&from.as_str()) {
                continue;
            }
            if !self.layers.is_empty() && layer(from).is_none() {
                faults.push(format!("{from} is in no layer"));
            }
            for to in targets {
                if self.outside.contains(&to.as_str()) {
                    faults.push(format!("{from} imports {to}, which nobody may import"));
                } else if layer(from) < layer(to) {
                    faults.push(format!("{from} imports {to}, which lies further out"));
                }
            }
        }
        faults
    }
}

/// A source file and the module that it is.
#[derive(Debug)]
struct File {
    module: Vec<String>,
    text: String,
}

fn collect(folder: &Path, module: &mut Vec<String>, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = name.into_owned();
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        // Tests may reach for everything, and programs are no modules.
        if name == "tests" || name == "bin" || (!is_rust && !path.is_dir()) {
            continue;
        }
        let is_root = module.is_empty() && matches!(name.as_str(), "lib" | "main");
        let named = !is_root && name != "mod";
        if named {
            module.push(name);
        }
        if path.is_dir() {
            collect(&path, module, files)?;
        } else {
            files.push(File {
                module: module.clone(),
                text: fs::read_to_string(&path)?,
            });
        }
        if named {
            module.pop();
        }
    }
    Ok(())
}

/// The module that a path leads to: the longest beginning of it that is one.
fn longest(modules: &BTreeSet<Vec<String>>, path: &[String]) -> Vec<String> {
    (0..=path.len())
        .rev()
        .map(|length| path[..length].to_vec())
        .find(|beginning| modules.contains(beginning))
        .unwrap_or_default()
}
