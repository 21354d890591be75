//! The command line of `negotiate-proof exchange`, and its help.

use std::{net::SocketAddr, path::PathBuf};

use chrono::Duration;
use clap::{
    Args, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use proof_exchange::check::ExchangeCheck;
use url::Url;

const EXCHANGE_EXAMPLE: &str = "\
A worked example, the draft's own: a bank asks for an e-mail address, a date of
birth, a billing address and six payslips before it gives a credit card. Four
issuers sign ten credentials for Alex; the bank asks, and serves its request on
http://127.0.0.1:8700; Alex answers; anybody verifies.

  negotiate-proof exchange example credit-card
  cd credit-card
  negotiate-proof exchange issue orders.json --home alex
  negotiate-proof exchange request criteria.json --home bank -o request.json
  negotiate-proof exchange serve --home bank &
  negotiate-proof exchange respond request.json --home alex -o response.json
  negotiate-proof exchange verify request.json response.json

`exchange example rental` is another: age and income are proved in zero
knowledge, an e-mail address is shown.

Exit codes:
  0    verified, or done
  1    the response is rejected, or the request is, or it cannot be answered;
       the reason is shown
  2    the input or the environment is at fault; the message on standard error
       says what to do
  130  interrupted with Ctrl-C; `serve` ends with 0";

const ISSUE_EXAMPLES: &str = "\
Examples:
  negotiate-proof exchange issue orders.json --home alex
  negotiate-proof exchange issue orders.json --home mill \\
    --subject did:key:z6Mk... --output alex.jsonl

Orders:
  {\"issuers\": [{\"did\", \"seed\"}],
   \"credentials\": [{\"id\", \"issuer\", \"schema\", \"issuanceDate\",
                    \"expirationDate\", \"attributes\": {name: value}}]}

Instead of `schema` a credential may have `context` and `type`. One with
\"proofType\": \"CLSignature2019\" is an AnonCreds credential; the schemas of such
credentials stand in \"schemas\": [{\"author\", \"name\", \"version\", \"attributes\"}].";

const REQUEST_EXAMPLES: &str = "\
Examples:
  negotiate-proof exchange request criteria.json --home bank -o request.json
  negotiate-proof exchange request criteria.json --home bank --qr \\
    --url https://bank.example/v1 --expires-in 24";

const SERVE_EXAMPLES: &str = "\
Examples:
  negotiate-proof exchange serve --home bank
  negotiate-proof exchange serve --home bank --listen 0.0.0.0:8700 \\
    --certificate bank.pem --key bank.key --url https://bank.example:8700

Routes:
  GET  /requests/ID           the signed request
  GET  /requests/ID/qr.svg    its URL as a QR code
  POST /responses/ID          the answer; a refusal is a problem document
                              (RFC 9457) that names the failed check";

const RESPOND_EXAMPLES: &str = "\
Examples:
  negotiate-proof exchange respond http://127.0.0.1:8700/requests/6f... \\
    --home alex
  negotiate-proof exchange respond request.json --home alex --dry-run
  negotiate-proof exchange respond request.json --home alex \\
    --disclose 3:street2 --output response.json --no-send
  negotiate-proof exchange respond request.json --home alex \\
    --use 1:6adb968b-52df-4da0-a720-4a0a6ac8f8db";

const VERIFY_EXAMPLES: &str = "\
Examples:
  negotiate-proof exchange verify request.json response.json
  negotiate-proof exchange verify request.json response.json \\
    --relax distinct-credentials --json
  negotiate-proof exchange verify request.json response.json \\
    --answered answered.txt";

/// `negotiate-proof exchange`.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = EXCHANGE_EXAMPLE)]
pub struct Exchange {
    /// What to do
    #[command(subcommand)]
    pub command: ExchangeCommand,

    /// The directory in which issuers publish what everybody may read: DID documents, schemas, credential
    /// definitions
    #[arg(
        long,
        value_name = "DIR",
        global = true,
        env = "NEGOTIATE_PROOF_REGISTRY",
        default_value = "registry"
    )]
    pub registry: PathBuf,

    /// A JSON-LD context that documents may name, as URL=FILE; may be repeated. None is ever fetched
    #[arg(long, value_name = "URL=FILE", global = true, value_parser = url_and_file)]
    pub context: Vec<(String, PathBuf)>,
}

