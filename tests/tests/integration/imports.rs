//! No two parts of a crate import each other, directly or in a cycle.
//!
//! A part is a file, or a directory with all that is in it: in each directory of each crate, the
//! arrows between its parts must not run in a cycle. A directory's own `mod.rs` (or `lib.rs`) is
//! its face: what it takes from its parts, and they from it, is within one subject.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use regex::Regex;

use crate::{
    architecture::members,
    sources::{code_only, read, source_files},
};

/// A module's path in its crate, as `["pool", "embedded", "store"]`; the crate's root is empty.
type Module = Vec<String>;

#[test]
fn no_parts_of_a_crate_import_each_other_in_a_cycle() {
    let mut cycles = Vec::new();
    for (package, directory) in members() {
        let imports = imports(&directory);
        for (parent, arrows) in arrows_by_directory(&imports) {
            if let Some(cycle) = cycle(&arrows) {
                cycles.push(format!("{package}::{}: {}", parent.join("::"), cycle.join(" -> ")));
            }
        }
    }
    assert!(cycles.is_empty(), "circular imports:\n{}", cycles.join("\n"));
}

#[test]
fn a_cycle_of_imports_is_found() {
    let arrows = |pairs: &[(&str, &str)]| -> BTreeMap<String, BTreeSet<String>> {
        let mut arrows = BTreeMap::<_, BTreeSet<String>>::new();
        for (from, to) in pairs {
            arrows.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        arrows
    };
    assert_eq!(cycle(&arrows(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    let found = cycle(&arrows(&[("a", "b"), ("b", "c"), ("c", "b")])).expect("a cycle");
    assert_eq!(found, ["b", "c", "b"]);
    let paths = imported_paths("use super::{a::B, c::{self, D}};\nfn f() { crate::e::g() }");
    assert_eq!(paths, ["super::a::B", "super::c::self", "super::c::D", "crate::e::g"]);
}

/// Returns which modules of a crate each of its modules imports.
fn imports(directory: &str) -> BTreeMap<Module, BTreeSet<Module>> {
    let files = source_files(directory);
    let modules: BTreeMap<Module, String> = files
        .iter()
        .map(|file| {
            let text = read(&Path::new(directory).join("src").join(file));
            (module_of(file), code_only(&text))
        })
        .collect();
    let known: BTreeSet<&Module> = modules.keys().collect();
    let mut all = BTreeMap::new();
    for (module, text) in &modules {
        let mut imported = BTreeSet::new();
        for path in imported_paths(text) {
            if let Some(target) = resolve(module, &path, &known, &modules) {
                imported.insert(target);
            }
        }
        imported.remove(module);
        all.insert(module.clone(), imported);
    }
    all
}

/// Returns the module of a file, as `pool/mod.rs` or `pool/config.rs`.
fn module_of(file: &Path) -> Module {
    let mut parts: Module = file
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// Returns the paths that begin with `crate`, `super` or `self` in a module's code, one for each
/// name of a list.
fn imported_paths(code: &str) -> Vec<String> {
    let start = Regex::new(r"\b(?:crate|super|self)::").unwrap();
    let mut paths = Vec::new();
    let mut end = 0;
    for found in start.find_iter(code) {
        // `super::super::` is one path, and a name inside a list was read with the list
        if found.start() >= end && !code[..found.start()].ends_with('$') {
            end = found.start() + expand(&code[found.start()..], "", &mut paths);
        }
    }
    paths
}

/// Adds the paths of one use tree, and returns its length.
fn expand(code: &str, prefix: &str, paths: &mut Vec<String>) -> usize {
    let path = Regex::new(r"^\s*(?:\w+\s*::\s*)*(?:\w+|\*)?").unwrap();
    let head = path.find(code).map_or("", |found| found.as_str());
    let name: String = head.split_whitespace().collect();
    let rest = &code[head.len()..];
    if !(name.is_empty() || name.ends_with("::")) || !rest.starts_with('{') {
        if !name.is_empty() {
            paths.push(format!("{prefix}{}", name.trim_end_matches(':')));
        }
        return head.len();
    }
    let prefix = format!("{prefix}{name}");
    let mut at = head.len() + 1;
    while at < code.len() {
        at += expand(&code[at..], &prefix, paths);
        // an alias, white space, a comma
        let skipped = code[at..].find([',', '}']).unwrap_or(code.len() - at);
        let closed = code[at + skipped..].starts_with('}');
        at = (at + skipped + 1).min(code.len());
        if closed {
            break;
        }
    }
    at
}

/// Returns the module that a path in `module` leads to, following what a module exports from its
/// parts.
fn resolve(
    module: &Module,
    path: &str,
    known: &BTreeSet<&Module>,
    sources: &BTreeMap<Module, String>,
) -> Option<Module> {
    let mut at = module.clone();
    let mut names = path.split("::").peekable();
    while let Some(&name) = names.peek() {
        match name {
            "crate" => at.clear(),
            "super" => {
                at.pop()?;
            }
            "self" => {}
            _ => break,
        }
        names.next();
    }
    for name in names {
        let mut child = at.clone();
        child.push(name.to_owned());
        if known.contains(&child) {
            at = child;
            continue;
        }
        // `pub use part::Name;` in the module's own file
        let exported = exports(sources.get(&at)?).remove(name);
        if let Some(part) = exported {
            child = at.clone();
            child.push(part);
            if known.contains(&child) {
                at = child;
            }
        }
        break;
    }
    Some(at)
}

/// Returns which part of a module each name comes from that it exports.
fn exports(code: &str) -> BTreeMap<String, String> {
    let statement = Regex::new(r"(?s)pub(?:\([^)]*\))? use (?:self::)?(\w+)::([^;]+);").unwrap();
    let name = Regex::new(r"\w+").unwrap();
    statement
        .captures_iter(code)
        .flat_map(|captures| {
            let part = captures[1].to_owned();
            let names: Vec<String> =
                name.find_iter(&captures[2]).map(|name| name.as_str().to_owned()).collect();
            names.into_iter().map(move |name| (name, part.clone()))
        })
        .collect()
}

/// Returns the arrows between the parts of each directory that has any.
fn arrows_by_directory(
    imports: &BTreeMap<Module, BTreeSet<Module>>,
) -> BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> {
    let mut directories = BTreeMap::<Module, BTreeMap<String, BTreeSet<String>>>::new();
    for (from, targets) in imports {
        for to in targets {
            let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
            if let (Some(a), Some(b)) = (from.get(shared), to.get(shared)) {
                let arrows = directories.entry(from[..shared].to_vec()).or_default();
                arrows.entry(a.clone()).or_default().insert(b.clone());
            }
        }
    }
    directories
}

/// Returns a cycle of arrows, if there is one: its first part stands at the end again.
fn cycle(arrows: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(
        part: &str,
        arrows: &BTreeMap<String, BTreeSet<String>>,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = path.iter().position(|earlier| earlier == part) {
            let mut cycle = path[start..].to_vec();
            cycle.push(part.to_owned());
            return Some(cycle);
        }
        if !done.insert(part.to_owned()) {
            return None;
        }
        path.push(part.to_owned());
        for next in arrows.get(part).into_iter().flatten() {
            if let Some(cycle) = walk(next, arrows, path, done) {
                return Some(cycle);
            }
        }
        path.pop();
        None
    }
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|part| walk(part, arrows, &mut Vec::new(), &mut done))
}
