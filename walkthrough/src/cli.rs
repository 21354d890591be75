//! The command line, and its help.

use std::{path::PathBuf, time::Duration};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use clap_complete::Shell;
use indy::{anoncreds::KeySource, pool::PoolOptions, wallet::KeyDerivation};
use proofs::{Check, Engines, Policy};
use stage::narrator::{Narration, NarrationStyle};
use step2_issuance::SCHEMA_ATTRIBUTES;

use crate::exchange::command::Exchange;

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
  negotiate-proof --genesis pool_transactions_genesis
                                                on a real pool of nodes
  negotiate-proof search request.json --home alex --explain
                                                which credentials can answer, and why not the others
  negotiate-proof disclose request.json --home alex
                                                what the verifier would learn from the answer
  negotiate-proof lint request.json             what is wrong with a request, before it is sent
  negotiate-proof case --home alex > alex.json  the presentation of a home, with all that verifies it
  negotiate-proof verify alex.json              is it verified, and if not, why not
  negotiate-proof exchange --help               proof requests and responses with W3C credentials
  negotiate-proof prepare-key key.json          make the issuer's key in advance, for a workshop

Exit codes:
  0    verified (or the step that was asked for is done)
  1    the proof is rejected; for `verify`: some case is; for `search` and `disclose`: some referent has
       no answer; for `lint`: the request has an error
  2    the input or the environment is at fault; the message on standard error says what to do;
       for `verify`: some case or file could not be read
  130  interrupted with Ctrl-C; a kept home can be continued";

const VERIFY_EXAMPLES: &str = "\
Examples:
  negotiate-proof verify alex.json
  negotiate-proof verify --json monday.jsonl tuesday.jsonl | jq -c 'select(.verdict == \"rejected\")'
  negotiate-proof case --home alex | negotiate-proof verify -
  negotiate-proof verify --engine cl --used-nonces used.txt -

Exit codes:
  0    all cases are verified
  1    some case is rejected
  2    some case or file could not be read, or holds no case";

const LINT_EXAMPLES: &str = "\
Examples:
  negotiate-proof lint request.json
  negotiate-proof lint --schema schema.json --json request.json | jq -c '[.severity, .lint, .pointer]'";

