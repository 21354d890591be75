//! Decisions on whole classes, and mismatches, agree with the decisions on single credentials.

use proofs::query::Comparison;
use proofs::{
    ClassTags, CredentialFacts, Partial, Prefilter, ReferentQuery, RequestVersion, Restriction,
    Tag, Tags, encoding,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

const REGISTRY: &str = "abc:4:abc:3:CL:12:T:CL_ACCUM:R";

/// Tags and values, most of which some class or credential has. Identifiers come in both forms.
const WANTED: [(&str, [&str; 3]); 14] = [
    ("issuer_did", ["abc", "did:sov:abc", "xyz"]),
    ("schema_issuer_did", ["abc", "did:sov:abc", "xyz"]),
    ("schema_id", ["abc:2:gvt:1.0", "schema:sov:did:sov:abc:2:gvt:1.0", "abc:2:gvt:2.0"]),
    ("cred_def_id", ["abc:3:CL:12:T", "creddef:sov:did:sov:abc:3:CL:12:T", "abc:3:CL:13:T"]),
    (
        "rev_reg_id",
        ["None", REGISTRY, "revreg:sov:did:sov:abc:4:creddef:sov:did:sov:abc:3:CL:12:T:CL_ACCUM:R"],
    ),
    ("schema_name", ["gvt", "GVT", "abc"]),
    ("schema_version", ["1.0", "2.0", "3.0"]),
    ("attr::First Name::value", ["Alex", "1", "alex"]),
    ("attr::age::value", ["28", "17", ""]),
    ("attr::sex::value", ["male", "28", "1"]),
    ("attr::First Name::marker", ["1", "0", "Alex"]),
    ("attr::age::marker", ["1", "1", "0"]),
    ("attr::unheld::marker", ["1", "0", ""]),
    ("colour", ["red", "1", "None"]),
];

/// The facts of a credential, with few values each, so that restrictions often meet them.
fn facts() -> impl Strategy<Value = CredentialFacts> {
    let schema_id =
        select(vec!["abc:2:gvt:1.0", "schema:sov:did:sov:abc:2:gvt:1.0", "xyz:2:gvt:2.0"]);
    let cred_def_id =
        select(vec!["abc:3:CL:12:T", "creddef:sov:did:sov:abc:3:CL:12:T", "xyz:3:CL:13:T"]);
    let attributes = subsequence(vec!["First Name", "age", "sex"], 0..=3);
    let texts = prop::collection::vec(select(vec!["Alex", "1", "28", "17", "male"]), 3);
    let registry = select(vec![None, Some(REGISTRY)]);
    (schema_id, cred_def_id, registry, attributes, texts).prop_map(
        |(schema_id, cred_def_id, registry, attributes, texts)| {
            let attributes = attributes.into_iter().zip(texts);
            CredentialFacts::from_ids(schema_id, cred_def_id, registry, attributes)
        },
    )
}

fn comparison() -> impl Strategy<Value = Restriction> {
    (select(&WANTED[..]), select(vec!["=", "$neq", "$in"])).prop_flat_map(
        |((name, values), operator)| {
            let values =
                subsequence(values.to_vec(), if operator == "$in" { 0..=3 } else { 1..=1 });
            values.prop_map(move |values| {
                let tag = Tag::parse(name);
                let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
                match (operator, values.first()) {
                    ("=", Some(value)) => Restriction::Eq(tag, value.clone()),
                    ("$neq", Some(value)) => Restriction::Neq(tag, value.clone()),
                    _ => Restriction::In(tag, values),
                }
            })
        },
    )
}

/// Any restriction, groups of fewer than two among them.
fn restriction() -> impl Strategy<Value = Restriction> {
    comparison().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Restriction::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Restriction::Or),
            inner.prop_map(|part| Restriction::Not(Box::new(part))),
        ]
    })
}

fn query() -> impl Strategy<Value = ReferentQuery> {
    use proofs::PredicateType::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let names = subsequence(vec!["age", "firstname", "First Name", "surname"], 0..3);
    let comparison =
        (select(vec![Greater, GreaterOrEqual, Less, LessOrEqual]), select(vec![17, 18, 28]))
            .prop_map(|(p_type, p_value)| Comparison { p_type, p_value });
    let condition = || prop::option::weighted(0.6, restriction());
    (names, condition(), condition(), prop::option::weighted(0.3, comparison)).prop_map(
        |(names, restriction, extra, predicate)| ReferentQuery {
            names: names.into_iter().map(str::to_owned).collect(),
            restriction,
            extra,
            predicate,
            interval: None,
        },
    )
}

fn version() -> impl Strategy<Value = RequestVersion> {
    select(&[RequestVersion::V1, RequestVersion::V2][..])
}

/// A prefilter of any form, in the simplest or not.
fn prefilter() -> impl Strategy<Value = Prefilter> {
    let equality = (select(&WANTED[..]), 0..3_usize)
        .prop_map(|((name, values), which)| Prefilter::Eq(Tag::parse(name), values[which].into()));
    let leaf = prop_oneof![
        18 => equality,
        1 => Just(Prefilter::Everything),
        1 => Just(Prefilter::Nothing),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Prefilter::All),
            prop::collection::vec(inner, 0..4).prop_map(Prefilter::AnyOf),
        ]
    })
}

