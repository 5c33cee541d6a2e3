//! Arrows between siblings.

use std::collections::{BTreeMap, BTreeSet};

/// Modules by name, and what each imports.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) arrows: BTreeMap<String, BTreeSet<String>>,
    /// Imports of what is no module: from, and the name.
    pub(crate) unknown: BTreeSet<(String, String)>,
}

impl Graph {
    pub(crate) fn add(&mut self, module: &str) {
        self.arrows.entry(module.to_owned()).or_default();
    }

    pub(crate) fn arrow(&mut self, from: &str, to: &str) {
        let targets = self.arrows.entry(from.to_owned()).or_default();
        targets.insert(to.to_owned());
    }

    pub(crate) fn unknown(&mut self, from: &str, name: &str) {
        self.unknown.insert((from.to_owned(), name.to_owned()));
    }

    /// A circle of arrows, the first name again at its end.
    pub(crate) fn cycle(&self) -> Option<Vec<String>> {
        let mut done = BTreeSet::new();
        self.arrows
            .keys()
            .find_map(|start| self.walk(start, &mut Vec::new(), &mut done))
    }

    fn walk<'a>(
        &'a self,
        at: &'a str,
        way: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> Option<Vec<String>> {
        if let Some(first) = way.iter().position(|known| *known == at) {
            let circle = way[first..].iter().copied().chain([at]);
            return Some(circle.map(str::to_owned).collect());
        }
        if done.contains(at) {
            return None;
        }
        way.push(at);
        for to in self.arrows.get(at).into_iter().flatten() {
            if let Some(circle) = self.walk(to, way, done) {
                return Some(circle);
            }
        }
        way.pop();
        done.insert(at);
        None
    }
}
