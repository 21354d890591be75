//! The command line, and its help. `values` parses what its options hold.

mod values;

use std::path::PathBuf;

use chrono::Duration;
use clap::{Args, Parser, Subcommand, ValueHint, builder::PossibleValuesParser};
use exchange::{
    check::ExchangeCheck,
    message::{Accepted, Form},
    signature::ProofType,
};
use exchange_http::ListenAddress;
use tutorial::{
    manual::{Man, Shell},
    options::{HomeOptions, KeyOptions, OutputOptions},
    report::VerdictOptions,
};
use url::Url;
use vectors::command::RunOptions;

use crate::{example::Files, schema};
use values::{
    accepted, checks, demand, examples, forms, hours, numbered, signatures, stated, url_and_file,
};

const ABOUT: &str = "\
Proof requests and responses with W3C credentials, from the issuers' signatures to the verdict.

An issuer signs each attribute of a credential on its own. A verifier asks for what it needs in a \
signed proof request, and serves it over HTTP. The holder shows that and no more in a signed proof \
response. What has to be proved without being shown, such as an age, is answered with AnonCreds.

The messages are those of the draft \"Addition of Proof Request/Response to the W3C Verifiable \
Credentials specification\".";

const EXAMPLES: &str = "\
A worked example, the draft's own: a bank asks for an e-mail address, a date of
birth, a billing address and six payslips before it gives a credit card. Four
issuers sign ten credentials for Alex; the bank asks, and serves its request on
http://127.0.0.1:8700; Alex answers; anyone verifies.

  proof-exchange example credit-card
  cd credit-card
  proof-exchange issue orders.json --home alex
  proof-exchange request criteria.json --home bank -o request.json
  proof-exchange serve --home bank &
  proof-exchange respond request.json --home alex -o response.json
  proof-exchange verify request.json response.json

`proof-exchange example rental` is another: age and income are proved in zero
knowledge, an e-mail address is shown.

Exit codes:
  0    verified, or done
  1    the response is rejected, or the request is, or it cannot be answered,
       and the reason is shown; or you said no
  2    the input or the environment is at fault; the message on standard error
       says what to do
  130  interrupted with Ctrl-C; `serve` ends with 0
  141  the reader of the output closed it, as head does; what is finished is kept";

const ISSUE_EXAMPLES: &str = "\
Examples:
  proof-exchange issue orders.json --home alex
  proof-exchange issue orders.json --home mill \\
    --subject did:key:z6Mk... --output alex.jsonl

