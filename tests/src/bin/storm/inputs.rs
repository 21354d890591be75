//! Mutated inputs: whatever a file contains, the program ends in time, with an exit code of its
//! own.

use std::fs;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use workspace_tests::root;

use crate::{
    random::Random,
    world::{Counts, World},
};

/// Cases on a file that `verify` reads at once.
const CASES: usize = 100;

const TOKENS: [&str; 24] = [
    "\\u0000",
    "\u{0}",
    "-",
    "+1",
    " 1",
    "1e9",
    "0x10",
    "١٢",
    "null",
    "{}",
    "[]",
    "[[[[[[[[",
    "{\"$not\":",
    "\"\"",
    "\\ud800",
    "\u{202e}",
    "99999999999999999999999999999999",
    "-1",
    "1.5",
    "true",
    "\"$or\":[",
    "\"restrictions\":",
    "\"names\":[",
    ",",
];

pub fn round(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    let (name, command, mutants): (&str, &[&str], usize) = match random.below(8) {
        0 | 1 => return cases(world, random, counts),
        2 => ("asked.json", &["lint", "asked.json"], 10),
        3 => ("asked.json", &["search", "asked.json", "--home", "home", "--explain"], 2),
        4 => ("asked.json", &["disclose", "asked.json", "--home", "home"], 2),
        5 => ("response.json", &["verify", "request.json", "response.json"], 8),
        6 => ("request.json", &["respond", "request.json", "--home", "alex", "--dry-run"], 2),
        _ => ("alex.jsonl", &["keep", "alex.jsonl", "--home", "alex"], 2),
    };
    let copied: &[&str] = match name {
        "asked.json" => &["home"],
        _ => &["alex", "registry", "request.json", "response.json", "alex.jsonl"],
    };
    let place = world.begin(copied)?;
    let original = match name {
        "asked.json" => asked().to_string(),
        _ => fs::read_to_string(place.join(name))?,
    };
    for _ in 0..mutants {
        fs::write(place.join(name), mutated(&original, random))?;
        let program = if name == "asked.json" { "negotiate-proof" } else { "proof-exchange" };
        world.run(world.program(program, &place).args(command))?;
        *counts.entry(format!("mutated inputs of `{program} {}`", command[0])).or_default() += 1;
    }
    Ok(())
}

/// Has `verify` read many mutated cases, each on a line.
fn cases(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    let place = world.begin(&[])?;
    let fixtures = root().join("crates/proofs/tests/fixtures/cases");
    let names = ["one-credential.json", "two-credentials.json", "operators.json", "revocable.json"];
    let mut lines = Vec::new();
    for _ in 0..CASES {
        let text = fs::read_to_string(fixtures.join(random.pick(&names)))?;
        let mut line = mutated(&text, random);
        line.retain(|byte| *byte != b'\n');
        lines.extend(line);
        lines.push(b'\n');
    }
    fs::write(place.join("cases.jsonl"), lines)?;
    let mut verify = world.program("negotiate-proof", &place);
    let run = world.run(verify.args(["verify", "cases.jsonl", "--json"]))?;
    let verdicts = run.lines().count();
    ensure!(verdicts >= CASES, "{verdicts} verdicts on {CASES} cases: {}", run.stderr);
    *counts.entry("mutated inputs of `negotiate-proof verify`".to_owned()).or_default() +=
        CASES as u64;
    Ok(())
}

/// Returns a request with everything that a request can have.
fn asked() -> Value {
    json!({
        "nonce": "1234567890", "name": "n", "version": "1.0", "ver": "1.0",
        "non_revoked": {"from": 1, "to": 2000000000},
        "requested_attributes": {
            "a": {"name": "name", "restrictions": [{"issuer_did": "NcYxiDXkpYi6ov5FcYDi1e"}, {"$or": [
                {"attr::name::value": "x"}, {"$not": {"schema_name": {"$in": ["gvt", "a"]}}}]}]},
            "b": {"names": ["height", "sex"], "restrictions": {"attr::sex::marker": "1"}},
            "c": {"name": "colour"},
        },
        "requested_predicates": {"d": {"name": "age", "p_type": ">=", "p_value": 18}},
    })
}

/// Changes a text: as JSON where it is, or its bytes.
fn mutated(text: &str, random: &mut Random) -> Vec<u8> {
    let mut bytes = match (serde_json::from_str::<Value>(text), random.below(3)) {
        (Ok(mut value), 1 | 2) => {
            for _ in 0..=random.below(3) {
                replace_one(&mut value, random);
            }
            return value.to_string().into_bytes();
        }
        _ => text.as_bytes().to_vec(),
    };
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(64)).min(bytes.len());
        match random.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.extend_from_within(at..end),
            3 => {
                let token = random.pick(&TOKENS).bytes();
                bytes.splice(at..at, token).for_each(drop);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
    }
    bytes
}

/// Replaces one value somewhere in a document, or renames a member.
fn replace_one(value: &mut Value, random: &mut Random) {
    let inside = random.below(8) > 0;
    match value {
        Value::Object(members) if inside && !members.is_empty() => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = random.pick(&names);
            if random.below(8) == 0 {
                let member = members.remove(name).unwrap_or_default();
                members.insert(format!("{name}{}", random.pick(&TOKENS)), member);
            } else if let Some(member) = members.get_mut(name) {
                replace_one(member, random);
            }
        }
        Value::Array(items) if inside && !items.is_empty() => {
            let at = random.below(items.len());
            replace_one(&mut items[at], random);
        }
        Value::String(text) if random.below(2) == 0 => {
            let at = text.char_indices().map(|(at, _)| at).nth(random.below(text.chars().count()));
            text.insert_str(
                at.unwrap_or(0),
                random.pick(&TOKENS).replace("\\u0000", "\u{0}").as_str(),
            );
        }
        other => *other = hostile(random),
    }
}

fn hostile(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::Null,
        1 => json!(random.pick(&TOKENS)),
        2 => json!("9".repeat(1 + random.below(3000))),
        3 => json!(i64::MIN),
        4 => json!([[[[[[[["deep"]]]]]]]]),
        5 => (0..random.below(300)).fold(json!({"a": "b"}), |inner, _| json!({ "$not": inner })),
        6 => json!({"": "", "a": [1, "2", null]}),
        _ => json!(vec!["x"; random.below(2000)]),
    }
}
