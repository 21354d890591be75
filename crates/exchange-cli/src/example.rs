//! `proof-exchange example`: the files of a worked example.

use std::{fs, io, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::json;
use stdx::fs::{Existing, write_atomically};
use tutorial::{Status, report};

use crate::cli::{Example, ExampleName};

struct Files {
    name: &'static str,
    orders: &'static str,
    criteria: &'static str,
}

const CREDIT_CARD: Files = Files {
    name: "credit-card",
    orders: include_str!("../examples/credit-card/orders.json"),
    criteria: include_str!("../examples/credit-card/criteria.json"),
};

const RENTAL: Files = Files {
    name: "rental",
    orders: include_str!("../examples/rental/orders.json"),
    criteria: include_str!("../examples/rental/criteria.json"),
};

/// Writes an example's files.
pub fn write(args: &Example) -> Result<Status> {
    let example = match args.name {
        ExampleName::CreditCard => CREDIT_CARD,
        ExampleName::Rental => RENTAL,
    };
    let directory = args.directory.clone().unwrap_or_else(|| example.name.into());
    let shown = directory.display();
    fs::create_dir_all(&directory).with_context(|| format!("cannot make {shown}"))?;
    for (file, text) in [("orders.json", example.orders), ("criteria.json", example.criteria)] {
        write_new(&directory.join(file), text)?;
    }
    report::message(
        args.print.format(),
        &format!(
            "{shown} holds orders.json, which credentials are issued, and criteria.json, what the verifier asks \
             for. Go there, and on with `proof-exchange issue orders.json --home alex`."
        ),
        &json!({"directory": directory, "files": ["orders.json", "criteria.json"]}),
    )?;
    Ok(Status::Good)
}

/// Writes a file that does not exist, or has the same content already.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let shown = path.display();
    match fs::read(path) {
        Ok(there) if there == text.as_bytes() => return Ok(()),
        Ok(_) => bail!("{shown} is there already and differs; name another directory"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("cannot read {shown}")),
    }
    // whole or not at all: the half of a file would differ, and stop the next attempt
    write_atomically(path, text.as_bytes(), Existing::Keep)
        .with_context(|| format!("cannot write {shown}"))
}
