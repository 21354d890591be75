//! The key pair of a credential definition: generate it, read it, check it.
//!
//! ```no_run
//! use cl::keys::{Options, check_correctness_proof, generate};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = generate(&["name", "age"], &Options::default())?;
//! // The receiver of a credential offer has the public key and the proof.
//! check_correctness_proof(&key.public, &key.correctness_proof)?;
//! # Ok(())
//! # }
//! ```
//!
//! All JSON is what `indy-credx` reads and writes, so either side can work with the other's keys.
//!
//! # What is constant time
//! Generating a key: all exponentiations whose exponents, or whose moduli, are secret. Not the sieve of the
//! search for primes, and neither additions, multiplications and remainders of whole numbers nor the
//! conversion to decimal digits: these are done once or twice per key. Nothing is constant time that works
//! on public parts, such as [`check_correctness_proof`].
//!
//! Secret numbers are wiped from memory when they are dropped, as far as a program can: JSON that was made
//! of them, and what the arithmetic leaves behind on its way, is not.

mod bases;
mod correctness_proof;
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
use crate::primes::{Ended, two_safe_primes};
use crate::public_key::{LINK_SECRET, PublicKey};
use crate::random::{NoRandomness, System};
use crate::request::fold;

/// The length of each of the two primes of a key, in bits. The modulus has twice as many.
pub const PRIME_BITS: usize = 1024;

/// All parts of a key, as its issuer has them.
#[derive(Clone, Debug)]
pub struct GeneratedKey {
    /// For everybody: part of the credential definition on the ledger.
    pub public: PublicKey,
    /// For the issuer alone.
    pub private: PrivateKey,
    /// For those who are offered a credential: a proof that the public key is well made.
    pub correctness_proof: KeyCorrectnessProof,
}

/// How a key is generated.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The arithmetic. One that the processor does not have is replaced by [`Engine::Portable`].
    pub engine: Engine,
    /// How many threads search for primes. More than the processor has cores are of no use.
    pub threads: NonZeroUsize,
    /// Is told of the search's progress and can end it.
    pub watch: &'a Watch<'a>,
}

impl Default for Options<'_> {
    /// The fastest engine, two threads, nobody who watches.
    fn default() -> Self {
        const TWO: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);
        Self {
            engine: Engine::detect(),
            threads: TWO,
            watch: &|_| ControlFlow::Continue(()),
        }
    }
}

/// Why no key was generated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// There is nothing that the key could sign.
    #[error("a key needs at least one attribute")]
    NoAttributes,
    /// An attribute's name is empty, or nothing but spaces.
    #[error("the name of attribute {position}, counted from 0, is empty")]
    EmptyName {
        /// Its place in the list.
        position: usize,
    },
    /// Two attributes have the same name, without spaces and case.
    #[error(
        "attribute `{name}` is there twice: names are compared without spaces and in lower case"
    )]
    DuplicateName {
        /// The name, folded.
        name: String,
    },
    /// The link secret's name cannot be an attribute's.
    #[error(
        "no attribute can be called `{LINK_SECRET}`: every key has that one for the link secret"
    )]
    ReservedName,
    /// [`Options::watch`] ended the search.
    #[error("the search for primes was cancelled")]
    Cancelled,
    /// There are no random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The primes that were given cannot be a key's.
    #[error("the given primes are not good for a key: {0}")]
    UnsuitablePrimes(#[from] KeyFault),
}

impl From<Ended> for GenerateError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Cancelled => Self::Cancelled,
            Ended::NoRandomness(error) => error.into(),
        }
    }
}

/// Generates a key of 2,048 bits for credentials with these attributes. Names are [folded](fold).
///
/// On average it takes about 0.2 s of processor time with [`Engine::Ifma`], and 1 to 2 s with
/// [`Engine::Portable`], shared among the threads; sometimes several times as much
/// (see [`Progress`]). It blocks: async programs call it on a thread of its own.
///
/// # Errors
/// A [`GenerateError`]; about the names before anything is searched.
pub fn generate(attributes: &[&str], options: &Options<'_>) -> Result<GeneratedKey, GenerateError> {
    let names = names(attributes)?;
    let search = match usable(options.engine) {
        Engine::Portable => two_safe_primes::<portable::Portable<{ portable::PRIME_LIMBS }>>,
        Engine::Ifma => two_safe_primes::<ifma::Ifma<{ ifma::PRIME_LIMBS }>>,
    };
    let [p, q] = search(PRIME_BITS, options.threads.get(), options.watch)?;
    bases::complete(
        PrivateKey { p, q },
        names,
        usable(options.engine),
        &mut System,
    )
}

/// A key from primes that are there already: for tests, and for issuers who bring their own.
/// Of the `options`, only the engine matters.
///
/// Two keys from the same primes are as weak as the weaker one: whoever can sign with one can sign with both.
///
/// # Errors
/// A [`GenerateError`]; [`GenerateError::UnsuitablePrimes`] if they are not two different safe primes of 1,024
/// or 1,025 bits.
pub fn from_primes(
    primes: PrivateKey,
    attributes: &[&str],
    options: &Options<'_>,
) -> Result<GeneratedKey, GenerateError> {
    let names = names(attributes)?;
    let engine = usable(options.engine);
    primes.check_primes(engine)?;
    bases::complete(primes, names, engine, &mut System)
}

/// The engine, if the processor has it.
fn usable(engine: Engine) -> Engine {
    if Engine::available().contains(&engine) {
        engine
    } else {
        Engine::Portable
    }
}

/// The names of a key's bases: the attributes', folded, and the link secret's.
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
    /// The `value` of a credential definition with this key: `{"primary": {"n", "s", "z", "r", "rctxt"}}`.
    #[must_use]
    pub fn credential_definition_value(&self) -> Value {
        json!({"primary": self.public.to_primary()})
    }

    /// All parts in one document, private ones included:
    /// `{"attributes", "public", "private", "key_correctness_proof"}`, where `public` is
    /// [`credential_definition_value`](Self::credential_definition_value). As secret as the key.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "attributes": self.public.attributes().collect::<Vec<_>>(),
            "public": self.credential_definition_value(),
            "private": self.private.to_json(),
            "key_correctness_proof": self.correctness_proof.to_json(),
        })
    }

    /// Reads what [`to_json`](Self::to_json) writes. `attributes` and other members are not looked at.
    /// Whether the parts fit together is not checked either: see [`PrivateKey::check`] and
    /// [`check_correctness_proof`].
    ///
    /// # Errors
    /// [`Malformed`], as from the parts' own `from_json`.
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
    fn names_are_folded_and_joined_by_the_link_secret() {
        let names = names(&["First Name", "AGE"]).expect("two names");
        assert!(names.iter().eq(["age", "firstname", LINK_SECRET]));
    }

    #[test]
    fn names_that_cannot_be_told_apart_or_are_none_are_refused() {
        for (attributes, error) in [
            (&[][..], GenerateError::NoAttributes),
            (&["age", "  "], GenerateError::EmptyName { position: 1 }),
            (
                &["Last Name", "lastname"],
                GenerateError::DuplicateName {
                    name: "lastname".into(),
                },
            ),
            (&["Master_Secret"], GenerateError::ReservedName),
        ] {
            assert_eq!(names(attributes), Err(error));
        }
    }
}
