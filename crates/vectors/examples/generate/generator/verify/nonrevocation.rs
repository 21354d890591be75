//! Intervals, and proofs that a credential is not revoked.

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::ALEX;
use super::change::*;
use super::frozen;

/// The library computes these proofs; our own engine does not yet.
const LIBRARY: &[&str] = &["mathematics/indy-credx"];

/// The time of the registry's entry in the case of `indy-credx`.
const ENTRY: u64 = 1_600_000_000;

pub fn file() -> File {
    let mut file = File::new(
        "verify_nonrevocation",
        Kind::Verify,
        "AnonCreds CL presentations: proofs of non-revocation",
        &[
            "Presentations of revocable credentials, made by the libraries, and the intervals that requests ask for.",
            "An entry counts if it was in force at some time of the interval (Aries RFC 0441, anoncreds-spec issue 132).",
        ],
    );
    const RFC: &[&str] = &[
        "https://github.com/hyperledger/aries-rfcs/tree/main/concepts/0441-present-proof-best-practices",
    ];
    file.note(
        "NOT_REVOKED",
        BugType::Basic,
        "An honest proof of non-revocation.",
        "Honest holders are refused.",
        RFC,
    );
    file.note(
        "CANNOT_BE_REVOKED",
        BugType::RefusesValid,
        "The request asks for non-revocation, and the credential cannot be revoked.",
        "Honest holders are refused.",
        RFC,
    );
    file.note("STALE_ENTRY", BugType::AcceptsInvalid, "The entry of the registry is older than the interval.", "A credential that was revoked since is accepted; or an honest holder, whose registry had no newer entry, is refused.", &["https://github.com/hyperledger/anoncreds-spec/issues/132"]);
    file.note(
        "INTERVAL",
        BugType::EdgeCase,
        "The ends of the interval.",
        "Entries are off by one.",
        RFC,
    );
    file.note(
        "PART_MISSING",
        BugType::AcceptsInvalid,
        "The time without the proof, the proof without the time, or neither.",
        "A revoked credential is accepted because nothing was checked.",
        RFC,
    );
    file.note(
        "NUMBER_CHANGED",
        BugType::AcceptsInvalid,
        "One number of the proof is another one.",
        "The proof proves nothing.",
        &[],
    );
    file.note(
        "NOT_GIVEN",
        BugType::AcceptsInvalid,
        "Registry data that the presentation names is not given.",
        "A presentation is accepted without having been checked.",
        &[],
    );
    irrevocable(&mut file);
    file.source("anoncreds (Python)", "0.2.3");
    for frozen in frozen::peers() {
        if frozen.is_about_revocation {
            let flag = match frozen.cautions.contains(&"cannot-be-revoked") {
                true => "CANNOT_BE_REVOKED",
                false => "NOT_REVOKED",
            };
            file.add(
                &frozen.name,
                "Made and verified by another library.",
                frozen.given,
                Expect::valid().flags(&[flag]).cautions(&frozen.cautions),
            );
        }
    }
    file.source("indy-credx", "1.1.1");
    file.add(
        "in-interval",
        "A revocable credential, an interval for all and one for a predicate.",
        frozen::by_indy_credx(),
        Expect::valid().flags(&["NOT_REVOKED"]).cautions(&["one-sided-bound"]),
    );
    intervals(&mut file);
    parts(&mut file);
    numbers(&mut file);
    file.source("anoncreds (Python)", "0.2.3");
    of_status_lists(&mut file);
    file
}

fn irrevocable(file: &mut File) {
    let attributes = json!({"name": {"name": "name"}});
    let expect = || Expect::valid().flags(&["CANNOT_BE_REVOKED"]).cautions(&["cannot-be-revoked"]);
    for (name, interval, comment) in [
        (
            "irrevocable-now",
            json!({"from": 1_700_000_000, "to": 1_700_000_000}),
            "The usual request: from = to = now.",
        ),
        ("irrevocable-to", json!({"to": 1_700_000_000}), "An interval without a beginning."),
        ("irrevocable-from", json!({"from": 1_700_000_000}), "An interval without an end."),
        (
            "irrevocable-zero",
            json!({"from": 0, "to": 1_700_000_000}),
            "An interval from the beginning of time.",
        ),
    ] {
        let mut asked = request(&format!("interval {name}"), attributes.clone(), json!({}));
        asked["non_revoked"] = interval;
        file.add(name, comment, present(&asked, &[(&ALEX, &["name"])]), expect());
    }
    let asked = request(
        "interval of a referent",
        json!({"name": {"name": "name", "non_revoked": {"to": 1_700_000_000}}}),
        json!({}),
    );
    file.add(
        "irrevocable-asked-by-a-referent",
        "The interval stands in a referent.",
        present(&asked, &[(&ALEX, &["name"])]),
        expect(),
    );
}

