//! Every engine accepts the presentations that the library creates and accepts.

use cl::kernel::Engine;
use serde_json::{Value, json};

use crate::example::{ALEX, alex};
use crate::library::{Holder, Issuer, Use, keys, library_accepts, request, verdict};

fn accepted_by_all(request: &Value, presentation: &Value, issuers: &[&Issuer]) {
    assert!(library_accepts(request, presentation, issuers));
    for engine in Engine::available() {
        let verdict = verdict(engine, request, presentation, issuers);
        assert_eq!(verdict, Ok(()), "{engine}, {request}");
    }
}

/// Presents one credential, and checks that the library and all engines accept the presentation.
fn check_one_credential(
    holder: &Holder,
    issuer: &Issuer,
    values: &[(&str, &str)],
    request: &Value,
    attributes: &[(&str, bool)],
    predicates: &[&str],
) {
    let credential = holder.receive(issuer, values);
    let used = Use { issuer, credential: &credential, attributes, predicates };
    accepted_by_all(request, &holder.present(request, &[used]), &[issuer]);
}

#[test]
fn every_operator_at_its_bound_and_far_from_it() {
    let alex = alex();
    // Alex is 28.
    let cases = [
        (">=", [28, 27, -2_147_483_619]),
        (">", [27, 26, -2_147_483_619]),
        ("<=", [28, 29, 2_147_483_647]),
        ("<", [29, 30, 2_147_483_647]),
    ];
    for (operator, bounds) in cases {
        let predicates: serde_json::Map<String, Value> = bounds
            .iter()
            .map(|bound| {
                let predicate = json!({"name": "age", "p_type": operator, "p_value": bound});
                (format!("{operator} {bound}"), predicate)
            })
            .collect();
        let referents: Vec<&str> = predicates.keys().map(String::as_str).collect();
        let request = request(json!({}), json!(predicates));
        let used = Use {
            issuer: &alex.government,
            credential: &alex.credential,
            attributes: &[],
            predicates: &referents,
        };
        let presentation = alex.holder.present(&request, &[used]);
        accepted_by_all(&request, &presentation, &[&alex.government]);
    }
}

#[test]
fn the_smallest_and_largest_32_bit_values() {
    let holder = Holder::new();
    let issuer = Issuer::new(&keys::bits_2048(), "bounds");
    let values = [("age", "-2147483648"), ("height", "2147483647"), ("name", "-1"), ("sex", "0")];
    let predicate =
        |name, operator, value| json!({"name": name, "p_type": operator, "p_value": value});
    let request = request(
        json!({"name": {"name": "name"}}),
        json!({
            "a": predicate("age", ">=", i32::MIN),
            "b": predicate("age", "<", i32::MIN + 1),
            "c": predicate("height", "<=", i32::MAX),
            "d": predicate("height", ">", i32::MAX - 1),
            "e": predicate("sex", "<=", i32::MAX),
        }),
    );
    check_one_credential(
        &holder,
        &issuer,
        &values,
        &request,
        &[("name", true)],
        &["a", "b", "c", "d", "e"],
    );
}

#[test]
fn zero_to_eight_predicates() {
    let alex = alex();
    for count in [0, 1, 4, 8] {
        let predicates: serde_json::Map<String, Value> = (0..count)
            .map(|index| {
                let predicate = json!({"name": "age", "p_type": ">=", "p_value": index});
                (format!("p{index}"), predicate)
            })
            .collect();
        let referents: Vec<&str> = predicates.keys().map(String::as_str).collect();
        let request = request(json!({"name": {"name": "name"}}), json!(predicates));
        let used = Use {
            issuer: &alex.government,
            credential: &alex.credential,
            attributes: &[("name", true)],
            predicates: &referents,
        };
        let presentation = alex.holder.present(&request, &[used]);
        accepted_by_all(&request, &presentation, &[&alex.government]);
    }
}

#[test]
fn one_to_sixteen_attributes_under_keys_of_both_lengths() {
    let holder = Holder::new();
    for (count, key) in
        [(1, keys::bits_2048()), (2, keys::gvt()), (7, keys::bits_2048()), (16, keys::gvt())]
    {
        let names: Vec<String> = (0..count).map(|index| format!("a{index}")).collect();
        let issuer = Issuer::new(&key.for_attributes(&names), "many");
        let values: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "some")).collect();
        // Every second attribute is revealed.
        let asked: Vec<(&str, bool)> =
            names.iter().step_by(2).map(|name| (name.as_str(), true)).collect();
        let attributes: serde_json::Map<String, Value> =
            asked.iter().map(|(name, _)| ((*name).to_owned(), json!({"name": name}))).collect();
        let request = request(json!(attributes), json!({}));
        check_one_credential(&holder, &issuer, &values, &request, &asked, &[]);
    }
}

