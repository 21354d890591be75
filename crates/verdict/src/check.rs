//! Named checks.

use std::fmt;

/// Defines an enum of checks, in the order in which they are made, with a name and a rule for each,
/// and implements [`Checks`](crate::Checks) for it.
///
/// ```
/// negotiate_verdict::checks! {
///     /// The checks of a parcel.
///     pub enum ParcelCheck {
///         Weight = "weight": "it weighs at most 30 kg",
///         Address = "address": "it has the recipient's address",
///     }
/// }
/// assert_eq!(ParcelCheck::parse("address"), Some(ParcelCheck::Address));
/// assert_eq!(ParcelCheck::Weight.rule(), "it weighs at most 30 kg");
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

            /// Returns the check's name, as verdicts and policies spell it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Returns the rule in a sentence, without a full stop.
            pub fn rule(self) -> &'static str {
                match self { $(Self::$variant => $rule),* }
            }

            /// Returns the check of this name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|check| check.name() == name)
            }
        }

        impl $crate::Checks for $checks {
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

/// The checks that a [`Verdict`](crate::Verdict) reports on. Each kind of answer has its own;
/// [`checks!`](crate::checks!) defines them.
pub trait Checks: Copy + Ord + fmt::Debug + fmt::Display + 'static {
    /// All checks, in order.
    const ALL: &'static [Self];

    /// Returns the check's name, as verdicts and policies spell it.
    fn name(self) -> &'static str;

    /// Returns the rule in a sentence, without a full stop.
    fn rule(self) -> &'static str;
}