fn intervals(file: &mut File) {
    let non_revoked = format!("{REQUEST}/non_revoked");
    let of_predicate = format!("{REQUEST}/requested_predicates/adult/non_revoked");
    let set_both = |given: &mut Value, interval: Value| {
        set(given, &non_revoked, interval.clone());
        set(given, &of_predicate, interval);
    };
    let valid = || Expect::valid().flags(&["INTERVAL"]).cautions(&["one-sided-bound"]);
    let stale =
        || Expect::undecided(&["non-revocation"]).flags(&["STALE_ENTRY"]).needs(&["intervals"]);
    for (name, interval, comment) in [
        (
            "entry-at-the-beginning",
            json!({"from": ENTRY, "to": ENTRY + 100}),
            "The entry's time is the first of the interval.",
        ),
        (
            "entry-at-the-end",
            json!({"from": ENTRY - 100, "to": ENTRY}),
            "The entry's time is the last of the interval.",
        ),
        (
            "entry-at-the-only-moment",
            json!({"from": ENTRY, "to": ENTRY}),
            "The interval is the entry's time.",
        ),
        (
            "interval-without-a-beginning",
            json!({"to": ENTRY + 1}),
            "The interval has no beginning.",
        ),
        ("interval-without-an-end", json!({"from": ENTRY - 1}), "The interval has no end."),
    ] {
        file.altered("in-interval", name, comment, valid(), |given| {
            set_both(given, interval.clone())
        });
    }
    for (name, interval, comment) in [
        (
            "entry-before-the-interval",
            json!({"from": ENTRY + 1, "to": ENTRY + 100}),
            "The entry is older than the interval, and nothing shows that it was still in force.",
        ),
        (
            "entry-long-before-now",
            json!({"from": ENTRY + 31_536_000, "to": ENTRY + 31_536_000}),
            "The usual request, from = to = now, a year after the entry.",
        ),
    ] {
        file.altered("in-interval", name, comment, stale(), |given| {
            set_both(given, interval.clone())
        });
    }
    let registry = "NcYxiDXkpYi6ov5FcYDi1e:4:NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:REVOCABLE:CL_ACCUM:R1";
    let assert_at = |given: &mut Value, from: u64, entry: u64| {
        set_both(given, json!({"from": from, "to": from + 10}));
        set(
            given,
            "/input/nonrevoked_interval_override",
            json!({registry: {from.to_string(): entry}}),
        );
    };
    file.altered(
        "in-interval",
        "entry-asserted",
        "The verifier asserts that this entry was in force when the interval began.",
        Expect::valid().flags(&["STALE_ENTRY"]).cautions(&["one-sided-bound"]),
        |given| assert_at(given, ENTRY + 500, ENTRY),
    );
    for (name, rule, expect) in [
        ("stale-entry-strict", "strict", Expect::invalid(&["non-revocation"])),
        (
            "stale-entry-lenient",
            "lenient",
            Expect::valid().cautions(&["entry-before-interval", "one-sided-bound"]),
        ),
        ("stale-entry-proven", "proven", Expect::undecided(&["non-revocation"])),
    ] {
        file.altered(
            "in-interval",
            name,
            &format!("The entry is older than the interval; the verifier's rule is {rule}."),
            expect.flags(&["STALE_ENTRY"]).needs(&["policy"]),
            |given| {
                set_both(given, json!({"from": ENTRY + 1, "to": ENTRY + 100}));
                set(given, "/input/policy", json!({"interval": rule}));
            },
        );
    }
    file.altered(
        "in-interval",
        "not-asked",
        "The request does not ask; the proof is there all the same, and is checked.",
        Expect::valid().flags(&["INTERVAL"]).cautions(&["one-sided-bound"]),
        |given| {
            remove(given, &non_revoked);
            remove(given, &of_predicate);
        },
    );
    file.altered(
        "in-interval",
        "asked-by-the-predicate-only",
        "Only the predicate's referent has an interval.",
        valid(),
        |given| {
            remove(given, &non_revoked);
        },
    );
}

