//! Predicates: every operator at, beside and far from the value; and what binds a predicate to its
//! attribute.

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::{ALEX, ALEX_ACCOUNT, ALEX_DEGREE, Held};
use super::basic::ENGINES;
use super::change::*;

pub fn file() -> File {
    let mut file = File::new(
        "verify_predicates",
        Kind::Verify,
        "AnonCreds CL presentations: predicates",
        &[
            "Predicates that hold, by a little and by a lot, and presentations whose predicates are not",
            "those that were requested, or not about the attribute of their own credential.",
        ],
    );
    file.note(
        "AT_THE_BOUND",
        BugType::EdgeCase,
        "The value is the last one for which the predicate holds.",
        "An honest holder is refused, or one who is just outside is accepted.",
        &[],
    );
    file.note("FAR_FROM_THE_BOUND", BugType::Basic, "The predicate holds by a lot.", "", &[]);
    file.note(
        "ENDS_OF_32_BITS",
        BugType::EdgeCase,
        "Values and bounds at the ends of the signed 32-bit range.",
        "An overflow turns a false statement into a true one.",
        &[],
    );
    file.note("SEVERAL_ON_ONE_ATTRIBUTE", BugType::RefusesValid, "Several predicates on one attribute of one credential, or the same predicate for several referents.", "Ranges cannot be proved.", &[]);
    file.note(
        "NOT_WHAT_WAS_REQUESTED",
        BugType::AcceptsInvalid,
        "The presentation proves another predicate than the request has.",
        "A weaker statement is taken for the requested one.",
        &[],
    );
    file.note(
        "NOT_ABOUT_THE_ATTRIBUTE",
        BugType::AcceptsInvalid,
        "The predicate's response is not that of the credential's attribute.",
        "A predicate is proved about a number of the holder's choice.",
        &[],
    );
    file.note(
        "NUMBER_CHANGED",
        BugType::AcceptsInvalid,
        "One number of the predicate's proof is another one.",
        "The proof proves nothing.",
        &[],
    );
    file.note(
        "PART_MISSING",
        BugType::AcceptsInvalid,
        "A part of the predicate's proof is not there.",
        "What is not there is not checked.",
        &[],
    );
    honest(&mut file);
    several(&mut file);
    other_requests(&mut file);
    changed(&mut file);
    file
}

const OPERATORS: [(&str, &str); 4] = [(">=", "ge"), (">", "gt"), ("<=", "le"), ("<", "lt")];

/// A request for one predicate, and nothing else.
fn one(attribute: &str, operator: &str, bound: i64) -> Value {
    let predicate = json!({"name": attribute, "p_type": operator, "p_value": bound});
    request(&format!("{attribute} {operator} {bound}"), json!({}), json!({"predicate": predicate}))
}

fn add_one(
    file: &mut File,
    name: &str,
    flag: &str,
    held: &Held,
    attribute: &str,
    operator: &str,
    bound: i64,
) {
    let asked = one(attribute, operator, bound);
    let value = held.json["values"][attribute]["raw"].as_str().unwrap();
    let lower_only = operator.starts_with('>');
    let cautions: &[&str] = if lower_only { &["one-sided-bound"] } else { &[] };
    file.add(
        name,
        &format!("{value} {operator} {bound}"),
        present(&asked, &[(held, &["predicate"])]),
        Expect::valid().flags(&[flag]).cautions(cautions),
    );
}

