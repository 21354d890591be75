//! Scenarios to begin with.

use std::{fs, io, path::Path};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use stdx::fs::{Existing, write_atomically};

/// A scenario to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// The tutorial's own: Alex, 175 cm tall and 28 years old
    Gvt,
    /// A bank asks for an identity and a payslip, of two issuers
    Payslip,
    /// A driving licence with a photo, and two requests
    Licence,
    /// A request that a passport or a driving licence answers, to two holders
    PassportOrLicence,
}

/// The files of a template, by their paths.
type Files = &'static [(&'static str, &'static [u8])];

macro_rules! files {
    ($template:literal: $($path:literal,)*) => {
        &[$(($path, include_bytes!(concat!("../../templates/", $template, "/", $path)))),*]
    };
}

const GVT: Files = files!("gvt":
    "issuers/gvt.json",
    "holders/alex.json",
    "credentials/alex.json",
    "requests/proof_req_1.json",
);

const PAYSLIP: Files = files!("payslip":
    "issuers/employer.json",
    "issuers/registry.json",
    "holders/mia.json",
    "credentials/identity.json",
    "credentials/payslip.json",
    "requests/loan.json",
);

const LICENCE: Files = files!("licence":
    "issuers/road-authority.json",
    "holders/kim.json",
    "credentials/licence.json",
    "photos/kim.png",
    "requests/age.json",
    "requests/rental.json",
);

const PASSPORT_OR_LICENCE: Files = files!("passport-or-licence":
    "issuers/passport-office.json",
    "issuers/road-authority.json",
    "holders/ada.json",
    "holders/ben.json",
    "credentials/ada-passport.json",
    "credentials/ben-licence.json",
    "requests/hotel-ada.json",
    "requests/hotel-ben.json",
);

impl Template {
    fn files(self) -> Files {
        match self {
            Self::Gvt => GVT,
            Self::Payslip => PAYSLIP,
            Self::Licence => LICENCE,
            Self::PassportOrLicence => PASSPORT_OR_LICENCE,
        }
    }

    /// Writes the template's files into a directory, which is made if it does not exist. Returns
    /// their paths.
    ///
    /// # Errors
    ///
    /// When the directory is not empty, or cannot be written.
    pub fn write(self, directory: &Path) -> Result<Vec<&'static str>> {
        let shown = directory.display();
        ensure!(
            is_empty(directory).with_context(|| format!("cannot read {shown}"))?,
            "{shown} is not empty; name a new directory"
        );
        for (path, bytes) in self.files() {
            let path = directory.join(path);
            let written = path.parent().map_or(Ok(()), fs::create_dir_all);
            written
                .and_then(|()| write_atomically(&path, bytes, Existing::Keep))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(self.files().iter().map(|(path, _)| *path).collect())
    }
}

/// Returns whether a directory is empty, or does not exist.
fn is_empty(directory: &Path) -> io::Result<bool> {
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
