//! Numbers that are none, for whatever reads the JSON of others.

use serde_json::{Value, json};

/// Digits that no output may show.
pub const PLANTED: &str = "471147114711471147114711";

/// Returns texts that look like the number [`PLANTED`] and are not canonical, each with what is
/// wrong.
pub fn numbers() -> Vec<(&'static str, String)> {
    vec![
        ("a NUL", format!("{PLANTED}\u{0}")),
        ("a NUL within", format!("{PLANTED}\u{0}1")),
        ("a sign", format!("+{PLANTED}")),
        ("a blank before", format!(" {PLANTED}")),
        ("a blank after", format!("{PLANTED} ")),
        ("an exponent", format!("{PLANTED}e3")),
        ("Arabic-Indic digits", format!("{PLANTED}٣")),
        ("a leading zero", format!("0{PLANTED}")),
        ("nothing", String::new()),
    ]
}

/// Returns copies of a document's text in which the number at `pointer` is each of [`numbers`], and
/// one in which its member occurs twice, each with what is wrong.
pub fn variants(document: &Value, pointer: &str) -> Vec<(String, String)> {
    let altered = |number: &str| {
        let mut document = document.clone();
        *document.pointer_mut(pointer).expect(pointer) = json!(number);
        document.to_string()
    };
    let mut variants: Vec<(String, String)> = numbers()
        .into_iter()
        .map(|(what, number)| (format!("{what} at {pointer}"), altered(&number)))
        .collect();
    let member = pointer.rsplit('/').next().unwrap();
    let once = format!("{:?}:{PLANTED:?}", member);
    let twice = altered(PLANTED).replacen(&once, &format!("{once},{once}"), 1);
    variants.push((format!("a member twice at {pointer}"), twice));
    variants
}
