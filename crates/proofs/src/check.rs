//! The twenty checks of a presentation, by name.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The verdict on a presentation.
pub type Verdict = verdict::Verdict<Check>;

/// One check of a presentation and how it went.
pub type Report = verdict::Report<Check>;

verdict::checks! {
    /// One of the twenty things that "verified" means, in the order in which they are checked.
    pub enum Check {
        Size = "size": "request and presentation are JSON of a reasonable size",
        RequestShape = "request-shape": "the request is well formed, with a nonce of at most 128 bits",
        PresentationShape = "presentation-shape": "the presentation is well formed: an identifier for each sub-proof, and each used by a referent",
        Referents = "referents": "every requested referent is answered once and as asked, and nothing else is",
        SelfAttested = "self-attested": "only what the request does not restrict is self-attested",
        RevealedSet = "revealed-set": "each sub-proof reveals exactly the attributes that its referents ask for",
        Encoding = "encoding": "every revealed text encodes to the value that is proved",
        Predicates = "predicates": "each sub-proof proves exactly the requested predicates",
        PredicateLink = "predicate-link": "each predicate is about the attribute of its own credential",
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
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Check {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| D::Error::custom(format!("there is no check {name:?}")))
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