impl Exchange {
    /// Whether it is the server, which Ctrl-C ends in good order.
    pub fn serves(&self) -> bool {
        matches!(self.command, ExchangeCommand::Serve(_))
    }
}

/// What to do in an exchange.
#[derive(Debug, Clone, Subcommand)]
pub enum ExchangeCommand {
    /// Write the files of a worked example into a new directory
    Example {
        /// Which example
        #[arg(value_enum)]
        name: ExampleName,
        /// The directory; named after the example if left out
        directory: Option<PathBuf>,
    },
    /// Issue credentials whose attributes are signed one by one
    ///
    /// The issuers' keys are in the issuer's wallet of the home, and are made there from a seed if the orders
    /// name one. Without --subject the credentials are about the holder of the same home and go into the
    /// prover's wallet.
    #[command(after_long_help = ISSUE_EXAMPLES)]
    Issue(Issue),
    /// Keep credentials from a file in the prover's wallet of a home, after checking their signatures
    Keep {
        /// A file of credentials, one a line; - for standard input
        file: PathBuf,
    },
    /// Print the DID of a home's holder, for an issuer elsewhere
    Holder,
    /// Make and sign a proof request, and put it on the shelf from which `serve` publishes it
    #[command(after_long_help = REQUEST_EXAMPLES)]
    Request(Request),
    /// Publish the requests of a home, and receive the answers
    ///
    /// Requests that are made with `exchange request` meanwhile are published at once. An accepted response is
    /// on the disk before the holder is told. Ctrl-C ends the server when it has answered what it has received.
    #[command(after_long_help = SERVE_EXAMPLES)]
    Serve(Serve),
    /// Answer a request from the prover's wallet of a home
    ///
    /// Without --use the newest credentials are taken, as few as the request asks for; an attribute that is
    /// not required is shown only with --disclose. The request's signature is verified first.
    #[command(after_long_help = RESPOND_EXAMPLES)]
    Respond(Respond),
    /// Does a response answer its request, and if not, why not
    #[command(after_long_help = VERIFY_EXAMPLES)]
    Verify(Verify),
}

/// The worked examples.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ExampleName {
    /// The draft's own: four criteria, attributes signed one by one
    CreditCard,
    /// Age and income in zero knowledge, an e-mail address shown
    Rental,
}

/// What to issue.
#[derive(Debug, Clone, Args)]
pub struct Issue {
    /// A file with the orders; - for standard input
    pub orders: PathBuf,
    /// The DID of whom the credentials are about, if not the holder of this home
    #[arg(long, value_name = "DID", requires = "output")]
    pub subject: Option<String>,
    /// Write the credentials to FILE, one a line
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What to request.
#[derive(Debug, Clone, Args)]
pub struct Request {
    /// A file with {"description", "criteria": [...]}, and "accept" if need be; - for standard input
    pub criteria: PathBuf,
    /// Under which URL `serve` can be reached
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8700")]
    pub url: String,
    /// The verifier's DID; made for this home at the first time, did:key:... if left out
    #[arg(long, value_name = "DID")]
    pub did: Option<String>,
    /// How many hours an answer is accepted
    #[arg(long, value_name = "HOURS", default_value = "24", value_parser = hours)]
    pub expires_in: Duration,
    /// How the request is signed
    #[arg(long, value_enum, default_value_t = SignAs::Json)]
    pub sign_as: SignAs,
    /// Write the request to FILE; to standard output if left out
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print the QR code of the request's URL for the holder to scan, instead of the request
    #[arg(long)]
    pub qr: bool,
}

/// How a message is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SignAs {
    /// JSON, Ed25519VerificationKey2018: the draft's own
    Json,
    /// JSON, JcsEd25519Signature2020
    Jcs,
    /// JSON-LD, Ed25519Signature2018
    JsonLd,
}

