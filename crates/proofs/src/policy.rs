//! What a verifier requires.

use std::collections::BTreeSet;

use crate::check::Check;

/// Which engines must accept the mathematics of a presentation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engines {
    /// Both, `indy-credx` and `cl`, and they must agree.
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

/// What a verifier requires. The default is everything.
///
/// A relaxed check still runs and is reported, but its failure does not reject; the verdict says which
/// checks were relaxed. The checks that decide whether a presentation can be read at all (`size`,
/// `request-shape`, `presentation-shape`) stop the later ones however they are relaxed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Which engines must accept the mathematics of a presentation.
    pub engines: Engines,
    /// The checks whose failure does not reject.
    pub relaxed: BTreeSet<Check>,
}

impl Policy {
    /// Returns whether a check's failure does not reject.
    pub fn relaxes(&self, check: Check) -> bool {
        self.relaxed.contains(&check) || self.engines.leaves_out(check)
    }

    /// Returns the checks whose failure does not reject.
    pub(crate) fn relaxed_checks(&self) -> BTreeSet<Check> {
        let checks = Check::ALL.iter().copied();
        checks.filter(|&check| self.relaxes(check)).collect()
    }
}
