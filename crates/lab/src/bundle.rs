//! Joins modules of JavaScript into one script that can still be read.
//!
//! A browser loads no modules from files on a stick, so they are put into the page. Each becomes a
//! function that is called once and returns what the module exports:
//!
//! ```js
//! // ---- verifier/encode.js
//! const $verifier_encode = (() => {
//! const { sha256 } = $verifier_sha256
//! function encode(raw) { ... }
//! return { encode }
//! })()
//! ```
//!
//! This needs no parser, because our modules keep to a form, which [`join`] checks: an import is
//! one line `import { a, b } from './path.js'` at its beginning; an export stands before a
//! `function`, `class` or `const`; and a module comes after those that it imports.

use anyhow::{Context, Result, bail, ensure};

/// A file of JavaScript, by its path in `assets`.
pub(crate) struct Module {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
}

/// Joins modules in their order.
pub(crate) fn join(modules: &[Module]) -> Result<String> {
    let mut script = String::new();
    for (index, module) in modules.iter().enumerate() {
        let known: Vec<&str> = modules[..index].iter().map(|module| module.path).collect();
        let body = body(module, &known).with_context(|| module.path.to_owned())?;
        script.push_str(&format!(
            "// ---- {}\nconst {} = (() => {{\n{body}}})()\n\n",
            module.path,
            variable(module.path)
        ));
    }
    Ok(script)
}

/// Returns the text of a module as the body of a function.
fn body(module: &Module, known: &[&str]) -> Result<String> {
    ensure!(!module.text.contains("</script"), "it would end the script");
    let (mut body, mut exports) = (String::new(), Vec::new());
    for line in module.text.lines() {
        if line.starts_with("import ") {
            body.push_str(&import(line, module.path, known)?);
        } else if let Some(declaration) = line.strip_prefix("export ") {
            exports.push(declared(declaration)?);
            body.push_str(declaration);
        } else {
            body.push_str(line);
        }
        body.push('\n');
    }
    body.push_str(&format!("return {{ {} }}\n", exports.join(", ")));
    Ok(body)
}

/// Returns the name that a declaration is for.
fn declared(declaration: &str) -> Result<&str> {
    let mut words = declaration.splitn(2, ' ');
    let (Some("function" | "class" | "const"), Some(rest)) = (words.next(), words.next()) else {
        bail!("an export of another form: {declaration}");
    };
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    Ok(&rest[..end.unwrap_or(rest.len())])
}

fn import(line: &str, importing: &str, known: &[&str]) -> Result<String> {
    let parts = line
        .strip_prefix("import {")
        .and_then(|rest| rest.strip_suffix('\''))
        .and_then(|rest| rest.split_once("} from './"));
    let (names, file) = parts.with_context(|| format!("an import of another form: {line}"))?;
    let path = match importing.rsplit_once('/') {
        Some((directory, _)) => format!("{directory}/{file}"),
        None => file.to_owned(),
    };
    ensure!(known.contains(&path.as_str()), "{path} must come before it");
    Ok(format!("const {{{names}}} = {}", variable(&path)))
}

/// Returns the variable of a module.
fn variable(path: &str) -> String {
    let name = path.trim_end_matches(".js").replace(['/', '-'], "_");
    format!("${name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Module =
        Module { path: "sub/first.js", text: "export const ONE = 1\nexport function two() {}\n" };

    #[test]
    fn a_module_becomes_a_function_that_returns_its_exports() {
        let second = Module {
            path: "second.js",
            text: "import { ONE, two } from './sub/first.js'\ntwo(ONE)\n",
        };
        let script = join(&[FIRST, second]).expect("both are in the form");
        let expected = "\
// ---- sub/first.js
const $sub_first = (() => {
const ONE = 1
function two() {}
return { ONE, two }
})()

// ---- second.js
const $second = (() => {
const { ONE, two } = $sub_first
two(ONE)
return {  }
})()

";
        assert_eq!(script, expected);
    }

    #[test]
    fn modules_of_another_form_are_refused() {
        for (text, problem) in [
            ("import { a } from './later.js'", "later.js must come before it"),
            ("import a from './a.js'", "an import of another form"),
            ("export default 1", "an export of another form"),
            ("'</script>'", "it would end the script"),
        ] {
            let error = join(&[Module { path: "some.js", text }]).expect_err(text);
            assert!(format!("{error:#}").contains(problem), "{error:#}");
        }
    }
}
