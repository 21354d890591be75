//! The subcommands of `negotiate-proof` that work on files and homes.
//!
//! | module | subject |
//! |---|---|
//! | [`issue`] | credentials with one's own schema and values |
//! | [`publish`] | an issuer's public data as a file |
//! | [`request`] | proof requests of one's own |
//! | [`prove`] | the answer to a proof request |
//! | `holder` | the holder for whom a command works, and the wallet |
//! | [`search`] | which credentials can answer a request |
//! | [`disclose`] | what a verifier would learn from the answer |
//! | [`lint`] | what is wrong with a request before it is sent |
//! | [`case`](mod@case) | the presentation of a home, or of other programs' records, as cases to verify |
//! | [`public_data`] | schemas, credential definitions and registries for cases |
//! | [`convert`] | objects of Indy in the form of AnonCreds 1.0, and back |
//! | [`verify`] | whether presentations are verified, and if not, why not |
//! | [`vectors`] | the regression corpus, given to implementations |
//! | [`lab`] | the start of the program with the page for browsers |
//! | [`wallet`] | what the prover's wallet holds: list, export, import |
//! | [`prepare_key`] | issuer keys made in advance |
//! | [`scenario`] | scenarios of one's own: written, checked, and played |
//! | [`progress`] | how far homes have come |
//! | [`schema`] | JSON Schemas of what programs read |
//! | [`values`] | the values of a credential, as an issuer writes them |
//! | [`workshop`] | exercises for learners |

pub mod case;
pub mod convert;
pub mod disclose;
mod holder;
pub mod issue;
pub mod lab;
pub mod lint;
mod messages;
pub mod prepare_key;
pub mod progress;
pub mod prove;
pub mod public_data;
pub mod publish;
mod records;
pub mod request;
pub mod scenario;
pub mod schema;
pub mod search;
pub mod values;
pub mod vectors;
pub mod verify;
pub mod wallet;
pub mod workshop;

use anyhow::{Result, ensure};
use clap::Subcommand;
use stdx::task::boxed;
use tutorial::{Format, Status, Tutorial, options::HomeOptions};

