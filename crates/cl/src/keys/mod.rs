//! The key pair of a credential definition: generation, JSON, checks.
//!
//! ```no_run
//! use negotiate_cl::keys::{Options, check_correctness_proof, generate};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = generate(&["name", "age"], &Options::default())?;
//! // A holder receives the public key and the proof with a credential offer.
//! check_correctness_proof(&key.public, &key.correctness_proof)?;
//! # Ok(())
//! # }
//! ```
//!
//! The JSON is that of `indy-credx`, so that both libraries can use each other's keys.
//!
//! # Constant time
//! In key generation, all exponentiations with secret exponents or secret moduli are constant time.
//! The sieve of the search for primes, additions, multiplications and remainders of big integers,
//! and the conversion to decimal are not; they happen once or twice per key. Functions that work on
//! public parts, such as [`check_correctness_proof`], are not constant time.
//!
//! Secret numbers are wiped from memory when they are dropped. JSON with secret numbers, and
//! intermediate results of the big-integer arithmetic, are not wiped.

mod bases;
mod correctness_proof;
mod power;
mod private_key;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use serde_json::{Value, json};

pub use crate::primes::{Progress, Watch};
pub use correctness_proof::{KeyCorrectnessProof, KeyProofError, check_correctness_proof};
pub use private_key::{KeyFault, PrivateKey};

use crate::json::{Malformed, Node};
use crate::kernel::{Engine, ifma, portable};
use crate::parameters::PRIME_BITS;
use crate::primes::{SearchError, two_safe_primes};
use crate::public_key::{LINK_SECRET, PublicKey};
use crate::random::{NoRandomness, Random, Seeded, System};
use crate::request::fold;

/// All parts of an issuer's key.
#[derive(Clone, Debug)]
pub struct GeneratedKey {
    /// The public part, which the issuer publishes in the credential definition.
    pub public: PublicKey,
    /// The private part, which only the issuer has.
    pub private: PrivateKey,
    /// A proof that the public key is well formed, which the issuer sends with each credential
    /// offer.
    pub correctness_proof: KeyCorrectnessProof,
}

/// Options for the generation of a key.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The engine, replaced by [`Engine::Portable`] if the processor cannot run it.
    pub engine: Engine,
    /// How many threads search for primes. More threads than cores bring no gain.
    pub threads: NonZeroUsize,
    /// A function that is called with the progress of the search and can end it.
    pub watch: &'a Watch<'a>,
}

impl Default for Options<'_> {
    /// The fastest engine, two threads, and a watch function that does nothing.
    fn default() -> Self {
        const TWO: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);
        Self { engine: Engine::detect(), threads: TWO, watch: &|_| ControlFlow::Continue(()) }
    }
}

/// The reason why a key was not generated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// The list of attributes is empty.
    #[error("a key needs at least one attribute")]
    NoAttributes,
    /// The name of an attribute is empty or consists of spaces.
    #[error("the name of attribute {position}, counted from 0, is empty")]
    EmptyName {
        /// Its position in the list, from 0.
        position: usize,
    },
    /// Two attributes have names that differ only in spaces and case.
    #[error("attribute `{name}` occurs twice: names are compared in lower case and without spaces")]
    DuplicateName {
        /// The name, folded.
        name: String,
    },
    /// An attribute has the name of the link secret.
    #[error(
        "an attribute cannot be called `{LINK_SECRET}`: in every key, that is the link secret's name"
    )]
    ReservedName,
    /// The function [`Options::watch`] ended the search.
    #[error("the search for primes was cancelled")]
    Cancelled,
    /// The operating system returned no random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The given primes are not suitable for a key.
    #[error("the given primes are not suitable for a key: {0}")]
    UnsuitablePrimes(#[from] KeyFault),
}

impl From<SearchError> for GenerateError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Cancelled => Self::Cancelled,
            SearchError::NoRandomness(error) => error.into(),
        }
    }
}

/// Generates a key of 2,048 bits for credentials with these attributes. Names are [folded](fold).
///
/// Takes on average 0.2 s of processor time with [`Engine::Ifma`], and 1 to 2 s with
/// [`Engine::Portable`], divided among the threads; sometimes several times as much (see
/// [`Progress`]). The function blocks: async programs call it on a thread of its own.
///
/// # Errors
/// A [`GenerateError`]. The names are checked before the search begins.
pub fn generate(attributes: &[&str], options: &Options<'_>) -> Result<GeneratedKey, GenerateError> {
    generate_with(attributes, options, &System)
}

/// Generates a key that follows from a seed: the same seed and names give the same key on every
/// machine.
///
/// **Anyone who knows the seed can issue in the issuer's name.** This is for lessons and tests that
/// are to be repeated. So that the order in which numbers are drawn is always the same, one thread
/// searches with [`Engine::Portable`], for one to several seconds; of the `options`, only `watch`
/// is used.
///
/// # Errors
/// As [`generate`].
pub fn generate_from_seed(
    seed: &[u8; 32],
    attributes: &[&str],
    options: &Options<'_>,
) -> Result<GeneratedKey, GenerateError> {
    generate_from_seed_with(Engine::Portable, seed, attributes, options)
}

