//! The command line, and its help.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::{
    Args, Parser, Subcommand, ValueHint,
    builder::{NonEmptyStringValueParser, PossibleValuesParser},
};
use commands::schema;
use indy::anoncreds::KeySource;
use tutorial::{
    PrintOptions, TutorialOptions,
    data::SCHEMA_ATTRIBUTES,
    manual::{Man, Shell},
    options::{HomeOptions, KeyOptions, OutputOptions, StorageOptions},
};

const ABOUT: &str = "\
Walk through the Indy tutorial \"Negotiate a Proof\": from a new ledger to a verified proof.

An issuer certifies that Alex is male, 175 cm tall and 28 years old. A verifier asks for the name, \
and for a proof that Alex is at least 18. Alex proves both without telling the age, the height or \
the sex, and the verifier checks the proof with what is on the ledger, and nothing else.

The walkthrough has twenty-four numbered actions in four steps:

  Step 2  issuance setup                       actions 1 to 17
  Step 3  proof request and credential search  actions 18 and 19
  Step 4  prover_create_proof                  action 20
  Step 5  verifier_verify_proof                actions 21 to 24

Without options everything happens in a temporary directory, on a ledger inside the program, and \
is deleted at the end, as in the tutorial.";

const EXAMPLES: &str = "\
Examples:
  negotiate-proof                        the whole walkthrough, nothing is kept
  negotiate-proof --pause                wait for Enter between actions
  negotiate-proof --home alex --until 3  stop after step 3, keep all in alex/
  negotiate-proof step 4 --home alex     go on with step 4, tomorrow
  negotiate-proof --home alex            go on to the end
  negotiate-proof --json | jq .label     one JSON object per action
  negotiate-proof --genesis pool_transactions_genesis
                                         on a real pool of nodes
  negotiate-proof scenario init loan --template payslip
  negotiate-proof --scenario loan        the same actions with files of your own

  negotiate-proof issue --schema degree.json --values ann.json --home college
      a credential with your own schema and values
  negotiate-proof request new --attribute degree --output request.json
      a proof request of your own
  negotiate-proof prove request.json --home college --output proof.json
      the answer to a request, after a preview of what it tells

  negotiate-proof search request.json --home alex --explain
      which credentials can answer, and why not the others
  negotiate-proof disclose request.json --home alex
      what the verifier would learn from the answer
  negotiate-proof lint request.json
      what is wrong with a request, before it is sent
  negotiate-proof case --home alex > alex.json
      the presentation of a home, with all that verifies it
  negotiate-proof case from record.json --home alex > case.json
      the same of another program's record, such as ACA-Py's
  negotiate-proof verify alex.json
      is it verified, and if not, why not
  negotiate-proof wallet export backup.age --home alex
      the credentials, encrypted; `wallet import` reads them elsewhere
  negotiate-proof vectors
      how implementations do on this project's test vectors
  negotiate-proof prepare-key key.json
      make the issuer's key in advance, for a workshop

Another program, proof-exchange, has requests and responses with W3C
credentials.

Exit codes:
  0    verified (or the step that was asked for is done)
  1    the proof is rejected; for `verify`: some case is; for `search`,
       `disclose` and `prove`: some referent has no answer; for a scenario: some
       request is rejected or has no answer; for `lint`: there is an error
  2    the input or the environment is at fault, and the message on standard
       error says what to do; or the verdict is undecided
  130  interrupted with Ctrl-C; a kept home can be continued
  141  the reader of the output closed it, as head does; what is finished is kept";

/// The command line. It has no `Debug`: the wallets' URL may hold a password.
#[derive(Parser)]
#[command(
    name = "negotiate-proof",
    version,
    about = "Walk through the Indy tutorial \"Negotiate a Proof\"",
    long_about = ABOUT,
    after_long_help = EXAMPLES,
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    /// What to do instead of the whole walkthrough
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The whole walkthrough.
    #[command(flatten)]
    pub walkthrough: WalkthroughOptions,
}

/// The options of the whole walkthrough.
#[derive(Args)]
pub struct WalkthroughOptions {
    /// Keep ledger, wallets and hand-overs in DIR, and continue what is there
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    home: Option<PathBuf>,

    /// Stop after step N, 2 to 5; to the end if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=5))]
    pub until: Option<u8>,

