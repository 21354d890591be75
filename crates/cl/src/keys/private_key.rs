//! The private part of a key: two safe primes.

use std::fmt;

use dashu_base::BitTest;
use dashu_int::UBig;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::usable;
use crate::json::{Malformed, Node};
use crate::kernel::{Engine, Kernel, ifma, portable};
use crate::number::Exponent;
use crate::parameters::{MAX_PRIME_BITS, PRIME_BITS};
use crate::primes::{are_close, double_is_prime, is_prime};
use crate::product::{Product, Secrecy, evaluate};
use crate::public_key::PublicKey;
use crate::random::NoRandomness;
use crate::random::System;

/// An issuer's private key: primes `p'` and `q'` for which `p = 2p' + 1` and `q = 2q' + 1` are
/// primes too.
///
/// With the private key, anyone can issue credentials in the issuer's name. It is wiped when it is
/// dropped, and `Debug` does not show it.
#[derive(Clone)]
pub struct PrivateKey {
    /// `p'`
    pub(super) p: Zeroizing<UBig>,
    /// `q'`
    pub(super) q: Zeroizing<UBig>,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PrivateKey").finish_non_exhaustive()
    }
}

/// A fault of a private key, by itself or in combination with a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// A safe prime has neither 1,024 bits nor 1,025, as those of `indy-credx` have.
    #[error("a safe prime has {bits} bits, not {PRIME_BITS} or {MAX_PRIME_BITS}")]
    Size {
        /// Its length, in bits.
        bits: usize,
    },
    /// `p'` or `q'` is not prime.
    #[error("{name} is not prime")]
    NotPrime {
        /// `p'` or `q'`
        name: &'static str,
    },
    /// `p'` or `q'` is prime, but `2p' + 1` or `2q' + 1` is not.
    #[error("{name} is prime, but 2{name} + 1 is not")]
    NotSafe {
        /// `p'` or `q'`
        name: &'static str,
    },
    /// The primes are equal, or so close to each other that their product can be factored.
    #[error("p and q are the same in their first 100 bits")]
    Close,
    /// The modulus of the public key is not the product of the primes.
    #[error("the public key's n is not the product of this private key's primes")]
    OtherModulus,
    /// A base of the public key does not generate the group of the squares modulo `n`.
    #[error("{base} does not generate the squares modulo n")]
    NoGenerator {
        /// `S`, `Z`, `Rctxt`, or `R` and an attribute's name.
        base: String,
    },
    /// The operating system returned no random numbers, which the primality test needs.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl PrivateKey {
    /// Reads `{"value": {"p_key": {"p", "q"}, "r_key": null}}`, the form of `indy-credx`. Whether
    /// the numbers are suitable primes is not checked here, but by [`check`](Self::check).
    ///
    /// # Errors
    /// [`Malformed`] if a member is missing or is not a canonical decimal, or if there is a part
    /// for revocation, which this crate does not support. The error does not quote the numbers.
    pub fn from_json(private: &Value) -> Result<Self, Malformed> {
        Self::read(&Node::root(private))
    }

    pub(super) fn read(private: &Node<'_>) -> Result<Self, Malformed> {
        let value = private.member("value", "a private key's value")?;
        if let Some(revocation) = value.optional("r_key")? {
            return Err(revocation.not("null, for keys with revocation are not supported,"));
        }
        let primes = value.member("p_key", "a primary private key")?;
        let prime = |name| -> Result<_, Malformed> {
            Ok(Zeroizing::new(primes.member(name, "a prime")?.number()?))
        };
        Ok(Self { p: prime("p")?, q: prime("q")? })
    }

    /// Returns the private key in the form of `indy-credx`. The JSON is not encrypted, and the
    /// caller must wipe it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "value": {"p_key": {"p": self.p.to_string(), "q": self.q.to_string()}, "r_key": null},
        })
    }

    /// Checks the private key together with its public key: the primes are safe, have the right
    /// length and are not close to each other; `n` is their product; all bases generate the group
    /// of the squares. Takes about a tenth of the time of key generation.
    ///
    /// # Errors
    /// The first [`KeyFault`], in this order.
    pub fn check(&self, public: &PublicKey) -> Result<(), KeyFault> {
        let engine = usable(Engine::detect());
        self.check_primes(engine)?;
        if self.modulus() != public.n {
            return Err(KeyFault::OtherModulus);
        }
        let generates_squares = match engine {
            Engine::Portable => generates_squares::<portable::Portable<{ portable::PRIME_LIMBS }>>,
            Engine::Ifma => generates_squares::<ifma::Ifma<{ ifma::PRIME_LIMBS }>>,
        };
        let mut bases = vec![
            ("S".to_owned(), &public.s),
            ("Z".to_owned(), &public.z),
            ("Rctxt".to_owned(), &public.rctxt),
        ];
        let attributes = public.r.iter();
        bases.extend(attributes.map(|(name, base)| (format!("R of `{name}`"), base)));
        for half in [&self.p, &self.q] {
            let generators = generates_squares(half, &bases);
            if let Some(position) = generators.iter().position(|generates| !generates) {
                let (base, _) = bases.swap_remove(position);
                return Err(KeyFault::NoGenerator { base });
            }
        }
        Ok(())
    }

    /// Checks that these are two safe primes of the right length that are not close to each other.
    pub(super) fn check_primes(&self, engine: Engine) -> Result<(), KeyFault> {
        let check = match engine {
            Engine::Portable => check_prime::<portable::Portable<{ portable::PRIME_LIMBS }>>,
            Engine::Ifma => check_prime::<ifma::Ifma<{ ifma::PRIME_LIMBS }>>,
        };
        check("p'", &self.p)?;
        check("q'", &self.q)?;
        if are_close(&self.p, &self.q, PRIME_BITS) {
            return Err(KeyFault::Close);
        }
        Ok(())
    }

    /// `p = 2p' + 1` and `q = 2q' + 1`
    pub(super) fn primes(&self) -> [Zeroizing<UBig>; 2] {
        [double_plus_one(&self.p), double_plus_one(&self.q)]
    }

    /// `n = p·q`
    pub(super) fn modulus(&self) -> UBig {
        let [p, q] = self.primes();
        &*p * &*q
    }

    /// `p'·q'`, the number of squares modulo `n`
    pub(super) fn order(&self) -> Zeroizing<UBig> {
        Zeroizing::new(&*self.p * &*self.q)
    }
}

