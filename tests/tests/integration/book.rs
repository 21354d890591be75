//! The book: it builds, its code is there, and its links lead somewhere.
//!
//! mdBook itself is lenient: a missing anchor gives an empty code block, and a missing file leaves
//! the directive standing in the page. So these tests look for themselves.
//!
//! The pages are read in the repository too, where includes are not expanded. So a link to its file
//! and lines stands below each piece of included code. After a change of the code,
//! `UPDATE_BOOK=1 cargo test -p workspace-tests --test integration below_every_piece` corrects the
//! links.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    ops::Range,
    path::{Path, PathBuf},
};

use mdbook_driver::{MDBook, book::BookItem};
use regex::Regex;
use tempfile::TempDir;
use workspace_tests::{STEPS, root};

/// How a link on a page leaves the book for the repository: pages stand in `docs/src`, built ones
/// in `docs/book`.
const TO_REPOSITORY: &str = "../../";

#[test]
fn every_link_in_the_built_book_leads_to_a_page_a_heading_or_a_picture() {
    let built = build();
    let mut ids = BTreeMap::new();
    let mut bodies = BTreeMap::new();
    for path in files(built.path(), "html") {
        let html = fs::read_to_string(&path).unwrap();
        ids.insert(path.clone(), captured(r#"\bid="([^"]+)""#, &html));
        if let Some(body) =
            html.split_once("<main>").and_then(|(_, rest)| rest.split_once("</main>"))
        {
            bodies.insert(path, body.0.to_owned());
        }
    }
    assert!(!bodies.is_empty(), "the book has no page");

    let mut wrong = Vec::new();
    for (page, body) in &bodies {
        for link in captured(r#"\b(?:href|src)="([^"]+)""#, body) {
            if is_outside(&link) {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            let found = match file.strip_prefix(TO_REPOSITORY) {
                // lines of code, which another test checks
                Some(file) => root().join(file).exists(),
                None if heading.is_empty() => target.exists(),
                None => ids.get(&target).is_some_and(|ids| ids.contains(heading)),
            };
            if !found {
                wrong.push(format!("{}: {link}", page.file_name().unwrap().display()));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
}

#[test]
fn no_directive_of_mdbook_is_left_in_the_built_book() {
    let built = build();
    for path in files(built.path(), "html") {
        let html = fs::read_to_string(&path).unwrap();
        assert!(!html.contains("{{#"), "{} still has a directive", path.display());
    }
}

#[test]
fn every_piece_of_included_code_is_there() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in files(&source(), "md") {
        for directive in directives(&fs::read_to_string(&page).unwrap()) {
            seen += 1;
            if let Err(reason) = included(page.parent().unwrap(), &directive) {
                wrong.push(format!("{}: {directive}: {reason}", page.display()));
            }
        }
    }
    assert!(seen > 0, "the book includes no code at all");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn included_code_that_is_not_there_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let code = "// ANCHOR: whole\nlet a = 1;\n// ANCHOR_END: whole\n\
                // ANCHOR: open\nlet b = 2;\n\
                // ANCHOR: empty\n\n// ANCHOR_END: empty\n\
                // ANCHOR: twice\nc\n// ANCHOR_END: twice\n\
                // ANCHOR: twice\nd\n// ANCHOR_END: twice\n";
    fs::write(directory.path().join("code.rs"), code).unwrap();
    for (directive, outcome) in [
        ("code.rs", Ok(())),
        ("code.rs:whole", Ok(())),
        ("code.rs:2", Ok(())),
        ("code.rs:1:3", Ok(())),
        ("code.rs:3:", Ok(())),
        ("code.rs::3", Ok(())),
        ("other.rs", Err("there is no such file")),
        ("code.rs:none", Err("anchor `none` begins 0 times and ends 0 times, not once")),
        ("code.rs:open", Err("anchor `open` begins 1 times and ends 0 times, not once")),
        ("code.rs:twice", Err("anchor `twice` begins 2 times and ends 2 times, not once")),
        ("code.rs:empty", Err("nothing is there")),
        ("code.rs:99:100", Err("nothing is there")),
    ] {
        let outcome = outcome.map_err(ToOwned::to_owned);
        assert_eq!(included(directory.path(), directive).map(drop), outcome, "{directive}");
    }
}

#[test]
fn below_every_piece_of_included_code_is_a_link_to_it() {
    let mut wrong = Vec::new();
    for path in files(&source(), "md") {
        let page = fs::read_to_string(&path).unwrap();
        let linked = with_links(path.parent().unwrap(), &page);
        if linked == page {
            continue;
        }
        if env::var_os("UPDATE_BOOK").is_some() {
            fs::write(&path, linked).unwrap();
            continue;
        }
        let line = linked.lines().zip(page.lines()).take_while(|(wanted, got)| wanted == got);
        wrong.push(format!("{}:{}", path.display(), line.count() + 1));
    }
    assert!(
        wrong.is_empty(),
        "links to included code that are missing or out of date; run this test with UPDATE_BOOK=1 to \
         correct them:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_link_to_included_code_names_its_file_and_lines() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("docs/src");
    fs::create_dir_all(&pages).unwrap();
    let code = "// ANCHOR: two\na\nb\n// ANCHOR_END: two\n// ANCHOR: one\nc\n// ANCHOR_END: one\n";
    fs::write(directory.path().join("code.rs"), code).unwrap();
    let piece = |directive: &str, link: &str| {
        format!("Before.\n\n```rust\n{{{{#include ../../{directive}}}}}\n```\n{link}\nAfter.\n")
    };
    for (directive, link) in [
        ("code.rs", "[code.rs](../../code.rs)"),
        ("code.rs:two", "[code.rs, lines 2 to 3](../../code.rs#L2-L3)"),
        ("code.rs:one", "[code.rs, line 6](../../code.rs#L6)"),
        ("code.rs:3:", "[code.rs, lines 3 to 7](../../code.rs#L3-L7)"),
    ] {
        let wanted = piece(directive, &format!("\n{link}\n"));
        for page in [
            wanted.clone(),
            piece(directive, ""),
            piece(directive, "\n[code.rs, lines 8 to 9](../../code.rs#L8-L9)\n"),
        ] {
            assert_eq!(with_links(&pages, &page), wanted, "{directive}");
        }
    }
}

#[test]
fn every_page_of_a_step_shows_the_piece_to_paste() {
    for step in STEPS {
        let page = fs::read_to_string(step.page()).unwrap();
        let piece = format!("../../walkthrough/examples/negotiate_proof.rs:step-{}", step.number);
        assert!(directives(&page).contains(&piece), "{} lacks {piece}", step.page().display());
    }
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let book = load();
    let mut listed = BTreeSet::new();
    for item in book.iter() {
        if let BookItem::Chapter(chapter) = item {
            let path = chapter.path.as_ref();
            let path = path.unwrap_or_else(|| panic!("chapter {:?} has no page yet", chapter.name));
            listed.insert(source().join(path));
        }
    }
    let mut pages: BTreeSet<PathBuf> = files(&source(), "md").into_iter().collect();
    pages.remove(&source().join("SUMMARY.md"));
    assert_eq!(listed, pages, "SUMMARY.md (left) and docs/src (right)");
}

#[test]
fn every_action_of_the_tutorial_is_shown_on_the_page_of_its_step_in_order() {
    let shown = Regex::new(r":action-(\w+)").unwrap();
    for step in STEPS {
        let page = fs::read_to_string(step.page()).unwrap();
        let directives = directives(&page);
        let actions: Vec<&str> = directives
            .iter()
            .filter(|directive| directive.contains(&format!("crates/{}/src/lib.rs:", step.package)))
            .filter_map(|directive| shown.captures(directive))
            .map(|captures| captures.get(1).unwrap().as_str())
            .collect();
        assert_eq!(actions, step.actions, "actions shown on {}", step.page().display());
    }
}

#[test]
fn every_page_of_a_step_says_how_long_it_takes() {
    let takes = Regex::new(r"(?m)^\*Takes about (\d+|an?|half an) (minutes?|hours?)").unwrap();
    for step in 1..=6 {
        let page = fs::read_to_string(source().join(format!("step-{step}.md"))).unwrap();
        assert!(takes.is_match(&page), "step-{step}.md does not say how long it takes");
    }
}

#[test]
fn every_piece_of_json_in_the_book_is_json() {
    let fence = Regex::new(r"(?s)\n```json\n(.*?)\n```").unwrap();
    for page in files(&source(), "md") {
        let text = fs::read_to_string(&page).unwrap();
        for json in fence.captures_iter(&text) {
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(&json[1]);
            assert!(parsed.is_ok(), "{}: {:?} in {}", page.display(), parsed, &json[1]);
        }
    }
}

#[test]
fn every_message_in_troubleshooting_is_one_that_a_program_of_ours_can_print() {
    // tests may still have a message that the programs no longer print
    let code = code(|path| path.strip_prefix(root()).unwrap().iter().any(|part| part == "src"));
    let page = fs::read_to_string(source().join("troubleshooting.md")).unwrap();
    let (_, ours) = page.split_once("\n## Homes and steps").expect("a chapter on homes");
    let messages = captured(r"(?m)^### `+ ?(.+?) ?`+$", ours);
    assert!(!messages.is_empty(), "troubleshooting.md names no message");
    let mut wrong = Vec::new();
    for message in &messages {
        let parts = message.split('…').map(|part| part.trim_matches(&[' ', '(', ')', ':'][..]));
        wrong.extend(parts.filter(|words| !code.contains(words)).map(|words| (message, words)));
    }
    assert!(wrong.is_empty(), "messages with words that no source has: {wrong:#?}");
}

#[test]
fn step_6_shows_labels_and_a_verdict_that_the_program_prints() {
    let code = code(|_| true);
    let text = fs::read_to_string(source().join("step-6.md")).unwrap();
    // what the verifier learned, before the semicolon, is made from the request
    let shown = captured(r"(?m)^(?:\d+b?\. |Verified: [^;\n]*; )(.+)$", &text);
    assert!(shown.len() > 1, "the page shows no output");
    for words in shown {
        assert!(code.contains(&words), "no source has {words:?}");
    }
}

#[test]
fn every_picture_has_a_title_and_a_description_and_is_shown_somewhere() {
    let mut pages = files(&source(), "md");
    pages.push(root().join("README.md"));
    let pages: String = pages.iter().map(|page| fs::read_to_string(page).unwrap()).collect();
    let pictures = files(&source().join("images"), "svg");
    assert!(!pictures.is_empty(), "the book has no picture");
    for picture in pictures {
        let name = picture.file_name().unwrap().to_str().unwrap();
        let svg = fs::read_to_string(&picture).unwrap();
        for element in ["<title", "<desc", "role=\"img\""] {
            assert!(svg.contains(element), "{name} has no {element}");
        }
        assert!(pages.contains(&format!("images/{name})")), "no page shows {name}");
    }
}

#[test]
fn every_link_in_the_files_beside_the_book_leads_to_a_file() {
    let pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
    for page in pages {
        let text = fs::read_to_string(root().join(page)).unwrap();
        for link in captured(r"\]\(([^)\s]+)\)", &text) {
            let file = link.split('#').next().unwrap_or_default();
            assert!(
                is_outside(&link) || root().join(file).exists(),
                "{page} links to {link}, which is not there"
            );
        }
    }
}

/// The book's pages.
fn source() -> PathBuf {
    root().join("docs/src")
}

fn load() -> MDBook {
    let mut book = MDBook::load(root().join("docs")).expect("the book can be read");
    // built by `cargo test`: nothing may appear in the source tree, whatever book.toml says
    book.config.build.create_missing = false;
    book
}

/// The book, built into a directory of its own.
pub fn build() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut book = load();
    book.config.build.build_dir = directory.path().to_owned();
    book.build().expect("the book builds");
    directory
}

/// The files under a directory that have an extension.
fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|other| other == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The code of all crates, as far as it is wanted, in which a text that goes on in the next line
/// after a backslash is whole.
fn code(is_wanted: impl Fn(&Path) -> bool) -> String {
    let sources: String = ["crates", "walkthrough", "pool-client/src"]
        .iter()
        .flat_map(|part| files(&root().join(part), "rs"))
        .filter(|path| is_wanted(path))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let broken = Regex::new(r"\\\n\s*").unwrap();
    broken.replace_all(&sources, "").into_owned()
}

/// What the first group of a pattern captures, each time it matches.
fn captured(pattern: &str, text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).unwrap();
    let all = pattern.captures_iter(text);
    all.map(|captures| captures[1].to_owned()).collect()
}

/// Whether a link leads out of the repository; those are not followed.
fn is_outside(link: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| link.starts_with(scheme))
}

/// The arguments of a page's include directives, in order.
fn directives(page: &str) -> Vec<String> {
    let include =
        Regex::new(r"(?P<escape>\\)?\{\{\s*#(?:rustdoc_)?include\s+([^}\s]+)\s*\}\}").unwrap();
    include
        .captures_iter(page)
        .filter(|captures| captures.name("escape").is_none())
        .map(|captures| captures[2].to_owned())
        .collect()
}

/// A piece of a file that a page includes.
struct Piece<'d> {
    /// The file, as the directive names it.
    path: &'d str,
    /// Its lines, counted from 0, unless it is the whole file.
    lines: Option<Range<usize>>,
}

impl Piece<'_> {
    /// The link to the piece.
    fn link(&self) -> String {
        let path = self.path;
        let name = path.strip_prefix(TO_REPOSITORY).unwrap_or(path);
        match &self.lines {
            None => format!("[{name}]({path})"),
            Some(lines) if lines.len() == 1 => {
                format!("[{name}, line {0}]({path}#L{0})", lines.end)
            }
            Some(lines) => {
                let (first, last) = (lines.start + 1, lines.end);
                format!("[{name}, lines {first} to {last}]({path}#L{first}-L{last})")
            }
        }
    }
}

/// A page with a link below each piece of included code, instead of the one that stands there.
fn with_links(directory: &Path, page: &str) -> String {
    let block = Regex::new(
        r"(?m)^(\{\{#include (\S+)\}\}\n```\n)(?:\n\[[^\]\n]+\]\(\.\./\.\./[^)\n]+\)\n)?",
    )
    .unwrap();
    let shown: Vec<&str> =
        block.captures_iter(page).map(|captures| captures.get(2).unwrap().as_str()).collect();
    assert_eq!(shown, directives(page), "includes at the end of a code block (left), and all");
    let linked = block.replace_all(page, |captures: &regex::Captures| {
        let piece = included(directory, &captures[2]);
        let piece = piece.unwrap_or_else(|reason| panic!("{}: {reason}", &captures[2]));
        format!("{}\n{}\n", &captures[1], piece.link())
    });
    linked.into_owned()
}

/// What an include directive shows, if it finds its file and, in it, something to show: `path`,
/// `path:anchor`, `path:line`, `path:from:to` with either bound left out.
fn included<'d>(directory: &Path, directive: &'d str) -> Result<Piece<'d>, String> {
    let (path, range) = match directive.split_once(':') {
        Some((path, range)) => (path, Some(range)),
        None => (directive, None),
    };
    let text = fs::read_to_string(directory.join(path));
    let text = text.map_err(|_| "there is no such file".to_owned())?;
    let all: Vec<&str> = text.lines().collect();
    let lines = match range {
        None => None,
        Some(range) => match numbered(range, all.len()) {
            Some(lines) => Some(lines),
            None => Some(anchored(range, &all)?),
        },
    };
    let shown = match lines.clone() {
        None => &all[..],
        Some(lines) => all.get(lines).unwrap_or_default(),
    };
    match shown.iter().all(|line| line.trim().is_empty()) {
        true => Err("nothing is there".to_owned()),
        false => Ok(Piece { path, lines }),
    }
}