/// Where to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8700")]
    pub listen: SocketAddr,
    /// Under which URL holders reach it, for QR codes; the address if left out
    #[arg(long, value_name = "URL")]
    pub url: Option<Url>,
    /// A certificate in PEM, with those that lead to its authority; needs --key
    #[arg(long, value_name = "FILE", requires = "key")]
    pub certificate: Option<PathBuf>,
    /// The certificate's private key in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// Serve without TLS even if others than this machine can listen in
    #[arg(long, conflicts_with = "certificate")]
    pub allow_plain: bool,
}

/// How to answer.
#[derive(Debug, Clone, Args)]
pub struct Respond {
    /// The request: a URL, or a file; - for standard input
    pub request: String,
    /// Show an attribute that is not required, as CRITERION:NAME, criteria counted from 1; may be repeated
    #[arg(long, value_name = "N:NAME", value_parser = numbered)]
    pub disclose: Vec<(usize, String)>,
    /// Answer a criterion with this credential, as CRITERION:ID; may be repeated
    #[arg(long = "use", value_name = "N:ID", value_parser = numbered)]
    pub credentials: Vec<(usize, String)>,
    /// Only show which credentials would answer, and what they would disclose
    #[arg(long)]
    pub dry_run: bool,
    /// Write the response to FILE too
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Do not send the response to the request's proofURL
    #[arg(long, requires = "output")]
    pub no_send: bool,
    /// Trust this authority for the verifier's certificate; a file in PEM
    #[arg(long, value_name = "FILE")]
    pub authority: Option<PathBuf>,
    /// Send even to a plain http URL on another machine, where others can read along
    #[arg(long)]
    pub allow_plain: bool,
}

/// What to verify, and what to insist on.
#[derive(Debug, Clone, Args)]
pub struct Verify {
    /// The request; a file
    pub request: PathBuf,
    /// The response; a file, or - for standard input
    pub response: PathBuf,
    /// Do not reject for the failure of this check; may be repeated
    #[arg(long, value_name = "CHECK", value_parser = checks())]
    pub relax: Vec<ExchangeCheck>,
    /// Read both as the draft's JSON Schemas say: `min` and `max` are required
    #[arg(long)]
    pub strict: bool,
    /// Accept each request's answer once: reject requests in FILE, and add those that are answered
    #[arg(long, value_name = "FILE")]
    pub answered: Option<PathBuf>,
}

/// The names of checks, with their rules for the help.
fn checks() -> impl TypedValueParser<Value = ExchangeCheck> {
    let names = ExchangeCheck::ALL
        .iter()
        .map(|check| PossibleValue::new(check.name()).help(check.rule()));
    PossibleValuesParser::new(names)
        .try_map(|name| ExchangeCheck::parse(&name).ok_or("there is no such check"))
}

fn url_and_file(text: &str) -> Result<(String, PathBuf), String> {
    let (url, file) = text.split_once('=').ok_or("write it as URL=FILE")?;
    Ok((url.to_owned(), file.into()))
}

fn hours(text: &str) -> Result<Duration, String> {
    let hours: u32 = text.parse().map_err(|_| "give a number of hours")?;
    match hours {
        1..=8760 => Ok(Duration::hours(hours.into())),
        _ => Err("give 1 to 8760 hours".to_owned()),
    }
}

/// `3:street2`: the third criterion, and a name or id.
fn numbered(text: &str) -> Result<(usize, String), String> {
    let advice = "write it as N:..., with the number of the criterion counted from 1";
    let (number, rest) = text.split_once(':').ok_or(advice)?;
    match number.parse::<usize>() {
        Ok(number) if number >= 1 && !rest.is_empty() => Ok((number - 1, rest.to_owned())),
        _ => Err(advice.to_owned()),
    }
}