/// [`generate_from_seed`] with any engine, for benchmarks: each engine has its own key for a seed.
///
/// # Errors
/// As [`generate`].
#[doc(hidden)]
pub fn generate_from_seed_with(
    engine: Engine,
    seed: &[u8; 32],
    attributes: &[&str],
    options: &Options<'_>,
) -> Result<GeneratedKey, GenerateError> {
    let options = Options { engine, threads: NonZeroUsize::MIN, ..*options };
    generate_with(attributes, &options, &Seeded::new(seed))
}

fn generate_with(
    attributes: &[&str],
    options: &Options<'_>,
    random: &dyn Random,
) -> Result<GeneratedKey, GenerateError> {
    let names = names(attributes)?;
    let engine = usable(options.engine);
    let search = match engine {
        Engine::Portable => two_safe_primes::<portable::Portable<{ portable::PRIME_LIMBS }>>,
        Engine::Ifma => two_safe_primes::<ifma::Ifma<{ ifma::PRIME_LIMBS }>>,
    };
    let [p, q] = search(PRIME_BITS, options.threads.get(), options.watch, random)?;
    bases::complete(PrivateKey { p, q }, names, engine, random)
}

/// Creates a key from given primes, for tests and for issuers that have their own primes. Of the
/// `options`, only the engine is used.
///
/// Two keys from the same primes are both as weak as the weaker one: an issuer that can sign with
/// one can sign with the other.
///
/// # Errors
/// A [`GenerateError`]; [`GenerateError::UnsuitablePrimes`] if the primes are not two different
/// safe primes of 1,024 or 1,025 bits.
pub fn from_primes(
    primes: PrivateKey,
    attributes: &[&str],
    options: &Options<'_>,
) -> Result<GeneratedKey, GenerateError> {
    let names = names(attributes)?;
    let engine = usable(options.engine);
    primes.check_primes(engine)?;
    bases::complete(primes, names, engine, &System)
}

/// Returns the engine, or [`Engine::Portable`] if the processor cannot run it.
fn usable(engine: Engine) -> Engine {
    if Engine::available().contains(&engine) { engine } else { Engine::Portable }
}

/// Returns the names of the bases of a key: those of the attributes, folded, and that of the link
/// secret.
fn names(attributes: &[&str]) -> Result<BTreeSet<String>, GenerateError> {
    if attributes.is_empty() {
        return Err(GenerateError::NoAttributes);
    }
    let mut names = BTreeSet::new();
    for (position, attribute) in attributes.iter().enumerate() {
        let name = fold(attribute);
        if name.is_empty() {
            return Err(GenerateError::EmptyName { position });
        }
        if name == LINK_SECRET {
            return Err(GenerateError::ReservedName);
        }
        if !names.insert(name.clone()) {
            return Err(GenerateError::DuplicateName { name });
        }
    }
    names.insert(LINK_SECRET.to_owned());
    Ok(names)
}

impl GeneratedKey {
    /// Returns the `value` of a credential definition with this key:
    /// `{"primary": {"n", "s", "z", "r", "rctxt"}}`.
    #[must_use]
    pub fn credential_definition_value(&self) -> Value {
        json!({"primary": self.public.to_primary()})
    }

    /// Returns all parts in one document, **the private part included**:
    /// `{"attributes", "public", "private", "key_correctness_proof"}`, where `public` is
    /// [`credential_definition_value`](Self::credential_definition_value).
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "attributes": self.public.attributes().collect::<Vec<_>>(),
            "public": self.credential_definition_value(),
            "private": self.private.to_json(),
            "key_correctness_proof": self.correctness_proof.to_json(),
        })
    }

    /// Reads the document of [`to_json`](Self::to_json), without `attributes`. Whether the parts
    /// belong together is not checked here, but by [`PrivateKey::check`] and
    /// [`check_correctness_proof`].
    ///
    /// # Errors
    /// [`Malformed`], as from `from_json` of the parts.
    pub fn from_json(document: &Value) -> Result<Self, Malformed> {
        let root = Node::root(document);
        let public = root.member("public", "the public part of a key")?;
        Ok(Self {
            public: PublicKey::read(&public.member("primary", "a primary key")?)?,
            private: PrivateKey::read(&root.member("private", "the private part of a key")?)?,
            correctness_proof: KeyCorrectnessProof::read(
                &root.member("key_correctness_proof", "a key correctness proof")?,
            )?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_include_the_link_secret() {
        let names = names(&["First Name", "AGE"]).expect("two names");
        assert!(names.iter().eq(["age", "firstname", LINK_SECRET]));
    }

    #[test]
    fn missing_equal_and_reserved_names_are_refused() {
        for (attributes, error) in [
            (&[][..], GenerateError::NoAttributes),
            (&["age", "  "], GenerateError::EmptyName { position: 1 }),
            (&["Last Name", "lastname"], GenerateError::DuplicateName { name: "lastname".into() }),
            (&["Master_Secret"], GenerateError::ReservedName),
        ] {
            assert_eq!(names(attributes), Err(error));
        }
    }
}
