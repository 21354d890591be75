//! `negotiate-proof case`: the presentation of a home as a case for `verify`.

use std::io::{self, Write};

use anyhow::{Context, Result};
use indy::{ledger, pool::Pool};
use proofs::{Case, case::ById};
use serde::Deserialize;
use serde_json::Value;
use stage::Stage;

use crate::report::Ending;

/// What step 3 hands over, as far as it is needed here, and as it is written there.
#[derive(Deserialize)]
struct Asked {
    proof_request: Value,
}

/// What step 4 hands over, likewise: somebody may have changed it to see what a verifier says.
#[derive(Deserialize)]
struct Answered {
    presentation: Value,
}

/// Print the case of a home: request and presentation, and what is on its ledger of both.
pub async fn print(stage: &Stage) -> Result<Ending> {
    let asked: Asked = stage.load(3)?;
    let answered: Answered = stage.load(4)?;
    let pool = stage.pool().await?;
    let (schemas, cred_defs) = read_ledger(&pool, &answered.presentation).await?;
    let name = stage.home().directory().file_name();
    let case = Case {
        id: name.map(|name| name.to_string_lossy().into_owned()),
        presentation_request: asked.proof_request,
        presentation: answered.presentation,
        schemas,
        cred_defs,
        ..Case::default()
    };
    let line = serde_json::to_string(&case).context("cannot write the case as JSON")?;
    writeln!(io::stdout().lock(), "{line}")?;
    Ok(Ending::Done)
}

/// The schemas and credential definitions that a presentation names.
async fn read_ledger(pool: &Pool, presentation: &Value) -> Result<(ById, ById)> {
    let (mut schemas, mut cred_defs) = (ById::new(), ById::new());
    let identifiers = presentation["identifiers"].as_array();
    for identifier in identifiers.into_iter().flatten() {
        if let Some(id) = identifier["schema_id"].as_str() {
            let schema = ledger::read_schema(pool, None, id).await?;
            schemas.insert(id.to_owned(), serde_json::to_value(schema)?);
        }
        if let Some(id) = identifier["cred_def_id"].as_str() {
            let cred_def = ledger::read_cred_def(pool, None, id).await?;
            cred_defs.insert(id.to_owned(), serde_json::to_value(cred_def)?);
        }
    }
    Ok((schemas, cred_defs))
}
