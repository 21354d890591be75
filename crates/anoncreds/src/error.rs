//! The errors of AnonCreds calls.

use proofs::preflight::Refusal;
use wallet::WalletError;

/// What can go wrong in an AnonCreds call.
///
/// Several variants share a code where libindy had one code for them (its `WalletItemNotFound`
/// stands for a missing link secret as well as for a missing credential).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnoncredsError {
    /// Some input has the wrong form.
    #[error("{what} is not usable: {reason}; {remedy}")]
    InvalidStructure {
        /// The input's name.
        what: String,
        /// What is wrong with it.
        reason: String,
        /// What to do about it.
        remedy: &'static str,
    },

    /// The wallet holds a credential definition of this id already.
    #[error(
        "wallet `{wallet}` already holds credential definition `{id}`; use it, or choose another tag"
    )]
    CredDefAlreadyExists {
        /// The credential definition's id.
        id: String,
        /// The issuer's wallet.
        wallet: String,
    },

    /// The wallet does not hold the private part of this credential definition.
    #[error(
        "wallet `{wallet}` has no credential definition `{id}`; only the wallet in which it was \
         created can issue for it"
    )]
    CredDefNotFound {
        /// The credential definition's id.
        id: String,
        /// The issuer's wallet.
        wallet: String,
    },

    /// The wallet holds a link secret of this name already; it is kept.
    #[error(
        "wallet `{wallet}` already holds a link secret named `{name}`; it was kept: use it, or \
         choose another name"
    )]
    LinkSecretDuplicateName {
        /// The link secret's name.
        name: String,
        /// The prover's wallet.
        wallet: String,
    },

    /// The wallet holds no link secret of this name.
    #[error(
        "wallet `{wallet}` has no link secret named `{name}`; create it with \
         prover_create_master_secret"
    )]
    LinkSecretNotFound {
        /// The link secret's name.
        name: String,
        /// The prover's wallet.
        wallet: String,
    },

    /// The wallet holds no credential of this id.
    #[error("wallet `{wallet}` has no credential `{id}`; prover_get_credentials lists what it has")]
    CredentialNotFound {
        /// The credential's id (its *referent* in libindy's words).
        id: String,
        /// The prover's wallet.
        wallet: String,
    },

    /// The wallet holds a credential of this id already; it is kept.
    #[error(
        "wallet `{wallet}` already holds a credential `{id}`; it was kept: choose another id, or \
         leave the id out"
    )]
    CredentialAlreadyExists {
        /// The credential's id.
        id: String,
        /// The prover's wallet.
        wallet: String,
    },

    /// The credential's signature does not hold for this prover's link secret.
    #[error(
        "the credential of `{cred_def_id}` does not verify with link secret `{link_secret}`: it \
         was issued to another link secret or for another credential request, or it was altered \
         on the way; ask the issuer again with a fresh credential request"
    )]
    CredentialForAnotherLinkSecret {
        /// The credential definition that the credential names.
        cred_def_id: String,
        /// The link secret that was tried.
        link_secret: String,
    },

    /// The credential answers none of the requests that wait for an answer.
    #[error(
        "the credential of `{cred_def_id}` answers none of the {pending} requests for one that wait in wallet \
         `{wallet}`: it was made for another wallet or another request, or it was altered on the way; store it in the \
         wallet that asked for it, or ask for it here"
    )]
    CredentialNotRequested {
        /// The credential definition that the credential names.
        cred_def_id: String,
        /// How many requests for a credential of it wait for an answer.
        pending: usize,
        /// The prover's wallet.
        wallet: String,
    },

    /// The wallet holds another link secret under the name of one that is imported; it is kept.
    #[error(
        "wallet `{wallet}` holds another link secret named `{name}`, which was kept: credentials of the one \
         would be useless without it; import the new one under another name"
    )]
    LinkSecretConflict {
        /// The link secret's name.
        name: String,
        /// The prover's wallet.
        wallet: String,
    },

    /// An export that is imported is not whole. What it holds has been imported.
    #[error(
        "the export is not whole: after line {lines}, {reason}; import the whole file: what was imported from this \
         one is skipped then"
    )]
    ExportIncomplete {
        /// How many lines have been read.
        lines: u64,
        /// What is missing.
        reason: String,
    },

    /// What is imported cannot be read further. What was read has been imported.
    #[error(
        "it cannot be read further than line {lines}: {source}; import it again when it can: what was imported is \
         skipped then"
    )]
    Unread {
        /// How many lines have been read.
        lines: u64,
        /// Why not.
        source: std::io::Error,
    },

    /// An export cannot be written.
    #[error("the export cannot be written: {source}")]
    Unwritten {
        /// Why not.
        source: std::io::Error,
    },

    /// A store of another program cannot be imported.
    #[error(transparent)]
    Foreign(#[from] wallet::foreign::ForeignError),

    /// A DID cannot be stored.
    #[error(transparent)]
    Did(#[from] wallet::did::DidError),

    /// A referent that the proof request does not have.
    #[error("the proof request has no referent `{referent}`; it has: {known}")]
    UnknownReferent {
        /// The referent that was asked for.
        referent: String,
        /// The request's referents, as a list.
        known: String,
    },

    /// A proof needs a schema, credential definition or revocation state that was not given.
    #[error("{what} `{id}` was not given; read it from the ledger and pass it along")]
    Missing {
        /// What kind of object is missing.
        what: &'static str,
        /// Its id.
        id: String,
    },

    /// The chosen credentials do not make a proof, or not one that a verifier accepts.
    #[error("no proof was made: {}", summarize(refusals))]
    ProofRefused {
        /// Everything that is wrong with the choice, each with its referent.
        refusals: Vec<Refusal>,
    },

    /// A record of the wallet cannot be read.
    #[error(
        "{what} `{id}` in wallet `{wallet}` is damaged: {reason}; restore the wallet from a copy"
    )]
    DamagedRecord {
        /// What kind of record.
        what: &'static str,
        /// The record's name.
        id: String,
        /// The wallet.
        wallet: String,
        /// Why it cannot be read, without any of its content.
        reason: String,
    },

    /// The credentials library refused an operation.
    #[error("indy-credx could not {operation}: {reason}")]
    Library {
        /// The operation, as an infinitive.
        operation: &'static str,
        /// The library's own message.
        reason: String,
    },

    /// The credentials library panicked; the panic was caught.
    #[error(
        "indy-credx panicked while trying to {operation}; it cannot handle this input: check the input, and report \
         it to the library"
    )]
    LibraryPanicked {
        /// The operation, as an infinitive.
        operation: &'static str,
    },

    /// No key could be generated.
    #[error("no key was generated: {reason}")]
    NoKey {
        /// Why not.
        reason: String,
    },

    /// The wallet failed.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}

