//! Issue, hold, search, prove and verify anonymous credentials, under libindy's names.
//!
//! | role | functions |
//! |---|---|
//! | issuer | [`issuer_create_schema`], [`issuer_create_and_store_credential_def`], [`issuer_get_credential_def`], [`issuer_list_credential_defs`], [`issuer_create_credential_offer`], [`issuer_create_credential`] |
//! | prover | [`prover_create_master_secret`], [`prover_list_link_secrets`], [`prover_create_credential_req`], [`prover_store_credential`], [`prover_request_credential`], [`prover_receive_credential`], [`prover_get_credential`], [`prover_get_credentials`], [`prover_find_credential_like`], [`prover_delete_credential`] |
//! | prover, searching | [`prover_search_credentials_for_proof_req`], [`prover_count_credentials_for_proof_req`], [`prover_explain_search`], [`prover_fetch_credentials_for_proof_req`], [`prover_close_credentials_search_for_proof_req`], [`prover_get_credentials_for_proof_req`] |
//! | prover, proving | [`prover_choose_credentials`], [`prover_choose_credentials_as`], [`prover_preview_disclosure`], [`prover_check_choice`], [`prover_create_proof`] |
//! | verifier | [`generate_nonce`], [`verifier_explain_proof`], [`verifier_verify_proof`], [`Verifier`] |
//!
//! `indy-credx` computes credentials and proofs; `cl` generates new keys, and verifies every proof
//! as a second engine. Names, restrictions, requests, and what "verified" means are defined in
//! `proofs`. Private keys, link secrets and credentials are kept in the caller's
//! [`Wallet`](wallet::Wallet) and never appear in an error.

mod choose;
mod classes;
mod contents;
mod engine;
mod error;
mod explain;
mod export;
mod generator;
mod import;
mod issuer;
mod key;
mod library;
mod pending;
mod plan;
mod present;
mod prover;
mod referents;
mod schema;
mod search;
mod stored;
mod types;
mod verifier;

pub use choose::{
    Wishes, prover_choose_credentials, prover_choose_credentials_as, prover_preview_disclosure,
};
pub use contents::{
    CredentialList, WalletContents, prover_fetch_listed_credentials, prover_link_secret_of,
    prover_list_credentials, prover_show_credential, wallet_contents,
};
pub use engine::Library;
pub use error::AnoncredsError;
pub use explain::{
    ClassExplanation, CredentialExplanation, ReferentExplanation, SearchExplanation, max_counted,
    prover_explain_search,
};
pub use export::{ExportReport, export_wallet};
pub use generator::{KeySeed, SearchProgress};
pub use import::{
    Count, ForeignReport, ImportReport, Renamed, import_credentials, import_credentials_renaming,
    import_foreign_wallet, rebuild_class_directory,
};
pub use issuer::{
    CredentialDefinitionConfig, KeySource, credential_values,
    issuer_create_and_store_credential_def, issuer_create_credential,
    issuer_create_credential_offer, issuer_get_credential_def, issuer_get_schema_id,
    issuer_list_credential_defs,
};
pub use key::{PreparedKey, attributes_of};
pub use pending::{ReceivedCredential, prover_receive_credential, prover_request_credential};
pub use present::{prover_check_choice, prover_create_proof};
pub use prover::{
    prover_create_credential_req, prover_create_master_secret, prover_delete_credential,
    prover_find_credential_like, prover_get_credential, prover_get_credentials,
    prover_list_link_secrets, prover_store_credential,
};
pub use schema::{issuer_create_schema, schema_to_json};
pub use search::{
    CredentialSearch, CredentialsForProofRequest, ExtraQuery,
    prover_close_credentials_search_for_proof_req, prover_count_credentials_for_proof_req,
    prover_fetch_credentials_for_proof_req, prover_get_credentials_for_proof_req,
    prover_search_credentials_for_proof_req,
};
pub use types::{
    Candidate, CredDefs, CredentialInfo, RevocationRegistries, RevocationRegistryDefinitions,
    RevocationStates, Schemas, ShownCredential,
};
pub use verifier::{
    DEADLINE, Verifier, generate_nonce, verifier_explain_proof, verifier_verify_proof,
};

/// Reading the library's objects from JSON.
pub use credx as objects;
/// The library's own types, where they are what the protocol exchanges.
pub use indy_credx::types::{
    Credential, CredentialDefinition, CredentialOffer, CredentialRequest,
    CredentialRequestMetadata, CredentialRevocationState, CredentialValues, Presentation,
    RevocationRegistry, RevocationRegistryDefinition, Schema,
};
pub use proofs::choice::{
    Choice as RequestedCredentials, ChosenForAttribute as RevealableCredential,
    ChosenForPredicate as ProvingCredential,
};
/// The types of `proofs` that this crate's calls take and return.
pub use proofs::{
    Case, Check, Decision, Disclosure, Engines, Failure, IntervalRule, Outcome, Policy,
    PredicateType, ProofRequest, Verdict, preflight::Refusal,
};
/// A verifier's memory of the nonces that it has accepted, and one that ends with the process.
pub use stdx::accepted::{AcceptedInMemory, AcceptedOnce, MemoryFailure};