fn accept(conjunctions: Option<&Vec<Vec<(Tag, String)>>>, tags: &Tags) -> bool {
    let holds = |(tag, value): &(Tag, String)| tags.get(tag) == Some(value.as_str());
    conjunctions.is_none_or(|lists| lists.iter().any(|list| list.iter().all(holds)))
}

/// An identifier, or what resembles one.
fn identifier() -> impl Strategy<Value = String> {
    let did = || select(vec!["abc", "did:sov:abc", "did:x:abc", "did", "schema", "", "None"]);
    let tag = || select(vec!["T", "", "did", "12"]);
    let schema_name = select(vec!["gvt", "did", "2", "CL"]);
    let schema = (did(), schema_name, select(vec!["1.0", "did"]));
    let schema = schema.prop_map(|(did, name, version)| {
        let prefix = if did.contains(':') { "schema:sov:" } else { "" };
        format!("{prefix}{did}:2:{name}:{version}")
    });
    let schema = schema.boxed();
    let reference = prop_oneof![Just("12".to_owned()), schema.clone()];
    let cred_def = (did(), reference, prop::option::of(tag()));
    let cred_def = cred_def.prop_map(|(did, schema, tag)| {
        let prefix = if did.contains(':') { "creddef:sov:" } else { "" };
        let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
        format!("{prefix}{did}:3:CL:{schema}{tag}")
    });
    let cred_def = cred_def.boxed();
    let registry = (did(), cred_def.clone(), tag()).prop_map(|(did, cred_def, tag)| {
        let prefix = if did.contains(':') { "revreg:sov:" } else { "" };
        format!("{prefix}{did}:4:{cred_def}:CL_ACCUM:{tag}")
    });
    prop_oneof![did().prop_map(str::to_owned), schema, cred_def, registry]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_restriction_decides_a_class_as_it_does_its_credentials(
        facts in facts(),
        restriction in restriction(),
        version in version(),
    ) {
        let tags = Tags::from(facts.clone());
        let class = ClassTags::from(facts);
        let matches = restriction.matches(&tags, version);
        match restriction.on_class(&class, version) {
            Partial::Always => prop_assert!(matches),
            Partial::Never => prop_assert!(!matches),
            Partial::Depends(rest) => {
                prop_assert_eq!(rest.matches(&tags, version), matches, "{:?}", &rest);
                prop_assert_eq!(rest.on_class(&class, version), Partial::Depends(rest.clone()));
            }
        }
    }

    #[test]
    fn a_rule_decides_a_class_as_it_does_its_credentials(
        facts in facts(),
        query in query(),
        version in version(),
    ) {
        let tags = Tags::from(facts.clone());
        let class = ClassTags::from(&tags);
        let without_predicate = ReferentQuery { predicate: None, ..query.clone() };
        let matches = without_predicate.matches(&tags, version, |_| None);
        let partial = query.on_class(&class, version);
        match &partial {
            Partial::Always => prop_assert!(matches),
            Partial::Never => prop_assert!(!matches),
            Partial::Depends(rest) => prop_assert_eq!(rest.matches(&tags, version), matches),
        }
        let mismatch = query.class_mismatch(&class, version);
        prop_assert_eq!(mismatch.is_some(), partial == Partial::Never, "{:?}", mismatch);
    }

    #[test]
    fn there_is_a_mismatch_exactly_if_the_credential_does_not_match(
        facts in facts(),
        foreign in prop::option::weighted(0.2, (select(&WANTED[..]), 0..3_usize)),
        query in query(),
        version in version(),
    ) {
        let encoded = |name: &str| {
            let (_, raw) = facts.attributes.iter().find(|(own, _)| proofs::names::same(own, name))?;
            encoding::integer(&encoding::encode(raw))
        };
        let tags = Tags::from(facts.clone());
        // Another agent's wallet may hold any tags.
        let written: Vec<_> = tags.iter().map(|(tag, value)| (tag.to_string(), value.to_owned())).collect();
        let foreign = foreign.map(|((name, values), which)| (name.to_owned(), values[which].to_owned()));
        let tags = Tags::from_iter(written.into_iter().chain(foreign));

        let mismatch = query.mismatch(&tags, version, encoded);
        prop_assert_eq!(mismatch.is_none(), query.matches(&tags, version, encoded), "{:?}", mismatch);
        if let Some(mismatch) = mismatch {
            let sentence = mismatch.to_string();
            prop_assert!(!sentence.is_empty() && !sentence.contains('\n'));
            prop_assert!(serde_json::to_value(&mismatch).unwrap()["reason"].is_string());
        }
    }

    #[test]
    fn conjunctions_accept_all_that_the_prefilter_accepts(
        prefilter in prefilter(),
        facts in facts(),
        limit in 0..12_usize,
    ) {
        let tags = Tags::from(facts);
        let accepts = prefilter.accepts(&tags);
        let within = prefilter.clone().conjunctions(limit);
        prop_assert!(within.as_ref().is_none_or(|lists| lists.len() <= limit));
        prop_assert!(within.iter().flatten().all(|list| !list.is_empty()), "no list is empty");
        prop_assert!(!accepts || accept(within.as_ref(), &tags), "{prefilter:?}\n{within:?}");

        let exact = prefilter.clone().conjunctions(usize::MAX);
        prop_assert_eq!(accept(exact.as_ref(), &tags), accepts, "{:?}\n{:?}", prefilter, exact);
    }

    #[test]
    fn a_value_is_meant_exactly_if_it_is_a_spelling(wanted in identifier(), other in identifier(), version in version()) {
        for tag in [Tag::IssuerDid, Tag::SchemaId, Tag::CredDefId, Tag::RevRegId, Tag::SchemaName] {
            let spellings = tag.spellings(&wanted, version);
            for spelling in &spellings {
                prop_assert!(tag.means(&wanted, spelling, version), "{wanted} {spelling}");
            }
            prop_assert_eq!(tag.means(&wanted, &other, version), spellings.contains(&other));
        }
    }
}

