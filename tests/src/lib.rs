//! Tests that look at the whole workspace: the book, the architecture, the language.
//!
//! The tests themselves are in `tests/tests/`; here is what they share.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// A step of the tutorial that has a crate of its own.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The tutorial's number.
    pub number: u8,
    /// The crate, which is also the name of its directory in `crates/`.
    pub package: &'static str,
    /// The numbers of its actions, in the tutorial's order.
    pub actions: &'static [&'static str],
}

impl Step {
    /// The crate's only source file, in which all of its actions are.
    pub fn source(&self) -> PathBuf {
        root().join("crates").join(self.package).join("src/lib.rs")
    }

    /// The step's page in the book.
    pub fn page(&self) -> PathBuf {
        root().join(format!("docs/src/step-{}.md", self.number))
    }
}

/// The steps of the tutorial with their actions: 1 to 24, and 11b, which the tutorial leaves out.
pub const STEPS: [Step; 4] = [
    Step {
        number: 2,
        package: "step2-issuance",
        actions: &[
            "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "11b", "12", "13", "14", "15",
            "16", "17",
        ],
    },
    Step { number: 3, package: "step3-proof-request", actions: &["18", "19"] },
    Step { number: 4, package: "step4-create-proof", actions: &["20"] },
    Step { number: 5, package: "step5-verify-proof", actions: &["21", "22", "23", "24"] },
];
