//! Attributes, groups and predicates.

use serde_json::{Value, json};

use super::super::file::File;
use super::{acceptable, changed, invalid, valid};

pub fn add(file: &mut File) {
    attributes(file);
    groups(file);
    referents(file);
    comparisons(file);
    bounds(file);
}

const ATTRIBUTE: &str = "/requested_attributes/name";
const PREDICATE: &str = "/requested_predicates/adult";

fn attributes(file: &mut File) {
    for (name, comment, asked) in [
        (
            "name-null-names",
            "`name` is null beside `names`.",
            json!({"name": null, "names": ["name"]}),
        ),
        (
            "names-null-name",
            "`names` is null beside `name`.",
            json!({"name": "name", "names": null}),
        ),
        (
            "restrictions-null",
            "`restrictions` is null.",
            json!({"name": "name", "restrictions": null}),
        ),
    ] {
        changed(file, "request", name, comment, valid("NULL_IS_ABSENT"), (ATTRIBUTE, Some(asked)));
    }
    let comment = "A name with capitals and blanks.";
    let to = (ATTRIBUTE, Some(json!({"name": "First Name"})));
    changed(file, "request", "name-as-schema", comment, valid("NORMAL"), to);
    let comment = "A member of predicates in an attribute.";
    let to = (ATTRIBUTE, Some(json!({"name": "age", "p_value": 18})));
    changed(file, "request", "attribute-with-bound", comment, acceptable("MEMBER"), to);
    for (name, comment, asked) in [
        ("name-and-names", "Both `name` and `names`.", json!({"name": "name", "names": ["name"]})),
        ("no-name", "Neither `name` nor `names`.", json!({"restrictions": []})),
        ("name-null", "`name` is null, and there are no `names`.", json!({"name": null})),
        ("attribute-name-empty", "An empty name.", json!({"name": ""})),
        ("attribute-name-blank", "A name of blanks.", json!({"name": "  "})),
        ("attribute-name-number", "A number as name.", json!({"name": 1})),
        ("attribute-name-list", "A list as `name`.", json!({"name": ["name", "age"]})),
        ("names-empty", "A group without names.", json!({"names": []})),
        ("names-text", "A text as `names`.", json!({"names": "name"})),
        ("names-number", "A number in a group.", json!({"names": ["name", 1]})),
        ("names-null-in-group", "null in a group.", json!({"names": ["name", null]})),
        ("names-blank-in-group", "An empty name in a group.", json!({"names": ["name", ""]})),
    ] {
        changed(file, "request", name, comment, invalid("NAME_OR_NAMES"), (ATTRIBUTE, Some(asked)));
    }
}

fn groups(file: &mut File) {
    for (name, comment, names) in [
        ("group", "A group of two.", json!(["name", "height"])),
        ("group-of-one", "A group of one.", json!(["name"])),
    ] {
        let to = (ATTRIBUTE, Some(json!({"names": names})));
        changed(file, "request", name, comment, valid("NORMAL"), to);
    }
    for (name, comment, names) in [
        ("name-twice", "A name twice in a group.", json!(["name", "name"])),
        ("name-twice-case", "Twice but for case.", json!(["name", "Name"])),
        ("name-twice-blanks", "Twice but for blanks.", json!(["first name", "firstname"])),
    ] {
        let to = (ATTRIBUTE, Some(json!({"names": names})));
        changed(file, "group", name, comment, invalid("NAME_TWICE"), to);
    }
}

