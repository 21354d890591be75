//! `proof-exchange example`: the files of a worked example, and the draft's own messages.

use std::{fs, io, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use stdx::fs::{Existing, write_atomically};
use tutorial::{Status, report};

use crate::cli::{Example, ExampleName};

/// Files with their names, from a directory.
macro_rules! files {
    ($directory:literal: $($file:literal),*) => {
        &[$(($file, include_str!(concat!($directory, "/", $file)))),*]
    };
}

type Files = &'static [(&'static str, &'static str)];

const CREDIT_CARD: Files = files!("../examples/credit-card": "orders.json", "criteria.json");

const RENTAL: Files = files!("../examples/rental": "orders.json", "criteria.json");

const DRAFT: Files = files!(
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
);

const WORKED: &str = "orders.json, which credentials are issued, and criteria.json, what the verifier asks for. Go \
                      there, and on with `proof-exchange issue orders.json --home alex`.";

const MESSAGES: &str =
    "the draft's examples as JSON, and README.md, which says what had to be repaired in each.";

/// Writes an example's files.
pub fn write(args: &Example) -> Result<Status> {
    let (name, files, holds) = match args.name {
        ExampleName::CreditCard => ("credit-card", CREDIT_CARD, WORKED),
        ExampleName::Rental => ("rental", RENTAL, WORKED),
        ExampleName::Draft => ("draft", DRAFT, MESSAGES),
    };
    let directory = args.directory.clone().unwrap_or_else(|| name.into());
    let shown = directory.display();
    fs::create_dir_all(&directory).with_context(|| format!("cannot make {shown}"))?;
    for (file, text) in files {
        write_new(&directory.join(file), text)?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    report::message(
        args.print.format(),
        &format!("{shown} holds {holds}"),
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
