//! The command line, and its help.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use indy::{anoncreds::KeySource, wallet::KeyDerivation};
use stage::narrator::{Narration, NarrationStyle};
use step2_issuance::SCHEMA_ATTRIBUTES;

const ABOUT: &str = "\
Walk through the Indy tutorial \"Negotiate a Proof\": from an empty ledger to a verified proof.

An issuer certifies that Alex is male, 175 cm tall and 28 years old. A verifier asks for the name, \
and for a proof that Alex is at least 18. Alex proves both without telling the age, the height or \
the sex, and the verifier checks the proof with what is on the ledger, and nothing else.

The walkthrough has twenty-four numbered actions in four steps:

  Step 2  issuance setup                       actions 1 to 17
  Step 3  proof request and credential search  actions 18 and 19
  Step 4  prover_create_proof                  action 20
  Step 5  verifier_verify_proof                actions 21 to 24

Without options everything plays in a temporary directory, on a ledger inside of the program, and \
is deleted at the end, as in the tutorial.";

const EXAMPLES: &str = "\
Examples:
  negotiate-proof                               the whole walkthrough, nothing is kept
  negotiate-proof --pause                       wait for Enter between actions
  negotiate-proof --home alex --until 3         stop after step 3, keep everything in alex/
  negotiate-proof step 4 --home alex            go on with step 4, tomorrow
  negotiate-proof --home alex                   go on to the end
  negotiate-proof --json | jq .label            one JSON object per action
  negotiate-proof search request.json --home alex --explain
                                                which credentials can answer, and why not the others
  negotiate-proof prepare-key key.json          make the issuer's key in advance, for a workshop

Exit codes:
  0    verified (or the step that was asked for is done)
  1    the proof is rejected; for `search`: some referent has no candidate
  2    the input or the environment is at fault; the message on standard error says what to do
  130  interrupted with Ctrl-C; a kept home can be continued";

/// The command line. It has no `Debug`: the wallets' URL may hold a password.
#[derive(Parser)]
#[command(name = "negotiate-proof", version, about = "Walk through the Indy tutorial \"Negotiate a Proof\"", long_about = ABOUT, after_long_help = EXAMPLES)]
pub struct Cli {
    /// What to do instead of the whole walkthrough
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Keep ledger, wallets and hand-overs in DIR; what is there already is continued
    #[arg(long, value_name = "DIR", global = true)]
    pub home: Option<PathBuf>,

    /// Stop after step N, 2 to 5; to the end if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=5))]
    pub until: Option<u8>,

    /// Wait for Enter between actions
    #[arg(long, global = true)]
    pub pause: bool,

    /// In a kept home: delete wallets and pool configuration in actions 23 and 24, as the tutorial does
    #[arg(long, global = true)]
    pub clean: bool,

    /// Print one JSON object per action, and a last one with the verdict
    #[arg(long, global = true, conflicts_with = "quiet")]
    pub json: bool,

    /// Print nothing but errors; the exit code tells
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// Show numbers of hundreds of digits whole
    #[arg(long, global = true)]
    pub full: bool,

    /// Keep the wallets on a PostgreSQL server instead of in SQLite files
    ///
    /// The databases are named after the wallets, with the path as prefix: two learners on one
    /// server use postgres://user:password@host/ann and postgres://user:password@host/bob.
    #[arg(
        long,
        value_name = "URL",
        global = true,
        env = "NEGOTIATE_PROOF_WALLET",
        hide_env_values = true
    )]
    pub wallet: Option<String>,

    /// How a wallet's key is derived from its passphrase
    #[arg(long, value_name = "COST", global = true, value_enum, default_value_t = Derivation::Interactive)]
    pub key_derivation: Derivation,

    /// Take the issuer's key from FILE instead of generating one (see prepare-key)
    #[arg(long, value_name = "FILE", global = true)]
    pub prepared_key: Option<PathBuf>,

    /// What generates the issuer's key, if it is not taken from a file
    #[arg(long, value_name = "GENERATOR", global = true, value_enum, default_value_t = KeyGenerator::Own, conflicts_with = "prepared_key")]
    pub key_generator: KeyGenerator,
}

/// What to do instead of the whole walkthrough.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Run one step of a kept walkthrough, from what the step before it left
    Step {
        /// The step's number
        #[arg(value_name = "N", value_parser = clap::value_parser!(u8).range(2..=5))]
        number: u8,
    },
    /// Which credentials of a home's prover can answer a proof request
    ///
    /// Exit code 1 says that some referent has no candidate.
    Search {
        /// A file with the proof request
        request: PathBuf,
        /// Say what excludes each class of credentials, and each credential of the others
        #[arg(long)]
        explain: bool,
        /// Show the N-th page of 20 candidates
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        page: u32,
    },
    /// Work on the wallet of a home's prover
    #[command(subcommand)]
    Wallet(WalletCommand),
    /// Make an issuer's key in advance and write it to FILE
    ///
    /// Whoever has the file can issue credentials in the name of every issuer that uses it. It is
    /// for workshops and tests only.
    PrepareKey {
        /// The file to write; it must not exist yet
        file: PathBuf,
        /// The attributes of the schema that the key is for
        #[arg(long, value_name = "NAMES", value_delimiter = ',', default_values = SCHEMA_ATTRIBUTES)]
        attributes: Vec<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page (try: negotiate-proof man | man -l -)
    Man,
}

/// What to do with the prover's wallet.
#[derive(Debug, Clone, Subcommand)]
pub enum WalletCommand {
    /// Import credentials from a file of JSON Lines; what is there already is skipped
    ///
    /// A line is {"id": "...", "credential": {...}} or the credential alone, as the prover's wallet
    /// keeps it. An import that was interrupted, even by kill -9, is resumed by running it again.
    Import {
        /// The file; - for standard input
        file: PathBuf,
    },
    /// Make the directory of credential classes anew, by which a search begins
    Rebuild,
}

/// The cost of deriving a wallet's key with Argon2i.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Derivation {
    /// Under a second on a laptop
    Interactive,
    /// A few seconds
    Moderate,
}

impl From<Derivation> for KeyDerivation {
    fn from(derivation: Derivation) -> Self {
        match derivation {
            Derivation::Interactive => Self::Argon2iInteractive,
            Derivation::Moderate => Self::Argon2iModerate,
        }
    }
}

/// What generates an issuer's key.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KeyGenerator {
    /// This project's own search for primes: a second, or a few
    Own,
    /// The library, indy-credx: several seconds, sometimes many
    Library,
}

impl From<KeyGenerator> for KeySource {
    fn from(generator: KeyGenerator) -> Self {
        match generator {
            KeyGenerator::Own => Self::Generate,
            KeyGenerator::Library => Self::GenerateWithLibrary,
        }
    }
}

impl Cli {
    /// What is shown of each action.
    pub fn narration(&self) -> Narration {
        let style = match (self.json, self.quiet) {
            (true, _) => NarrationStyle::Json,
            (_, true) => NarrationStyle::Quiet,
            _ => NarrationStyle::Story,
        };
        Narration {
            style,
            full: self.full,
            pause: self.pause,
        }
    }
}
