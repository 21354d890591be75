//! Why a search finds what it finds, and the class directory that it begins with.

use indy::{
    anoncreds::{
        ProofRequest, prover_count_credentials_for_proof_req, prover_delete_credential,
        prover_explain_search, prover_fetch_credentials_for_proof_req,
        prover_get_credentials_for_proof_req, prover_search_credentials_for_proof_req,
    },
    wallet::rebuild_class_directory,
};
use serde_json::{Value, json};

use crate::scene::{ALEX, GOVERNMENT, MASTER, Scene, UNIVERSITY};

async fn wallet() -> Scene {
    let scene = Scene::set().await;
    let (gvt, degree) = (scene.gvt().await, scene.degree().await);
    scene.hold(&gvt, "alex", &ALEX).await;
    scene.hold(&degree, "master", &MASTER).await;
    scene
}

fn request(attribute: Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "1", "name": "n", "version": "1.0", "requested_attributes": {"r": attribute},
        "requested_predicates": {"p": {"name": "age", "p_type": ">=", "p_value": 30}},
    }))
    .unwrap()
}

/// What is said of a referent, as JSON.
async fn explained(scene: &Scene, attribute: Value, referent: &str) -> Value {
    let explanation = prover_explain_search(&scene.prover, &request(attribute)).await;
    serde_json::to_value(&explanation.unwrap().referents[referent]).unwrap()
}

#[tokio::test]
async fn a_class_is_excluded_by_the_clause_that_none_of_it_satisfies() {
    let scene = wallet().await;
    for (attribute, gvt, degree) in [
        (
            json!({"name": "name", "restrictions": {"issuer_did": UNIVERSITY}}),
            "another-issuer",
            "attribute-missing",
        ),
        (
            json!({"name": "degree", "restrictions": {"schema_name": "gvt"}}),
            "attribute-missing",
            "another-schema",
        ),
    ] {
        let said = explained(&scene, attribute, "r").await;
        assert_eq!(said["candidates"], 0);
        assert_eq!(said["classes"][0]["excluded"]["reason"], gvt, "{said}");
        assert_eq!(said["classes"][1]["excluded"]["reason"], degree, "{said}");
        assert_eq!(said["classes"][0]["credentials"], json!([]));
    }
}

#[tokio::test]
async fn a_missing_attribute_is_explained_with_the_one_that_was_meant() {
    let scene = wallet().await;
    let said = explained(&scene, json!({"name": "first_nmae"}), "r").await;
    assert_eq!(
        said["classes"][1]["excluded"]["did_you_mean"], "firstname",
        "{said}"
    );
}

#[tokio::test]
async fn a_credential_is_excluded_by_a_value_or_by_how_much_its_predicate_is_false() {
    let scene = wallet().await;
    let restricted = json!({"name": "name", "restrictions": {"attr::name::value": "Bea"}});
    let said = explained(&scene, restricted.clone(), "r").await;
    let excluded = &said["classes"][0]["credentials"][0]["excluded"];
    assert_eq!(
        (&excluded["reason"], &excluded["got"]),
        (&json!("value-differs"), &json!("Alex"))
    );

    let said = explained(&scene, restricted, "p").await;
    let excluded = &said["classes"][0]["credentials"][0]["excluded"];
    assert_eq!(
        (&excluded["reason"], &excluded["by"]),
        (&json!("predicate-false"), &json!(2))
    );
}

#[tokio::test]
async fn a_candidate_is_explained_as_one() {
    let scene = wallet().await;
    let said = explained(&scene, json!({"name": "name"}), "r").await;
    assert_eq!(
        (&said["candidates"], &said["more"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(
        said["classes"][0]["credentials"],
        json!([{"id": "alex", "excluded": null}])
    );
}

#[tokio::test]
async fn counting_does_not_move_a_search_on_and_stops_where_it_is_told_to() {
    let scene = Scene::set().await;
    let gvt = scene.gvt().await;
    for number in 0..3 {
        scene.hold(&gvt, &number.to_string(), &ALEX).await;
    }
    let request = request(json!({"name": "name"}));
    let mut search = prover_search_credentials_for_proof_req(&scene.prover, &request, None)
        .await
        .unwrap();
    for (at_most, counted) in [(0, 0), (2, 2), (9, 3)] {
        let count = prover_count_credentials_for_proof_req(&search, "r", at_most).await;
        assert_eq!(count.unwrap(), counted);
    }
    let all = prover_fetch_credentials_for_proof_req(&mut search, "r", 9)
        .await
        .unwrap();
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn a_class_directory_is_made_anew_with_the_same_classes() {
    let scene = wallet().await;
    assert_eq!(rebuild_class_directory(&scene.prover).await.unwrap(), 2);
    let request = request(json!({"name": "name", "restrictions": {"issuer_did": GOVERNMENT}}));
    let found = prover_get_credentials_for_proof_req(&scene.prover, &request).await;
    assert_eq!(found.unwrap().attrs["r"].len(), 1);

    prover_delete_credential(&scene.prover, "alex")
        .await
        .unwrap();
    assert_eq!(rebuild_class_directory(&scene.prover).await.unwrap(), 1);
}
