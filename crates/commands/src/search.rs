//! `negotiate-proof search`: which credentials of a home's prover can answer a request, and why not
//! the others.

use std::{
    io::{self, Write},
    path::Path,
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use indy::anoncreds::{
    self, Candidate, CredentialInfo, CredentialSearch, ProofRequest, ReferentExplanation,
};
use serde_json::json;
use stage::{
    Stage,
    narrator::{NarrationStyle, plain},
};

use crate::{input, report::Ending, wallet};

const REFERENT: Style = Style::new().bold();
const CANDIDATE: Style = AnsiColor::Green.on_default();
const EXCLUDED: Style = AnsiColor::Yellow.on_default();

/// How many candidates make a page.
const PAGE: usize = 20;

/// Up to how many candidates are counted.
const COUNTED: usize = 1_000;

/// Search the prover's wallet for a request.
pub async fn search(stage: &Stage, file: &Path, page: usize, explain: bool) -> Result<Ending> {
    let request = read_request(file).await?;
    let wallet = wallet::open(stage).await?;
    let mut search =
        anoncreds::prover_search_credentials_for_proof_req(&wallet, &request, None).await?;
    let explanation = match explain {
        true => Some(anoncreds::prover_explain_search(&wallet, &request).await?),
        false => None,
    };
    let referents: Vec<&String> = request
        .requested_attributes
        .keys()
        .chain(request.requested_predicates.keys())
        .collect();
    let mut answered = true;
    for referent in referents {
        let count =
            anoncreds::prover_count_credentials_for_proof_req(&search, referent, COUNTED + 1)
                .await?;
        answered &= count > 0;
        let shown = Shown {
            referent,
            count,
            page,
            candidates: fetch_page(&mut search, referent, page).await?,
            explanation: explanation
                .as_ref()
                .and_then(|explanation| explanation.referents.get(referent)),
        };
        match stage.narrator().style() {
            NarrationStyle::Quiet => {}
            NarrationStyle::Json => shown.as_json()?,
            NarrationStyle::Story => shown.as_text()?,
        }
    }
    anoncreds::prover_close_credentials_search_for_proof_req(search);
    Ok(Ending::Answered(answered))
}

/// The proof request in a file, or on standard input.
pub async fn read_request(file: &Path) -> Result<ProofRequest> {
    let text = input::text(file, "a proof request").await?;
    ProofRequest::from_json(&text).with_context(|| format!("cannot use {}", file.display()))
}

/// The candidates of a page; those of the pages before it are passed by.
async fn fetch_page(
    search: &mut CredentialSearch<'_>,
    referent: &str,
    page: usize,
) -> Result<Vec<Candidate>> {
    for _ in 1..page {
        let passed =
            anoncreds::prover_fetch_credentials_for_proof_req(search, referent, PAGE).await?;
        if passed.len() < PAGE {
            return Ok(Vec::new());
        }
    }
    Ok(anoncreds::prover_fetch_credentials_for_proof_req(search, referent, PAGE).await?)
}

/// What is shown of one referent.
struct Shown<'s> {
    referent: &'s str,
    /// All of its candidates, counted up to one more than [`COUNTED`].
    count: usize,
    page: usize,
    candidates: Vec<Candidate>,
    explanation: Option<&'s ReferentExplanation>,
}

impl Shown<'_> {
    fn as_json(&self) -> Result<()> {
        let mut line = json!({
            "referent": self.referent,
            "count": self.count.min(COUNTED),
            "more": self.count > COUNTED,
            "page": self.page,
            "candidates": self.candidates,
        });
        if let Some(explanation) = self.explanation {
            line["classes"] = json!(explanation.classes);
        }
        writeln!(io::stdout().lock(), "{line}")?;
        Ok(())
    }

    fn as_text(&self) -> Result<()> {
        let mut out = anstream::stdout().lock();
        let count = match self.count {
            0 => "no candidate".to_owned(),
            1 => "1 candidate".to_owned(),
            count if count > COUNTED => format!("more than {COUNTED} candidates"),
            count => format!("{count} candidates"),
        };
        let referent = plain(self.referent);
        write!(out, "{REFERENT}{referent}{REFERENT:#}: {count}")?;
        match self.page {
            1 => writeln!(out)?,
            page => writeln!(out, ", page {page}")?,
        }
        for candidate in &self.candidates {
            let info = &candidate.cred_info;
            let id = plain(&info.referent);
            let class = plain(&info.cred_def_id);
            writeln!(out, "  {CANDIDATE}{id}{CANDIDATE:#} of {class}")?;
            writeln!(out, "    {}", plain(&values(info)))?;
        }
        let last_of_page = (self.page - 1) * PAGE + self.candidates.len();
        if self.candidates.is_empty() {
            if self.count > 0 {
                writeln!(out, "  the candidates end before this page")?;
            }
        } else if self.count > last_of_page {
            writeln!(out, "  --page {} shows more", self.page + 1)?;
        }
        if let Some(explanation) = self.explanation {
            explain(&mut out, explanation)?;
        }
        Ok(())
    }
}

fn explain(out: &mut impl Write, explanation: &ReferentExplanation) -> io::Result<()> {
    if explanation.classes.is_empty() {
        writeln!(out, "  the wallet holds no credential at all")?;
    }
    for class in &explanation.classes {
        let id = plain(&class.cred_def_id);
        match &class.excluded {
            Some(excluded) => {
                let excluded = plain(&excluded.to_string());
                writeln!(
                    out,
                    "  credentials of {id}: {EXCLUDED}{excluded}{EXCLUDED:#}"
                )?;
            }
            None => writeln!(out, "  credentials of {id}:")?,
        }
        for credential in &class.credentials {
            let id = plain(&credential.id);
            match &credential.excluded {
                Some(excluded) => {
                    let excluded = plain(&excluded.to_string());
                    writeln!(out, "    {id}: {EXCLUDED}{excluded}{EXCLUDED:#}")?;
                }
                None => writeln!(out, "    {CANDIDATE}{id}: a candidate{CANDIDATE:#}")?,
            }
        }
    }
    Ok(())
}

fn values(info: &CredentialInfo) -> String {
    let values: Vec<String> = info
        .attrs
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    values.join(", ")
}