/// The lines of a range in numbers, from 0; `None` if the range is an anchor.
fn numbered(range: &str, count: usize) -> Option<Range<usize>> {
    let number = |text: &str, default: usize| match text {
        "" => Some(default),
        text => text.parse::<usize>().ok(),
    };
    match range.split_once(':') {
        None => range.parse().ok().map(|line: usize| line.saturating_sub(1)..line),
        Some((from, to)) => {
            let (from, to) = (number(from, 1)?, number(to, count)?);
            Some(from.saturating_sub(1)..to.min(count))
        }
    }
}

/// The lines between an anchor's two marks, from 0.
fn anchored(anchor: &str, lines: &[&str]) -> Result<Range<usize>, String> {
    let marks = |mark: &str| -> Vec<usize> {
        let mark = Regex::new(&format!(r"{mark}:\s*{}\s*$", regex::escape(anchor))).unwrap();
        let marked = lines.iter().enumerate().filter(|(_, line)| mark.is_match(line));
        marked.map(|(index, _)| index).collect()
    };
    match (&marks("ANCHOR")[..], &marks("ANCHOR_END")[..]) {
        (&[from], &[to]) => Ok(from + 1..to),
        (begins, ends) => Err(format!(
            "anchor `{anchor}` begins {} times and ends {} times, not once",
            begins.len(),
            ends.len()
        )),
    }
}