fn referents(file: &mut File) {
    let name = || Some(json!({"name": "height"}));
    for (id, comment, pointer) in [
        ("referent-uuid", "A UUID.", "/requested_attributes/3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        ("referent-blanks", "A sentence.", "/requested_attributes/the height, in cm"),
        ("referent-unicode", "Another script.", "/requested_attributes/\u{8eab}\u{9577}"),
    ] {
        changed(file, "request", id, comment, valid("REFERENT"), (pointer, name()));
    }
    let comment = "Two referents for one attribute.";
    let to = ("/requested_attributes/again", Some(json!({"name": "name"})));
    changed(file, "request", "attribute-twice", comment, valid("REFERENT"), to);
    let comment = "An attribute that is shown and compared.";
    let to = ("/requested_attributes/age", Some(json!({"name": "age"})));
    changed(file, "request", "attribute-and-predicate", comment, valid("REFERENT"), to);
    let comment = "Two predicates on one attribute.";
    let bound = json!({"name": "age", "p_type": "<", "p_value": 65});
    let to = ("/requested_predicates/below 65", Some(bound));
    changed(file, "request", "two-predicates", comment, valid("REFERENT"), to);
    for (id, comment, pointer) in [
        ("referent-empty", "An empty referent.", "/requested_attributes/"),
        (
            "referent-of-both",
            "One referent for an attribute and a predicate.",
            "/requested_attributes/adult",
        ),
    ] {
        changed(file, "request", id, comment, acceptable("REFERENT"), (pointer, name()));
    }
}

fn comparisons(file: &mut File) {
    let pointer = format!("{PREDICATE}/p_type");
    for (name, comment, p_type) in
        [("type-above", ">.", ">"), ("type-at-most", "<=.", "<="), ("type-below", "<.", "<")]
    {
        let to = (pointer.as_str(), Some(json!(p_type)));
        changed(file, "request", name, comment, valid("NORMAL"), to);
    }
    for (name, comment, p_type) in [
        ("type-missing", "No comparison.", None),
        ("type-null", "null.", Some(Value::Null)),
        ("type-empty", "An empty text.", Some(json!(""))),
        ("type-equals", "Equality: it is asked for by revealing the attribute.", Some(json!("=="))),
        ("type-one-equals", "The same with one sign.", Some(json!("="))),
        ("type-not-equals", "Inequality.", Some(json!("!="))),
        ("type-sign", "The sign U+2265.", Some(json!("\u{2265}"))),
        ("type-swapped", "The signs the other way round.", Some(json!("=>"))),
        ("type-letters", "The name of the comparison in presentations.", Some(json!("GE"))),
        ("type-html", "An escaped sign.", Some(json!("&gt;="))),
        ("type-blank", "A blank after the sign.", Some(json!(">= "))),
        ("type-number", "A number.", Some(json!(1))),
        ("type-list", "A list of two.", Some(json!([">=", "<="]))),
    ] {
        changed(file, "request", name, comment, invalid("PREDICATE_TYPE"), (&pointer, p_type));
    }
    for (name, comment, predicate) in [
        ("predicate-no-name", "No name.", json!({"p_type": ">=", "p_value": 18})),
        ("predicate-names", "A group.", json!({"names": ["age"], "p_type": ">=", "p_value": 18})),
        (
            "predicate-name-empty",
            "An empty name.",
            json!({"name": "", "p_type": ">=", "p_value": 18}),
        ),
        (
            "predicate-name-number",
            "A number as name.",
            json!({"name": 1, "p_type": ">=", "p_value": 18}),
        ),
        ("predicate-empty", "An object without members.", json!({})),
    ] {
        let to = (PREDICATE, Some(predicate));
        changed(file, "request", name, comment, invalid("NAME_OR_NAMES"), to);
    }
}

fn bounds(file: &mut File) {
    let pointer = format!("{PREDICATE}/p_value");
    for (name, comment, bound) in [
        ("bound-max", "The greatest integer of 32 bits.", json!(2_147_483_647)),
        ("bound-min", "The least.", json!(-2_147_483_648_i64)),
        ("bound-zero", "Zero.", json!(0)),
        ("bound-negative", "A negative bound.", json!(-1)),
    ] {
        changed(file, "request", name, comment, valid("PREDICATE_VALUE"), (&pointer, Some(bound)));
    }
    for (name, comment, bound) in [
        ("bound-missing", "No bound.", None),
        ("bound-null", "null.", Some(Value::Null)),
        ("bound-text", "A text of digits.", Some(json!("18"))),
        ("bound-fraction", "A fraction.", Some(json!(18.5))),
        ("bound-zero-fraction", "A fraction that is zero.", Some(json!(18.0))),
        ("bound-above-max", "One more than 32 bits.", Some(json!(2_147_483_648_i64))),
        ("bound-below-min", "One less than 32 bits.", Some(json!(-2_147_483_649_i64))),
        (
            "bound-wraps",
            "2^32 + 18, which has 18 in its lower 32 bits.",
            Some(json!(4_294_967_314_i64)),
        ),
        ("bound-beyond-64-bits", "2^64.", Some(json!(18_446_744_073_709_551_616.0))),
        ("bound-milliseconds", "A time in milliseconds.", Some(json!(1_700_000_000_000_i64))),
        ("bound-true", "true.", Some(json!(true))),
        ("bound-list", "A range.", Some(json!([18, 65]))),
        ("bound-date", "A date.", Some(json!("2001-05-17"))),
    ] {
        changed(file, "request", name, comment, invalid("PREDICATE_VALUE"), (&pointer, bound));
    }
}