const DISCLOSE_EXAMPLES: &str = "\
Examples:
  negotiate-proof disclose request.json --home alex
  negotiate-proof disclose --json request.json --home alex | jq .credentials[].hidden";

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

    /// Print JSON, an object a line: per action and a last one with the verdict; per case; per finding
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

    /// Play on a real pool of nodes: the one that the genesis transactions in FILE describe
    ///
    /// The steward's seed must be known there, as in a test pool. A kept home remembers its pool.
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        env = "NEGOTIATE_PROOF_GENESIS",
        hide_env_values = true
    )]
    pub genesis: Option<PathBuf>,

    /// The program that talks to the nodes of a real pool
    ///
    /// If left out: INDY_POOL_CLIENT, else indy-pool-client beside this program, else on the PATH.
    #[arg(long, value_name = "PROGRAM", global = true, hide_short_help = true)]
    pub pool_client: Option<PathBuf>,

    /// How long a node of a real pool may take to answer a request
    #[arg(long, value_name = "SECONDS", global = true, hide_short_help = true, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub pool_timeout: u64,

    /// How a wallet's key is derived from its passphrase
    #[arg(long, value_name = "COST", global = true, hide_short_help = true, value_enum, default_value_t = Derivation::Interactive)]
    pub key_derivation: Derivation,

    /// Take the issuer's key from FILE instead of generating one (see prepare-key)
    #[arg(long, value_name = "FILE", global = true)]
    pub prepared_key: Option<PathBuf>,

    /// What generates the issuer's key, if it is not taken from a file
    #[arg(long, value_name = "GENERATOR", global = true, hide_short_help = true, value_enum, default_value_t = KeyGenerator::Own, conflicts_with = "prepared_key")]
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
    /// What the verifier would learn from an answer to a proof request
    ///
    /// The values that would be revealed, the predicates that would be shown to hold, the issuers and
    /// schemas that would be known, what stays hidden, and which credential answers what. The fewest
    /// credentials are chosen, and nothing is sent. Exit code 1 says that some referent has no answer;
    /// the reason is shown.
    #[command(after_long_help = DISCLOSE_EXAMPLES)]
    Disclose {
        /// A file with the proof request; - for standard input
        request: PathBuf,
    },
    /// What is wrong with a proof request, or doubtful, before it is sent
    ///
    /// An error means that readers refuse the request, or that nobody can answer it, or that a verifier
    /// refuses every answer; the exit code is then 1. A warning means that it is probably not what was
    /// meant.
    #[command(after_long_help = LINT_EXAMPLES)]
    Lint {
        /// A file with the proof request; - for standard input
        request: PathBuf,
        /// Compare attribute names, and predicates with types, with those of the schema in FILE
        #[arg(long, value_name = "FILE")]
        schema: Option<PathBuf>,
    },
    /// Print the presentation of a home as a case for `verify`, one line of JSON
    ///
    /// It holds the proof request of step 3, the presentation of step 4, and the schema and the
    /// credential definition from the home's ledger.
    Case,
    /// Are these presentations verified, and if not, why not
    ///
    /// A case is {"id": ..., "presentation_request": {...}, "presentation": {...}, "schemas": {id: {...}},
    /// "cred_defs": {id: {...}}, "rev_reg_defs": {id: {...}}, "rev_regs": {id: {timestamp: {...}}}};
    /// `id` and the last two may be left out. A file holds one case, a list of cases, or a case on
    /// each line. Twenty named checks are made of each; a case that cannot be read is rejected, and the
    /// others are verified nevertheless.
    #[command(after_long_help = VERIFY_EXAMPLES)]
    Verify(Verify),
    /// Work on the wallet of a home's prover
    #[command(subcommand)]
    Wallet(WalletCommand),
    /// Proof requests and responses with W3C credentials: issue, request, serve, respond, verify
    Exchange(Exchange),
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

/// What to verify, and what to insist on.
#[derive(Debug, Clone, Args)]
pub struct Verify {
    /// Files of cases; - for standard input. A case has at most 1 MiB
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Which engines must accept the mathematics
    #[arg(long, value_enum, default_value_t = Engine::Both)]
    pub engine: Engine,
    /// Do not reject for the failure of this check; may be repeated
    #[arg(long, value_name = "CHECK", value_parser = checks())]
    pub relax: Vec<Check>,
    /// Accept each nonce once: reject those in FILE, and add those of what is verified
    ///
    /// The file has one nonce a line. A nonce is on the disk before its verdict is told.
    #[arg(long, value_name = "FILE")]
    pub used_nonces: Option<PathBuf>,
}

impl Verify {
    /// What is insisted on.
    pub fn policy(&self) -> Policy {
        Policy {
            engines: self.engine.into(),
            relaxed: self.relax.iter().copied().collect(),
        }
    }
}

/// The names of checks, with their rules for the help.
fn checks() -> impl TypedValueParser<Value = Check> {
    let names = Check::ALL
        .iter()
        .map(|check| PossibleValue::new(check.name()).help(check.rule()));
    PossibleValuesParser::new(names)
        .try_map(|name| Check::parse(&name).ok_or("there is no such check"))
}

/// Which engines must accept the mathematics.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Engine {
    /// Both, and they must agree
    Both,
    /// The library that the field uses
    IndyCredx,
    /// Our own, which is faster
    Cl,
}

impl From<Engine> for Engines {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Both => Self::Both,
            Engine::IndyCredx => Self::IndyCredx,
            Engine::Cl => Self::Cl,
        }
    }
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
    /// Whether Ctrl-C is what ends the command well: a server's.
    pub fn minds_interruptions(&self) -> bool {
        matches!(&self.command, Some(Command::Exchange(exchange)) if exchange.serves())
    }

    /// How a real pool is reached.
    pub fn pool_options(&self) -> PoolOptions {
        PoolOptions {
            client: self.pool_client.clone(),
            timeout: Duration::from_secs(self.pool_timeout),
        }
    }

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