Orders:
  {\"issuers\": [{\"did\", \"seed\" or \"key\"}],
   \"credentials\": [{\"id\", \"issuer\", \"schema\", \"issuanceDate\",
                    \"expirationDate\", \"attributes\": {name: value}}]}

`key` is a file with an RSA private key in PEM, for credentials with
\"proofType\": \"RsaSignature2018\". Instead of `schema` a credential may have
`context` and `type`. One with \"proofType\": \"CLSignature2019\" is an AnonCreds
credential. Schemas are published for those who ask for all their attributes:
\"schemas\": [{\"id\", \"attributes\"}], or for AnonCreds, on a ledger too,
[{\"author\", \"name\", \"version\", \"attributes\"}].";

const REQUEST_EXAMPLES: &str = "\
Examples:
  proof-exchange request criteria.json --home bank -o request.json
  proof-exchange request criteria.json --home bank --qr \\
    --url https://bank.example/v1 --expires-in 24";

const SERVE_EXAMPLES: &str = "\
Examples:
  proof-exchange serve --home bank
  proof-exchange serve --home bank --listen 0.0.0.0:8700 \\
    --certificate bank.pem --key bank.key --url https://bank.example:8700

Routes:
  GET  /requests/ID           the signed request
  GET  /requests/ID/qr.svg    its URL as a QR code
  POST /responses/ID          the answer; a refusal is a problem document
                              (RFC 9457) that names the failed check";

const RESPOND_EXAMPLES: &str = "\
Examples:
  proof-exchange respond http://127.0.0.1:8700/requests/6f... --home alex
  proof-exchange respond request.json --home alex --dry-run
  proof-exchange respond request.json --home alex \\
    --disclose 3:street2 --output response.json --no-send
  proof-exchange respond request.json --home alex \\
    --use 1:6adb968b-52df-4da0-a720-4a0a6ac8f8db";

const VERIFY_EXAMPLES: &str = "\
Examples:
  proof-exchange verify request.json response.json
  proof-exchange verify request.json response.json \\
    --relax distinct-credentials --json
  proof-exchange verify request.json response.json --answered answered.txt
  proof-exchange verify request.json response.json --all

Exit codes:
  0    the response is verified
  1    it is rejected
  2    a file could not be read
  141  the reader of the output closed it";

const VECTORS_EXAMPLES: &str = "\
Examples:
  proof-exchange vectors
  proof-exchange vectors --implementation ./my-adapter.py
  proof-exchange vectors --filter file:exchange_signatures --json

Exit codes:
  0  all answers are right, or fail as expected
  1  some answer is wrong, late or missing, or right although its failure is listed
  2  the corpus, a list or an implementation cannot be used";

/// The command line. It has no `Debug`: the wallets' URL may hold a password.
#[derive(Parser)]
#[command(
    name = "proof-exchange",
    version,
    about = "Proof requests and responses with W3C credentials",
    long_about = ABOUT,
    after_long_help = EXAMPLES
)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Clone, Subcommand)]
pub enum Command {
    /// Write the files of a worked example, or the draft's own messages, into a new directory
    Example {
        /// Which example
        #[arg(value_name = "NAME", value_parser = examples())]
        files: Files,
        /// The directory; named after the example if left out
        #[arg(value_hint = ValueHint::DirPath)]
        directory: Option<PathBuf>,
        #[command(flatten)]
        print: OutputOptions,
    },
    /// Print a JSON Schema of the messages; without NAME, list the schemas
    Schema {
        /// Which schema
        #[arg(value_parser = PossibleValuesParser::new(schema::names()))]
        name: Option<String>,
    },
    /// Issue credentials whose attributes are signed one by one
    ///
    /// The issuers' keys are in the issuer's wallet of the home, and are made there, from a seed if
    /// the orders name one. Without --subject the credentials are about the holder of the same home
    /// and go into the prover's wallet.
    #[command(after_long_help = ISSUE_EXAMPLES)]
    Issue(Issue),
    /// Keep credentials from a file in the prover's wallet of a home, after checking their
    /// signatures
    Keep(Keep),
    /// Print the DID of a home's holder, for an issuer elsewhere
    Holder {
        #[command(flatten)]
        home: HomeOptions,
        #[command(flatten)]
        print: OutputOptions,
    },
    /// Make and sign a proof request, and store it for `serve` to publish
    #[command(after_long_help = REQUEST_EXAMPLES)]
    Request(Request),
    /// Publish the requests of a home, and receive the answers
    ///
    /// Requests that are made with `proof-exchange request` meanwhile are published at once. An
    /// accepted response is on the disk before the holder is told. Ctrl-C ends the server when it
    /// has answered what it has received.
    #[command(after_long_help = SERVE_EXAMPLES)]
    Serve(Serve),
    /// Answer a request from the prover's wallet of a home
    ///
    /// The request's signature is verified first. Then all is shown that matters: who asks, what
    /// for, where the answer goes and until when, and which values would be shown; it is signed
    /// only after a yes. Without --use the newest credentials are taken, as few as the request asks
    /// for; an attribute that is not required is shown only with --disclose.
    #[command(after_long_help = RESPOND_EXAMPLES)]
    Respond(Respond),
    /// Does a response answer its request, and if not, why not
    #[command(after_long_help = VERIFY_EXAMPLES)]
    Verify(Verify),
    /// Give the test vectors of messages and signatures to implementations, and compare the answers
    ///
    /// The vectors are the files exchange_*.json in tests/vectors of the repository, or in DIR.
    /// `negotiate-proof vectors` runs the others.
    #[command(after_long_help = VECTORS_EXAMPLES)]
    Vectors(Box<RunOptions>),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a manual page (try: proof-exchange man respond | man -l -)
    Man(Man),
}

