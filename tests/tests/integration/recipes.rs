//! The recipes of `just`: those that pages name exist, and each says what it does.

use std::{collections::BTreeSet, path::Path};

use regex::Regex;

use crate::sources::{read, tracked};

/// A recipe of the justfile.
struct Recipe {
    name: String,
    comment: Option<String>,
    body: String,
}

/// Returns the public recipes.
fn recipes() -> Vec<Recipe> {
    let text = read(Path::new("justfile"));
    let head = Regex::new(r"^@?([a-z][a-z-]*)(?: [^:]*)?:(?: |$)").unwrap();
    let mut recipes: Vec<Recipe> = Vec::new();
    let (mut comment, mut is_private) = (None, false);
    for line in text.lines() {
        if let Some(body) = line.strip_prefix("    ") {
            if let Some(recipe) = recipes.last_mut().filter(|_| !is_private) {
                recipe.body += body;
                recipe.body += "\n";
            }
        } else if let Some(text) = line.strip_prefix("# ") {
            comment = Some(text.to_owned());
        } else if line == "[private]" {
            is_private = true;
        } else if let Some(found) = head.captures(line) {
            let (name, comment) = (found[1].to_owned(), comment.take());
            if !is_private {
                recipes.push(Recipe { name, comment, body: String::new() });
            }
        } else if line.is_empty() {
            (comment, is_private) = (None, false);
        }
    }
    recipes
}

#[test]
fn every_recipe_has_a_comment_in_one_line() {
    let recipes = recipes();
    assert!(recipes.len() > 20, "the recipes are not found");
    for Recipe { name, comment, body } in recipes {
        let comment = comment.unwrap_or_default();
        let verb = comment.split(' ').next().unwrap_or_default();
        assert!(
            verb.ends_with('s'),
            "`{name}` needs a comment that begins with a verb: {comment:?}"
        );
        assert!(!body.is_empty() || name == "fuzz-all", "`{name}` runs nothing");
    }
}

#[test]
fn every_recipe_that_a_page_or_a_script_names_exists() {
    let names: BTreeSet<String> = recipes().into_iter().map(|recipe| recipe.name).collect();
    let in_text =
        Regex::new(r"(?m)(?:`|^\$ |run: |section '[^']*' |^    )just ([a-z][a-z-]*)").unwrap();
    let mut named = BTreeSet::new();
    for path in tracked(&[".md", ".yml", ".ci/run"]) {
        for found in in_text.captures_iter(&read(&path)) {
            assert!(names.contains(&found[1]), "{} names `just {}`", path.display(), &found[1]);
            named.insert(found[1].to_owned());
        }
    }
    for name in ["walkthrough", "fuzz-all", "msrv", "doc-equations", "vendor"] {
        assert!(named.contains(name), "no page and no script names `just {name}`");
    }
}

#[test]
fn two_recipes_are_the_two_commands_of_the_readme() {
    let readme = read(Path::new("README.md"));
    let recipes = recipes();
    for (name, command) in
        [("walkthrough", "cargo run --release"), ("test", "cargo test --release --workspace")]
    {
        let recipe = recipes.iter().find(|recipe| recipe.name == name).unwrap();
        assert_eq!(recipe.body, format!("{command} \"$@\"\n"));
        assert!(readme.contains(&format!("\n$ {command}\n")), "{command}");
    }
}
