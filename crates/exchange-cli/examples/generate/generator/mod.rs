//! The files about proof requests and responses.
//!
//! | module | subject |
//! |---|---|
//! | `message` | the file of messages |
//! | `signature` | the file of whole exchanges |
//! | `credit_card` | the draft's credit-card application, signed with keys from seeds |
//! | `file`, `schema`, `written` | of the generator of the other files: collecting tests, JSON Schemas, writing |

#[path = "../../../../exchange/tests/credit_card/mod.rs"]
mod credit_card;
#[path = "../../../../vectors/examples/generate/generator/file.rs"]
#[allow(dead_code, reason = "some of it is for the other files")]
mod file;
mod message;
#[path = "../../../../vectors/examples/generate/generator/schema.rs"]
mod schema;
mod signature;
#[path = "../../../../vectors/examples/generate/generator/written.rs"]
#[allow(dead_code, reason = "the tests compare, and write nothing")]
pub mod written;

use std::future::Future;

/// The revision of Verifiable Credentials to which the draft belongs.
const VERIFIABLE_CREDENTIALS: &str = "https://www.w3.org/TR/2019/REC-vc-data-model-20191119/";

/// JSON, as all readers understand it alike.
const JSON: &str = "https://www.rfc-editor.org/rfc/rfc7493";

/// Returns all files: name and text.
pub fn files() -> Vec<(String, String)> {
    credit_card::make_nonces_of_content();
    let files = [message::file(), signature::file()].map(file::File::written);
    let schemas = [message::schema(), signature::schema()];
    files.into_iter().chain(schemas.iter().map(schema::KindSchema::written)).collect()
}

/// Waits for what only computes.
fn done<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(work)
}
