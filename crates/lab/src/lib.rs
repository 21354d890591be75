//! The lab: the tutorial's walkthrough as a page for browsers, with a verifier in JavaScript.
//!
//! The page shows one recorded run, action by action. The values of what is sent can be changed,
//! and the receiver says which check fails then. It needs no server and no network: [`page`] puts
//! everything into one file. [`server`] serves the same page to a class, with scenarios of one's
//! own, and has a view for the teacher.
//!
//! The sources of the page are in `assets`:
//!
//! | file | subject |
//! |---|---|
//! | `verifier/` | a verifier of presentations in BigInt, which shares no code with `cl`; `verify.js` lists its files |
//! | `case.js` | the recorded run, written by `record.py`; it has no secrets |
//! | `story.js` | what each action makes, and to whom it goes |
//! | `describe.js` | the values of a message: meaning, length, origin, computation |
//! | `experiments.js` | the six experiments of the chapter "Break it" |
//! | `restrictions.js`, `verdict.js` | the verdict: the verifier, and the checks around it |
//! | `state.js` | what is shown, as a link |
//! | `page.js`, `index.html`, `style.css` | what is seen; `page.js` lists its other files |
//! | `served/` | what only the server has: `scenario.js` for scenarios of one's own, `teacher.html` |
//!
//! `tsc -p crates/lab/assets` checks the types in their comments. The verifier is also an
//! implementation for the test vectors, in `tests/vectors/adapters/bigint`.
//!
//! | module | subject |
//! |---|---|
//! | `bundle` | the modules as one script |
//! | [`server`] | the page over HTTP |

mod bundle;
pub mod server;

use anyhow::{Context, Result};

use bundle::Module;

const INDEX: &str = include_str!("../assets/index.html");
const STYLE: &str = include_str!("../assets/style.css");
const STYLE_LINK: &str = r#"<link rel="stylesheet" href="style.css">"#;
const SCRIPT_LINK: &str = r#"<script type="module" src="page.js"></script>"#;

/// With this policy a browser loads nothing for the page.
const POLICY: &str = r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; script-src 'unsafe-inline'; style-src 'unsafe-inline'">"#;

macro_rules! modules {
    ($($path:literal,)*) => {
        &[$(Module { path: $path, text: include_str!(concat!("../assets/", $path)) },)*]
    };
}

/// The modules, each after those that it imports.
const MODULES: &[Module] = modules![
    "verifier/parameters.js",
    "verifier/numbers.js",
    "verifier/sha256.js",
    "verifier/encode.js",
    "verifier/read.js",
    "verifier/check.js",
    "verifier/equations.js",
    "verifier/verify.js",
    "verifier/issuance.js",
    "case.js",
    "dom.js",
    "pointer.js",
    "base58.js",
    "story.js",
    "typeset.js",
    "meanings.js",
    "computations.js",
    "describe.js",
    "editable.js",
    "experiments.js",
    "restrictions.js",
    "state.js",
    "verdict.js",
    "refusals.js",
    "numbers-view.js",
    "model.js",
    "settings.js",
    "keys.js",
    "copy.js",
    "timeline.js",
    "board.js",
    "wires.js",
    "value-view.js",
    "inspector.js",
    "verdict-view.js",
    "experiments-view.js",
    "paper.js",
    "page.js",
];

/// Returns the page as one file of HTML, which needs no other.
///
/// # Errors
///
/// When the sources are not in the form that `bundle` reads. The tests make sure that they are.
pub fn page() -> Result<String> {
    let script = bundle::join(MODULES)?;
    let page = replace(INDEX, STYLE_LINK, &format!("{POLICY}\n<style>\n{STYLE}</style>"))?;
    replace(&page, SCRIPT_LINK, &format!("<script type=\"module\">\n{script}</script>"))
}

fn replace(page: &str, link: &str, inlined: &str) -> Result<String> {
    let (before, after) =
        page.split_once(link).with_context(|| format!("index.html does not have {link}"))?;
    Ok([before, inlined, after].concat())
}