fn gvt() -> ClassTags {
    ClassTags::from_ids(
        "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
        "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
        ["First Name", "age"],
    )
}

fn read(json: &Value) -> Restriction {
    Restriction::parse(json).unwrap().unwrap()
}

fn on_gvt(json: Value) -> Partial {
    read(&json).on_class(&gvt(), RequestVersion::V1)
}

#[test]
fn a_class_knows_all_but_texts_and_registry() {
    for always in [
        json!({"schema_id": "schema:sov:did:sov:Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"}),
        json!({"issuer_did": "did:sov:VsKV7grR1BUE29mG2Fm2kX", "schema_version": "1.0"}),
        json!({"attr::FIRST NAME::marker": "1"}),
        json!({"$not": {"attr::sex::marker": "1"}}),
        json!({"$not": {"attr::sex::value": "male"}}),
        json!([{"attr::age::value": "28"}, {"schema_name": "gvt"}]),
    ] {
        assert_eq!(on_gvt(always.clone()), Partial::Always, "{always}");
    }
    for never in [
        json!({"schema_name": "other"}),
        json!({"attr::sex::value": "male"}),
        json!({"attr::sex::value": {"$neq": "male"}}),
        json!({"colour": {"$neq": "red"}}),
        json!({"attr::age::value": {"$in": []}}),
        json!({"attr::age::value": "28", "schema_name": "other"}),
    ] {
        assert_eq!(on_gvt(never.clone()), Partial::Never, "{never}");
    }
}

#[test]
fn what_remains_is_only_what_a_class_does_not_know() {
    for (written, remains) in [
        (
            json!({"schema_name": "gvt", "attr::age::value": "28"}),
            json!({"attr::age::value": "28"}),
        ),
        (
            json!([{"schema_name": "other"}, {"rev_reg_id": "None", "attr::age::marker": "1"}]),
            json!({"rev_reg_id": "None"}),
        ),
        (
            json!({"$not": {"schema_name": "gvt", "attr::age::value": {"$neq": "28"}}}),
            json!({"$not": {"attr::age::value": {"$neq": "28"}}}),
        ),
        (
            json!([{"attr::age::value": "28"}, {"attr::firstname::value": "Alex"}]),
            json!([{"attr::age::value": "28"}, {"attr::firstname::value": "Alex"}]),
        ),
    ] {
        assert_eq!(on_gvt(written), Partial::Depends(read(&remains)));
    }
}

#[test]
fn a_class_shows_what_its_credentials_share() {
    let class = gvt();
    assert_eq!(class.attributes(), ["age", "firstname"]);
    assert_eq!(class.get(&Tag::SchemaName), Some("gvt"));
    assert_eq!(class.get(&Tag::marker("First Name")), Some("1"));
    for unknown in [Tag::RevRegId, Tag::value("age"), Tag::parse("colour")] {
        assert_eq!(class.get(&unknown), None);
    }
    let opaque = ClassTags::from_ids("https://example.org/gvt", "did:web:example.org/1", ["age"]);
    assert_eq!(opaque.get(&Tag::IssuerDid), Some("did:web:example.org"));
    assert_eq!(opaque.get(&Tag::SchemaName), None);
}

/// What remains to be asked of a store, class by class, in one line.
#[test]
fn what_remains_for_a_class_has_a_prefilter_too() {
    let Partial::Depends(rest) = on_gvt(json!({
        "schema_name": "gvt", "attr::age::value": {"$in": ["28", "29"]}, "attr::age::marker": "1",
    })) else {
        panic!("depends");
    };
    let lists = rest.prefilter(RequestVersion::V1).conjunctions(16);
    let age = |age: &str| vec![(Tag::value("age"), age.to_owned())];
    assert_eq!(lists, Some(vec![age("28"), age("29")]));
}
