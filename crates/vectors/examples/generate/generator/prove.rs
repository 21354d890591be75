//! Presentations from given random numbers, with every number on the way.

use std::collections::BTreeMap;

use cl::{ChosenCredential, LinkSecret, ProofRequest, prove_with_recorded_randomness};
use serde_json::{Map, Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::file::{Expect, File};
use super::honest::request;
use super::issuer::Stream;
use super::parties::{ALEX, ALEX_ACCOUNT, ALEX_DEGREE, ALEX_ONCE, Held, LINK_SECRET};
use super::schema::{KindSchema, object};

/// Where the equations are.
const SPECIFICATION: &str = "https://hyperledger.github.io/anoncreds-spec/";

pub fn schema() -> KindSchema {
    let any = json!({"type": "object"});
    let objects = json!({"type": "array", "minItems": 1, "items": any});
    let texts = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let issuer = object(
        json!({"schema": any, "credential_definition": any}),
        &["schema", "credential_definition"],
    );
    let answers = object(
        json!({
            "attributes": {
                "type": "object",
                "description": "whether each referent is revealed",
                "additionalProperties": {"type": "boolean"},
            },
            "predicates": {"type": "array", "items": {"type": "string"}},
        }),
        &["attributes", "predicates"],
    );
    let members = [
        ("issuers", json!({"type": "array", "minItems": 1, "items": issuer})),
        ("link_secret", json!({"type": "string"})),
        ("credentials", objects),
        ("request", any.clone()),
        ("answers", json!({"type": "array", "minItems": 1, "items": answers})),
        ("self_attested", texts.clone()),
        ("random", texts),
    ];
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let members: Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    KindSchema {
        kind: Kind::ProveKnownAnswer,
        input: object(members.into(), &names),
        output: Some(object(
            json!({"presentation": any, "trace": any}),
            &["presentation", "trace"],
        )),
        has_public: false,
    }
}

/// What one credential answers: referents and whether they are revealed, and predicates.
type Answers<'a> = (&'a Held, &'a [(&'a str, bool)], &'a [&'a str]);

pub fn file() -> File {
    let mut file = File::new(
        "prove_known_answers",
        Kind::ProveKnownAnswer,
        "AnonCreds CL presentations from recorded random numbers",
        &[
            "From the numbers in `random`, a prover makes exactly this presentation; `trace` has the numbers on the way.",
            "In the names of the numbers, I counts sub-proofs and J their predicates, from 0, as the presentation has them.",
            "`m_tilde/master_secret` masks the link secret in all sub-proofs (592 bits). A' = A * S^r with `I/r` (2128).",
            "`I/e_tilde` masks e - 2^596 (456), `I/v_tilde` v - e * r (3060), `I/m2_tilde` m2 (2432), `I/m_tilde/NAME` a \
             hidden attribute by its name in small letters without blanks (592).",
            "T_i = Z^u_i * S^r_i and T_DELTA = Z^delta * S^r_DELTA with `I/J/r/0` to `3` and `DELTA` (2128). The masks are \
             `I/J/u_tilde/0` to `3` (592), `I/J/r_tilde/0` to `3` and `DELTA` (672), and `I/J/alpha_tilde` (2787).",
            "Predicates are in the order of attribute, operator (GE, LE, GT, LT) and bound; one that two referents ask for is \
             proved once.",
            "Hashed are, for each sub-proof, its T~ and for each of its predicates T~ of 0, 1, 2, 3, DELTA and Q; then, for \
             each sub-proof, its A' and for each of its predicates T of 0, 1, 2, 3 and DELTA; last the nonce.",
            "A difference has many decompositions into four squares: a prover takes the roots `u` of the trace.",
            "All link secrets, signatures and numbers here are public, and of no use elsewhere.",
        ],
    );
    notes(&mut file);
    attributes(&mut file);
    predicates(&mut file);
    several(&mut file);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description) in [
        ("NORMAL", BugType::Basic, "Attributes that are revealed or hidden."),
        ("PREDICATE", BugType::Basic, "Predicates, in the order of a presentation."),
        ("BOUND", BugType::EdgeCase, "Differences of 0, and of nearly 2^31."),
        ("NAME_FOLDED", BugType::Incompatible, "Names with capitals and blanks."),
        (
            "SEVERAL",
            BugType::Basic,
            "Several credentials: the response for the link secret is one.",
        ),
    ] {
        let effect = "The presentation is refused.";
        file.note(flag, bug, description, effect, &[SPECIFICATION]);
    }
}

