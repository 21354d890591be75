//! A public key, prepared for a verifier.

use std::collections::BTreeMap;
use std::fmt;

use dashu_int::UBig;

use crate::json::Malformed;
use crate::kernel::{Engine, Kernel, ifma, portable};
use crate::parameters::{MAX_CONTEXT_RESPONSE_BITS, MAX_V_RESPONSE_BITS, MAX_VALUE_RESPONSE_BITS};
use crate::product::{Table, tables};
use crate::public_key::PublicKey;

/// Teeth of the combs: one entry of a table covers eight bits of an exponent. With more teeth, the
/// tables of a key would not fit into a processor's caches.
const TEETH: usize = 8;

/// An issuer's public key with a comb of powers of each base (`S`, `Z`, `Rctxt`, every `R_i`), for
/// a verifier.
///
/// Preparation takes 20 to 100 ms, as long as a few verifications. The tables take about 3 MB, plus
/// 0.2 MB for each attribute. So prepare a key once, keep it (for example in an
/// [`Arc`](std::sync::Arc)), and verify with it from any thread.
///
/// `Debug` shows only the engine and the length of the modulus.
pub struct PreparedKey {
    key: PublicKey,
    pub(crate) tables: EngineTables,
}

/// The tables for one of the engines.
pub(crate) enum EngineTables {
    Portable(Box<KeyTables<portable::Portable<{ portable::LIMBS }>>>),
    Ifma(Box<KeyTables<ifma::Ifma<{ ifma::LIMBS }>>>),
}

/// The tables of the bases of a key.
pub(crate) struct KeyTables<K: Kernel> {
    pub(crate) kernel: K,
    pub(crate) n: UBig,
    pub(crate) s: Table<K>,
    pub(crate) z: Table<K>,
    pub(crate) rctxt: Table<K>,
    pub(crate) r: BTreeMap<String, Table<K>>,
}

impl PreparedKey {
    /// Prepares a key for the fastest engine that the processor has.
    ///
    /// # Errors
    /// [`Malformed`] if the modulus is even or not between 3 and 2,050 bits long, which is
    /// impossible for a key that was read from JSON.
    pub fn new(key: &PublicKey) -> Result<Self, Malformed> {
        Self::with_engine(key, Engine::detect())
    }

    /// Prepares a key for an engine, or for [`Engine::Portable`] if the processor cannot run that
    /// engine.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_engine(key: &PublicKey, engine: Engine) -> Result<Self, Malformed> {
        let fast = match engine {
            Engine::Portable => None,
            Engine::Ifma => KeyTables::new(key).map(|tables| EngineTables::Ifma(Box::new(tables))),
        };
        let portable =
            || KeyTables::new(key).map(|tables| EngineTables::Portable(Box::new(tables)));
        Ok(Self {
            key: key.clone(),
            tables: fast.or_else(portable).ok_or_else(|| Malformed {
                pointer: "/n".into(),
                expected: "an odd modulus of 3 to 2,050 bits",
                found: "another number".into(),
            })?,
        })
    }

    /// Returns the key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// Returns the engine for which the key is prepared.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.tables {
            EngineTables::Portable(_) => Engine::Portable,
            EngineTables::Ifma(_) => Engine::Ifma,
        }
    }
}

impl fmt::Debug for PreparedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PreparedKey")
            .field("engine", &self.engine())
            .field("bits", &self.key.bits())
            .finish_non_exhaustive()
    }
}

impl<K: Kernel> KeyTables<K> {
    fn new(key: &PublicKey) -> Option<Self> {
        let kernel = K::new(&key.n)?;
        // Each table covers the longest exponent of its base.
        let mut bases = vec![
            (key.s.clone(), MAX_V_RESPONSE_BITS),
            (key.z.clone(), MAX_VALUE_RESPONSE_BITS),
            (key.rctxt.clone(), MAX_CONTEXT_RESPONSE_BITS),
        ];
        bases.extend(key.r.values().map(|base| (base.clone(), MAX_VALUE_RESPONSE_BITS)));
        let mut tables = tables(&kernel, TEETH, &bases).into_iter();
        Some(Self {
            n: key.n.clone(),
            s: tables.next()?,
            z: tables.next()?,
            rctxt: tables.next()?,
            r: key.r.keys().cloned().zip(tables).collect(),
            kernel,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_can_share_a_prepared_key() {
        fn shared<T: Send + Sync>() {}
        shared::<PreparedKey>();
    }
}
