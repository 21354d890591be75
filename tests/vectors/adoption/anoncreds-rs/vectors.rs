//! anoncreds-rs on the test vectors: `anoncreds/tests/vectors.rs`, with the archive in
//! `anoncreds/tests/vectors`.

use std::collections::HashMap;
use std::fs;

use anoncreds::verifier::verify_presentation;
use serde::de::DeserializeOwned;
use serde_json::Value;
const FEATURES: &str = "verify predicates groups multi-credential self-attested unrevealed restrictions intervals \
    revocation encoding structure ids-legacy ids-did-indy ids-did-cheqd ids-did-webvh ids-https";
/// What is answered otherwise, by a test's id or one of its flags.
const KNOWN: &[&str] = &["RAW_CHANGED", "restrictions::marker"];

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

fn is_verified(input: &Value, public: &Value) -> Result<bool, String> {
    let lists: Option<HashMap<String, HashMap<u64, _>>> = read(&public["rev_status_lists"])?;
    let lists = lists.unwrap_or_default().into_values().flat_map(HashMap::into_values).collect();
    let registries: Option<HashMap<_, _>> = read(&public["rev_reg_defs"])?;
    let overrides: Option<HashMap<_, HashMap<u64, u64>>> = read(&input["nonrevoked_interval_override"])?;
    let (request, shown) = (read(&input["presentation_request"])?, read(&input["presentation"])?);
    let (schemas, cred_defs) = (read(&public["schemas"])?, read(&public["cred_defs"])?);
    let (defs, lists, overrides) = (registries.as_ref(), Some(lists), overrides.as_ref());
    verify_presentation(&shown, &request, &schemas, &cred_defs, defs, lists, overrides).map_err(|it| it.to_string())
}

#[test]
fn vectors() {
    let mut wrong = Vec::new();
    let paths = fs::read_dir("tests/vectors").unwrap().map(|entry| entry.unwrap().path());
    for path in paths.filter(|path| path.to_string_lossy().contains("/verify_")) {
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for group in file["testGroups"].as_array().unwrap() {
            for test in group["tests"].as_array().unwrap() {
                let [features, flags] = ["features", "flags"].map(|it| read::<Vec<String>>(&test[it]).unwrap());
                let can_do = features.iter().all(|needed| FEATURES.split(' ').any(|has| has == needed));
                let said = is_verified(&test["input"], &group["public"]["anoncreds"]);
                let is_right = test["result"] == "acceptable" || (said == Ok(true)) == (test["result"] == "valid");
                let is_known = KNOWN.iter().any(|it| test["id"] == *it || flags.iter().any(|flag| flag == it));
                if can_do && is_right == is_known {
                    wrong.push(format!("{}: {said:?}", test["id"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