/// What issuers publish, and others.
#[derive(Debug, Clone, Args)]
pub struct PublicOptions {
    /// The directory in which issuers publish: DID documents, schemas, credential definitions
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        env = "NEGOTIATE_PROOF_REGISTRY",
        default_value = "registry"
    )]
    pub registry: PathBuf,

    /// A JSON-LD context that documents may name, as URL=FILE; may be repeated. None is ever
    /// fetched
    #[arg(long, value_name = "URL=FILE", value_parser = url_and_file)]
    pub context: Vec<(String, PathBuf)>,
}

/// Where a command works: a home, and what issuers publish. It has no `Debug`: the wallets' URL may
/// hold a password.
#[derive(Clone, Args)]
pub struct Place {
    #[command(flatten)]
    pub home: HomeOptions,
    #[command(flatten)]
    pub public: PublicOptions,
    #[command(flatten)]
    pub print: OutputOptions,
}

/// The credentials to keep.
#[derive(Clone, Args)]
pub struct Keep {
    /// A file of credentials, one a line; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// The DID that they are about, if `respond` will sign with --did
    #[arg(long, value_name = "DID")]
    pub did: Option<String>,
    #[command(flatten)]
    pub place: Place,
}

/// The credentials to issue.
#[derive(Clone, Args)]
pub struct Issue {
    /// A file with the orders; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub orders: PathBuf,
    /// The DID that the credentials are about, if not the one of this home's holder; needs
    /// --output
    #[arg(long, value_name = "DID", requires = "output")]
    pub subject: Option<String>,
    /// Write the credentials to FILE, one a line
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub key: KeyOptions,
    #[command(flatten)]
    pub place: Place,
}

/// The request to make.
#[derive(Clone, Args)]
pub struct Request {
    /// A file with {"description", "criteria": [...]}, and "accept" if need be; or a proof request
    /// of AnonCreds;
    /// - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub criteria: PathBuf,
    /// The URL at which `serve` can be reached
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8700")]
    pub url: String,
    /// For how many hours an answer is accepted
    #[arg(long, value_name = "HOURS", default_value = "24", value_parser = hours)]
    pub expires_in: Duration,
    /// The names of its members: those of the draft, or of its authors' revision of 2019-12-18,
    /// which cannot be signed as JSON-LD or with --key
    #[arg(long, value_name = "FORM", value_parser = forms(), default_value = "2019-08")]
    pub form: Form,
    /// What the verifier accepts, as SYNTAX/TYPE, best first; may be repeated. If neither this nor
    /// the file says it: what this program verifies and the criteria call for, JSON first
    #[arg(long, value_name = "PAIR", value_parser = accepted)]
    pub accept: Vec<Accepted>,
    /// How the request is signed
    #[arg(long, value_parser = signatures(), default_value = "json", conflicts_with = "key")]
    pub sign_as: ProofType,
    #[command(flatten)]
    pub signing_key: SigningKey,
    /// Write the request to FILE; to standard output if left out
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Print the QR code of the request's URL for the holder to scan, instead of the request
    #[arg(long)]
    pub qr: bool,
    #[command(flatten)]
    pub place: Place,
}

