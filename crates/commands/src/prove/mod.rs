//! `negotiate-proof prove`: the answer to a proof request, from the credentials of a home.
//!
//! | module | subject |
//! |---|---|
//! | `choice` | which credential answers what, as the options say |
//! | `present` | the presentation, with the link secret that fits |

mod choice;
mod present;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueHint};
use indy::{
    anoncreds::{self, Disclosure, ProofRequest, RequestedCredentials, Wishes},
    error::AnoncredsError,
    wallet::Wallet,
};
use proofs::Decision;
use serde_json::json;
use stdx::text::{Quoted, Whole};
use tutorial::{Format, Status, Tutorial, format, output, prompt, report};

use crate::{holder::HolderOptions, messages, search::read_request};
use choice::ChoiceOptions;
use present::{Attempt, Prover};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof prove request.json --home alex --output proof.json
      shows what the verifier would learn, and asks
  negotiate-proof prove request.json --home alex --output proof.json --yes \\
    --use name=6b8a... --hide height --self-attest nickname=Lex
  negotiate-proof verify proof.json

The file is a case: the request, the presentation, and the public data that verifies it. With --bare it is the
presentation alone, as a verifier gets it who has request and public data: verify request.json proof.json --public FILE.

Exit codes:
  0    the presentation is written
  1    something is not answered, or the person says no; the reasons are shown, and nothing is written
  2    the input or the environment is at fault";

/// The request to answer.
#[derive(Clone, Args)]
pub struct Prove {
    /// A file with the proof request; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    request: PathBuf,
    /// What answers what.
    #[command(flatten)]
    choice: ChoiceOptions,
    /// The link secret that the credentials are bound to, by its name; found by trying if left out
    #[arg(long, value_name = "NAME")]
    link_secret: Option<String>,
    /// The file for the answer; standard output if left out
    #[arg(long = "output", id = "file", value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// Write the presentation alone, not a case
    #[arg(long)]
    bare: bool,
    /// Make the presentation without asking; for programs
    #[arg(long, short)]
    yes: bool,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

impl Prove {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        messages::check_new(messages::file(&self.file))?;
        let format = self.holder.format();
        let (tutorial, wallet) = self.holder.open(opened).await?;
        let request = read_request(&self.request).await?;

        let mut wishes = self.choice.wishes(&request)?;
        let decided = present::credentials(&wishes.decided);
        // made before the person is asked: what cannot be made is not asked about, and nothing
        // leaves the program
        let prover = Prover::new(tutorial, &wallet, &request, self.link_secret.as_deref()).await?;
        let (disclosure, mut proven) = loop {
            let (choice, disclosure) = self.choose(&wallet, &request, &wishes).await?;
            let refused = refusals(&wallet, &request, &choice, &disclosure).await?;
            if !(disclosure.unanswered.is_empty() && refused.is_empty()) {
                self.show(&disclosure, &refused)?;
                return Ok(Status::Bad);
            }
            let misfits = match prover.prove(&choice, &decided).await? {
                Attempt::Proven(proven) => break (disclosure, proven),
                Attempt::Misfit(misfits) => misfits,
            };
            if let Some(credential) = misfits.intersection(&decided).next() {
                bail!(
                    "the credential {}, which --use names, is bound to another link secret; import that with \
                     `negotiate-proof wallet import`, name it with --link-secret, or use other credentials",
                    Quoted(credential)
                );
            }
            for credential in &misfits {
                report::warning(&format!(
                    "the credential {} is not used: it is bound to another link secret",
                    Quoted(credential)
                ));
            }
            wishes.excluded.extend(misfits);
        };
        self.show(&disclosure, &[])?;
        if !self.consents().await? {
            report::warning("nothing was written");
            return Ok(Status::Bad);
        }
        if proven.verdict.decision() == Decision::Rejected {
            // printed as a verifier would see it
            report::verdict(format, None, "this answer", &proven.verdict)?;
            report::warning("the verifier would reject the answer; it was not written");
            return Ok(Status::Bad);
        }
        // a verdict names it so
        let name = self.file.as_ref().and_then(|file| file.file_stem());
        proven.case.id = name.map(|name| name.to_string_lossy().into_owned());
        match self.bare {
            true => messages::write(messages::file(&self.file), &proven.case.presentation)?,
            false => messages::write(messages::file(&self.file), &proven.case)?,
        }
        self.report_written(&proven)?;
        Ok(Status::Good)
    }

