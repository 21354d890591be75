//! Where objects have numbers.

use Shape::{Any, List, Map, Nonce, Number, Object, Pair, Point, Scalar, Signed};

use crate::decimal;

/// What a JSON value has to be. Null is always allowed: it counts as absent.
pub(super) enum Shape {
    /// Anything.
    Any,
    /// A canonical decimal, as text.
    Number,
    /// The same, or a minus sign and one that is not zero.
    Signed,
    /// A canonical decimal as text, or a JSON number.
    Nonce,
    /// A number of the curve's order: hexadecimal digits.
    Scalar,
    /// Coordinates on the curve: hexadecimal digits, separated by spaces.
    Point,
    /// An object in which these members have these shapes, and others any.
    Object(&'static [(&'static str, Shape)]),
    /// An object whose members all have this shape.
    Map(&'static Shape),
    /// A list whose elements all have this shape.
    List(&'static Shape),
    /// A list of a name and one of these.
    Pair(&'static Shape),
}

/// The greatest length of a scalar and of a point's coordinates. The library's longest, the twelve
/// coordinates of a pairing, have some 900 characters.
const MAX_SCALAR: usize = 128;
const MAX_POINT: usize = 2_000;

impl Shape {
    /// Describes what is needed; `None` if anything is.
    pub(super) fn expected(&self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::Number | Self::Signed | Self::Nonce => {
                Some("a number in decimal digits without leading zeros")
            }
            Self::Scalar => Some("hexadecimal digits"),
            Self::Point => Some("hexadecimal numbers, separated by spaces"),
            Self::Object(_) | Self::Map(_) => Some("an object"),
            Self::List(_) => Some("a list"),
            Self::Pair(_) => Some("a list of a name and a number"),
        }
    }

    /// Returns what is needed in place of a text, and what is wrong with it.
    pub(super) fn fault_of(&self, text: &str) -> Option<(&'static str, String)> {
        let expected = self.expected()?;
        let digits = match self {
            Self::Signed if text.len() > 1 && text != "-0" => text.strip_prefix('-'),
            _ => None,
        };
        let fault = match self {
            Self::Number | Self::Signed | Self::Nonce => decimal::fault(digits.unwrap_or(text)),
            Self::Scalar => hexadecimal_fault(text, MAX_SCALAR, |_| false),
            Self::Point => hexadecimal_fault(text, MAX_POINT, |byte| byte == b' '),
            _ => Some("a text".to_owned()),
        };
        fault.map(|got| (expected, got))
    }

    /// Returns the shape of a member; `None` if there cannot be any.
    pub(super) fn member(&self, name: &str) -> Option<&'static Self> {
        match self {
            Self::Any => Some(&Self::Any),
            Self::Map(shape) => Some(shape),
            Self::Object(members) => {
                let known = members.iter().find(|(known, _)| *known == name);
                Some(known.map_or(&Self::Any, |(_, shape)| shape))
            }
            _ => None,
        }
    }

    /// Returns the shape of an element; `None` if there cannot be any.
    pub(super) fn element(&self, index: usize) -> Option<&'static Self> {
        match self {
            Self::Any => Some(&Self::Any),
            Self::List(shape) => Some(shape),
            Self::Pair(shape) => Some(if index == 0 { &Self::Any } else { shape }),
            _ => None,
        }
    }
}

fn hexadecimal_fault(text: &str, longest: usize, also: fn(u8) -> bool) -> Option<String> {
    if text.is_empty() {
        Some("an empty text".to_owned())
    } else if text.len() > longest {
        Some(format!("a text of {} characters", text.len()))
    } else if !text.bytes().all(|byte| byte.is_ascii_hexdigit() || also(byte)) {
        Some("a text with another character".to_owned())
    } else {
        None
    }
}

const NUMBERS: Shape = Map(&Number);

pub(super) static REQUEST: Shape = Object(&[("nonce", Nonce)]);

pub(super) static PRESENTATION: Shape = Object(&[
    (
        "proof",
        Object(&[
            ("proofs", List(&SUB_PROOF)),
            ("aggregated_proof", Object(&[("c_hash", Number), ("c_list", List(&List(&Any)))])),
        ]),
    ),
    ("requested_proof", Map(&Map(&Any))),
    ("identifiers", List(&Map(&Any))),
]);