#[test]
fn three_credentials_of_one_holder_two_of_them_under_one_key() {
    let alex = alex();
    let university = Issuer::new(&keys::degree(), "degree");
    let degree = [("degree", "MSc"), ("firstname", "Alex"), ("lastname", "Ho"), ("year", "2020")];
    let first = alex.holder.receive(&university, &degree);
    let second = alex.holder.receive(&university, &degree);
    let request = request(
        json!({"name": {"name": "name"}, "degree": {"name": "degree"}, "last": {"name": "lastname"}}),
        json!({
            "adult": {"name": "age", "p_type": ">", "p_value": 17},
            "recent": {"name": "year", "p_type": ">=", "p_value": 2015},
        }),
    );
    let presentation = alex.holder.present(
        &request,
        &[
            Use {
                issuer: &university,
                credential: &first,
                attributes: &[("degree", true)],
                predicates: &[],
            },
            Use {
                issuer: &alex.government,
                credential: &alex.credential,
                attributes: &[("name", true)],
                predicates: &["adult"],
            },
            Use {
                issuer: &university,
                credential: &second,
                attributes: &[("last", false)],
                predicates: &["recent"],
            },
        ],
    );
    let issuers = [&university, &alex.government, &university];
    accepted_by_all(&request, &presentation, &issuers);
}

#[test]
fn groups_of_attributes_in_other_spellings() {
    let key = keys::degree();
    let names = ["Degree", "First Name", "Last Name", "Year"].map(str::to_owned);
    let issuer = Issuer::with_names(&key, "degree", &names);
    let values = [("Degree", "MSc"), ("First Name", "Alex"), ("Last Name", "Ho"), ("Year", "2020")];
    let request = request(
        json!({"names": {"names": ["First Name", "lastname"]}, "degree": {"name": "DEGREE"}}),
        json!({"year": {"name": "YEAR", "p_type": "<=", "p_value": 2020}}),
    );
    check_one_credential(
        &Holder::new(),
        &issuer,
        &values,
        &request,
        &[("names", true), ("degree", true)],
        &["year"],
    );
}

#[test]
fn a_self_attested_attribute_beside_a_credential() {
    let alex = alex();
    let request = request(json!({"name": {"name": "name"}, "phone": {"name": "phone"}}), json!({}));
    let used = Use {
        issuer: &alex.government,
        credential: &alex.credential,
        attributes: &[("name", true)],
        predicates: &[],
    };
    let presentation = alex.holder.try_present(&request, &[used], &[("phone", "555")]).unwrap();
    accepted_by_all(&request, &presentation, &[&alex.government]);
}

#[test]
fn a_presentation_of_self_attested_attributes_alone() {
    let request = request(json!({"phone": {"name": "phone"}}), json!({}));
    let presentation = alex().holder.try_present(&request, &[], &[("phone", "555")]).unwrap();
    accepted_by_all(&request, &presentation, &[]);
}

#[test]
fn in_a_batch_each_presentation_has_its_own_outcome() {
    let alex = alex();
    let registry = Issuer::new(&keys::bits_2048(), "registry");
    let other = alex.holder.receive(&registry, &ALEX);
    let json = request(json!({"name": {"name": "name"}}), json!({}));
    let present = |issuer, credential| {
        let used = Use { issuer, credential, attributes: &[("name", true)], predicates: &[] };
        alex.holder.present(&json, &[used])
    };
    let read = |value: &Value| cl::Presentation::from_json(value).unwrap();
    let good = present(&alex.government, &alex.credential);
    let mut wrong = good.clone();
    let e = &mut wrong["proof"]["proofs"][0]["primary_proof"]["eq_proof"]["e"];
    *e = json!("1");
    let (good, wrong) = (read(&good), read(&wrong));
    let elsewhere = read(&present(&registry, &other));
    let request = cl::ProofRequest::from_json(&json).unwrap();
    for engine in Engine::available() {
        let government = [alex.government.prepared(engine)];
        let registry = [registry.prepared(engine)];
        let mut items: Vec<cl::BatchItem<'_>> = Vec::new();
        for _ in 0..6 {
            items.push((&request, &good, &government));
            items.push((&request, &wrong, &government));
            items.push((&request, &elsewhere, &registry));
            items.push((&request, &good, &[]));
        }
        let outcomes = cl::verify_batch(&items);
        assert_eq!(outcomes.len(), items.len());
        for outcome in outcomes.chunks(4) {
            assert_eq!(outcome[0], Ok(()));
            assert!(matches!(outcome[1], Err(cl::Rejection::Challenge { .. })));
            assert_eq!(outcome[2], Ok(()));
            assert!(matches!(outcome[3], Err(cl::Rejection::Count { .. })));
        }
    }
}
