//! `negotiate-proof wallet list` and `wallet show`.

use std::io::{self, Write};

use anstyle::Style;
use anyhow::Result;
use clap::Args;
use indy::{
    anoncreds::{
        ShownCredential, prover_fetch_listed_credentials, prover_list_credentials,
        prover_list_link_secrets, prover_show_credential,
    },
    did::list_my_dids,
    wallet::WalletContents,
};
use serde_json::json;
use stdx::text::{Quoted, Whole};
use tutorial::{Format, Status, Tutorial, format, output};

use super::{counts, with_advice};
use crate::holder::HolderOptions;

const ID: Style = Style::new().bold();

/// How many credentials are read at once.
const PAGE: usize = 256;

/// The wallet to list.
#[derive(Clone, Args)]
pub struct List {
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

impl List {
    pub(super) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let format = self.holder.format();
        let (_, wallet) = self.holder.open(opened).await?;
        let mut contents = WalletContents::default();
        let mut list = prover_list_credentials(&wallet).await?;
        loop {
            let page = prover_fetch_listed_credentials(&mut list, PAGE).await?;
            if page.is_empty() {
                break;
            }
            contents.credentials += page.len() as u64;
            for info in page {
                let (id, schema, cred_def) = (&info.referent, &info.schema_id, &info.cred_def_id);
                match format {
                    Format::Text => writeln!(
                        output::text(),
                        "credential {ID}{}{ID:#}, schema {}, credential definition {}",
                        Whole(id),
                        Whole(schema),
                        Whole(cred_def)
                    )?,
                    Format::Json => format::line(&json!({
                        "kind": "credential", "id": id, "schema_id": schema,
                        "cred_def_id": cred_def, "rev_reg_id": info.rev_reg_id,
                    }))?,
                    Format::Quiet => {}
                }
            }
        }
        for name in prover_list_link_secrets(&wallet).await? {
            contents.link_secrets += 1;
            match format {
                Format::Text => writeln!(output::text(), "link secret {ID}{}{ID:#}", Whole(&name))?,
                Format::Json => format::line(&json!({"kind": "link_secret", "name": name}))?,
                Format::Quiet => {}
            }
        }
        for mine in list_my_dids(&wallet).await? {
            contents.dids += 1;
            match format {
                Format::Text => writeln!(
                    output::text(),
                    "DID {ID}{}{ID:#}, verkey {}",
                    Whole(&mine.did),
                    Whole(&mine.verkey)
                )?,
                Format::Json => {
                    format::line(&json!({"kind": "did", "did": mine.did, "verkey": mine.verkey}))?
                }
                Format::Quiet => {}
            }
        }
        match format {
            Format::Text => counts::print_sentences(&[format!(
                "The wallet holds {}.",
                counts::words(&contents)
            )])?,
            Format::Json => {
                let mut totals = counts::object(&contents)?;
                totals.insert("kind".to_owned(), "totals".into());
                format::line(&totals)?;
            }
            Format::Quiet => {}
        }
        Ok(Status::Good)
    }
}

/// The credential to show.
#[derive(Clone, Args)]
pub struct Show {
    /// The credential's id, as `wallet list` shows it
    id: String,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

impl Show {
    pub(super) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let format = self.holder.format();
        let (tutorial, wallet) = self.holder.open(opened).await?;
        let shown = prover_show_credential(&wallet, &self.id).await;
        let shown = shown.map_err(|error| with_advice(error, tutorial))?;
        match format {
            Format::Text => print(&shown, &mut output::text())?,
            Format::Json => format::line(&shown)?,
            Format::Quiet => {}
        }
        Ok(Status::Good)
    }
}

/// Prints a credential for a person.
pub(super) fn print(shown: &ShownCredential, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "credential {ID}{}{ID:#}", Whole(&shown.id))?;
    writeln!(out, "  schema                 {}", Whole(&shown.schema_id))?;
    writeln!(out, "  credential definition  {}", Whole(&shown.cred_def_id))?;
    if let Some(registry) = &shown.rev_reg_id {
        let index = shown.cred_rev_id.as_deref().unwrap_or("unknown");
        writeln!(out, "  revocation registry    {}, index {}", Whole(registry), Whole(index))?;
    }
    if let Some(name) = &shown.link_secret {
        writeln!(out, "  link secret            {}", Whole(name))?;
    }
    for (name, value) in &shown.values {
        let encoded = Whole(&value.encoded);
        writeln!(out, "  {} = {}, encoded {encoded}", Whole(name), Quoted(&value.raw))?;
    }
    out.flush()
}
