//! `proof-exchange example`: the files of a worked example, and the draft's own messages.

use std::{fs, io, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use stdx::fs::{Existing, write_atomically};
use tutorial::{Format, Status, report};

/// Files with their names, from a directory.
macro_rules! files {
    ($directory:literal: $($file:literal),*) => {
        &[$(($file, include_str!(concat!($directory, "/", $file)))),*]
    };
}

/// The files of an example.
#[derive(Debug, Clone, Copy)]
pub struct Files {
    pub name: &'static str,
    pub about: &'static str,
    /// What the files are.
    holds: &'static str,
    /// Their names and texts.
    files: &'static [(&'static str, &'static str)],
}

const WORKED: &str = "orders.json, which credentials are issued, and criteria.json, what the verifier asks for. Go \
                      there, and continue with `proof-exchange issue orders.json --home alex`.";

/// The examples.
pub const ALL: [Files; 3] = [
    Files {
        name: "credit-card",
        about: "The draft's own: four criteria, attributes signed one by one",
        holds: WORKED,
        files: files!("../examples/credit-card": "orders.json", "criteria.json"),
    },
    Files {
        name: "rental",
        about: "Age and income in zero knowledge, an e-mail address shown",
        holds: WORKED,
        files: files!("../examples/rental": "orders.json", "criteria.json"),
    },
    Files {
        name: "draft",
        about: "The draft's example messages, repaired where they are not JSON",
        holds: "the draft's examples as JSON, and README.md, which says what had to be repaired in each.",
        files: files!(
            "../../exchange/tests/draft": "README.md",
            "request-json.json",
            "request-json-ld.json",
            "criterion-email.json",
            "criterion-date-of-birth.json",
            "criterion-billing-address.json",
            "criterion-payslips.json",
            "response-single.json",
            "response-long.json",
            "response-json-ld.json"
        ),
    },
];

/// Writes an example's files into a directory, which is named after the example if none is given.
pub fn write(example: &Files, directory: Option<&Path>, format: Format) -> Result<Status> {
    let directory = directory.unwrap_or(Path::new(example.name));
    let shown = directory.display();
    fs::create_dir_all(directory).with_context(|| format!("cannot make {shown}"))?;
    for (file, text) in example.files {
        write_new(&directory.join(file), text)?;
    }
    let names: Vec<&str> = example.files.iter().map(|(name, _)| *name).collect();
    report::message(
        format,
        &format!("{shown} holds {}", example.holds),
        &json!({"directory": directory, "files": names}),
    )?;
    Ok(Status::Good)
}

/// Writes a file that does not exist, or has the same content already.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let shown = path.display();
    // whole or not at all: the half of a file would differ, and stop the next attempt
    match write_atomically(path, text.as_bytes(), Existing::Keep) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let there = fs::read(path).with_context(|| format!("cannot read {shown}"))?;
            ensure!(
                there == text.as_bytes(),
                "{shown} is there already and differs; name another directory"
            );
            Ok(())
        }
        written => written.with_context(|| format!("cannot write {shown}")),
    }
}