const SUB_PROOF: Shape = Object(&[
    (
        "primary_proof",
        Object(&[("eq_proof", EQUALITY_PROOF), ("ge_proofs", List(&PREDICATE_PROOF))]),
    ),
    ("non_revoc_proof", Object(&[("x_list", Map(&Scalar)), ("c_list", Map(&Point))])),
]);

const EQUALITY_PROOF: Shape = Object(&[
    ("revealed_attrs", Map(&Signed)),
    ("a_prime", Number),
    ("e", Number),
    ("v", Number),
    ("m", NUMBERS),
    ("m1", Number),
    ("m2", Number),
]);

const PREDICATE_PROOF: Shape =
    Object(&[("u", NUMBERS), ("r", NUMBERS), ("mj", Number), ("alpha", Signed), ("t", NUMBERS)]);

pub(super) static CREDENTIAL_DEFINITION: Shape = Object(&[("value", PUBLIC_KEY)]);

const PUBLIC_KEY: Shape = Object(&[
    (
        "primary",
        Object(&[
            ("n", Number),
            ("s", Number),
            ("z", Number),
            ("rctxt", Number),
            ("rms", Number),
            ("r", NUMBERS),
        ]),
    ),
    ("revocation", Map(&Point)),
]);

pub(super) static PRIVATE_KEY: Shape = PRIVATE_KEY_PARTS;

const PRIVATE_KEY_PARTS: Shape = Object(&[(
    "value",
    Object(&[
        ("p_key", Object(&[("p", Number), ("q", Number)])),
        ("r_key", Object(&[("x", Scalar), ("sk", Scalar)])),
    ]),
)]);

pub(super) static KEY_CORRECTNESS_PROOF: Shape = CORRECTNESS_PROOF;

const CORRECTNESS_PROOF: Shape =
    Object(&[("c", Number), ("xz_cap", Number), ("xr_cap", List(&Pair(&Number)))]);

pub(super) static PREPARED_KEY: Shape = Object(&[
    ("public", PUBLIC_KEY),
    ("private", PRIVATE_KEY_PARTS),
    ("key_correctness_proof", CORRECTNESS_PROOF),
]);

pub(super) static CREDENTIAL: Shape = Object(&[
    ("values", Map(&Object(&[("encoded", Signed)]))),
    (
        "signature",
        Object(&[
            (
                "p_credential",
                Object(&[("m_2", Number), ("a", Number), ("e", Number), ("v", Number)]),
            ),
            (
                "r_credential",
                Object(&[
                    ("sigma", Point),
                    ("c", Scalar),
                    ("vr_prime_prime", Scalar),
                    ("witness_signature", Map(&Point)),
                    ("g_i", Point),
                    ("m2", Scalar),
                ]),
            ),
        ]),
    ),
    ("signature_correctness_proof", Object(&[("se", Number), ("c", Number)])),
    ("rev_reg", Map(&Point)),
    ("witness", Map(&Point)),
]);

pub(super) static CREDENTIAL_OFFER: Shape =
    Object(&[("nonce", Nonce), ("key_correctness_proof", CORRECTNESS_PROOF)]);

pub(super) static CREDENTIAL_REQUEST: Shape = Object(&[
    ("blinded_ms", Object(&[("u", Number), ("ur", Point), ("committed_attributes", NUMBERS)])),
    (
        "blinded_ms_correctness_proof",
        Object(&[("c", Number), ("v_dash_cap", Number), ("m_caps", NUMBERS), ("r_caps", NUMBERS)]),
    ),
    ("nonce", Nonce),
]);

pub(super) static REQUEST_METADATA: Shape = Object(&[
    ("master_secret_blinding_data", Object(&[("v_prime", Number), ("vr_prime", Scalar)])),
    ("nonce", Nonce),
]);

pub(super) static LINK_SECRET: Shape = Object(&[("value", Object(&[("ms", Number)]))]);

pub(super) static REGISTRY_DEFINITION: Shape =
    Object(&[("value", Object(&[("publicKeys", Object(&[("accumKey", Map(&Point))]))]))]);

pub(super) static REGISTRY: Shape = Object(&[("value", Map(&Point))]);
