//! What a verifier requires.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check::Check;
use crate::limits::MAX_BYTES;

/// Which engines must accept the mathematics of a presentation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engines {
    /// Both, `indy-credx` and `cl`: every one that can compute the proof must accept it, and at
    /// least one must.
    #[default]
    Both,
    /// Only `indy-credx`, the library that the field uses.
    IndyCredx,
    /// Only `cl`, our own, which is faster.
    Cl,
}

impl Engines {
    /// Returns whether this check is the answer of an engine that is not asked.
    pub fn leaves_out(self, check: Check) -> bool {
        match self {
            Self::Both => false,
            Self::IndyCredx => check == Check::MathematicsCl,
            Self::Cl => check == Check::MathematicsLibrary,
        }
    }
}

/// What to make of a registry entry that is older than the requested interval.
///
/// Wallets ask for `from` = `to` = now, and send the time of the latest entry, which is earlier.
/// Such an entry answers the request if it was still in force at `from`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntervalRule {
    /// It passes if something shows that it was in force at `from`; without that, the verdict is
    /// undecided.
    #[default]
    Proven,
    /// It passes, with a caution, unless something shows that a newer one was in force.
    Lenient,
    /// It fails: the entry's own time must lie in the interval.
    Strict,
}

/// What a verifier requires. The default is every check, and nothing beyond them.
///
/// A relaxed check still runs and is reported, but its failure does not reject; the verdict says
/// which checks were relaxed. The checks that decide whether a presentation can be read at all
/// (`size`, `request-shape`, `presentation-shape`) stop the later ones however they are relaxed.
///
/// In JSON, members that are left out have their defaults, and others than these are refused.
///
/// ```
/// use negotiate_proofs::Policy;
///
/// let policy = r#"{"engines": "cl", "require_revealed": true, "key_bits": [2048, 2048]}"#;
/// let policy: Policy = serde_json::from_str(policy)?;
/// assert!(policy.require_revealed && !policy.require_ranges);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Which engines must accept the mathematics of a presentation.
    pub engines: Engines,
    /// The checks whose failure does not reject.
    pub relaxed: BTreeSet<Check>,
    /// Whether every requested value must be shown: one that is only held fails `referents`.
    pub require_revealed: bool,
    /// Whether a lower bound needs an upper bound on the same attribute, proved of the same
    /// credential: one alone fails `predicates`.
    pub require_ranges: bool,
    /// Referents that one credential must answer, group by group (check `referents`).
    pub same_credential: Vec<Vec<String>>,
    /// What to make of a registry entry that is older than the requested interval (check
    /// `non-revocation`).
    pub interval: IntervalRule,
    /// The greatest length of request and presentation together, in bytes of JSON (check `size`).
    pub max_bytes: usize,
    /// How many bits an issuer's modulus may have (check `hidden-set`); in JSON the least and the
    /// greatest number.
    #[serde(serialize_with = "write_range", deserialize_with = "read_range")]
    pub key_bits: RangeInclusive<usize>,
}

/// How many bits the modulus of an issuer's key has: two primes of 1,024 bits each make 2,048, or
/// one or two fewer.
pub const KEY_BITS: RangeInclusive<usize> = 2046..=2050;

impl Default for Policy {
    fn default() -> Self {
        Self {
            engines: Engines::default(),
            relaxed: BTreeSet::new(),
            require_revealed: false,
            require_ranges: false,
            same_credential: Vec::new(),
            interval: IntervalRule::default(),
            max_bytes: MAX_BYTES,
            key_bits: KEY_BITS,
        }
    }
}

impl Policy {
    /// Returns whether a check's failure does not reject. One engine at least must accept, whatever
    /// is relaxed.
    pub fn relaxes(&self, check: Check) -> bool {
        const ENGINES: [Check; 2] = [Check::MathematicsLibrary, Check::MathematicsCl];
        let counts =
            |engine: &Check| !self.engines.leaves_out(*engine) && !self.relaxed.contains(engine);
        let is_last_engine = ENGINES.contains(&check) && !ENGINES.iter().any(counts);
        self.engines.leaves_out(check) || self.relaxed.contains(&check) && !is_last_engine
    }

    /// Returns the checks whose failure does not reject.
    pub(crate) fn relaxed_checks(&self) -> BTreeSet<Check> {
        let checks = Check::ALL.iter().copied();
        checks.filter(|&check| self.relaxes(check)).collect()
    }
}

fn write_range<S: Serializer>(
    range: &RangeInclusive<usize>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    (range.start(), range.end()).serialize(serializer)
}

fn read_range<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<RangeInclusive<usize>, D::Error> {
    let (least, greatest) = Deserialize::deserialize(deserializer)?;
    Ok(least..=greatest)
}
