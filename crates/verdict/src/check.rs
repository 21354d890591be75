//! The names of the checks.

use std::fmt;

/// Defines an enum of checks, in the order in which they are made, with a name and a rule for each, and
/// makes it a [`Checks`](crate::verdict::Checks).
///
/// ```
/// proofs::checks! {
///     /// What is asked of a loaf.
///     pub enum LoafCheck {
///         Baked = "baked": "it has been in the oven",
///         Fresh = "fresh": "it is from today",
///     }
/// }
/// assert_eq!(LoafCheck::parse("fresh"), Some(LoafCheck::Fresh));
/// assert_eq!(LoafCheck::Baked.rule(), "it has been in the oven");
/// ```
#[macro_export]
macro_rules! checks {
    ($(#[$about:meta])* pub enum $checks:ident {
        $($(#[$doc:meta])* $variant:ident = $name:literal: $rule:literal,)*
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $checks {
            $($(#[$doc])* #[doc = concat!("`", $name, "`: ", $rule, ".")] $variant,)*
        }

        impl $checks {
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

            /// Reads a check's name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|check| check.name() == name)
            }
        }

        impl $crate::verdict::Checks for $checks {
            const ALL: &'static [Self] = Self::ALL;

            fn name(self) -> &'static str {
                self.name()
            }

            fn rule(self) -> &'static str {
                self.rule()
            }
        }

        impl ::std::fmt::Display for $checks {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

/// The names of the checks that a [`Verdict`](super::Verdict) reports on: [`Check`] for a presentation of
/// AnonCreds; other kinds of answers have checks of their own. [`checks!`](crate::checks!) defines one.
pub trait Checks: Copy + Eq + fmt::Debug + fmt::Display + 'static {
    /// All checks, in the order in which they are made.
    const ALL: &'static [Self];

    /// The check's name, as verdicts and policies spell it.
    fn name(self) -> &'static str;

    /// The rule in a sentence, without a full stop.
    fn rule(self) -> &'static str;
}

checks! {
    /// One of the twenty things that "verified" means, in the order in which they are checked.
    pub enum Check {
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