impl AnoncredsError {
    /// Returns the stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidStructure { .. }
            | Self::UnknownReferent { .. }
            | Self::Missing { .. }
            | Self::ProofRefused { .. }
            | Self::CredentialForAnotherLinkSecret { .. }
            | Self::CredentialNotRequested { .. } => "CommonInvalidStructure",
            Self::CredDefAlreadyExists { .. } => "AnoncredsCredDefAlreadyExists",
            Self::LinkSecretDuplicateName { .. } | Self::LinkSecretConflict { .. } => {
                "AnoncredsMasterSecretDuplicateName"
            }
            Self::ExportIncomplete { .. } => "CommonInvalidStructure",
            Self::Unread { .. } | Self::Unwritten { .. } => "CommonIOError",
            Self::Foreign(error) => error.code(),
            Self::Did(error) => error.code(),
            Self::CredDefNotFound { .. }
            | Self::LinkSecretNotFound { .. }
            | Self::CredentialNotFound { .. } => "WalletItemNotFound",
            Self::CredentialAlreadyExists { .. } => "WalletItemAlreadyExists",
            Self::DamagedRecord { .. }
            | Self::Library { .. }
            | Self::LibraryPanicked { .. }
            | Self::NoKey { .. } => "CommonInvalidState",
            Self::Wallet(error) => error.code(),
        }
    }
}

/// How many refusals a message lists.
const MAX_LISTED: usize = 8;

fn summarize(refusals: &[Refusal]) -> String {
    if let [refusal] = refusals {
        return refusal.to_string();
    }
    let shown = refusals.iter().take(MAX_LISTED).enumerate();
    let mut words: Vec<String> =
        shown.map(|(index, refusal)| format!("({}) {refusal}", index + 1)).collect();
    if let more @ 1.. = refusals.len().saturating_sub(MAX_LISTED) {
        words.push(format!("and {more} more"));
    }
    words.join("; ")
}