    /// Play the scenario in DIR instead of the tutorial's story
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        conflicts_with = "until"
    )]
    pub scenario: Option<PathBuf>,

    /// Make DIDs, nonces and our own keys of a scenario follow from TEXT, to play it so again
    ///
    /// Anyone who knows TEXT can issue in the issuers' names: it is for lessons and tests. What
    /// indy-credx draws is different each time: link secrets, signatures and presentations.
    #[arg(
        long,
        value_name = "TEXT",
        hide_short_help = true,
        requires = "scenario",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub seed: Option<String>,

    /// How the steps are run.
    #[command(flatten)]
    run: RunOptions,

    /// Where the wallets and the ledger are.
    #[command(flatten)]
    storage: StorageOptions,
}

impl WalkthroughOptions {
    /// Returns how a scenario's home is opened. A prepared key may be for any of its schemas.
    ///
    /// # Errors
    ///
    /// When a prepared key cannot be read.
    pub fn scenario_options(&self) -> Result<TutorialOptions> {
        let home = self.storage.tutorial_options(self.home.as_deref());
        Ok(self.run.tutorial_options(home, self.run.key.source()?))
    }

    /// Returns how the walkthrough's home is opened.
    ///
    /// # Errors
    ///
    /// When a prepared key cannot be used.
    pub fn tutorial_options(&self) -> Result<TutorialOptions> {
        let home = self.storage.tutorial_options(self.home.as_deref());
        Ok(self.run.tutorial_options(home, self.run.tutorial_key()?))
    }
}

/// How steps are run.
#[derive(Clone, Args)]
pub struct RunOptions {
    /// Wait for Enter between actions
    #[arg(long)]
    pause: bool,

    /// Delete the wallets and the pool of a kept home in actions 23 and 24
    #[arg(long, hide_short_help = true)]
    clean: bool,

    /// Show numbers of hundreds of digits whole
    #[arg(long, hide_short_help = true)]
    full: bool,

    /// How the actions are printed.
    #[command(flatten)]
    output: OutputOptions,

    /// Where the issuer's key comes from.
    #[command(flatten)]
    key: KeyOptions,
}

impl RunOptions {
    /// Adds how steps are run to how a home is opened.
    fn tutorial_options(&self, home: TutorialOptions, key_source: KeySource) -> TutorialOptions {
        TutorialOptions {
            key_source,
            clean: self.clean,
            print: PrintOptions {
                format: self.output.format(),
                full: self.full,
                pause: self.pause,
                record: false,
            },
            ..home
        }
    }

    /// Returns where the issuer's key comes from. A prepared key must be for the tutorial's schema.
    fn tutorial_key(&self) -> Result<KeySource> {
        let source = self.key.source()?;
        if let (KeySource::Prepared(key), Some(path)) = (&source, &self.key.prepared_key) {
            ensure!(
                key.fits(&SCHEMA_ATTRIBUTES),
                "cannot use {}: it was made for other attributes than {}; make one with \
                 `negotiate-proof prepare-key`",
                path.display(),
                SCHEMA_ATTRIBUTES.join(", ")
            );
        }
        Ok(source)
    }
}

/// What to do instead of the whole walkthrough.
#[derive(Subcommand)]
pub enum Command {
    /// Run one step of a kept walkthrough, from what the step before it left
    Step(Step),
    /// A command on files and homes.
    #[command(flatten)]
    Other(commands::Command),
    /// Print the JSON Schema of what another command prints; without NAME, list the schemas
    Schema {
        /// Which schema
        #[arg(value_parser = PossibleValuesParser::new(schema::names()))]
        name: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a manual page (try: negotiate-proof man verify | man -l -)
    Man(Man),
}

/// The step to run.
#[derive(Args)]
pub struct Step {
    /// The step's number
    #[arg(value_name = "N", value_parser = clap::value_parser!(u8).range(2..=5))]
    pub number: u8,

    /// The walkthrough's home.
    #[command(flatten)]
    pub home: HomeOptions,

    /// How the step is run.
    #[command(flatten)]
    run: RunOptions,
}

impl Step {
    /// Returns how the walkthrough's home is opened.
    ///
    /// # Errors
    ///
    /// When a prepared key cannot be used.
    pub fn tutorial_options(&self) -> Result<TutorialOptions> {
        let home = self.home.tutorial_options(self.run.output.format());
        Ok(self.run.tutorial_options(home, self.run.tutorial_key()?))
    }
}
