//! `negotiate-proof exchange`: proof requests and responses with W3C credentials, from the issuers' signatures to
//! the verdict.
//!
//! | module | subject |
//! |---|---|
//! | [`command`] | the command line, and its help |
//! | [`example`] | the files of a worked example |
//! | [`orders`] | which credentials are to be issued |
//! | [`issue`] | issuing them, attribute by attribute |
//! | [`anoncreds`] | issuing those that answer in zero knowledge |
//! | [`keep`] | keeping credentials that came as a file |
//! | [`request`] | making and signing a request |
//! | [`serve`] | publishing requests, receiving responses |
//! | [`respond`] | answering a request |
//! | [`outcome`] | how each criterion is answered |
//! | [`verify`] | what is true of a response |
//! | [`party`] | who signs: DIDs and keys in a home's wallets |
//! | [`registry`] | what everybody may read |
//! | [`public`] | DIDs, schemas and credential definitions, looked up there |

mod anoncreds;
pub mod command;
mod example;
mod issue;
mod keep;
mod orders;
mod outcome;
mod party;
mod public;
mod registry;
mod request;
mod respond;
mod serve;
mod verify;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use proof_exchange::signature::Contexts;
use stage::{Stage, narrator::NarrationStyle};

use crate::{cli::Cli, input, report::Ending};
use command::{Exchange, ExchangeCommand};
use public::Public;
use registry::Registry;

/// The directory of the exchange in a home.
const EXCHANGE: &str = "exchange";

/// What all commands of the exchange have at hand.
struct Desk<'d> {
    stage: &'d Stage,
    registry: Registry,
    contexts: Contexts,
    style: NarrationStyle,
}

impl Desk<'_> {
    /// A directory of the exchange in the home.
    fn directory(&self, name: &str) -> PathBuf {
        self.stage.home().directory().join(EXCHANGE).join(name)
    }

    /// What everybody may read: the registry, and this home's ledger if it has one.
    async fn public(&self) -> Result<Public> {
        let pool = match self.stage.pools().join(stage::POOL_NAME).exists() {
            true => Some(self.stage.pool().await?),
            false => None,
        };
        Public::open(self.registry.clone(), pool)
    }
}

/// Run a command of the exchange. Those that need a home open it in `stage`.
pub async fn run(
    exchange: &Exchange,
    cli: &Cli,
    stage: &mut Option<Stage>,
    open: impl FnOnce() -> Result<Stage>,
) -> Result<Ending> {
    let style = cli.narration().style;
    let registry = Registry::new(&exchange.registry);
    let contexts = contexts(&exchange.context).await?;
    match &exchange.command {
        ExchangeCommand::Example { name, directory } => {
            return example::write(*name, directory.clone(), style);
        }
        ExchangeCommand::Verify(order) => {
            return verify::verify(order, registry, contexts, style).await;
        }
        _ => {}
    }
    check_home(cli.home.as_deref(), &exchange.command)?;
    if let ExchangeCommand::Serve(order) = &exchange.command {
        // the home is free again at once, so that requests can be made while they are served
        let opened = open()?;
        let directory = opened.home().directory().join(EXCHANGE);
        opened.leave().await.leave()?;
        let shop = serve::Shop {
            directory,
            judge: verify::verifier(&Public::open(registry, None)?, contexts),
            style,
        };
        return shop.serve(order).await;
    }
    let desk = Desk {
        stage: stage.insert(open()?),
        registry,
        contexts,
        style,
    };
    match &exchange.command {
        ExchangeCommand::Issue(order) => issue::issue(&desk, order).await,
        ExchangeCommand::Keep { file } => keep::keep(&desk, file).await,
        ExchangeCommand::Holder => keep::holder(&desk).await,
        ExchangeCommand::Request(order) => request::request(&desk, order).await,
        ExchangeCommand::Respond(order) => respond::respond(&desk, order).await,
        ExchangeCommand::Example { .. }
        | ExchangeCommand::Serve(_)
        | ExchangeCommand::Verify(_) => Ok(Ending::Done),
    }
}

/// There is nothing to serve, and nothing to answer with, in a home that is not there: its name is wrong.
fn check_home(home: Option<&Path>, command: &ExchangeCommand) -> Result<()> {
    let Some(home) = home else {
        bail!("this needs wallets; name the directory that keeps them with --home DIR");
    };
    let begin = match command {
        ExchangeCommand::Serve(_) => "make a request there first with `exchange request`",
        ExchangeCommand::Respond(_) => {
            "get credentials there first with `exchange issue` or `exchange keep`"
        }
        _ => return Ok(()),
    };
    ensure!(
        home.exists(),
        "there is no {}; check its name, or {begin}",
        home.display()
    );
    Ok(())
}

/// The contexts that come with the program, and those that the command line names.
async fn contexts(files: &[(String, PathBuf)]) -> Result<Contexts> {
    let mut contexts = Contexts::new();
    for (url, file) in files {
        contexts.add(url, read_json(file, "a JSON-LD context").await?);
    }
    Ok(contexts)
}

/// A file of JSON.
async fn read_json(file: &Path, what: &'static str) -> Result<serde_json::Value> {
    let text = input::text(file, what).await?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is not JSON; name a file with {what}", file.display()))
}

/// Write a file so that a crash leaves the old content, the new, or none.
fn write_file(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let directory = match path.parent() {
        Some(directory) if directory != Path::new("") => directory,
        _ => Path::new("."),
    };
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
