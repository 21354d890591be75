//! Schemas and credential definitions: what a home has taken in from other issuers, and what its
//! ledger has.
//!
//! Two homes on one pool read each other's public data from it. The embedded ledger is in one home,
//! so an issuer exports its public data as a file, and the other homes take that in. It is kept as
//! `public.json`, in the form that cases have, and comes before what a ledger has under the same
//! identifier.

use std::{fs, io::ErrorKind, path::Path};

use indy::{
    anoncreds::{
        CredDefs, CredentialDefinition, Schema, Schemas,
        objects::{self, Object},
    },
    ledger,
};
use proofs::PublicData;
use serde_json::{Value, json};
use stdx::task::boxed;

use crate::{
    Tutorial,
    error::TutorialError,
    home::{public_data_of, write_json},
};

/// Reads what a home has taken in. It needs no lock: the file is replaced whole.
///
/// # Errors
///
/// When the file cannot be read, or is damaged.
pub fn taken_in(home: &Path) -> Result<PublicData, TutorialError> {
    let path = public_data_of(home);
    match fs::read_to_string(&path) {
        Ok(text) => PublicData::from_json(&text)
            .map_err(|error| TutorialError::PublicDataDamaged { path, reason: error.to_string() }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(PublicData::default()),
        Err(error) => Err(TutorialError::io("read", path)(error)),
    }
}

impl Tutorial {
    /// Takes public data in, beside what was taken in before. Returns what is new of it.
    ///
    /// # Errors
    ///
    /// When it contradicts that, or the file cannot be written.
    pub fn take_in(&self, data: PublicData) -> Result<PublicData, TutorialError> {
        let home = self.home().directory();
        let mut all = taken_in(home)?;
        let mut new = data.clone();
        new.schemas.retain(|id, _| !all.schemas.contains_key(id));
        new.cred_defs.retain(|id, _| !all.cred_defs.contains_key(id));
        new.rev_reg_defs.retain(|id, _| !all.rev_reg_defs.contains_key(id));
        new.rev_regs.retain(|id, _| !all.rev_regs.contains_key(id));
        new.rev_status_lists.retain(|id, _| !all.rev_status_lists.contains_key(id));
        let path = public_data_of(home);
        all.merge(data).map_err(|error| TutorialError::PublicDataContradicts {
            reason: error.problem.to_string(),
            path: path.clone(),
        })?;
        write_json(&path, &all)?;
        Ok(new)
    }

    /// Reads a schema by its identifier.
    ///
    /// # Errors
    ///
    /// When neither the home nor its ledger has it, or it cannot be read.
    #[boxed]
    pub async fn read_schema(&self, id: &str) -> Result<Schema, TutorialError> {
        match taken_in(self.home().directory())?.schemas.get(id) {
            Some(schema) => self.parse(id, schema),
            None => Ok(ledger::read_schema(&*self.pool().await?, None, id).await?),
        }
    }

    /// Reads a credential definition by its identifier.
    ///
    /// # Errors
    ///
    /// When neither the home nor its ledger has it, or it cannot be read.
    #[boxed]
    pub async fn read_cred_def(&self, id: &str) -> Result<CredentialDefinition, TutorialError> {
        match taken_in(self.home().directory())?.cred_defs.get(id) {
            Some(cred_def) => self.parse(id, cred_def),
            None => Ok(ledger::read_cred_def(&*self.pool().await?, None, id).await?),
        }
    }

    /// Reads schemas and credential definitions, by their ids.
    ///
    /// # Errors
    ///
    /// When one of them is nowhere, or cannot be read.
    pub async fn read_public_data(
        &self,
        ids: impl Iterator<Item = (&str, &str)>,
    ) -> Result<(Schemas, CredDefs), TutorialError> {
        let (mut schemas, mut cred_defs) = (Schemas::new(), CredDefs::new());
        for (schema_id, cred_def_id) in ids {
            schemas.insert(schema_id.to_owned(), self.read_schema(schema_id).await?);
            cred_defs.insert(cred_def_id.to_owned(), self.read_cred_def(cred_def_id).await?);
        }
        Ok((schemas, cred_defs))
    }

    /// Parses an object that was taken in.
    fn parse<T: Object>(&self, id: &str, object: &Value) -> Result<T, TutorialError> {
        objects::from_value(&with_id(id, object)).map_err(|error| {
            let path = public_data_of(self.home().directory());
            TutorialError::PublicDataDamaged { path, reason: format!("{id}: {error}") }
        })
    }
}

/// Returns an object with its identifier and version, which AnonCreds 1.0's form does not have
/// inside.
pub fn with_id(id: &str, object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(members) = object.as_object_mut() {
        members.insert("id".to_owned(), json!(id));
        members.entry("ver").or_insert_with(|| json!("1.0"));
    }
    object
}
