//! `proof-exchange keep` and `holder`: credentials from elsewhere, and the DID that they are for.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::Utc;
use exchange::{
    holder::{self, SignatureCheck},
    message::VerifiableCredential,
};
use serde_json::json;
use tokio::io::{AsyncBufRead, BufReader};
use tutorial::{
    Format, Status, Tutorial, input,
    report::{self, count},
};

use crate::{cli::Keep, context::CommandContext, identity};

/// Keeps the credentials of a file, after checking their signatures.
pub async fn keep(context: &CommandContext<'_>, args: &Keep) -> Result<Status> {
    let file = &args.file;
    let lines: Box<dyn AsyncBufRead + Send + Unpin> = match *file == Path::new("-") {
        true => Box::new(BufReader::new(tokio::io::stdin())),
        false => {
            let opened = tokio::fs::File::open(file).await;
            let opened = opened.with_context(|| {
                format!("cannot read {}; name a file of credentials, one a line", file.display())
            })?;
            Box::new(BufReader::new(opened))
        }
    };
    let public_data = context.public_data().await?;
    let wallet = identity::wallet(context.tutorial, identity::HOLDER).await?;
    let holder = match &args.did {
        Some(did) => did.parse()?,
        None => identity::own(&wallet, identity::HOLDER).await?.did,
    };
    let signatures = Some(SignatureCheck {
        resolver: &*public_data,
        contexts: &context.contexts,
        now: Utc::now(),
    });
    let mut others = OtherSubjects::default();
    let kept = |credential: &VerifiableCredential| others.add(credential, holder.as_str());
    let imported = holder::import(&wallet, lines, signatures, kept).await;
    let imported = imported.with_context(|| {
        format!("`keep` cannot use {}, of which each line must be a credential", input::shown(file))
    })?;
    let sentence = format!(
        "{} kept{}.",
        count(imported.added, "credential", "credentials"),
        match imported.held_already {
            0 => String::new(),
            held => format!("; there already: {held}"),
        }
    );
    let mut object = json!(imported);
    object["other_subjects"] = json!(others);
    object["holder"] = holder.as_str().into();
    let warning = others.warning(holder.as_str());
    object["warning"] = json!(warning);
    report::message(context.format, &sentence, &object)?;
    if let Some(warning) = warning.filter(|_| context.format != Format::Json) {
        report::warning(&warning);
    }
    Ok(Status::Good)
}

/// Credentials that are about another subject than the holder. They are kept, since a wallet may
/// hold them for others, but this holder's answers cannot show them: the check `subject` fails.
#[derive(Default, serde::Serialize)]
struct OtherSubjects {
    /// How many there are.
    count: u64,
    /// The subject of the first.
    first: Option<String>,
    /// Whether others are about further subjects.
    several: bool,
}

impl OtherSubjects {
    fn add(&mut self, credential: &VerifiableCredential, holder: &str) {
        let subject = credential.attributes.first().map(|attribute| &*attribute.id);
        let Some(subject) = subject.filter(|subject| *subject != holder) else {
            return;
        };
        self.count += 1;
        self.several |= self.first.get_or_insert_with(|| subject.to_owned()) != subject;
    }

    fn warning(&self, holder: &str) -> Option<String> {
        let first = self.first.as_deref()?;
        let others = if self.several { " and others" } else { "" };
        let are = if self.count == 1 { "is" } else { "are" };
        Some(format!(
            "{} {are} about {first}{others}, and the holder of this home is {holder}, who cannot answer with what is \
             about another; give the issuer the DID that `proof-exchange holder` prints",
            count(self.count, "credential", "credentials")
        ))
    }
}

/// Prints the DID of a home's holder.
pub async fn print_holder(tutorial: &Tutorial) -> Result<Status> {
    let wallet = identity::wallet(tutorial, identity::HOLDER).await?;
    let holder = identity::own(&wallet, identity::HOLDER).await?;
    let did = holder.did.as_str();
    report::message(tutorial.printer().format(), did, &json!({"holder": did}))?;
    Ok(Status::Good)
}