fn parts(file: &mut File) {
    let expect = || Expect::invalid(&["non-revocation"]).flags(&["PART_MISSING"]);
    let timestamp = format!("{PRESENTATION}/identifiers/0/timestamp");
    let registry = format!("{PRESENTATION}/identifiers/0/rev_reg_id");
    let proof = format!("{PRESENTATION}/proof/proofs/0/non_revoc_proof");
    file.altered(
        "in-interval",
        "without-the-time",
        "The proof is there, the time of its entry is not.",
        expect(),
        |given| set(given, &timestamp, json!(null)),
    );
    file.altered(
        "in-interval",
        "without-the-registry",
        "The proof is there, its registry is not named.",
        expect(),
        |given| set(given, &registry, json!(null)),
    );
    file.altered(
        "in-interval",
        "without-the-proof",
        "The time of an entry is there, the proof is not.",
        expect(),
        |given| set(given, &proof, json!(null)),
    );
    for (name, member, comment) in [
        ("registry-not-given", "rev_reg_defs", "The registry's definition is not given."),
        ("entry-not-given", "rev_regs", "No entry of the registry is given."),
    ] {
        file.altered(
            "in-interval",
            name,
            comment,
            Expect::undecided(&["non-revocation"]).flags(&["NOT_GIVEN"]),
            |given| {
                let public = &mut given["public"];
                public["indy"].as_object_mut().unwrap().remove(member);
                public["anoncreds"].as_object_mut().unwrap().remove(if member == "rev_regs" {
                    "rev_status_lists"
                } else {
                    member
                });
            },
        );
    }
    file.altered(
        "in-interval",
        "entry-of-another-time",
        "The presentation names the time of an entry that is not given.",
        Expect::undecided(&["non-revocation"]).flags(&["NOT_GIVEN"]),
        |given| set(given, &timestamp, json!(ENTRY + 1)),
    );
}

fn numbers(file: &mut File) {
    let proof = format!("{PRESENTATION}/proof/proofs/0/non_revoc_proof");
    for member in ["rho", "r", "r_prime", "o", "m", "s", "t", "c"] {
        file.altered(
            "in-interval",
            &format!("{}-one-more", member.replace('_', "-")),
            &format!("The response {member} is another number."),
            Expect::invalid(LIBRARY).flags(&["NUMBER_CHANGED"]),
            |given| {
                let number = at(given, &format!("{proof}/x_list/{member}"));
                let text = number.as_str().unwrap().to_owned();
                *number = json!(next_digit(&text));
            },
        );
    }
    for (name, one, other) in [
        ("e-and-d-exchanged", "e", "d"),
        ("a-and-g-exchanged", "a", "g"),
        ("w-and-s-exchanged", "w", "s"),
    ] {
        file.altered(
            "in-interval",
            name,
            "Two commitments are exchanged.",
            Expect::invalid(&["challenge-binding"]).flags(&["NUMBER_CHANGED"]),
            |given| {
                swap(given, &format!("{proof}/c_list/{one}"), &format!("{proof}/c_list/{other}"))
            },
        );
    }
    file.altered(
        "in-interval",
        "m2-one-more",
        "The response that ties the proof to the credential is another number.",
        Expect::invalid(LIBRARY).flags(&["NUMBER_CHANGED"]),
        |given| add(given, &format!("{}/m2", eq_proof(0)), 1),
    );
}

/// Changes the last hexadecimal digit.
fn next_digit(text: &str) -> String {
    let (head, last) = text.split_at(text.len() - 1);
    let digit = u32::from_str_radix(last, 16).unwrap();
    format!("{head}{:X}", (digit + 1) % 16)
}

/// Presentations with status lists of other times: another accumulator.
fn of_status_lists(file: &mut File) {
    file.altered(
        "did-webvh.after-another-was-revoked",
        "did-webvh.another-nonce",
        "The request has another nonce.",
        Expect::invalid(LIBRARY).flags(&["NUMBER_CHANGED"]),
        |given| add(given, &format!("{REQUEST}/nonce"), 1),
    );
    file.altered(
        "legacy.in-force-at-the-moment",
        "legacy.in-force-not-asserted",
        "The verifier does not assert which entry was in force.",
        Expect::undecided(&["non-revocation"]).flags(&["STALE_ENTRY"]),
        |given| {
            remove(given, "/input/nonrevoked_interval_override");
        },
    );
    file.altered(
        "did-indy.in-force-at-the-moment",
        "did-indy.in-force-not-asserted",
        "The verifier does not assert which entry was in force.",
        Expect::undecided(&["non-revocation"]).flags(&["STALE_ENTRY"]),
        |given| {
            remove(given, "/input/nonrevoked_interval_override");
        },
    );
}