fn double_plus_one(half: &UBig) -> Zeroizing<UBig> {
    let double = Zeroizing::new(half << 1);
    Zeroizing::new(&*double + UBig::ONE)
}

fn check_prime<K: Kernel>(name: &'static str, half: &UBig) -> Result<(), KeyFault> {
    let bits = half.bit_len() + 1;
    if !(PRIME_BITS..=MAX_PRIME_BITS).contains(&bits) {
        return Err(KeyFault::Size { bits });
    }
    if !is_prime::<K>(half, &System)? {
        return Err(KeyFault::NotPrime { name });
    }
    if !double_is_prime::<K>(half) {
        return Err(KeyFault::NotSafe { name });
    }
    Ok(())
}

/// Returns for each base whether it generates the squares modulo `p = 2p' + 1`: it is neither 0 nor
/// 1, and its `p'`-th power is 1.
fn generates_squares<K: Kernel>(half: &UBig, bases: &[(String, &UBig)]) -> Vec<bool> {
    let prime = double_plus_one(half);
    let (Some(kernel), Some(exponent)) = (K::new(&prime), Exponent::new(half, half.bit_len()))
    else {
        return vec![false; bases.len()];
    };
    let products: Vec<Product<'_, K>> = bases
        .iter()
        .map(|(_, base)| Product::default().power(kernel.enter(base), exponent.clone()))
        .collect();
    evaluate(&kernel, &products, Secrecy::Secret)
        .iter()
        .zip(bases)
        .map(|(power, (_, base))| kernel.leave(power) == UBig::ONE && *base % &*prime != UBig::ONE)
        .collect()
}
