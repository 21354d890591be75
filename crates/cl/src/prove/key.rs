//! An issuer's key, prepared for a prover.

use std::collections::BTreeMap;
use std::fmt;

use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use zeroize::Zeroizing;

use super::credential::{Credential, VALUE_BITS};
use super::equality::{CONTEXT_MASK_BITS, EXPONENT_OF_S_BITS, VALUE_MASK_BITS};
use super::predicate::{DELTA_MASK_BITS, EXPONENT_OF_Z_BITS};
use crate::kernel::ifma::{self, Ifma};
use crate::kernel::portable::{LIMBS, Portable};
use crate::kernel::{Engine, Kernel};
use crate::number::Exponent;
use crate::product::{Product, Secrecy, Table, evaluate, tables};
use crate::public_key::PublicKey;

/// Teeth of the combs for the portable engine. Every look-up reads the whole table, for the cache not to tell
/// which entry was wanted, so small tables are fastest, the smaller the faster a multiplication is.
const TEETH_PORTABLE: usize = 7;
/// Teeth of the combs for the engine with eight lanes, which reads eight tables at once.
const TEETH_IFMA: usize = 4;

/// A key that no issuer made: `S` has no inverse modulo `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("S has no inverse modulo n: this is not an issuer's key")]
pub struct UnusableKey;

/// An issuer's public key with tables of powers of its bases.
///
/// Prepare it once per credential definition and keep it: it takes 10 ms and 0.4 MB, and 30 kB more for each
/// attribute, with [`Engine::Ifma`]; otherwise 60 ms and 1.4 MB, and 140 kB more for each attribute. It holds no
/// secrets and may be shared between threads.
pub struct ProvingKey {
    /// For each name in the key, the place of its table.
    attributes: BTreeMap<String, usize>,
    n: UBig,
    prepared: Prepared,
}

/// The tables, for one of the engines.
enum Prepared {
    Portable(Box<Tables<Portable<LIMBS>>>),
    Ifma(Box<Tables<Ifma<{ ifma::LIMBS }>>>),
}

/// Tables for `S`, `1/S`, `Z`, `Rctxt` and the `R_i`, in this order.
struct Tables<K: Kernel> {
    kernel: K,
    tables: Vec<Table<K>>,
}

/// A base of a key.
#[derive(Clone, Copy)]
pub(super) enum Base<'a> {
    /// `S`
    S,
    /// `1/S`, for negative exponents
    InverseOfS,
    /// `Z`
    Z,
    /// `Rctxt`
    Context,
    /// `R_i` of an attribute by its folded name, or of the link secret
    Attribute(&'a str),
}

/// A product of powers that is to be computed under one key. The exponents are secret, their bounds in bits
/// are not.
#[derive(Default)]
pub(super) struct Powers<'a> {
    fixed: Vec<(Base<'a>, Zeroizing<UBig>, usize)>,
    free: Option<(Zeroizing<UBig>, Zeroizing<UBig>, usize)>,
    factor: Option<Zeroizing<UBig>>,
}

impl<'a> Powers<'a> {
    /// Times a power of a base of the key.
    pub(super) fn push(&mut self, base: Base<'a>, exponent: Zeroizing<UBig>, bits: usize) {
        self.fixed.push((base, exponent, bits));
    }

    /// Times a power of a base of the key.
    #[must_use]
    pub(super) fn base(mut self, base: Base<'a>, exponent: Zeroizing<UBig>, bits: usize) -> Self {
        self.push(base, exponent, bits);
        self
    }

    /// Times a power of another number; the last one counts.
    #[must_use]
    pub(super) fn free(
        mut self,
        base: Zeroizing<UBig>,
        exponent: Zeroizing<UBig>,
        bits: usize,
    ) -> Self {
        self.free = Some((base, exponent, bits));
        self
    }

    /// Times a number; the last one counts.
    #[must_use]
    pub(super) fn factor(mut self, factor: Zeroizing<UBig>) -> Self {
        self.factor = Some(factor);
        self
    }
}

impl ProvingKey {
    /// Prepares a key for the fastest engine that the processor has.
    ///
    /// # Errors
    /// [`UnusableKey`] if no issuer made the key.
    pub fn new(key: &PublicKey) -> Result<Self, UnusableKey> {
        Self::with_engine(key, Engine::detect())
    }

