//! The texts that are shown beside the integers that are proved.

use std::sync::LazyLock;

use serde_json::json;
use test_support::keys;
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::{Held, Party};
use super::change::*;

/// The texts, by the names of their attributes, whether the text is the canonical one of its
/// integer, and what is special about it.
const TEXTS: &[(&str, &str, bool, &str)] = &[
    ("word", "Alex", true, "A word: it is hashed."),
    ("number", "28", true, "A number: it is its own encoding."),
    ("negative", "-42", true, "A negative number."),
    ("largest", "2147483647", true, "The largest number of 32 bits."),
    ("smallest", "-2147483648", true, "The smallest number of 32 bits."),
    ("toolarge", "2147483648", true, "One more than 32 bits: it is hashed as a text."),
    ("toosmall", "-2147483649", true, "One less than 32 bits: it is hashed as a text."),
    ("zero", "0", true, "Zero."),
    ("empty", "", true, "No text at all: the hash of nothing."),
    ("space", " ", true, "A space: it is hashed."),
    ("fraction", "1.5", true, "A fraction: it is hashed."),
    ("exponent", "1e3", true, "A number with an exponent: it is hashed."),
    ("umlaut", "Zoë Ångström", true, "Letters beyond ASCII, as UTF-8."),
    (
        "combined",
        "Zoe\u{308}",
        true,
        "A letter with a combining accent: not the same text as the composed letter.",
    ),
    ("japanese", "山田太郎", true, "Another script."),
    ("emoji", "👩‍👩‍👧", true, "Characters that are joined."),
    ("truth", "true", true, "A word that other layers take for a boolean."),
    ("none", "null", true, "A word that other layers take for nothing."),
    ("lines", "one\r\ntwo", true, "Two lines: the line end is part of the text."),
    ("quoted", "\"\\\"", true, "Characters that JSON escapes."),
    ("postal", "02139", false, "A postal code: the number 2139 is signed, the zero is not."),
    ("plus", "+5", false, "A number with a plus sign."),
    ("zeros", "007", false, "A number with leading zeros."),
    ("minuszero", "-0", false, "Minus zero: the number 0 is signed."),
];

static TEXTS_OF: LazyLock<Party> = LazyLock::new(|| {
    let names: Vec<&str> = TEXTS.iter().map(|(name, ..)| *name).collect();
    Party::new(keys::GVT, "TL1EaPFCZ8Si5aUrqScBDt", "Texts", &names, 33)
});

static HELD: LazyLock<Held> = LazyLock::new(|| {
    let values: Vec<(&str, &str)> = TEXTS.iter().map(|(name, text, ..)| (*name, *text)).collect();
    Held::new(&TEXTS_OF, &values)
});

pub fn file() -> File {
    let mut file = File::new(
        "verify_encoding",
        Kind::Verify,
        "AnonCreds CL presentations: encoding of values",
        &[
            "A signature binds an integer. The text beside it proves nothing unless it encodes to that integer:",
            "a decimal of 32 bits to itself, everything else to its SHA-256 (Aries RFC 0592).",
        ],
    );
    const RFC: &[&str] =
        &["https://github.com/hyperledger/aries-rfcs/tree/main/features/0592-indy-attachments"];
    file.note(
        "TEXT",
        BugType::Incompatible,
        "A text that implementations may encode in other ways.",
        "Honest values are refused.",
        RFC,
    );
    file.note(
        "NOT_CANONICAL",
        BugType::Incompatible,
        "A text whose integer has another spelling: the integer is signed, the spelling is not.",
        "Postal codes and telephone numbers are refused, or believed to the letter.",
        RFC,
    );
    file.note(
        "RAW_CHANGED",
        BugType::AcceptsInvalid,
        "The text is changed, the integer beside it is not. Known to the public.",
        "A text is believed that the issuer never signed.",
        RFC,
    );
    file.note(
        "ENCODED_CHANGED",
        BugType::AcceptsInvalid,
        "The integer beside the text is not the one that is proved.",
        "A value is believed that the issuer never signed.",
        RFC,
    );
    for (name, _, is_canonical, comment) in TEXTS {
        let asked = request(&format!("text {name}"), json!({"value": {"name": name}}), json!({}));
        let expect = match is_canonical {
            true => Expect::valid().flags(&["TEXT"]),
            false => {
                Expect::acceptable().flags(&["NOT_CANONICAL"]).cautions(&["text-not-canonical"])
            }
        };
        file.add(
            name,
            comment,
            present(&asked, &[(&HELD, &["value"])]),
            expect.needs(&["encoding"]),
        );
    }
    let shown = format!("{REQUESTED}/revealed_attrs/value");
    for (base, name, text) in [
        ("word", "another-word", "Bob"),
        ("word", "word-in-another-case", "alex"),
        ("word", "word-with-a-space", "Alex "),
        ("number", "another-number", "29"),
        ("number", "number-as-a-word", "twenty-eight"),
        ("negative", "without-its-sign", "42"),
        ("toolarge", "too-large-by-one-more", "2147483649"),
        ("combined", "composed", "Zoë"),
        ("empty", "empty-as-a-space", " "),
        ("umlaut", "without-accents", "Zoe Angstrom"),
    ] {
        file.altered(
            base,
            name,
            &format!("The text is changed to {text:?}."),
            Expect::invalid(&["encoding"]).flags(&["RAW_CHANGED"]).needs(&["encoding"]),
            |given| set(given, &format!("{shown}/raw"), json!(text)),
        );
    }
    let changed = || Expect::invalid(&["encoding"]).flags(&["ENCODED_CHANGED"]);
    for base in ["word", "number", "negative", "zero"] {
        file.altered(
            base,
            &format!("{base}-encoded-one-more"),
            "The integer beside the text is one more.",
            changed(),
            |given| add(given, &format!("{shown}/encoded"), 1),
        );
    }
    for (base, name, encoded) in [
        ("word", "encoded-as-the-text", "Alex"),
        (
            "number",
            "encoded-as-a-hash",
            "11839720093294193423929484094013066158268286053118459519410083418083893497",
        ),
        ("number", "encoded-as-nothing", ""),
        ("negative", "encoded-without-its-sign", "42"),
    ] {
        file.altered(
            base,
            name,
            &format!("The integer beside the text is {encoded:?}."),
            changed(),
            |given| set(given, &format!("{shown}/encoded"), json!(encoded)),
        );
    }
    file.altered(
        "number",
        "text-and-integer-changed",
        "Text and integer are changed to another number.",
        changed(),
        |given| {
            set(given, &format!("{shown}/raw"), json!("29"));
            set(given, &format!("{shown}/encoded"), json!("29"));
        },
    );
    file.altered(
        "number",
        "all-three-changed",
        "Text, integer, and the value in the sub-proof are changed to another number.",
        Expect::invalid(super::basic::ENGINES).flags(&["ENCODED_CHANGED"]),
        |given| {
            set(given, &format!("{shown}/raw"), json!("29"));
            set(given, &format!("{shown}/encoded"), json!("29"));
            set(given, &format!("{}/revealed_attrs/number", eq_proof(0)), json!("29"));
        },
    );
    file.altered(
        "number",
        "value-in-the-sub-proof-changed",
        "The value in the sub-proof is another number.",
        changed(),
        |given| set(given, &format!("{}/revealed_attrs/number", eq_proof(0)), json!("29")),
    );
    file
}
