//! Presentations that other programs made once. They are honest, and stay as they are.

use serde_json::Value;

use super::super::honest::given;

/// The cases in `tests/peers/cases`, which `anoncreds` 0.2.3 for Python has made and verified.
const PEERS: [&str; 6] = [
    include_str!("../../../../../../tests/peers/cases/did-cheqd.jsonl"),
    include_str!("../../../../../../tests/peers/cases/did-indy.jsonl"),
    include_str!("../../../../../../tests/peers/cases/did-webvh.jsonl"),
    include_str!("../../../../../../tests/peers/cases/https.jsonl"),
    include_str!("../../../../../../tests/peers/cases/legacy.jsonl"),
    include_str!("../../../../../../tests/peers/cases/mixed.jsonl"),
];

/// A case that another program made.
pub struct Frozen {
    /// Its name, as ids of the corpus are written.
    pub name: String,
    /// `{"input", "public"}`.
    pub given: Value,
    /// Whether a credential in it can be revoked, or the request asks for it.
    pub is_about_revocation: bool,
    pub cautions: Vec<&'static str>,
}

/// Returns the cases that `anoncreds` made.
pub fn peers() -> Vec<Frozen> {
    PEERS.iter().flat_map(|text| text.lines()).map(peer).collect()
}

fn peer(line: &str) -> Frozen {
    let mut case: Value = serde_json::from_str(line).unwrap();
    let members = case.as_object_mut().unwrap();
    members.remove("made_by");
    let id = members.remove("id").unwrap();
    let id = id.as_str().unwrap();
    let mut cautions = match id {
        "legacy/unrevealed" | "did-webvh/not-revoked-asked-by-predicate" => vec!["unrevealed"],
        "did-indy/self-attested" | "https/self-attested-without-restrictions" => {
            vec!["self-attested"]
        }
        "https/postal-code" => vec!["text-not-canonical"],
        "https/asked-of-one-that-cannot-be-revoked" | "mixed/one-of-two-is-revocable" => {
            vec!["cannot-be-revoked"]
        }
        "did-indy/revocation-not-asked" => vec!["revocation-not-asked"],
        _ => vec![],
    };
    if has_lower_bound_alone(&case["presentation_request"]) {
        cautions.push("one-sided-bound");
    }
    let asks = |value: &Value| value["non_revoked"].is_object();
    let request = &case["presentation_request"];
    let mut referents = ["requested_attributes", "requested_predicates"]
        .into_iter()
        .flat_map(|member| request[member].as_object().into_iter().flatten());
    let is_about_revocation = asks(request)
        || referents.any(|(_, referent)| asks(referent))
        || case.get("rev_reg_defs").is_some()
        || id == "did-indy/revocation-not-asked";
    let name = id.replace('/', ".");
    Frozen { name, given: given(&case), is_about_revocation, cautions }
}

/// Returns whether a lower bound has no upper bound on the same attribute.
fn has_lower_bound_alone(request: &Value) -> bool {
    let predicates: Vec<(String, bool)> = request["requested_predicates"]
        .as_object()
        .into_iter()
        .flat_map(|predicates| predicates.values())
        .map(|predicate| {
            let is_lower = predicate["p_type"].as_str().unwrap().starts_with('>');
            (cl::fold(predicate["name"].as_str().unwrap()), is_lower)
        })
        .collect();
    let upper = |name: &str| predicates.iter().any(|(other, lower)| other == name && !lower);
    predicates.iter().any(|(name, is_lower)| *is_lower && !upper(name))
}

/// A case that `indy-credx` 1.1.1 made: a revocable credential, in Indy's form.
pub fn by_indy_credx() -> Value {
    const CASE: &str = include_str!("../../../../../proofs/tests/fixtures/cases/revocable.json");
    let mut case: Value = serde_json::from_str(CASE).unwrap();
    case.as_object_mut().unwrap().remove("id");
    given(&case)
}
