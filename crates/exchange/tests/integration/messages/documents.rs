//! JSON text that is refused, whatever the message.

use exchange::message::{MAX_BYTES, read_document};
use serde_json::json;

fn reason(text: &[u8]) -> String {
    let refused = read_document(text).unwrap_err().to_string();
    let reason = refused.strip_prefix("the message is not JSON as it is needed here: ");
    reason.expect(&refused).to_owned()
}

#[test]
fn a_document_is_parsed_as_it_is() {
    let text = br#" {"b": [1, -2, 1.5, 1e3, true, null, "\u00e9\ud83d\ude00"], "a": {}} "#;
    let document = json!({"a": {}, "b": [1, -2, 1.5, 1000.0, true, null, "é😀"]});
    assert_eq!(read_document(text).unwrap(), document);
}

#[test]
fn a_member_twice_in_one_object_is_refused_at_any_depth() {
    for text in [
        r#"{"id": 1, "id": 1}"#,
        r#"{"id": 1, "i\u0064": 1}"#,
        r#"[{"a": {"b": [{"c": 1, "id": 2, "id": 3}]}}]"#,
    ] {
        let reason = reason(text.as_bytes());
        assert!(reason.contains("the member \"id\" twice"), "{reason}");
        assert!(reason.contains("line 1 column"), "{reason}");
    }
    assert!(read_document(br#"[{"id": 1}, {"id": {"id": 1}}]"#).is_ok());
}

#[test]
fn a_document_of_more_than_1_mib_is_refused_unread() {
    let of_length = |length: usize| format!("\"{}\"", "x".repeat(length - 2));
    assert!(read_document(of_length(MAX_BYTES).as_bytes()).is_ok());
    let not_even_json = vec![0xff; MAX_BYTES + 1];
    for text in [of_length(MAX_BYTES + 1).into_bytes(), not_even_json] {
        let refused = read_document(&text).unwrap_err().to_string();
        assert!(refused.contains("has 1048577 bytes, and at most 1048576 are read"), "{refused}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| [b"[".repeat(depth), b"]".repeat(depth)].concat();
    assert!(read_document(&nested(127)).is_ok());
    assert!(reason(&nested(128)).contains("recursion limit"));
    assert!(reason(&b"[".repeat(MAX_BYTES)).contains("recursion limit"));
    assert!(reason(&br#"{"a":"#.repeat(100_000)).contains("recursion limit"));
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    for text in [
        &b"\"\xff\""[..],
        b"\"\xc0\x80\"",
        b"{\"\xed\xa0\x80\": 1}",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\0}\0",
    ] {
        reason(text);
    }
}

#[test]
fn half_a_surrogate_pair_is_refused() {
    for text in
        [r#""\ud800""#, r#""\udc00""#, r#""\ud800x""#, r#""\ud800\ud800""#, r#"{"\udfff": 1}"#]
    {
        reason(text.as_bytes());
    }
}

#[test]
fn a_malformed_number_is_refused() {
    for text in
        ["NaN", "Infinity", "-Infinity", "nan", "+1", "01", "-", "1.", ".5", "0x10", "1e", "1_000"]
    {
        reason(text.as_bytes());
    }
}

#[test]
fn a_number_that_readers_would_hold_differently_is_refused() {
    for text in [
        "9007199254740992",
        "-9007199254740992",
        "18446744073709551615",
        "18446744073709551616",
        "1e30",
        "-1e300",
        "1e400",
        "-1e400",
    ] {
        reason(text.as_bytes());
    }
    for text in ["9007199254740991", "-9007199254740991", "1e-400", "-0.0", "0.1"] {
        assert!(read_document(text.as_bytes()).is_ok(), "{text}");
    }
}

#[test]
fn text_that_is_not_json_is_refused_with_line_and_column() {
    for text in [
        "",
        " ",
        "{",
        "{}}",
        "{} {}",
        "{'a': 1}",
        "{a: 1}",
        "[1,]",
        "{\"a\": 1,}",
        "// x\n{}",
        "\"\n\"",
        "\"\\x\"",
        "tru",
    ] {
        let reason = reason(text.as_bytes());
        assert!(reason.contains("line"), "{reason}");
    }
}

#[test]
fn a_refusal_does_not_repeat_a_long_text() {
    let name = "x".repeat(500_000);
    let text = format!("{{\"{name}\": 1, \"{name}\": 2}}");
    assert!(reason(text.as_bytes()).len() < 300);
}

#[test]
fn a_fraction_is_parsed_as_the_nearest_double() {
    for text in [
        "31.245270191439438",
        "121.48791951161945",
        "100.78399658203125",
        "5e-324",
        "0.30000000000000004",
    ] {
        let nearest: f64 = text.parse().unwrap();
        assert_eq!(read_document(text.as_bytes()).unwrap(), json!(nearest));
    }
}
