//! This workspace.
//!
//! | module | kind |
//! |---|---|
//! | `verify` | `verify` |
//! | `prove` | `prove-known-answer` |
//! | `encode` | `encode` |
//! | `request_parse` | `request-parse` |
//! | `restriction_truth` | `restriction-truth` |
//! | `search` | `search` |
//! | `process_credential` | `process-credential` |
//! | `credential_request` | `credential-request` |
//! | `key_correctness` | `key-correctness` |
//! | `status_list_delta` | `status-list-delta` |

mod credential_request;
mod encode;
mod key_correctness;
mod process_credential;
mod prove;
mod request_parse;
mod restriction_truth;
mod search;
mod status_list_delta;
mod verify;

use serde_json::Value;

use super::{Answer, Description, Implementation, Reply};
use crate::corpus::Placed;
use crate::format::{FEATURES, Kind};

/// What this workspace's commands and libraries use: verifier, prover, issuer, holder, and reader
/// of requests.
pub struct Ours {
    description: Description,
    verifier: verify::Verifiers,
}

impl Ours {
    /// Returns it.
    #[must_use]
    pub fn new() -> Self {
        let kinds = Kind::ALL.iter().map(|kind| kind.name());
        let features = FEATURES.iter().map(|(name, _)| *name).chain(kinds);
        let description = Description {
            name: "ours".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            features: features.map(str::to_owned).collect(),
        };
        Self { description, verifier: verify::Verifiers::default() }
    }

    fn answer(&mut self, test: Placed<'_>) -> Answer {
        let input = &test.test.input;
        match test.group.kind {
            Kind::Verify => self.verifier.answer(test),
            Kind::ProveKnownAnswer => prove::answer(input),
            Kind::Encode => encode::answer(input),
            Kind::RequestParse => match self.verifier.for_policy(&Value::Null) {
                Some(verifier) => request_parse::answer(&verifier, input),
                None => Answer::unsupported("there is no verifier"),
            },
            Kind::RestrictionTruth => restriction_truth::answer(input),
            Kind::Search => search::answer(input),
            Kind::ProcessCredential => process_credential::answer(input),
            Kind::CredentialRequest => credential_request::answer(input),
            Kind::KeyCorrectness => key_correctness::answer(input),
            Kind::StatusListDelta => status_list_delta::answer(input),
            // the files about proof requests and responses are another program's
            Kind::ExchangeMessage | Kind::ExchangeSignature => {
                Answer::unsupported("not in this program")
            }
        }
    }
}

impl Default for Ours {
    fn default() -> Self {
        Self::new()
    }
}

impl Implementation for Ours {
    fn description(&self) -> &Description {
        &self.description
    }

    fn ask(&mut self, test: Placed<'_>) -> Reply {
        match stdx::panic::catch(|| self.answer(test)) {
            Ok(answer) => Reply::Answered(answer),
            Err(panicked) => Reply::Crashed(panicked.to_string()),
        }
    }
}