fn honest(file: &mut File) {
    for (operator, word) in OPERATORS {
        // the last bound for which 28 is within
        let edge: i64 = match operator {
            ">=" | "<=" => 28,
            ">" => 27,
            _ => 29,
        };
        let outward: i64 = if operator.starts_with('>') { -1 } else { 1 };
        add_one(file, &format!("{word}-at-bound"), "AT_THE_BOUND", &ALEX, "age", operator, edge);
        for (name, distance) in [("one-more", 1), ("ten-more", 10), ("a-million-more", 1_000_000)] {
            let bound = edge + outward * distance;
            add_one(
                file,
                &format!("{word}-{name}"),
                "FAR_FROM_THE_BOUND",
                &ALEX,
                "age",
                operator,
                bound,
            );
        }
    }
    for (name, attribute, operator, bound) in [
        ("largest-ge-itself", "limit", ">=", 2_147_483_647),
        ("largest-le-itself", "limit", "<=", 2_147_483_647),
        ("largest-gt-one-less", "limit", ">", 2_147_483_646),
        ("largest-ge-zero", "limit", ">=", 0),
        ("smallest-ge-itself", "balance", ">=", -2_147_483_648),
        ("smallest-le-itself", "balance", "<=", -2_147_483_648),
        ("smallest-lt-one-more", "balance", "<", -2_147_483_647),
        ("smallest-le-minus-one", "balance", "<=", -1),
        ("zero-ge-zero", "zero", ">=", 0),
        ("zero-le-zero", "zero", "<=", 0),
        ("zero-gt-minus-one", "zero", ">", -1),
        ("zero-lt-one", "zero", "<", 1),
        ("zero-ge-below-zero", "zero", ">=", -5),
    ] {
        add_one(file, name, "ENDS_OF_32_BITS", &ALEX_ACCOUNT, attribute, operator, bound);
    }
    add_one(file, "year-with-2050-bits", "FAR_FROM_THE_BOUND", &ALEX_DEGREE, "year", ">", 2019);
}

fn several(file: &mut File) {
    let flag = "SEVERAL_ON_ONE_ATTRIBUTE";
    let within = |low: i64, high: i64| {
        json!({
            "from": {"name": "age", "p_type": ">=", "p_value": low},
            "to": {"name": "age", "p_type": "<=", "p_value": high},
        })
    };
    let asked = request("a range", json!({}), within(18, 65));
    file.add(
        "range",
        "18 <= 28 <= 65, both of one attribute.",
        present(&asked, &[(&ALEX, &["from", "to"])]),
        Expect::valid().flags(&[flag]),
    );
    let asked = request("a range of one value", json!({}), within(28, 28));
    file.add(
        "range-of-one-value",
        "28 <= 28 <= 28: the value is shown by two predicates.",
        present(&asked, &[(&ALEX, &["from", "to"])]),
        Expect::valid().flags(&[flag, "AT_THE_BOUND"]),
    );
    let asked = request(
        "four operators",
        json!({"name": {"name": "name"}}),
        json!({
            "a": {"name": "age", "p_type": ">=", "p_value": 28},
            "b": {"name": "Age", "p_type": ">", "p_value": 27},
            "c": {"name": "a g e", "p_type": "<=", "p_value": 28},
            "d": {"name": "age", "p_type": "<", "p_value": 29},
        }),
    );
    file.add(
        "four-operators",
        "Each operator once, all on one attribute, whose name is spelt in three ways.",
        present(&asked, &[(&ALEX, &["name", "a", "b", "c", "d"])]),
        Expect::valid().flags(&[flag]),
    );
    let asked = request(
        "one predicate twice",
        json!({}),
        json!({
            "first": {"name": "age", "p_type": ">=", "p_value": 18},
            "second": {"name": "age", "p_type": ">=", "p_value": 18},
        }),
    );
    file.add(
        "one-predicate-for-two-referents",
        "Two referents ask for the same predicate; the presentation proves it once.",
        present(&asked, &[(&ALEX, &["first", "second"])]),
        Expect::valid().flags(&[flag]).cautions(&["one-sided-bound"]),
    );
    let asked = request(
        "two lower bounds",
        json!({}),
        json!({
            "adult": {"name": "age", "p_type": ">=", "p_value": 18},
            "grown": {"name": "age", "p_type": ">=", "p_value": 21},
        }),
    );
    file.add(
        "two-lower-bounds",
        "One attribute, one operator, two bounds.",
        present(&asked, &[(&ALEX, &["adult", "grown"])]),
        Expect::valid().flags(&[flag]).cautions(&["one-sided-bound"]),
    );
    let asked = request(
        "two attributes",
        json!({"name": {"name": "name"}}),
        json!({
            "adult": {"name": "age", "p_type": ">=", "p_value": 18},
            "tall": {"name": "height", "p_type": ">", "p_value": 170},
        }),
    );
    file.add(
        "two-attributes-and-a-value",
        "Predicates on two attributes, and a third one revealed.",
        present(&asked, &[(&ALEX, &["name", "adult", "tall"])]),
        Expect::valid().flags(&["FAR_FROM_THE_BOUND"]).cautions(&["one-sided-bound"]),
    );
    let asked = request(
        "same age shown elsewhere",
        json!({"name": {"name": "name"}, "age": {"name": "age"}}),
        json!({"tall": {"name": "height", "p_type": ">=", "p_value": 175}}),
    );
    file.add(
        "another-attribute-revealed",
        "A predicate on one attribute, beside others that are revealed.",
        present(&asked, &[(&ALEX, &["name", "age", "tall"])]),
        Expect::valid().flags(&["AT_THE_BOUND"]).cautions(&["one-sided-bound"]),
    );
}