/// Adds a test: proves, and records the numbers.
fn add(
    file: &mut File,
    test: (&str, &str, &str),
    asked: &Value,
    answers: &[Answers<'_>],
    self_attested: &Value,
) {
    let (flag, name, comment) = test;
    let mut random: BTreeMap<String, String> = BTreeMap::new();
    let mut record = |number: &str, bits: usize| {
        let drawn = Stream::new(format!("known answer {name} {number}")).bits(bits).to_string();
        random.insert(number.to_owned(), drawn.clone());
        Some(drawn)
    };
    let chosen: Vec<ChosenCredential<'_>> = answers
        .iter()
        .map(|(held, attributes, predicates)| {
            let choice = ChosenCredential::new(&held.credential, &held.party.key);
            let choice = attributes.iter().fold(choice, |choice, (referent, reveal)| {
                if *reveal { choice.reveal(*referent) } else { choice.hide(*referent) }
            });
            predicates.iter().fold(choice, |choice, referent| choice.satisfy(*referent))
        })
        .collect();
    let stated: BTreeMap<String, String> = serde_json::from_value(self_attested.clone()).unwrap();
    let (presentation, trace) = prove_with_recorded_randomness(
        &ProofRequest::from_json(asked).unwrap(),
        &chosen,
        &stated,
        &LinkSecret::from_decimal(LINK_SECRET).unwrap(),
        &mut record,
    )
    .unwrap();
    let each = |written: fn(&Answers<'_>) -> Value| answers.iter().map(written).collect::<Value>();
    let input = json!({
        "issuers": each(|(held, ..)| {
            let issuer = &held.party.issuer;
            json!({"schema": issuer.schema, "credential_definition": issuer.cred_def})
        }),
        "link_secret": LINK_SECRET,
        "credentials": each(|(held, ..)| held.json.clone()),
        "request": asked,
        "answers": each(|(_, attributes, predicates)| {
            let attributes: BTreeMap<_, _> = attributes.iter().copied().collect();
            json!({"attributes": attributes, "predicates": predicates})
        }),
        "self_attested": self_attested,
        "random": random,
    });
    let output = json!({"presentation": presentation, "trace": trace});
    file.add(name, comment, json!({"input": input}), Expect::valid().flags(&[flag]).output(output));
}

fn attributes(file: &mut File) {
    let none = &json!({});
    let asked = request("known one", json!({"name": {"name": "name"}}), json!({}));
    let comment = "The smallest presentation: one revealed attribute.";
    let answers: &[Answers<'_>] = &[(&ALEX, &[("name", true)], &[])];
    add(file, ("NORMAL", "one-attribute", comment), &asked, answers, none);
    let asked = request(
        "known hidden",
        json!({"name": {"name": "name"}, "height": {"name": "height"}}),
        json!({}),
    );
    let comment = "One attribute is revealed, one is only held.";
    let answers: &[Answers<'_>] = &[(&ALEX, &[("name", true), ("height", false)], &[])];
    add(file, ("NORMAL", "hidden-attribute", comment), &asked, answers, none);
    let all = json!({
        "a": {"name": "name"}, "b": {"name": "age"}, "c": {"name": "height"}, "d": {"name": "sex"},
    });
    let asked = request("known all", all, json!({}));
    let comment = "All attributes are revealed: only the link secret is hidden.";
    let revealed = [("a", true), ("b", true), ("c", true), ("d", true)];
    let answers: &[Answers<'_>] = &[(&ALEX, &revealed, &[])];
    add(file, ("NORMAL", "all-attributes", comment), &asked, answers, none);
    let names = json!({
        "who": {"names": ["FIRST NAME", "lastname"]}, "what": {"name": "Degree"},
    });
    let asked = request("known names", names, json!({}));
    let comment = "A group, with other case and blanks. The modulus has 2,050 bits.";
    let answers: &[Answers<'_>] = &[(&ALEX_DEGREE, &[("who", true), ("what", true)], &[])];
    add(file, ("NAME_FOLDED", "group", comment), &asked, answers, none);
    let mut asked = request("known nonce", json!({"zero": {"name": "zero"}}), json!({}));
    asked["nonce"] = json!("1");
    let comment = "A nonce of one byte, and a value of zero.";
    let answers: &[Answers<'_>] = &[(&ALEX_ACCOUNT, &[("zero", true)], &[])];
    add(file, ("NORMAL", "short-nonce", comment), &asked, answers, none);
}

fn predicates(file: &mut File) {
    let none = &json!({});
    let on = |name: &str, p_type: &str, p_value: i64| json!({"name": name, "p_type": p_type, "p_value": p_value});
    let asked = request(
        "known operators",
        json!({"name": {"name": "name"}}),
        json!({
            "at least 28": on("Age", ">=", 28),
            "above 17": on("a g e", ">", 17),
            "at most 65": on("age", "<=", 65),
            "below 29": on("age", "<", 29),
        }),
    );
    let comment = "One predicate with each operator, on one attribute; two of them hold only just.";
    let satisfied = ["at least 28", "above 17", "at most 65", "below 29"];
    let answers: &[Answers<'_>] = &[(&ALEX, &[("name", true)], &satisfied)];
    add(file, ("PREDICATE", "each-operator", comment), &asked, answers, none);
    let asked = request(
        "known order",
        json!({}),
        json!({
            "a": on("limit", ">=", 0),
            "b": on("balance", "<", -1),
            "c": on("balance", ">=", -2_147_483_648),
            "d": on("limit", ">=", 0),
            "e": on("limit", ">", 0),
        }),
    );
    let comment = "Predicates on two attributes, one of them asked for by two referents.";
    let answers: &[Answers<'_>] = &[(&ALEX_ACCOUNT, &[], &["a", "b", "c", "d", "e"])];
    add(file, ("PREDICATE", "two-attributes", comment), &asked, answers, none);
    let asked = request(
        "known ends",
        json!({}),
        json!({
            "delta 0": on("limit", "<=", 2_147_483_647),
            "delta 2^31 - 1": on("limit", ">=", 0),
            "least value": on("balance", ">=", -2_147_483_648),
        }),
    );
    let comment = "The least difference, twice, and the greatest one of 32-bit arithmetic.";
    let answers: &[Answers<'_>] =
        &[(&ALEX_ACCOUNT, &[], &["delta 0", "delta 2^31 - 1", "least value"])];
    add(file, ("BOUND", "ends", comment), &asked, answers, none);
    let asked = request("known year", json!({}), json!({"recent": on("Year", ">", 2019)}));
    let comment = "A predicate alone.";
    let answers: &[Answers<'_>] = &[(&ALEX_DEGREE, &[], &["recent"])];
    add(file, ("PREDICATE", "predicate-alone", comment), &asked, answers, none);
}

fn several(file: &mut File) {
    let none = &json!({});
    let asked = request(
        "known two",
        json!({
            "degree": {"names": ["degree", "year"]},
            "name": {"name": "name"},
            "phone": {"name": "phone"},
        }),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let comment = "Two issuers, a group, a predicate, and a value that the holder states itself.";
    let answers: &[Answers<'_>] =
        &[(&ALEX, &[("name", true)], &["adult"]), (&ALEX_DEGREE, &[("degree", true)], &[])];
    add(
        file,
        ("SEVERAL", "two-issuers", comment),
        &asked,
        answers,
        &json!({"phone": "+1 555 0100"}),
    );
    let asked = request(
        "known twice",
        json!({"now": {"name": "name"}, "then": {"name": "name"}}),
        json!({}),
    );
    let comment = "Two credentials of one issuer.";
    let answers: &[Answers<'_>] =
        &[(&ALEX, &[("now", true)], &[]), (&ALEX_ONCE, &[("then", true)], &[])];
    add(file, ("SEVERAL", "one-issuer-twice", comment), &asked, answers, none);
    let asked = request(
        "known three",
        json!({"degree": {"name": "degree"}, "holder": {"name": "holder"}, "sex": {"name": "sex"}}),
        json!({"tall": {"name": "height", "p_type": ">", "p_value": 170}}),
    );
    let comment = "Three issuers; the sub-proofs in another order than the issuers' names.";
    let answers: &[Answers<'_>] = &[
        (&ALEX_DEGREE, &[("degree", true)], &[]),
        (&ALEX_ACCOUNT, &[("holder", true)], &[]),
        (&ALEX, &[("sex", false)], &["tall"]),
    ];
    add(file, ("SEVERAL", "three-issuers", comment), &asked, answers, none);
}