    /// Prepares a key for an engine. Without the processor for it, the portable engine is taken.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_engine(key: &PublicKey, engine: Engine) -> Result<Self, UnusableKey> {
        let ring = ConstDivisor::new(key.n.clone());
        let inverse = ring.reduce(key.s.clone()).inv().ok_or(UnusableKey)?;
        let mut bases = vec![
            (key.s.clone(), EXPONENT_OF_S_BITS),
            (inverse.residue(), DELTA_MASK_BITS),
            (key.z.clone(), EXPONENT_OF_Z_BITS),
            (key.rctxt.clone(), CONTEXT_MASK_BITS),
        ];
        let mut attributes = BTreeMap::new();
        for (name, base) in &key.r {
            attributes.insert(name.clone(), bases.len());
            bases.push((base.clone(), VALUE_MASK_BITS.max(VALUE_BITS)));
        }
        let prepared = match engine {
            Engine::Ifma if Engine::detect() == Engine::Ifma => {
                Tables::new(&key.n, &bases, TEETH_IFMA)
                    .map(|tables| Prepared::Ifma(Box::new(tables)))
            }
            _ => Tables::new(&key.n, &bases, TEETH_PORTABLE)
                .map(|tables| Prepared::Portable(Box::new(tables))),
        };
        Ok(Self {
            attributes,
            n: key.n.clone(),
            prepared: prepared.ok_or(UnusableKey)?,
        })
    }

    /// Why this cannot be the key of a credential, if it cannot.
    pub(super) fn problem_with(&self, credential: &Credential) -> Option<String> {
        let names = || {
            let names = self.attributes.keys();
            names.filter(|name| *name != crate::public_key::LINK_SECRET)
        };
        let lacks = |name: &&String| !credential.attributes.contains_key(*name);
        if let Some(name) = names().find(lacks) {
            return Some(format!(
                "it has the attribute {name:?}, the credential has not"
            ));
        }
        let unknown = |name: &&String| !self.attributes.contains_key(*name);
        if let Some(name) = credential.attributes.keys().find(unknown) {
            return Some(format!(
                "the credential has the attribute {name:?}, it has not"
            ));
        }
        if *credential.a <= UBig::ONE || *credential.a >= self.n {
            return Some("the signature is not between 1 and its modulus".into());
        }
        None
    }

    /// The values of products of powers: all at once, for the engine's lanes to be full. `None` if an
    /// exponent is longer than its bound, or an attribute is not in the key.
    pub(super) fn evaluate(&self, products: &[&Powers<'_>]) -> Option<Vec<UBig>> {
        match &self.prepared {
            Prepared::Portable(tables) => tables.evaluate(&self.attributes, products),
            Prepared::Ifma(tables) => tables.evaluate(&self.attributes, products),
        }
    }
}

impl fmt::Debug for ProvingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProvingKey")
            .field("attributes", &self.attributes.keys())
            .finish_non_exhaustive()
    }
}

impl<K: Kernel> Tables<K> {
    fn new(n: &UBig, bases: &[(UBig, usize)], teeth: usize) -> Option<Self> {
        let kernel = K::new(n)?;
        let tables = tables(&kernel, teeth, bases);
        Some(Self { kernel, tables })
    }

    fn evaluate(
        &self,
        attributes: &BTreeMap<String, usize>,
        products: &[&Powers<'_>],
    ) -> Option<Vec<UBig>> {
        let table = |base: &Base<'_>| {
            let place = match base {
                Base::S => 0,
                Base::InverseOfS => 1,
                Base::Z => 2,
                Base::Context => 3,
                Base::Attribute(name) => *attributes.get(*name)?,
            };
            self.tables.get(place)
        };
        let product = |powers: &&Powers<'_>| -> Option<Product<'_, K>> {
            let mut product = Product::default();
            for (base, exponent, bits) in &powers.fixed {
                let table = table(base).filter(|table| table.bits() >= *bits)?;
                product = product.table(table, Exponent::new(exponent, *bits)?);
            }
            if let Some((base, exponent, bits)) = &powers.free {
                let exponent = Exponent::new(exponent, *bits)?;
                product = product.power(self.kernel.enter(base), exponent);
            }
            if let Some(factor) = &powers.factor {
                product = product.factor(self.kernel.enter(factor));
            }
            Some(product)
        };
        let products = products.iter().map(product).collect::<Option<Vec<_>>>()?;
        let values = evaluate(&self.kernel, &products, Secrecy::Secret);
        Some(
            values
                .iter()
                .map(|value| self.kernel.leave(value))
                .collect(),
        )
    }
}