/// The request asks for something else than what is proved.
fn other_requests(file: &mut File) {
    let expect = || Expect::invalid(&["predicates"]).flags(&["NOT_WHAT_WAS_REQUESTED"]);
    let predicate = format!("{REQUEST}/requested_predicates/predicate");
    let stated = format!("{}/predicate", ge_proof(0, 0));
    for (name, member, value) in [
        ("bound-stated-otherwise", "value", json!(18)),
        ("operator-stated-otherwise", "p_type", json!("LE")),
    ] {
        file.altered(
            "ge-at-bound",
            name,
            "The presentation states another predicate than the requested one.",
            expect(),
            |given| set(given, &format!("{stated}/{member}"), value.clone()),
        );
    }
    for (name, requested, value) in [
        ("both-say-a-higher-bound", 29, json!(29)),
        ("both-say-the-largest-bound", 2_147_483_647, json!(2_147_483_647)),
    ] {
        file.altered(
            "ge-at-bound",
            name,
            "Request and presentation both have a bound for which the predicate is false.",
            Expect::invalid(ENGINES).flags(&["NUMBER_CHANGED"]),
            |given| {
                set(given, &format!("{predicate}/p_value"), json!(requested));
                set(given, &format!("{stated}/value"), value.clone());
            },
        );
    }
    file.altered(
        "range",
        "range-without-its-end",
        "One of two requested predicates is not proved.",
        Expect::invalid(&["predicates"]).flags(&["PART_MISSING"]),
        |given| {
            remove(given, &ge_proof(0, 1));
        },
    );
    file.altered(
        "ge-at-bound",
        "proved-but-not-requested",
        "The presentation proves a predicate that the request does not have.",
        expect(),
        |given| {
            let proof = at(given, &ge_proof(0, 0)).clone();
            let list = at(given, &format!("{PRESENTATION}/proof/proofs/0/primary_proof/ge_proofs"));
            let mut second = proof;
            second["predicate"]["value"] = json!(18);
            list.as_array_mut().unwrap().push(second);
        },
    );
    file.altered(
        "ge-at-bound",
        "proved-twice",
        "The same predicate is proved twice.",
        expect(),
        |given| {
            let proof = at(given, &ge_proof(0, 0)).clone();
            let list = at(given, &format!("{PRESENTATION}/proof/proofs/0/primary_proof/ge_proofs"));
            list.as_array_mut().unwrap().push(proof);
        },
    );
    file.altered(
        "ge-at-bound",
        "not-proved-at-all",
        "There is no proof of the predicate.",
        Expect::invalid(&["predicates"]).flags(&["PART_MISSING"]),
        |given| {
            set(
                given,
                &format!("{PRESENTATION}/proof/proofs/0/primary_proof/ge_proofs"),
                json!([]),
            );
        },
    );
}

