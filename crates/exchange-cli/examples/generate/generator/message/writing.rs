//! The text of the JSON.

use serde_json::json;

use super::super::file::{Expect, File};
use super::{invalid, valid};

/// The member of the request that the tests replace.
const NOTE: &str = r#""note":0"#;

pub fn add(file: &mut File) {
    let text = request();
    file.add(
        "json-text",
        "A request as a text of JSON.",
        json!({"input": {"message": "request", "document_json": text}}),
        valid("WRITING").needs(&["json-text"]),
    );
    same(file, &text);
    numbers(file, &text);
    broken(file, &text);
    twice(file, &text);
}

/// Returns a short request.
fn request() -> String {
    let request = json!({
        "id": "eedeec15-c364-4e4c-b7a7-871413e412f9",
        "note": 0,
        "proofURL": "https://example.com/answers",
        "proofRequest": {
            "criteria": [{
                "description": "Contact",
                "issuers": {"dids": ["did:work:7SWNtygraxEPqNKhuWpw8f"]},
                "max": 1,
                "min": 1,
                "properties": [{"name": "emailAddress", "required": true}],
                "reason": "To write to you",
                "schema": "did:work:D7jC1h6LibDbZiF6E9uzhz;schema=1234;version=1.0",
            }],
            "description": "A letter",
            "verifier": "did:work:WrgHL2icHVN8vwZtY9YmjY",
        },
    });
    request.to_string()
}

/// Adds a test whose text is another one.
fn written(file: &mut File, name: &str, comment: &str, text: &str, expect: Expect) {
    file.altered("json-text", name, comment, expect, |given| {
        given["input"]["document_json"] = json!(text);
    });
}

/// Returns a text with a part replaced, which must be there once.
fn with(text: &str, part: &str, instead: &str) -> String {
    assert_eq!(text.matches(part).count(), 1, "{part}");
    text.replace(part, instead)
}

fn same(file: &mut File, text: &str) {
    for (name, comment, text) in [
        (
            "json-white-space",
            "White space around and within.",
            format!("\n\t{} \r\n", text.replace(',', " ,\n")),
        ),
        ("json-escapes", "A member's name with an escape.", with(text, r#""id""#, r#""i\u0064""#)),
        (
            "json-surrogates",
            "A character as two escapes.",
            with(text, NOTE, r#""note":"\ud83d\ude00""#),
        ),
        ("json-null", "An unknown member that is null.", with(text, NOTE, r#""note":null"#)),
        (
            "json-deep-100",
            "100 lists in one another.",
            with(text, NOTE, &format!("\"note\":{}{}", "[".repeat(100), "]".repeat(100))),
        ),
        (
            "json-same-name-elsewhere",
            "A member's name in two objects.",
            with(text, NOTE, r#""note":[{"id":1},{"id":{"id":1}}]"#),
        ),
    ] {
        written(file, name, comment, &text, valid("WRITING"));
    }
}

fn numbers(file: &mut File, text: &str) {
    let note = |number: &str| with(text, NOTE, &format!("\"note\":{number}"));
    for (name, number) in [
        ("number-2-53-less-1", "9007199254740991"),
        ("number-less-2-53-plus-1", "-9007199254740991"),
        ("number-underflow", "1e-400"),
        ("number-minus-zero", "-0.0"),
        ("number-tenth", "0.1"),
        ("number-smallest", "5e-324"),
    ] {
        let comment = format!("{number}, which all readers hold alike.");
        written(file, name, &comment, &note(number), valid("NUMBER"));
    }
    for (name, number) in [
        ("number-2-53", "9007199254740992"),
        ("number-less-2-53", "-9007199254740992"),
        ("number-2-64-less-1", "18446744073709551615"),
        ("number-2-64", "18446744073709551616"),
        ("number-1e30", "1e30"),
        ("number-1e300", "-1e300"),
        ("number-overflow", "1e400"),
        ("number-overflow-below", "-1e400"),
    ] {
        let comment = format!("{number}, which readers hold differently.");
        written(file, name, &comment, &note(number), invalid("NUMBER", "json"));
    }
    for (name, number) in [
        ("number-nan", "NaN"),
        ("number-infinity", "Infinity"),
        ("number-plus", "+1"),
        ("number-leading-zero", "01"),
        ("number-minus", "-"),
        ("number-dot-at-end", "1."),
        ("number-dot-at-beginning", ".5"),
        ("number-hexadecimal", "0x10"),
        ("number-empty-exponent", "1e"),
        ("number-separator", "1_000"),
    ] {
        let comment = format!("{number}, which is not a number of JSON.");
        written(file, name, &comment, &note(number), invalid("WRITING", "json"));
    }
}

fn broken(file: &mut File, text: &str) {
    let note = |value: &str| with(text, NOTE, &format!("\"note\":{value}"));
    for (name, comment, text) in [
        ("json-empty", "No text.", String::new()),
        ("json-cut-off", "The last brace is missing.", text[..text.len() - 1].to_owned()),
        ("json-comma", "A comma after the last member.", format!("{},}}", &text[..text.len() - 1])),
        ("json-rest", "Something after the request.", format!("{text} x")),
        ("json-two", "Two requests.", format!("{text}{text}")),
        ("json-quotes", "Single quotation marks.", text.replace('"', "'")),
        ("json-comment", "A comment.", format!("// a request\n{text}")),
        ("json-byte-order-mark", "A byte order mark before the text.", format!("\u{feff}{text}")),
        ("json-control", "A line's end within a text.", note("\"\n\"")),
        ("json-escape", "An escape that JSON does not have.", note(r#""\x""#)),
        ("json-word", "A word that JSON does not have.", note("tru")),
        ("json-lone-surrogate", "The first half of a character.", note(r#""\ud800""#)),
        ("json-lone-low-surrogate", "The second half of a character.", note(r#""\udc00""#)),
        (
            "json-two-high-surrogates",
            "Twice the first half of a character.",
            note(r#""\ud800\ud800""#),
        ),
        ("json-surrogate-in-name", "Half of a character in a name.", note(r#"{"\udfff":1}"#)),
    ] {
        written(file, name, comment, &text, invalid("WRITING", "json"));
    }
    let deep = note(&format!("{}{}", "[".repeat(200), "]".repeat(200)));
    let expect = invalid("LIMIT", "json").needs(&["limits"]);
    written(file, "json-deep-200", "200 lists in one another.", &deep, expect);
}

fn twice(file: &mut File, text: &str) {
    let url = r#""proofURL":"https://example.com/answers""#;
    let min = r#""min":1"#;
    for (name, comment, text) in [
        (
            "twice-url",
            "Two URLs.",
            with(text, url, &format!(r#"{url},"proofURL":"https://example.org/answers""#)),
        ),
        ("twice-url-same", "The same URL twice.", with(text, url, &format!("{url},{url}"))),
        (
            "twice-url-escaped",
            "Two URLs, one with an escape in its name.",
            with(text, url, &format!(r#"{url},"proof\u0055RL":"https://example.org/answers""#)),
        ),
        ("twice-min", "Two bounds of a criterion.", with(text, min, r#""min":1,"min":0"#)),
        (
            "twice-verifier",
            "Two verifiers.",
            with(text, r#""verifier":"#, r#""verifier":"did:work:a","verifier":"#),
        ),
        (
            "twice-unknown",
            "An unknown member twice, far below.",
            with(text, NOTE, r#""note":[{"a":[{"x":1,"x":1}]}]"#),
        ),
    ] {
        written(file, name, comment, &text, invalid("MEMBER_TWICE", "json"));
    }
}
