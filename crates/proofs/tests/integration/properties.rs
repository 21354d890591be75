//! What holds for every restriction and every request, found by trying many.

use proofs::lint::{lint, lint_json};
use proofs::restriction::WrittenRestriction;
use proofs::{Prefilter, ProofRequest, RequestVersion, Restriction, Tag, Tags, encoding, names};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Few tags with few values each, so that restrictions and credentials often meet. Identifiers come
/// in both forms.
const FACTS: [(&str, [&str; 2]); 8] = [
    ("issuer_did", ["abc", "did:sov:abc"]),
    ("schema_id", ["abc:2:gvt:1.0", "schema:sov:did:sov:abc:2:gvt:1.0"]),
    ("cred_def_id", ["abc:3:CL:12:T", "creddef:sov:did:sov:abc:3:CL:12:T"]),
    ("rev_reg_id", ["None", "abc:4:abc:3:CL:12:T:CL_ACCUM:R"]),
    ("schema_name", ["gvt", "abc"]),
    ("attr::First Name::value", ["Alex", "1"]),
    ("attr::first name::marker", ["1", "0"]),
    ("colour", ["red", "did:sov:abc"]),
];

/// How many of the facts are in a prefilter: all but markers.
const SELECTIVE: usize = 6;

/// One fact: a tag's name and a value.
fn fact(among: usize) -> impl Strategy<Value = (&'static str, String)> {
    let fact = prop::sample::select(&FACTS[..among]);
    (fact, 0..2_usize).prop_map(|((name, values), which)| (name, values[which].to_owned()))
}

fn equality(among: usize) -> impl Strategy<Value = Restriction> {
    fact(among).prop_map(|(name, value)| Restriction::Eq(Tag::parse(name), value))
}

/// `$in` with some of its tag's values, or one that no credential has.
fn membership(among: usize) -> impl Strategy<Value = Restriction> {
    let fact = prop::sample::select(&FACTS[..among]);
    fact.prop_flat_map(|(name, [first, second])| {
        let values = prop::sample::subsequence(vec![first, "another", second], 0..=3);
        values.prop_map(|values| {
            Restriction::In(Tag::parse(name), values.into_iter().map(str::to_owned).collect())
        })
    })
}

fn version() -> impl Strategy<Value = RequestVersion> {
    prop::sample::select(&[RequestVersion::V1, RequestVersion::V2][..])
}

/// The tags of a credential, most of which it has.
fn tags() -> impl Strategy<Value = Tags> {
    prop::collection::vec(fact(FACTS.len()), 6..16).prop_map(Tags::from_iter)
}

/// A restriction as the parser yields it (no group of fewer than two), built from the given parts.
fn groups(
    part: impl Strategy<Value = Restriction> + 'static,
) -> impl Strategy<Value = Restriction> {
    part.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Restriction::And),
            prop::collection::vec(inner, 2..4).prop_map(Restriction::Or),
        ]
    })
}

/// A restriction of any kind.
fn restriction() -> impl Strategy<Value = Restriction> {
    let every = FACTS.len();
    let inequality =
        fact(every).prop_map(|(name, value)| Restriction::Neq(Tag::parse(name), value));
    let negation = groups(equality(every)).prop_map(|part| Restriction::Not(Box::new(part)));
    groups(
        prop_oneof![6 => equality(every), 4 => membership(every), 1 => inequality, 1 => negation],
    )
}

/// A restriction without negations and markers.
fn positive_restriction() -> impl Strategy<Value = Restriction> {
    groups(prop_oneof![equality(SELECTIVE), membership(SELECTIVE)])
}

/// Any JSON, made of the words that requests and restrictions are made of, so that much of it is
/// nearly right.
fn any_json() -> impl Strategy<Value = Value> {
    const KEYS: [&str; 22] = [
        "$and",
        "$or",
        "$not",
        "$neq",
        "$in",
        "$gt",
        "a/b~",
        "schema_id",
        "attr::X y::value",
        "nonce",
        "name",
        "names",
        "version",
        "ver",
        "requested_attributes",
        "requested_predicates",
        "p_type",
        "p_value",
        "restrictions",
        "non_revoked",
        "from",
        "to",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(&["", "1", "1.0", ">=", "$neq"][..]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let key = prop_oneof![9 => prop::sample::select(&KEYS[..]).prop_map(str::to_owned), 1 => any::<String>()];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => prop::collection::vec((key.clone(), inner), 0..6).prop_map(|members| Value::from(Map::from_iter(members))),
        ]
    })
}

