//! `negotiate-proof search`: which credentials of a home's prover can answer a request, and why not
//! the others.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use clap::{Args, ValueHint};
use indy::anoncreds::{
    self, Candidate, CredentialInfo, CredentialSearch, ProofRequest, ReferentExplanation,
};
use serde_json::json;
use stdx::text::{Quoted, Whole};
use tutorial::{Format, Status, Tutorial, format, input, output, report};

use crate::{holder::HolderOptions, lint};

const REFERENT: Style = Style::new().bold();
const CANDIDATE: Style = AnsiColor::Green.on_default();
const EXCLUDED: Style = AnsiColor::Yellow.on_default();

/// How many candidates make a page.
const PAGE: usize = 20;

/// The request to search for.
#[derive(Clone, Args)]
pub struct Search {
    /// A file with the proof request; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    request: PathBuf,
    /// Say what excludes each class of credentials, and each credential of the others
    #[arg(long)]
    explain: bool,
    /// Show the N-th page of 20 candidates
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    page: u32,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

impl Search {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let output = self.holder.format();
        let (_, wallet) = self.holder.open(opened).await?;
        let request = read_request(&self.request).await?;
        let mut search =
            anoncreds::prover_search_credentials_for_proof_req(&wallet, &request, None).await?;
        let explanation = match self.explain {
            true => Some(anoncreds::prover_explain_search(&wallet, &request).await?),
            false => None,
        };
        let page = self.page as usize;
        let most = anoncreds::max_counted(&request);
        let referents =
            request.requested_attributes.keys().chain(request.requested_predicates.keys());
        let mut answered = true;
        for referent in referents {
            let count =
                anoncreds::prover_count_credentials_for_proof_req(&search, referent, most + 1)
                    .await?;
            answered &= count > 0;
            let results = Results {
                referent,
                count: count.min(most),
                more: count > most,
                page,
                candidates: fetch_page(&mut search, referent, page).await?,
                explanation: explanation
                    .as_ref()
                    .and_then(|explanation| explanation.referents.get(referent)),
            };
            match output {
                Format::Quiet => {}
                Format::Json => results.print_json()?,
                Format::Text => results.print_text()?,
            }
        }
        anoncreds::prover_close_credentials_search_for_proof_req(search);
        Ok(report::answered(output, answered)?)
    }
}

/// Reads the proof request in a file, or on standard input.
pub(crate) async fn read_request(file: &Path) -> Result<ProofRequest> {
    let text = input::text(file, "a proof request").await?;
    lint::refuse_other_kind(file, &text)?;
    ProofRequest::from_json(&text).with_context(|| format!("cannot use {}", file.display()))
}

/// Fetches the candidates of a page; those of the pages before it are skipped.
async fn fetch_page(
    search: &mut CredentialSearch<'_>,
    referent: &str,
    page: usize,
) -> Result<Vec<Candidate>> {
    for _ in 1..page {
        let skipped =
            anoncreds::prover_fetch_credentials_for_proof_req(search, referent, PAGE).await?;
        if skipped.len() < PAGE {
            return Ok(Vec::new());
        }
    }
    Ok(anoncreds::prover_fetch_credentials_for_proof_req(search, referent, PAGE).await?)
}

/// What a search found for one referent.
struct Results<'s> {
    referent: &'s str,
    /// The number of its candidates, as far as they were counted.
    count: usize,
    /// Whether there are more.
    more: bool,
    page: usize,
    candidates: Vec<Candidate>,
    explanation: Option<&'s ReferentExplanation>,
}

impl Results<'_> {
    fn print_json(&self) -> Result<()> {
        let mut line = json!({
            "referent": self.referent,
            "count": self.count,
            "more": self.more,
            "page": self.page,
            "candidates": self.candidates,
        });
        if let Some(explanation) = self.explanation {
            line["classes"] = json!(explanation.classes);
        }
        format::line(&line)?;
        Ok(())
    }

    fn print_text(&self) -> Result<()> {
        let mut out = output::text();
        let count = match self.count {
            0 => "no candidate".to_owned(),
            1 => "1 candidate".to_owned(),
            count if self.more => format!("more than {count} candidates"),
            count => format!("{count} candidates"),
        };
        let referent = Whole(self.referent.trim_start());
        write!(out, "{REFERENT}{referent}{REFERENT:#}: {count}")?;
        match self.page {
            1 => writeln!(out)?,
            page => writeln!(out, ", page {page}")?,
        }
        for candidate in &self.candidates {
            let info = &candidate.cred_info;
            let id = Whole(&info.referent);
            let class = Whole(&info.cred_def_id);
            writeln!(out, "  {CANDIDATE}{id}{CANDIDATE:#} of {class}")?;
            writeln!(out, "    {}", Whole(&values(info)))?;
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
        let id = Whole(&class.cred_def_id);
        match &class.excluded {
            Some(excluded) => {
                let reason = excluded.to_string();
                let reason = Whole(&reason);
                writeln!(out, "  credentials of {id}: {EXCLUDED}{reason}{EXCLUDED:#}")?;
            }
            None => writeln!(out, "  credentials of {id}:")?,
        }
        for credential in &class.credentials {
            let id = Whole(&credential.id);
            match &credential.excluded {
                Some(excluded) => {
                    let reason = excluded.to_string();
                    let reason = Whole(&reason);
                    writeln!(out, "    {id}: {EXCLUDED}{reason}{EXCLUDED:#}")?;
                }
                None => writeln!(out, "    {CANDIDATE}{id}: a candidate{CANDIDATE:#}")?,
            }
        }
    }
    Ok(())
}

fn values(info: &CredentialInfo) -> String {
    let values: Vec<String> =
        info.attrs.iter().map(|(name, value)| format!("{name} = {}", Quoted(value))).collect();
    values.join(", ")
}
