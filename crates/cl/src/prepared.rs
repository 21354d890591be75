//! A public key with the tables that make powers of its bases fast.

use std::collections::BTreeMap;

use dashu_int::UBig;

use crate::json::Malformed;
use crate::kernel::{Engine, Kernel, ifma, portable};
use crate::limits;
use crate::product::{Table, tables};
use crate::public_key::PublicKey;

/// Teeth of the combs: one entry of a table stands for eight bits of an exponent. With more, the tables of
/// a key no longer fit into a processor's caches.
const TEETH: usize = 8;

/// A public key, prepared for verifying: a comb of powers of each base (`S`, `Z`, `Rctxt`, every `R_i`).
///
/// Preparing takes 20 to 100 ms, as long as verifying a few presentations. The tables take about 3 MB, and
/// 0.2 MB more for each attribute. So prepare a key once, keep it (in an [`Arc`](std::sync::Arc), say), and
/// verify with it from any thread.
pub struct PreparedKey {
    key: PublicKey,
    pub(crate) tables: EngineTables,
}

/// The tables, in the form that an engine works with.
pub(crate) enum EngineTables {
    Portable(Box<KeyTables<portable::Portable<{ portable::LIMBS }>>>),
    Ifma(Box<KeyTables<ifma::Ifma<{ ifma::LIMBS }>>>),
}

/// The tables of a key's bases.
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
    /// [`Malformed`] if the modulus is even or has not 3 to 2,050 bits: never for a key that was read from
    /// JSON.
    pub fn new(key: &PublicKey) -> Result<Self, Malformed> {
        Self::with_engine(key, Engine::detect())
    }

    /// Prepares a key for an engine. One that the processor does not have is replaced by
    /// [`Engine::Portable`].
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

    /// The key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// The engine that verifies with this key.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.tables {
            EngineTables::Portable(_) => Engine::Portable,
            EngineTables::Ifma(_) => Engine::Ifma,
        }
    }
}

impl<K: Kernel> KeyTables<K> {
    fn new(key: &PublicKey) -> Option<Self> {
        let kernel = K::new(&key.n)?;
        // Each table is as long as the longest number that its base is raised to.
        let mut bases = vec![
            (key.s.clone(), limits::V),
            (key.z.clone(), limits::M),
            (key.rctxt.clone(), limits::M2),
        ];
        bases.extend(key.r.values().map(|base| (base.clone(), limits::M)));
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
