//! Texts, JSON values, and the integers that are signed for them.

use dashu_int::UBig;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vectors::format::BugType;
use vectors::{Importance, Kind};

use super::file::{Expect, File};
use super::schema::{KindSchema, object};

/// Where the rules of the encoding are.
const RFC_0592: &str =
    "https://github.com/hyperledger/aries-rfcs/tree/main/features/0592-indy-attachments";

pub fn schema() -> KindSchema {
    let text = json!({"type": "string"});
    let mut input = object(
        json!({
            "raw": text,
            "value": {"description": "a value as an issuer's program is given it, in JSON"},
        }),
        &[],
    );
    input["oneOf"] = json!([{"required": ["raw"]}, {"required": ["value"]}]);
    let decimal = json!({"type": "string", "pattern": "^(0|-?[1-9][0-9]*)$"});
    KindSchema {
        kind: Kind::Encode,
        input,
        output: Some(object(json!({"encoded": decimal}), &["encoded"])),
        has_public: false,
    }
}

/// What the integer of a text is.
enum Encoded<'a> {
    /// This number.
    As(&'a str),
    /// The hash of the text.
    Hashed,
}
use Encoded::{As, Hashed};

pub fn file() -> File {
    let mut file = File::new(
        "encode",
        Kind::Encode,
        "AnonCreds: from an attribute's value to the integer that is signed",
        &[
            "A text that reads as a signed 32-bit integer is that integer.",
            "Every other text is the SHA-256 of its UTF-8 bytes, read as a big-endian integer.",
        ],
    );
    notes(&mut file);
    integers(&mut file);
    not_integers(&mut file);
    texts(&mut file);
    values(&mut file);
    file
}

fn notes(file: &mut File) {
    file.note(
        "INTEGER",
        BugType::Basic,
        "A text of a 32-bit integer.",
        "Predicates on the attribute cannot be proved, or a verifier refuses an honest value.",
        &[RFC_0592],
    );
    file.note(
        "TEXT",
        BugType::Basic,
        "A text that is hashed.",
        "A verifier refuses an honest value.",
        &[RFC_0592],
    );
    file.note(
        "RANGE_END",
        BugType::EdgeCase,
        "A number at the end of the 32 bits, or just beyond it.",
        "An integer of more than 32 bits is signed as itself, and other verifiers refuse it.",
        &[RFC_0592],
    );
    file.note(
        "SPELLING",
        BugType::Incompatible,
        "An integer with leading zeros or a plus sign. The integer is signed, not the text.",
        "Postal codes and telephone numbers are refused by the other party.",
        &[RFC_0592],
    );
    file.note(
        "BLANKS",
        BugType::Incompatible,
        "White space before or after digits. It is not a part of an integer, so the text is hashed. Some agents \
         remove it before they encode.",
        "The other party computes another integer.",
        &[],
    );
    file.note(
        "ALMOST_INTEGER",
        BugType::Incompatible,
        "A text that some languages read as a number: with a fraction, an exponent, another base, separators.",
        "The other party computes another integer.",
        &[RFC_0592],
    );
    file.note(
        "UNICODE",
        BugType::Incompatible,
        "Characters beyond ASCII. The bytes of UTF-8 are hashed as they are, without normalisation.",
        "The other party computes another integer.",
        &[],
    );
    file.note(
        "JSON_VALUE",
        BugType::Incompatible,
        "A value of JSON that is not a text. Agents write it as a text first.",
        "The other party computes another integer.",
        &[RFC_0592],
    );
    file.note(
        "AGENTS_DIFFER",
        BugType::Incompatible,
        "A value that agents write in different ways. The corpus does not say what is right: give the value as a text.",
        "The other party computes another integer.",
        &[RFC_0592],
    );
}

/// Adds a test of a text.
fn add(file: &mut File, name: &str, comment: &str, flag: &str, raw: &str, encoded: &Encoded<'_>) {
    let encoded = match encoded {
        As(number) => (*number).to_owned(),
        Hashed => hashed(raw),
    };
    file.add(
        name,
        comment,
        json!({"input": {"raw": raw}}),
        Expect::valid()
            .importance(Importance::Medium)
            .flags(&[flag])
            .output(json!({"encoded": encoded})),
    );
}

fn hashed(raw: &str) -> String {
    UBig::from_be_bytes(&Sha256::digest(raw.as_bytes())).to_string()
}