/// Whether a prefilter keeps its promise of being in the simplest form.
fn is_simple(prefilter: &Prefilter) -> bool {
    let inner_is_simple = |parts: &[Prefilter], own: fn(&Prefilter) -> bool| {
        parts.len() > 1
            && parts.iter().all(|part| {
                !matches!(part, Prefilter::Everything | Prefilter::Nothing)
                    && !own(part)
                    && is_simple(part)
            })
    };
    match prefilter {
        Prefilter::All(parts) => inner_is_simple(parts, |part| matches!(part, Prefilter::All(_))),
        Prefilter::AnyOf(parts) => {
            inner_is_simple(parts, |part| matches!(part, Prefilter::AnyOf(_)))
        }
        Prefilter::Everything | Prefilter::Eq(..) | Prefilter::Nothing => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_prefilter_accepts_all_that_the_restriction_accepts(
        restriction in restriction(),
        tags in tags(),
        version in version(),
    ) {
        let prefilter = restriction.prefilter(version);
        prop_assert!(is_simple(&prefilter), "{prefilter:?}");
        let matches = restriction.matches(&tags, version);
        prop_assert!(!matches || prefilter.accepts(&tags), "{restriction:?}\n{prefilter:?}");
    }

    #[test]
    fn without_negations_and_markers_the_prefilter_is_exact(
        restriction in positive_restriction(),
        tags in tags(),
        version in version(),
    ) {
        prop_assert_eq!(restriction.matches(&tags, version), restriction.prefilter(version).accepts(&tags));
    }

    #[test]
    fn a_restriction_is_read_as_it_was_written(restriction in restriction()) {
        let json = restriction.to_json();
        prop_assert_eq!(Restriction::parse(&json), Ok(Some(restriction.clone())));
        let written = WrittenRestriction::new(&json);
        prop_assert_eq!(written.as_ref().ok().and_then(WrittenRestriction::meaning), Some(&restriction));
    }

    #[test]
    fn without_negations_version_1_accepts_all_that_version_2_does(
        restriction in positive_restriction(),
        tags in tags(),
    ) {
        let accepts = |version| restriction.matches(&tags, version);
        prop_assert!(!accepts(RequestVersion::V2) || accepts(RequestVersion::V1));
    }

    #[test]
    fn no_json_makes_reading_a_restriction_panic(json in any_json()) {
        match Restriction::parse(&json) {
            Ok(Some(restriction)) => prop_assert_eq!(Restriction::parse(&restriction.to_json()), Ok(Some(restriction))),
            Ok(None) => {}
            // An error points at something: the value itself, or for an operator, the member that
            // it names.
            Err(error) => prop_assert!(json.pointer(&error.pointer).is_some(), "{error}"),
        }
    }

    #[test]
    fn no_json_makes_reading_a_request_panic(json in any_json(), attribute in any_json(), restrictions in any_json()) {
        let nearly = json!({
            "nonce": "1", "name": "r", "version": "1",
            "requested_attributes": {"a": attribute, "b": {"name": "x", "restrictions": restrictions}},
            "non_revoked": json,
        });
        for candidate in [&json, &nearly] {
            if let Ok(request) = ProofRequest::from_value(candidate) {
                let written = serde_json::to_value(&request).unwrap_or_default();
                prop_assert_eq!(ProofRequest::from_value(&written), Ok(request));
            }
        }
    }

    #[test]
    fn every_unreadable_request_has_a_lint_error(
        json in any_json(),
        attribute in any_json(),
        predicate in any_json(),
        restrictions in any_json(),
    ) {
        let nearly = json!({
            "nonce": "1", "name": "r", "version": "1",
            "requested_attributes": {"a": attribute, "b": {"name": "x", "restrictions": restrictions}},
            "requested_predicates": {"p": predicate},
        });
        let once_wrong = json!({
            "nonce": "1", "name": "r", "version": "1",
            "requested_attributes": {"b": {"name": "x", "restrictions": restrictions}},
        });
        for candidate in [&json, &nearly, &once_wrong] {
            let findings = lint(candidate, None);
            // Only the last digits of a fraction may differ, once written and read.
            let of_text = lint_json(&candidate.to_string(), None);
            prop_assert_eq!(findings.errors(), of_text.errors());
            prop_assert_eq!(findings.warnings(), of_text.warnings());
            prop_assert!(ProofRequest::from_value(candidate).is_ok() || findings.errors() > 0, "{candidate}");
            for finding in &findings.listed {
                prop_assert!(!finding.found.is_empty() && !finding.remedy.is_empty());
            }
        }
    }

    #[test]
    fn no_text_makes_reading_a_request_panic(text in any::<String>()) {
        prop_assert!(ProofRequest::from_json(&text).is_err());
        prop_assert!(lint_json(&text, None).errors() > 0);
    }

    #[test]
    fn folding_twice_is_folding_once(name in any::<String>()) {
        let folded = names::fold(&name);
        prop_assert_eq!(names::fold(&folded), folded);
    }

    #[test]
    fn a_tag_is_read_as_it_was_written(name in any::<String>()) {
        for written in [name.clone(), format!("attr::{name}::value"), format!("attr::{name}::marker")] {
            let tag = Tag::parse(&written);
            prop_assert_eq!(Tag::parse(&tag.to_string()), tag);
        }
    }

    #[test]
    fn every_text_encodes_as_a_canonical_decimal(raw in any::<String>(), integer in any::<i32>()) {
        let encoded = encoding::encode(&raw);
        prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_digit()) || encoding::integer(&encoded).is_some());
        prop_assert!(encoded == "0" || !encoded.starts_with('0'));
        prop_assert_eq!(encoding::integer(&encoding::encode(&integer.to_string())), Some(integer));
    }
}
