//! The names of the checks.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! checks {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $rule:literal,)*) => {
        /// One of the twenty things that "verified" means, in the order in which they are checked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check {
            $($(#[$doc])* #[doc = concat!("`", $name, "`: ", $rule, ".")] $variant,)*
        }

        impl Check {
            /// All checks, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The check's name, as verdicts and policies spell it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The rule in a sentence, without a full stop.
            pub fn rule(self) -> &'static str {
                match self { $(Self::$variant => $rule),* }
            }
        }
    };
}

checks! {
    Size = "size": "request and presentation are JSON of a reasonable size",
    RequestShape = "request-shape": "the request is well formed, with a nonce of at most 80 bits",
    PresentationShape = "presentation-shape": "the presentation is well formed: an identifier for each sub-proof, and each used by a referent",
    Referents = "referents": "every requested referent is answered once and as asked, and nothing else is",
    SelfAttested = "self-attested": "only what the request does not restrict is self-attested",
    RevealedSet = "revealed-set": "each sub-proof reveals exactly the attributes that its referents ask for",
    Encoding = "encoding": "every revealed text encodes to the value that is proved",
    Predicates = "predicates": "each sub-proof proves exactly the requested predicates",
    PredicateLink = "predicate-link": "each predicate speaks of the attribute of its own credential",
    NumberForm = "number-form": "every number is a canonical decimal, every group element between 1 and n",
    NumberRange = "number-range": "no response is longer than an honest prover's",
    ChallengeBinding = "challenge-binding": "the challenge covers exactly the numbers of the sub-proofs",
    HiddenSet = "hidden-set": "the hidden attributes are the schema's and the link secret, less the revealed ones",
    SameHolder = "same-holder": "all credentials belong to one holder",
    SchemaOfCredDef = "schema-of-cred-def": "each credential's schema is its credential definition's",
    Restrictions = "restrictions": "each restriction holds for the credential that answers it",
    NonRevocation = "non-revocation": "a credential that must not be revoked is shown not to be",
    NonceFresh = "nonce-fresh": "the nonce has not been accepted before",
    MathematicsLibrary = "mathematics/indy-credx": "the library accepts the proof",
    MathematicsCl = "mathematics/cl": "our own engine accepts the proof",
}

impl Check {
    /// Reads a check's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|check| check.name() == name)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_twenty_checks_and_each_is_read_back_by_its_name() {
        assert_eq!(Check::ALL.len(), 20);
        for check in Check::ALL {
            assert_eq!(Check::parse(check.name()), Some(*check));
        }
        assert_eq!(Check::parse("no-such-check"), None);
    }
}
