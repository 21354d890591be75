//! Both verifiers agree on random presentations, as they are and with an altered number.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cl::kernel::Engine;
use indy_credx::types::Credential;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::library::{Holder, Issuer, Use, keys, library_accepts, request, verdict};

/// A credential whose attribute `i` is the number `i·i·1000 - 5000`.
struct Held {
    issuer: Issuer,
    attributes: Vec<String>,
    credential: Credential,
}

fn value_of(attribute: usize) -> i32 {
    (attribute * attribute * 1000) as i32 - 5000
}

fn pool() -> &'static (Holder, Vec<Held>) {
    static POOL: OnceLock<(Holder, Vec<Held>)> = OnceLock::new();
    POOL.get_or_init(|| {
        let holder = Holder::new();
        let shapes = [(keys::gvt(), 16), (keys::bits_2048(), 5), (keys::degree(), 1)];
        let held = shapes
            .into_iter()
            .enumerate()
            .map(|(index, (key, count))| {
                let attributes: Vec<String> = (0..count).map(|index| format!("a{index}")).collect();
                let issuer =
                    Issuer::new(&key.for_attributes(&attributes), &format!("class{index}"));
                let values: Vec<(String, String)> = attributes
                    .iter()
                    .enumerate()
                    .map(|(index, name)| (name.clone(), value_of(index).to_string()))
                    .collect();
                let values: Vec<(&str, &str)> =
                    values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                let credential = holder.receive(&issuer, &values);
                Held { issuer, attributes, credential }
            })
            .collect();
        (holder, held)
    })
}

/// A question about an attribute.
#[derive(Clone, Debug)]
enum Ask {
    Revealed,
    Unrevealed,
    /// The operator, and the distance of the value from the bound.
    Predicate(&'static str, i32),
}

/// A credential of the pool, and questions about its attributes. Indices beyond the last attribute
/// wrap around.
type Part = (usize, Vec<(usize, Ask)>);

fn ask() -> impl Strategy<Value = Ask> {
    let operator = prop::sample::select(vec![">=", ">", "<=", "<"]);
    prop_oneof![
        3 => Just(Ask::Revealed),
        1 => Just(Ask::Unrevealed),
        1 => (operator, 0..100_000).prop_map(|(operator, distance)| Ask::Predicate(operator, distance)),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    (0..3_usize, prop::collection::vec((0..16_usize, ask()), 1..5))
}

/// The referents that a credential answers.
struct Chosen {
    attributes: Vec<(String, bool)>,
    predicates: Vec<String>,
}

/// Adds the questions about a credential to the request.
fn choose(index: usize, (credential, asks): &Part, request: &mut Value) -> Chosen {
    let names = &pool().1[*credential].attributes;
    let mut chosen = Chosen { attributes: Vec::new(), predicates: Vec::new() };
    // One question about each attribute, which is either revealed or hidden.
    let by_attribute: BTreeMap<usize, &Ask> =
        asks.iter().map(|(attribute, ask)| (attribute % names.len(), ask)).collect();
    for (attribute, ask) in by_attribute {
        let name = &names[attribute];
        let referent = format!("{index} {name}");
        if let Ask::Predicate(operator, distance) = ask {
            let value = value_of(attribute);
            let bound = match *operator {
                ">=" => value - distance,
                ">" => value - distance - 1,
                "<=" => value + distance,
                _ => value + distance + 1,
            };
            request["requested_predicates"][&referent] =
                json!({"name": name, "p_type": operator, "p_value": bound});
            chosen.predicates.push(referent);
        } else {
            request["requested_attributes"][&referent] = json!({"name": name});
            let revealed = matches!(ask, Ask::Revealed);
            chosen.attributes.push((referent, revealed));
        }
    }
    chosen
}

/// Checks that both verifiers accept the library's presentation, and refuse it with another number
/// in a sub-proof.
fn both_agree(parts: &[Part], altered: prop::sample::Index) {
    let (holder, held) = pool();
    let mut request = request(json!({}), json!({}));
    let chosen: Vec<Chosen> =
        parts.iter().enumerate().map(|(index, part)| choose(index, part, &mut request)).collect();
    let attributes: Vec<Vec<(&str, bool)>> = chosen
        .iter()
        .map(|chosen| {
            let attributes = chosen.attributes.iter();
            attributes.map(|(referent, revealed)| (referent.as_str(), *revealed)).collect()
        })
        .collect();
    let predicates: Vec<Vec<&str>> = chosen
        .iter()
        .map(|chosen| chosen.predicates.iter().map(String::as_str).collect())
        .collect();
    let uses: Vec<Use<'_>> = parts
        .iter()
        .zip(attributes.iter().zip(&predicates))
        .map(|((credential, _), (attributes, predicates))| Use {
            issuer: &held[*credential].issuer,
            credential: &held[*credential].credential,
            attributes,
            predicates,
        })
        .collect();
    let issuers: Vec<&Issuer> = uses.iter().map(|used| used.issuer).collect();
    let mut presentation = holder.present(&request, &uses);
    assert!(library_accepts(&request, &presentation, &issuers));
    for engine in Engine::available() {
        let verdict = verdict(engine, &request, &presentation, &issuers);
        assert_eq!(verdict, Ok(()), "{engine}");
    }
    let sub_proof = altered.index(uses.len());
    presentation["proof"]["proofs"][sub_proof]["primary_proof"]["eq_proof"]["e"] = json!("1");
    assert!(!library_accepts(&request, &presentation, &issuers));
    for engine in Engine::available() {
        assert!(verdict(engine, &request, &presentation, &issuers).is_err());
    }
}

proptest! {
    // The library takes a quarter of a second for each accepted presentation.
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 0, ..ProptestConfig::default() })]
    #[test]
    fn both_verifiers_agree_on_random_presentations(
        parts in prop::collection::vec(part(), 1..4),
        altered in any::<prop::sample::Index>(),
    ) {
        both_agree(&parts, altered);
    }
}