fn changed(file: &mut File) {
    let number = || Expect::invalid(ENGINES).flags(&["NUMBER_CHANGED"]);
    let proof = ge_proof(0, 0);
    for base in ["ge-at-bound", "lt-at-bound"] {
        for member in ["u/0", "u/3", "r/0", "r/2", "r/DELTA", "alpha"] {
            let name = member.replace('/', "-").to_lowercase();
            file.altered(
                base,
                &format!("{base}.{name}-one-more"),
                &format!("The response {member} is another number."),
                number(),
                |given| add(given, &format!("{proof}/{member}"), 1),
            );
        }
        // c_list: A' comes first, then T0 to T3 and TDELTA
        for (member, item) in [("t/0", 1), ("t/3", 4), ("t/DELTA", 5)] {
            let name = member.replace('/', "-").to_lowercase();
            let pointer = format!("{proof}/{member}");
            file.altered(
                base,
                &format!("{base}.{name}-not-covered"),
                &format!("{member} is another number than the one that the challenge covers."),
                Expect::invalid(&["challenge-binding"]).flags(&["NUMBER_CHANGED"]),
                |given| add(given, &pointer, 1),
            );
            file.altered(
                base,
                &format!("{base}.{name}-one-more"),
                &format!("{member} is another number, there and in what the challenge covers."),
                number(),
                |given| {
                    add(given, &pointer, 1);
                    cover(given, item, &pointer);
                },
            );
        }
        let link = || Expect::invalid(&["predicate-link"]).flags(&["NOT_ABOUT_THE_ATTRIBUTE"]);
        file.altered(
            base,
            &format!("{base}.another-response"),
            "The predicate's mj is one more than the response for the attribute.",
            link(),
            |given| add(given, &format!("{proof}/mj"), 1),
        );
        file.altered(
            base,
            &format!("{base}.response-of-another-attribute"),
            "The predicate's mj is the response for the height.",
            link(),
            |given| {
                let other = at(given, &format!("{}/m/height", eq_proof(0))).clone();
                set(given, &format!("{proof}/mj"), other);
            },
        );
        file.altered(
            base,
            &format!("{base}.response-of-the-link-secret"),
            "The predicate's mj is the response for the link secret.",
            link(),
            |given| {
                let other = at(given, &format!("{}/m/master_secret", eq_proof(0))).clone();
                set(given, &format!("{proof}/mj"), other);
            },
        );
        let both = format!("{base}.both-responses-one-more");
        file.altered(
            base,
            &both,
            "mj and the response for the attribute are both one more.",
            number(),
            |given| {
                add(given, &format!("{proof}/mj"), 1);
                add(given, &format!("{}/m/age", eq_proof(0)), 1);
            },
        );
    }
    let missing =
        || Expect::invalid(&["presentation-shape"]).flags(&["PART_MISSING"]).needs(&["structure"]);
    for member in ["u/3", "r/DELTA", "t/0", "t/DELTA", "mj", "alpha", "predicate"] {
        let name = member.replace('/', "-").to_lowercase();
        file.altered(
            "ge-at-bound",
            &format!("without-{name}"),
            &format!("{member} is missing."),
            missing(),
            |given| {
                remove(given, &format!("{proof}/{member}"));
            },
        );
    }
    file.altered("range", "commitments-of-another-predicate", "Two predicates have each other's commitments, and the challenge covers them in their places.", number(), |given| {
        for (member, item) in [("0", 1), ("1", 2), ("2", 3), ("3", 4), ("DELTA", 5)] {
            let [first, second] = [ge_proof(0, 0), ge_proof(0, 1)].map(|proof| format!("{proof}/t/{member}"));
            swap(given, &first, &second);
            cover(given, item, &first);
            cover(given, item + 5, &second);
        }
    });
}
