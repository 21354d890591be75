//! Messages between issuer, holder and verifier, as files.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};
use indy::anoncreds::objects::{self, Object};
use proofs::{
    kinds::{ObjectKind, recognise},
    limits::MAX_BYTES,
    objects::check_json,
};
use serde::Serialize;
use serde_json::Value;
use stdx::{
    fs::{Existing, write_atomically},
    text,
};
use tutorial::{input, output};

/// Reads an object of a kind from a file, or from standard input if it is `-`.
pub(crate) async fn read<T: Object>(path: &Path, wanted: ObjectKind) -> Result<T> {
    let shown = path.display();
    let text = input::text_up_to(path, wanted.name(), MAX_BYTES).await?;
    check_json(&text)
        .map_err(|fault| anyhow!("cannot use {shown}: {fault}; name a file with {wanted}"))?;
    let value: Value =
        serde_json::from_str(&text).with_context(|| format!("cannot use {shown}"))?;
    let kind = recognise(&value);
    if kind != wanted && kind != ObjectKind::OtherObject {
        bail!("cannot use {shown}: it looks like {kind}; name a file with {wanted}");
    }
    objects::parse(&text).with_context(|| format!("cannot use {shown}; name a file with {wanted}"))
}

/// Returns the file that `--output` names; `None` for standard output.
pub(crate) fn file(option: &Option<PathBuf>) -> Option<&Path> {
    option.as_deref().filter(|path| *path != Path::new("-"))
}

/// Checks that a file can be written: before anything is done that could be in vain.
pub(crate) fn check_new(path: Option<&Path>) -> Result<()> {
    match path {
        Some(path) if path.exists() => bail!(
            "{} is there already, and is not overwritten; name another file, or remove it",
            path.display()
        ),
        _ => Ok(()),
    }
}

/// Writes an object to a new file, for its owner's eyes only, or to standard output if there is
/// none. Returns when it is on the disk.
pub(crate) fn write(path: Option<&Path>, object: &impl Serialize) -> Result<()> {
    let json = serde_json::to_string(object)?;
    let Some(path) = path else {
        // it may reach a terminal too
        writeln!(output::data(), "{}", text::json(&json))?;
        return Ok(());
    };
    let written = write_atomically(path, format!("{json}\n").as_bytes(), Existing::Keep);
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_new(Some(path)),
        written => written.with_context(|| {
            format!("cannot write {}; name a file in a directory that exists", path.display())
        }),
    }
}
