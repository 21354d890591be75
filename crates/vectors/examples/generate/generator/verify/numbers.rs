//! How numbers are written, and how long they may be.

use dashu_int::IBig;
use serde_json::json;
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::ALEX;
use super::change::*;

pub fn file() -> File {
    let mut file = File::new(
        "verify_numbers",
        Kind::Verify,
        "AnonCreds CL presentations: numbers",
        &[
            "Numbers that are not written as decimals, group elements outside the group, and responses that no honest prover makes.",
        ],
    );
    file.note("NORMAL", BugType::Basic, "An honest presentation.", "", &[]);
    file.note(
        "NOT_A_DECIMAL",
        BugType::AcceptsInvalid,
        "A number that is not written as a canonical decimal.",
        "Readers differ in which number it is; some stop with an error, some with a crash.",
        &[],
    );
    file.note(
        "OUTSIDE_THE_GROUP",
        BugType::AcceptsInvalid,
        "A number that should be a group element and is 0, 1, n or larger.",
        "Equations hold that say nothing.",
        &[],
    );
    file.note(
        "TOO_LONG",
        BugType::AcceptsInvalid,
        "A response that is longer than an honest prover makes it.",
        "A proof shows less than it should: ranges follow from lengths.",
        &[],
    );
    let asked = request(
        "numbers",
        json!({"name": {"name": "name"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    file.add(
        "one-credential",
        "One attribute and one predicate.",
        present(&asked, &[(&ALEX, &["name", "adult"])]),
        Expect::valid().flags(&["NORMAL"]).cautions(&["one-sided-bound"]),
    );
    form(&mut file);
    group(&mut file);
    range(&mut file);
    file
}

fn form(file: &mut File) {
    let expect = || Expect::invalid(&["number-form"]).flags(&["NOT_A_DECIMAL"]);
    for (member, pointer) in [
        ("e", format!("{}/e", eq_proof(0))),
        ("a-prime", format!("{}/a_prime", eq_proof(0))),
        ("mj", format!("{}/mj", ge_proof(0, 0))),
        ("challenge", format!("{AGGREGATED}/c_hash")),
    ] {
        for (name, text) in [
            ("empty", ""),
            ("a-word", "seven"),
            ("a-fraction", "1.5"),
            ("two-numbers", "1 2"),
            ("a-space-before", " 7"),
            ("other-digits", "٧"),
            ("only-a-sign", "-"),
        ] {
            file.altered(
                "one-credential",
                &format!("{member}-is-{name}"),
                &format!("The number is written {text:?}."),
                expect(),
                |given| set(given, &pointer, json!(text)),
            );
        }
    }
}

fn group(file: &mut File) {
    let expect = || Expect::invalid(&["number-form"]).flags(&["OUTSIDE_THE_GROUP"]);
    for (member, pointer, item) in [
        ("a-prime", format!("{}/a_prime", eq_proof(0)), 0),
        ("t0", format!("{}/t/0", ge_proof(0, 0)), 1),
        ("tdelta", format!("{}/t/DELTA", ge_proof(0, 0)), 5),
    ] {
        for name in ["zero", "one", "n", "n-and-one", "n-more"] {
            file.altered(
                "one-credential",
                &format!("{member}-is-{name}"),
                "The group element is outside 1 < x < n; the challenge covers it.",
                expect(),
                |given| {
                    let definition = given["public"]["indy"]["cred_defs"]
                        .as_object()
                        .unwrap()
                        .values()
                        .next()
                        .unwrap();
                    let n: IBig =
                        definition["value"]["primary"]["n"].as_str().unwrap().parse().unwrap();
                    let value: IBig = at(given, &pointer).as_str().unwrap().parse().unwrap();
                    let number = match name {
                        "zero" => IBig::ZERO,
                        "one" => IBig::ONE,
                        "n" => n,
                        "n-and-one" => n + IBig::ONE,
                        _ => value + n,
                    };
                    set(given, &pointer, json!(number.to_string()));
                    cover(given, item, &pointer);
                },
            );
        }
    }
}

fn range(file: &mut File) {
    let expect = || Expect::invalid(&["number-range"]).flags(&["TOO_LONG"]);
    let (eq, ge) = (eq_proof(0), ge_proof(0, 0));
    for (name, pointer, bits) in [
        ("e", format!("{eq}/e"), 457),
        ("v", format!("{eq}/v"), 3061),
        ("m", format!("{eq}/m/height"), 594),
        ("link-secret", format!("{eq}/m/master_secret"), 594),
        ("m2", format!("{eq}/m2"), 2433),
        ("u", format!("{ge}/u/0"), 594),
        ("r", format!("{ge}/r/0"), 2466),
        ("alpha", format!("{ge}/alpha"), 2800),
    ] {
        file.altered(
            "one-credential",
            &format!("{name}-longer-by-far"),
            "The response is longer than any honest one.",
            expect(),
            |given| add(given, &pointer, IBig::ONE << (bits + 8)),
        );
        if name != "alpha" {
            file.altered(
                "one-credential",
                &format!("{name}-negative"),
                "The response is negative.",
                Expect::invalid(&["number-form"]).flags(&["NOT_A_DECIMAL"]),
                |given| {
                    let number: IBig = at(given, &pointer).as_str().unwrap().parse().unwrap();
                    set(given, &pointer, json!((-number).to_string()));
                },
            );
        }
    }
}