/// A subcommand that works on files and homes.
#[derive(Clone, Subcommand)]
pub enum Command {
    /// Issue a credential with a schema and values of your own
    ///
    /// Without a subcommand, issuer and holder are in one home, and the holder has the credential
    /// at the end. The subcommands are the parts, each with a file as its result, for an issuer and
    /// a holder with homes of their own.
    #[command(after_long_help = issue::EXAMPLES)]
    Issue(Box<issue::Issue>),
    /// Make a proof request
    #[command(subcommand)]
    Request(request::Request),
    /// Answer a proof request with the credentials of a home
    ///
    /// What the verifier would learn is shown, and a person is asked. The answer is verified before
    /// it is written.
    #[command(after_long_help = prove::EXAMPLES)]
    Prove(prove::Prove),
    /// Export an issuer's public data as a file, or take it in
    #[command(subcommand)]
    Public(publish::Public),
    /// Which credentials of a home's prover can answer a proof request
    ///
    /// Exit code 1 says that some referent has no candidate.
    Search(search::Search),
    /// What the verifier would learn from an answer to a proof request
    ///
    /// The values that would be revealed, the predicates that would be shown to hold, the issuers
    /// and schemas that would be known, what stays hidden, and which credential answers what. The
    /// fewest credentials are chosen, and nothing is sent. Exit code 1 says that some referent has
    /// no answer; the reason is shown.
    #[command(after_long_help = disclose::EXAMPLES)]
    Disclose(disclose::Disclose),
    /// What is wrong with a proof request, or doubtful, before it is sent
    ///
    /// An error means that readers refuse the request, or that no prover can answer it, or that a
    /// verifier refuses every answer; the exit code is then 1. A warning means that it is probably
    /// not what was meant.
    #[command(after_long_help = lint::EXAMPLES)]
    Lint(lint::Lint),
    /// Print the presentation of a home as a case for `verify`, one line of JSON
    ///
    /// It holds the proof request of step 3, the presentation of step 4, and the schema and the
    /// credential definition from the home's ledger. `case from` does the same with records of
    /// other programs.
    #[command(after_long_help = case::EXAMPLES)]
    Case(case::PrintCase),
    /// Convert objects of Indy to the form of AnonCreds 1.0, or back
    ///
    /// Schemas, credential definitions, revocation registries and status lists, proof requests,
    /// presentations, credentials, offers, credential requests, and whole cases. What kind an
    /// object is, its members tell. The object goes to standard output; its identifier, which
    /// AnonCreds 1.0's form does not contain, and what was left out or assumed, to standard error.
    /// What an object does not contain is given with an option.
    #[command(after_long_help = convert::EXAMPLES)]
    Convert(convert::Convert),
    /// Are these presentations verified, and if not, why not
    ///
    /// A case is {"id": ..., "presentation_request": {...}, "presentation": {...}, "schemas": {id:
    /// {...}}, "cred_defs": {id: {...}}, "rev_reg_defs": {id: {...}}, "rev_regs": {id: {timestamp:
    /// {...}}}}; `id` and the last two may be left out. A file holds one case, a list of cases, or
    /// a case on each line. Twenty named checks are made of each; a case that cannot be read is
    /// rejected, and the others are verified nevertheless.
    #[command(after_long_help = verify::EXAMPLES)]
    Verify(verify::Verify),
    /// Give the test vectors to implementations of proofs with CL signatures
    ///
    /// The corpus is the directory tests/vectors of the repository, or a copy of it. Beside the
    /// implementations in this program, any program can be tested that speaks lines of JSON. A
    /// failure that is known, with its reason, stands in a list; everything else that is not right
    /// is reported, and the exit code is 1.
    #[command(after_long_help = vectors::EXAMPLES)]
    Vectors(Box<vectors::Vectors>),
    /// The walkthrough and a verifier as a page for browsers
    ///
    /// This starts the program negotiate-proof-lab, which stands beside this one once it is built:
    /// `cargo build --release -p negotiate-lab`. `lab` serves the page on this machine, with
    /// scenarios of one's own and a view for the teacher; `lab --export lab.html` writes it as one
    /// file that needs no server and no network.
    Lab(lab::Lab),
    /// Work on the wallet of a home's prover
    #[command(subcommand)]
    Wallet(wallet::Wallet),
    /// Make an issuer's key in advance and write it to FILE
    ///
    /// Anyone who has the file can issue credentials in the name of every issuer that uses it. It
    /// is for workshops and tests only.
    PrepareKey(prepare_key::PrepareKey),
    /// Scenarios of one's own: a file for each issuer, credential, holder and request
    ///
    /// `negotiate-proof --scenario DIR` plays one.
    #[command(subcommand, after_long_help = scenario::EXAMPLES)]
    Scenario(scenario::Scenario),
    /// How far homes have come, and which check failed last
    ///
    /// The homes are only read, and may be in use. The last verdict is that of action 21, or of a
    /// `verify --home` later.
    #[command(after_long_help = progress::EXAMPLES)]
    Progress(progress::Progress),
    /// Exercises: the tutorial with gaps to fill, and more
    ///
    /// They are small programs in the form of rustlings 6 (`cargo install rustlings@6.5.0 --locked`), which
    /// watches the files, runs the checks, gives hints and keeps the progress.
    #[command(subcommand, after_long_help = workshop::EXAMPLES)]
    Workshop(workshop::Workshop),
}

impl Command {
    /// Runs the command. The home that it opens is left in `opened`.
    ///
    /// # Errors
    ///
    /// When the input or the environment is at fault.
    // boxed, or the walkthrough would compile the bodies of all commands at each change of a step
    #[boxed]
    pub async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        match self {
            Self::Issue(issue) => issue.run(opened).await,
            Self::Request(request) => request.run().await,
            Self::Prove(prove) => prove.run(opened).await,
            Self::Public(public) => public.run(opened).await,
            Self::Search(search) => search.run(opened).await,
            Self::Disclose(disclose) => disclose.run(opened).await,
            Self::Lint(lint) => lint.run().await,
            Self::Case(case) => case.run(opened).await,
            Self::Convert(convert) => convert.run().await,
            Self::Verify(verify) => verify.run().await,
            Self::Vectors(vectors) => vectors.run().await,
            Self::Lab(lab) => lab.run().await,
            Self::Wallet(wallet) => wallet.run(opened).await,
            Self::PrepareKey(prepare_key) => prepare_key.run().await,
            Self::Scenario(scenario) => scenario.run(opened).await,
            Self::Progress(progress) => progress.run(),
            Self::Workshop(workshop) => workshop.run().await,
        }
    }
}

/// Checks that a home exists.
///
/// # Errors
///
/// When it does not.
pub fn check_exists(home: &HomeOptions) -> Result<()> {
    let directory = home.directory();
    ensure!(
        directory.exists(),
        "there is no home {}; check its name and the current directory, or make it with step 2, or with `negotiate-proof issue`",
        directory.display()
    );
    Ok(())
}

/// Opens a home that exists.
fn open_existing<'t>(
    home: &HomeOptions,
    format: Format,
    opened: &'t mut Option<Tutorial>,
) -> Result<&'t Tutorial> {
    check_exists(home)?;
    Ok(opened.insert(home.open(format)?))
}