fn integers(file: &mut File) {
    for (name, comment, flag, raw, number) in [
        ("integer", "An age.", "INTEGER", "28", "28"),
        ("zero", "Zero.", "INTEGER", "0", "0"),
        ("one", "One.", "INTEGER", "1", "1"),
        ("negative", "A negative integer.", "INTEGER", "-28", "-28"),
        ("date", "A date as the number YYYYMMDD.", "INTEGER", "20010517", "20010517"),
        ("max", "The greatest integer of 32 bits.", "RANGE_END", "2147483647", "2147483647"),
        ("min", "The least integer of 32 bits.", "RANGE_END", "-2147483648", "-2147483648"),
        ("before-max", "One less than the greatest.", "RANGE_END", "2147483646", "2147483646"),
        ("after-min", "One more than the least.", "RANGE_END", "-2147483647", "-2147483647"),
        ("leading-zero", "A postal code that begins with zero.", "SPELLING", "02139", "2139"),
        ("leading-zeros", "Leading zeros.", "SPELLING", "007", "7"),
        ("zeros", "Several zeros.", "SPELLING", "000", "0"),
        ("negative-leading-zero", "A sign and a leading zero.", "SPELLING", "-07", "-7"),
        (
            "long-with-zeros",
            "More digits than 32 bits need, and yet a small number.",
            "SPELLING",
            "00000000000000000000000000000028",
            "28",
        ),
        ("plus", "A plus sign.", "SPELLING", "+5", "5"),
        ("plus-zero", "Zero with a plus sign.", "SPELLING", "+0", "0"),
        ("minus-zero", "Zero with a minus sign.", "SPELLING", "-0", "0"),
        (
            "plus-max",
            "The greatest integer with a plus sign.",
            "SPELLING",
            "+2147483647",
            "2147483647",
        ),
    ] {
        add(file, name, comment, flag, raw, &As(number));
    }
}

fn not_integers(file: &mut File) {
    for (name, comment, flag, raw) in [
        ("above-max", "One more than 32 bits.", "RANGE_END", "2147483648"),
        ("below-min", "One less than 32 bits.", "RANGE_END", "-2147483649"),
        ("unsigned-max", "The greatest unsigned integer of 32 bits.", "RANGE_END", "4294967295"),
        ("wraps-to-one", "2^32 + 1.", "RANGE_END", "4294967297"),
        ("max-64", "The greatest integer of 64 bits.", "RANGE_END", "9223372036854775807"),
        ("beyond-64", "More than 64 bits.", "RANGE_END", "340282366920938463463374607431768211456"),
        ("blank-before", "A blank before the digits.", "BLANKS", " 28"),
        ("blank-after", "A blank after the digits.", "BLANKS", "28 "),
        ("line-after", "A line's end after the digits.", "BLANKS", "28\n"),
        ("tab-before", "A tabulator before the digits.", "BLANKS", "\t28"),
        ("blank-within", "A blank among the digits.", "BLANKS", "2 8"),
        ("no-break-space", "A no-break space before the digits.", "BLANKS", "\u{a0}28"),
        ("blank", "A blank alone.", "BLANKS", " "),
        ("fraction", "A fraction that is zero.", "ALMOST_INTEGER", "1.0"),
        ("point", "A decimal point without a fraction.", "ALMOST_INTEGER", "28."),
        ("exponent", "An exponent.", "ALMOST_INTEGER", "1e3"),
        ("hexadecimal", "Hexadecimal digits.", "ALMOST_INTEGER", "0x1c"),
        ("underscore", "Digits in groups, as Python reads them.", "ALMOST_INTEGER", "1_000"),
        ("comma", "Digits in groups with a comma.", "ALMOST_INTEGER", "1,000"),
        ("sign-alone", "A sign without digits.", "ALMOST_INTEGER", "-"),
        ("two-signs", "Two signs.", "ALMOST_INTEGER", "--5"),
        ("sign-after", "A sign after the digits.", "ALMOST_INTEGER", "5-"),
        ("sign-and-blank", "A blank between sign and digits.", "ALMOST_INTEGER", "- 5"),
        ("minus-sign", "The minus sign U+2212.", "ALMOST_INTEGER", "\u{2212}5"),
        ("arabic-digits", "Arabic digits.", "ALMOST_INTEGER", "\u{662}\u{668}"),
        ("fullwidth-digits", "Digits of full width.", "ALMOST_INTEGER", "\u{ff12}\u{ff18}"),
        ("nul-after", "A NUL after the digits.", "ALMOST_INTEGER", "28\u{0}"),
        ("not-a-number", "NaN.", "ALMOST_INTEGER", "NaN"),
        ("iso-date", "A date with hyphens.", "ALMOST_INTEGER", "2001-05-17"),
    ] {
        add(file, name, comment, flag, raw, &Hashed);
    }
}

