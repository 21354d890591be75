//! The corpus from its parts. The crate `exchange-cli` has another generator for the files of its
//! kinds, which shares `file`, `schema` and `written`.
//!
//! | module | subject |
//! |---|---|
//! | `file` | collecting tests into a file |
//! | `issuer` | issuers that sign with fixture keys, from numbers that are the same in every run |
//! | `parties` | the issuers and the credentials of the corpus |
//! | `honest` | presentations of those credentials |
//! | `schema` | the JSON Schemas of the files |
//! | `written` | writing the files |
//! | `verify` | the files of the kind `verify` |
//! | `encode`, `request_parse`, `restriction_truth`, `search` | the file of each of these kinds |
//! | `issuing` | the messages of the issuing protocol |
//! | `credential_request`, `process_credential`, `key_correctness` | the file of each of these kinds |
//! | `prove`, `status_list_delta` | the file of each of these kinds |

mod credential_request;
mod encode;
pub mod file;
pub mod honest;
pub mod issuer;
pub mod issuing;
mod key_correctness;
pub mod parties;
mod process_credential;
mod prove;
mod request_parse;
mod restriction_truth;
pub mod schema;
mod search;
mod status_list_delta;
mod verify;
pub mod written;

/// Returns all files: name and text.
pub fn files() -> Vec<(String, String)> {
    let mut files = verify::files();
    files.extend([
        credential_request::file(),
        encode::file(),
        key_correctness::file(),
        process_credential::file(),
        prove::file(),
        request_parse::file(),
        restriction_truth::file(),
        search::file(),
        status_list_delta::file(),
    ]);
    let schemas = [
        verify::schema(),
        credential_request::schema(),
        encode::schema(),
        key_correctness::schema(),
        process_credential::schema(),
        prove::schema(),
        request_parse::schema(),
        restriction_truth::schema(),
        search::schema(),
        status_list_delta::schema(),
    ];
    let files = files.into_iter().map(file::File::written);
    files.chain(schemas.iter().map(schema::KindSchema::written)).collect()
}