    /// Returns the choice that the options make, and what the verifier would learn from it, with
    /// the reason for what it leaves open.
    async fn choose(
        &self,
        wallet: &Wallet,
        request: &ProofRequest,
        wishes: &Wishes,
    ) -> Result<(RequestedCredentials, Disclosure)> {
        let (choice, reasons) =
            anoncreds::prover_choose_credentials_as(wallet, request, wishes).await?;
        let mut disclosure =
            anoncreds::prover_preview_disclosure(wallet, request, Some(&choice)).await?;
        for open in &mut disclosure.unanswered {
            let asked = request.requested_attributes.get(&open.referent);
            let may_attest = asked.is_some_and(|asked| asked.restriction().is_none());
            if let Some((_, reason)) =
                reasons.iter().find(|(referent, _)| *referent == open.referent)
                && !self.choice.names(&open.referent)
            {
                open.reason.clone_from(reason);
                if may_attest {
                    open.reason += &format!(", with --self-attest '{}=...'", open.referent);
                }
            }
        }
        Ok((choice, disclosure))
    }

    /// Shows what the verifier would learn, and why the answer cannot be made. What goes to
    /// standard output is the answer itself, if no file is named.
    fn show(&self, disclosure: &Disclosure, refused: &[String]) -> io::Result<()> {
        match (self.holder.format(), messages::file(&self.file)) {
            (Format::Quiet, _) => return Ok(()),
            (Format::Json, Some(_)) => format::line(disclosure)?,
            (Format::Text, Some(_)) => write!(output::text(), "{disclosure}")?,
            // nothing is left to do if standard error is closed
            (_, None) => _ = write!(output::messages(), "{disclosure}"),
        }
        for reason in refused {
            report::warning(reason);
        }
        Ok(())
    }

    /// Returns whether the person agrees to what was shown, on the command line or at the terminal.
    async fn consents(&self) -> Result<bool> {
        if self.yes {
            return Ok(true);
        }
        ensure!(
            self.holder.format() != Format::Quiet,
            "nothing is proved: with --quiet the person sees nothing to agree to; add --yes to prove it"
        );
        prompt::confirm("Prove this?").await.context(
            "nothing is proved: no one can be asked, since standard input, output and error are not all a terminal; look at \
             the answer with `negotiate-proof disclose`, and add --yes to prove it",
        )
    }

    fn report_written(&self, proven: &present::Proven) -> Result<()> {
        if proven.verdict.decision() == Decision::Undecided {
            let reason = proven.verdict.reason().unwrap_or_default();
            report::warning(&format!(
                "a verifier cannot decide with the public data of this home: {reason}"
            ));
        }
        let Some(file) = messages::file(&self.file) else { return Ok(()) };
        let shown = file.display();
        let sentence = match self.bare {
            true => format!("{shown} holds the presentation."),
            false => format!(
                "{} holds the answer; `negotiate-proof verify {}` verifies it.",
                Whole(&shown.to_string()),
                tutorial::error::quoted(file)
            ),
        };
        let object = json!({
            "output": format::path_value(file),
            "bare": self.bare,
            "link_secret": proven.link_secret,
        });
        report::message(self.holder.format(), &sentence, &object)?;
        Ok(())
    }
}

/// Returns why no presentation can be made of a choice that leaves nothing open.
async fn refusals(
    wallet: &Wallet,
    request: &ProofRequest,
    choice: &RequestedCredentials,
    disclosure: &Disclosure,
) -> Result<Vec<String>> {
    match anoncreds::prover_check_choice(wallet, request, choice).await {
        Err(AnoncredsError::ProofRefused { refusals }) if disclosure.unanswered.is_empty() => {
            Ok(refusals.iter().map(ToString::to_string).collect())
        }
        Err(AnoncredsError::ProofRefused { .. }) | Ok(()) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}