fn texts(file: &mut File) {
    let long = "A long text. ".repeat(1000);
    for (name, comment, flag, raw) in [
        ("text", "A name.", "TEXT", "Alex"),
        ("two-words", "A street, as in RFC 0592's values.", "TEXT", "101 Wilson Lane"),
        ("capitals", "Case is kept.", "TEXT", "ALEX"),
        ("blanks-kept", "Blanks around a text are kept.", "TEXT", " Alex "),
        ("empty", "The empty text: the hash of no bytes.", "TEXT", ""),
        ("text-true", "The text true.", "TEXT", "true"),
        ("text-true-python", "The text True.", "TEXT", "True"),
        ("text-null", "The text null.", "TEXT", "null"),
        ("text-none", "The text None.", "TEXT", "None"),
        ("json", "A text that is JSON.", "TEXT", "{\"a\": 1}"),
        ("quotes", "Quotation marks and a backslash.", "TEXT", "\"\\\""),
        ("long", "A text of 13,000 characters.", "TEXT", long.as_str()),
        ("nul", "A NUL within a text.", "TEXT", "a\u{0}b"),
        ("control", "Control characters.", "TEXT", "\u{1}\u{1b}[0m\u{7f}"),
        ("line-ends", "A carriage return and a line feed.", "TEXT", "a\r\nb"),
        ("hash-begins-with-zero", "A hash whose first byte is zero.", "TEXT", "zero 481"),
        ("composed", "An e with acute accent as one character.", "UNICODE", "Jos\u{e9}"),
        (
            "decomposed",
            "The same as e and a combining accent: another text.",
            "UNICODE",
            "Jose\u{301}",
        ),
        ("emoji", "A character beyond 16 bits.", "UNICODE", "\u{1f600}"),
        ("cyrillic", "Cyrillic letters.", "UNICODE", "\u{410}\u{43d}\u{43d}\u{430}"),
        ("byte-order-mark", "A byte order mark before a text.", "UNICODE", "\u{feff}Alex"),
    ] {
        add(file, name, comment, flag, raw, &Hashed);
    }
    assert_eq!(Sha256::digest("zero 481")[0], 0);
}

fn values(file: &mut File) {
    let valid = |encoded: String| {
        Expect::valid()
            .importance(Importance::Medium)
            .flags(&["JSON_VALUE"])
            .needs(&["agent-layer"])
            .output(json!({"encoded": encoded}))
    };
    for (name, comment, value, encoded) in [
        ("value-integer", "A number.", json!(28), "28".to_owned()),
        ("value-zero", "Zero.", json!(0), "0".to_owned()),
        ("value-negative", "A negative number.", json!(-28), "-28".to_owned()),
        ("value-max", "The greatest number.", json!(2_147_483_647), "2147483647".to_owned()),
        ("value-min", "The least number.", json!(-2_147_483_648_i64), "-2147483648".to_owned()),
        ("value-above-max", "Above 32 bits.", json!(2_147_483_648_i64), hashed("2147483648")),
        ("value-below-min", "Below 32 bits.", json!(-2_147_483_649_i64), hashed("-2147483649")),
        ("value-fraction", "A number with a fraction.", json!(0.1), hashed("0.1")),
        ("value-text", "A text.", json!("Alex"), hashed("Alex")),
        ("value-text-of-integer", "A text of digits.", json!("28"), "28".to_owned()),
        ("value-empty", "The empty text.", json!(""), hashed("")),
    ] {
        file.add(name, comment, json!({"input": {"value": value}}), valid(encoded));
    }
    for (name, comment, value) in [
        ("value-true", "true: agents sign 1, or the hash of True or of true.", json!(true)),
        ("value-false", "false: agents sign 0, or the hash of False or of false.", json!(false)),
        (
            "value-null",
            "null: RFC 0592 has the hash of None, and some agents refuse it.",
            Value::Null,
        ),
        ("value-whole-fraction", "28.0: as a text, agents write 28 or 28.0.", json!(28.0)),
        ("value-large", "10^21, which JavaScript writes with an exponent.", json!(1e21)),
        ("value-list", "A list.", json!(["a"])),
        ("value-object", "An object.", json!({"a": 1})),
    ] {
        file.add(
            name,
            comment,
            json!({"input": {"value": value}}),
            Expect::acceptable()
                .importance(Importance::Low)
                .flags(&["AGENTS_DIFFER"])
                .needs(&["agent-layer"]),
        );
    }
}
