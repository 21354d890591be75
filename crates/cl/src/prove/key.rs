//! An issuer's public key, prepared for a prover.

use std::collections::BTreeMap;
use std::fmt;

use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use zeroize::Zeroizing;

use super::credential::{Attribute, Credential, LinkSecret};
use crate::kernel::ifma::{self, Ifma};
use crate::kernel::portable::{LIMBS, Portable};
use crate::kernel::{Engine, Kernel};
use crate::number::Exponent;
use crate::parameters::{
    CONTEXT_MASK_BITS, E_START_BITS, R_MASK_BITS, S_EXPONENT_BITS, SQUARES_Z_EXPONENT_BITS, V_BITS,
    VALUE_BITS, VALUE_MASK_BITS,
};
use crate::product::{Product, Secrecy, Table, evaluate, tables};
use crate::public_key::{LINK_SECRET, PublicKey};

/// Teeth of the combs for the portable engine. Each look-up reads the whole table, so that the
/// cache does not reveal the entry. Small tables are therefore the fastest: the faster a
/// multiplication, the smaller.
const TEETH_PORTABLE: usize = 7;
/// Teeth of the combs for the engine with eight lanes, which reads eight tables at once.
const TEETH_IFMA: usize = 4;

/// The error that a key cannot be an issuer's: `S` has no inverse modulo `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("S has no inverse modulo n: this is not an issuer's key")]
pub struct UnusableKey;

/// An issuer's public key with tables of powers of its bases.
///
/// Prepare it once per credential definition and keep it: preparation takes 10 ms and 0.4 MB, plus
/// 30 kB for each attribute, with [`Engine::Ifma`]; 60 ms and 1.4 MB, plus 140 kB for each
/// attribute, with [`Engine::Portable`]. It holds no secrets and can be shared between threads.
pub struct ProvingKey {
    /// For each name in the key, the index of its table.
    attributes: BTreeMap<String, usize>,
    n: UBig,
    prepared: Prepared,
}

/// The tables for one of the engines.
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

/// A product of powers under one key. The exponents are secret, their longest lengths in bits are
/// public.
#[derive(Default)]
pub(super) struct Powers<'a> {
    fixed: Vec<(Base<'a>, Zeroizing<UBig>, usize)>,
    free: Option<(Zeroizing<UBig>, Zeroizing<UBig>, usize)>,
    factor: Option<Zeroizing<UBig>>,
}

impl<'a> Powers<'a> {
    /// Multiplies by a power of a base of the key.
    pub(super) fn push(&mut self, base: Base<'a>, exponent: Zeroizing<UBig>, bits: usize) {
        self.fixed.push((base, exponent, bits));
    }

    /// Multiplies by a power of a base of the key.
    #[must_use]
    pub(super) fn base(mut self, base: Base<'a>, exponent: Zeroizing<UBig>, bits: usize) -> Self {
        self.push(base, exponent, bits);
        self
    }

    /// Multiplies by a power of another number. There can be one of these.
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

    /// Multiplies by a number. There can be one of these.
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
    /// [`UnusableKey`] if `S` has no inverse modulo `n`.
    pub fn new(key: &PublicKey) -> Result<Self, UnusableKey> {
        Self::with_engine(key, Engine::detect())
    }

    /// Prepares a key for an engine, or for [`Engine::Portable`] if the processor cannot run that
    /// engine.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_engine(key: &PublicKey, engine: Engine) -> Result<Self, UnusableKey> {
        let ring = ConstDivisor::new(key.n.clone());
        let inverse = ring.reduce(key.s.clone()).inv().ok_or(UnusableKey)?;
        let mut bases = vec![
            (key.s.clone(), S_EXPONENT_BITS),
            (inverse.residue(), R_MASK_BITS),
            (key.z.clone(), SQUARES_Z_EXPONENT_BITS),
            (key.rctxt.clone(), CONTEXT_MASK_BITS),
        ];
        let mut attributes = BTreeMap::new();
        for (name, base) in &key.r {
            attributes.insert(name.clone(), bases.len());
            bases.push((base.clone(), VALUE_MASK_BITS));
        }
        let prepared = match engine {
            Engine::Ifma if Engine::detect() == Engine::Ifma => {
                Tables::new(&key.n, &bases, TEETH_IFMA)
                    .map(|tables| Prepared::Ifma(Box::new(tables)))
            }
            _ => Tables::new(&key.n, &bases, TEETH_PORTABLE)
                .map(|tables| Prepared::Portable(Box::new(tables))),
        };
        Ok(Self { attributes, n: key.n.clone(), prepared: prepared.ok_or(UnusableKey)? })
    }

    /// Returns whether the issuer with this key has signed a credential for this link secret:
    /// `A^e · S^v · Π R_i^m_i · Rctxt^m2 = Z (mod n)`. Takes between half a millisecond and three.
    ///
    /// Every verifier refuses a presentation from a credential that fails here.
    #[must_use]
    pub fn check_signature(&self, credential: &Credential, link_secret: &LinkSecret) -> bool {
        if self.mismatch(credential).is_some() {
            return false;
        }
        let mut left = Powers::default()
            .base(Base::S, credential.v.clone(), V_BITS)
            .base(Base::Context, credential.m2.clone(), VALUE_BITS)
            .base(Base::Attribute(LINK_SECRET), link_secret.0.clone(), VALUE_BITS)
            .free(credential.a.clone(), credential.e.clone(), E_START_BITS + 1);
        let mut right = Powers::default().base(Base::Z, Zeroizing::new(UBig::ONE), 1);
        for (name, Attribute { number, .. }) in &credential.attributes {
            // R^-m on the left is R^m on the right. The other side gets R^0, so that both sides
            // take the same time whatever the sign is.
            let (side, other) =
                if number.negative { (&mut right, &mut left) } else { (&mut left, &mut right) };
            let zero = Zeroizing::new(UBig::ZERO);
            side.push(Base::Attribute(name), number.magnitude.clone(), VALUE_BITS);
            other.push(Base::Attribute(name), zero, VALUE_BITS);
        }
        match self.evaluate(&[&left, &right]) {
            Some(values) => values[0] == values[1],
            None => false,
        }
    }

    /// Returns the difference between this key and the one that signed a credential, if there is an
    /// obvious one.
    pub(super) fn mismatch(&self, credential: &Credential) -> Option<String> {
        let mut names = self.attributes.keys().filter(|name| *name != LINK_SECRET);
        if let Some(name) = names.find(|name| !credential.attributes.contains_key(*name)) {
            return Some(format!("the key has the attribute {name:?}, the credential does not"));
        }
        let mut names = credential.attributes.keys();
        if let Some(name) = names.find(|name| !self.attributes.contains_key(*name)) {
            return Some(format!("the credential has the attribute {name:?}, the key does not"));
        }
        if *credential.a <= UBig::ONE || *credential.a >= self.n {
            return Some("the signature is not between 1 and the modulus".into());
        }
        None
    }

    /// Returns the values of products of powers, all computed together to fill the engine's lanes.
    /// `None` if an exponent is longer than its bound, or an attribute is not in the key.
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
            let index = match base {
                Base::S => 0,
                Base::InverseOfS => 1,
                Base::Z => 2,
                Base::Context => 3,
                Base::Attribute(name) => *attributes.get(*name)?,
            };
            self.tables.get(index)
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
        Some(values.iter().map(|value| self.kernel.leave(value)).collect())
    }
}