/// The DID and the key with which a home's holder or verifier signs.
#[derive(Debug, Clone, Args)]
pub struct SigningKey {
    /// Sign as this did:work:... or did:sov:..., which is published in the registry; if left out,
    /// as a did:key:... that is made for this home the first time
    #[arg(long, value_name = "DID")]
    pub did: Option<String>,
    /// Sign with the RSA private key in FILE, in PEM, and not with a key of the wallet; needs --did
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "did")]
    pub key: Option<PathBuf>,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// The address to listen on, by number or by name; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8700")]
    pub listen: ListenAddress,
    /// The URL at which holders reach it, for QR codes; the address if left out
    #[arg(long, value_name = "URL")]
    pub url: Option<Url>,
    /// A certificate in PEM, with those that lead to its authority; needs --key
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "key")]
    pub certificate: Option<PathBuf>,
    /// The certificate's private key in PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "certificate")]
    pub key: Option<PathBuf>,
    /// Reject what the draft allows; may be repeated. `audience` is recommended
    #[arg(long, value_name = "DEMAND", value_parser = [demand()])]
    pub require: Vec<String>,
    /// Serve without TLS even if others than this machine can listen in
    #[arg(long, conflicts_with = "certificate")]
    pub allow_plain: bool,
    /// Answer /health (the process lives) and /ready (its files can be read and written) at this
    /// address too, for programs that watch it
    #[arg(long, value_name = "HOST:PORT")]
    pub health: Option<ListenAddress>,
    /// The directory of the home in which the requests were made
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub home: PathBuf,
    #[command(flatten)]
    pub public: PublicOptions,
    #[command(flatten)]
    pub print: OutputOptions,
}

/// How to answer.
#[derive(Clone, Args)]
pub struct Respond {
    /// The request: a URL, or a file; - for standard input
    #[arg(value_hint = ValueHint::AnyPath)]
    pub request: String,
    /// Show an attribute that is not required, as CRITERION:NAME, criteria counted from 1; may be
    /// repeated
    #[arg(long, value_name = "N:NAME", value_parser = numbered)]
    pub disclose: Vec<(usize, String)>,
    /// Answer a criterion with this credential, as CRITERION:ID, or as CRITERION:ID of ISSUER where
    /// two issuers use one id; may be repeated
    #[arg(long = "use", value_name = "N:ID", value_parser = numbered)]
    pub credentials: Vec<(usize, String)>,
    /// State an attribute yourself, where the criterion allows it, as CRITERION:NAME=VALUE; may be
    /// repeated
    #[arg(long = "state", value_name = "N:NAME=VALUE", value_parser = stated)]
    pub stated: Vec<(usize, (String, String))>,
    /// Only show which credentials would answer, and what they would disclose
    #[arg(long)]
    pub dry_run: bool,
    /// Sign and send what is shown without asking; needed where no terminal is
    #[arg(long, short)]
    pub yes: bool,
    #[command(flatten)]
    pub signing_key: SigningKey,
    /// Write the response to FILE too
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Do not send the response to the request's proofURL; needs --output
    #[arg(long, requires = "output")]
    pub no_send: bool,
    /// Trust this authority for the verifier's certificate; a file in PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub authority: Option<PathBuf>,
    /// Send even to a plain http URL on another machine, where others can listen in
    #[arg(long)]
    pub allow_plain: bool,
    #[command(flatten)]
    pub place: Place,
}

/// The response to verify, and the policy.
#[derive(Debug, Clone, Args)]
pub struct Verify {
    /// The request; a file, or - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub request: PathBuf,
    /// The response; a file, or - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub response: PathBuf,
    /// Do not reject for the failure of this check; may be repeated
    #[arg(long, value_name = "CHECK", value_parser = checks())]
    pub relax: Vec<ExchangeCheck>,
    /// Reject what the draft allows; may be repeated
    #[arg(long, value_name = "DEMAND", value_parser = [demand()])]
    pub require: Vec<String>,
    /// Read both as the draft's JSON Schemas say: `min` and `max` are required
    #[arg(long)]
    pub strict: bool,
    /// Accept each request's answer once: reject requests in FILE, and add those that are answered
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub answered: Option<PathBuf>,
    #[command(flatten)]
    pub verdict: VerdictOptions,
    #[command(flatten)]
    pub public: PublicOptions,
    #[command(flatten)]
    pub print: OutputOptions,
}
