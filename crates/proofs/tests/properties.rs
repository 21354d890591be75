//! What holds for every restriction and every request, found by trying many.

use proofs::restriction::WrittenRestriction;
use proofs::{Prefilter, ProofRequest, RequestVersion, Restriction, Tag, Tags, encoding, names};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Names and values are few, so that restrictions and credentials often meet.
const TAG_NAMES: [&str; 8] = [
    "issuer_did",
    "cred_def_id",
    "schema_id",
    "schema_name",
    "rev_reg_id",
    "attr::First Name::marker",
    "attr::first name::value",
    "colour",
];
const VALUES: [&str; 8] = [
    "1",
    "gvt",
    "abc",
    "did:sov:abc",
    "abc:2:gvt:1.0",
    "schema:sov:did:sov:abc:2:gvt:1.0",
    "abc:3:CL:12:T",
    "creddef:sov:did:sov:abc:3:CL:12:T",
];

fn tag() -> impl Strategy<Value = Tag> {
    prop::sample::select(&TAG_NAMES[..]).prop_map(Tag::parse)
}

fn value() -> impl Strategy<Value = String> {
    prop::sample::select(&VALUES[..]).prop_map(str::to_owned)
}

fn version() -> impl Strategy<Value = RequestVersion> {
    prop::sample::select(&[RequestVersion::V1, RequestVersion::V2][..])
}

fn tags() -> impl Strategy<Value = Tags> {
    prop::collection::btree_map(prop::sample::select(&TAG_NAMES[..]), value(), 0..8)
        .prop_map(Tags::from_iter)
}

/// A restriction as the parser yields it: no group of fewer than two.
fn restriction() -> impl Strategy<Value = Restriction> {
    let leaf = prop_oneof![
        4 => (tag(), value()).prop_map(|(tag, value)| Restriction::Eq(tag, value)),
        1 => (tag(), value()).prop_map(|(tag, value)| Restriction::Neq(tag, value)),
        2 => (tag(), prop::collection::vec(value(), 0..4)).prop_map(|(tag, values)| Restriction::In(tag, values)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Restriction::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Restriction::Or),
            inner.prop_map(|part| Restriction::Not(Box::new(part))),
        ]
    })
}

/// Any JSON, made of the words that requests and restrictions are made of, so that much of it is nearly right.
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
    fn the_prefilter_accepts_all_that_the_restriction_accepts(restriction in restriction(), tags in tags(), version in version()) {
        let prefilter = restriction.prefilter(version);
        prop_assert!(is_simple(&prefilter), "{prefilter:?}");
        prop_assert!(!restriction.matches(&tags, version) || prefilter.accepts(&tags), "{restriction:?}\n{prefilter:?}");
    }

    #[test]
    fn without_negations_and_markers_the_prefilter_is_exact(
        values in prop::collection::vec((prop::sample::select(&TAG_NAMES[..5]), value()), 1..4),
        tags in tags(),
        version in version(),
    ) {
        let equalities = values.into_iter().map(|(tag, value)| Restriction::Eq(Tag::parse(tag), value)).collect::<Vec<_>>();
        for restriction in [Restriction::And(equalities.clone()), Restriction::Or(equalities)] {
            prop_assert_eq!(restriction.matches(&tags, version), restriction.prefilter(version).accepts(&tags));
        }
    }

    #[test]
    fn a_restriction_is_read_as_it_was_written(restriction in restriction()) {
        let json = restriction.to_json();
        prop_assert_eq!(Restriction::parse(&json), Ok(Some(restriction.clone())));
        let written = WrittenRestriction::new(&json);
        prop_assert_eq!(written.as_ref().ok().and_then(WrittenRestriction::meaning), Some(&restriction));
    }

    #[test]
    fn version_one_accepts_all_that_version_two_accepts_of_what_is_not_negated(
        tag in tag(),
        values in prop::collection::vec(value(), 0..4),
        tags in tags(),
    ) {
        let restriction = Restriction::In(tag, values);
        prop_assert!(!restriction.matches(&tags, RequestVersion::V2) || restriction.matches(&tags, RequestVersion::V1));
    }

    #[test]
    fn no_json_makes_reading_a_restriction_panic(json in any_json()) {
        match Restriction::parse(&json) {
            Ok(Some(restriction)) => prop_assert_eq!(Restriction::parse(&restriction.to_json()), Ok(Some(restriction))),
            Ok(None) => {}
            // An error points at something: the value itself, or for an operator, the member that it names.
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
    fn no_text_makes_reading_a_request_panic(text in any::<String>()) {
        prop_assert!(ProofRequest::from_json(&text).is_err());
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
