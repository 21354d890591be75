//! Public data from a ledger.

use std::sync::Arc;

use anoncreds::{Policy, Verifier};
use exchange::verifier::ZeroKnowledge;
use exchange_anoncreds::{ClChecker, PublicObjects};
use ledger::pool::{PoolLedgerConfig, create_pool_ledger_config, open_pool_ledger};
use proofs::identifiers::{IdentifierKind, to_qualified};
use serde_json::json;

use crate::parties::{Parties, adult, holder, is_clean, request};

#[tokio::test]
async fn prover_and_verifier_each_read_what_they_need_from_the_ledger() {
    let directory = tempfile::tempdir().unwrap();
    create_pool_ledger_config(directory.path(), "pool", &PoolLedgerConfig::embedded())
        .await
        .unwrap();
    let pool = open_pool_ledger(directory.path(), "pool").await.unwrap();
    let mut parties = Parties::new().await;
    let (issuer, schema_id, cred_def_id) = parties.identities_on(&pool).await;
    parties.hold_identity(&cred_def_id, "Alex", "28").await;
    let objects: Arc<dyn PublicObjects> = Arc::new(pool);

    let mut criterion = adult();
    criterion["issuers"]["dids"] = json!([format!("did:sov:{issuer}")]);
    criterion["schema"] = json!(schema_id);
    let request = request(&[criterion]);
    let answer = parties.answer_reading(&*objects, &request, 0, &[], &holder()).await.unwrap();
    let checker = ClChecker::new(Verifier::new(Policy::default()), Arc::clone(&objects));
    let findings = checker.check(&request, 0, &holder(), &answer).await;
    assert!(is_clean(&findings), "{findings:?}");

    // in its long form, an identifier means the same
    let long = to_qualified(IdentifierKind::Schema, &schema_id);
    let schema = objects.schema(&long).await.unwrap();
    assert_eq!(schema.id().to_string(), schema_id);
}

#[tokio::test]
async fn a_missing_object_is_an_error_that_names_it() {
    let directory = tempfile::tempdir().unwrap();
    create_pool_ledger_config(directory.path(), "pool", &PoolLedgerConfig::embedded())
        .await
        .unwrap();
    let objects = open_pool_ledger(directory.path(), "pool").await.unwrap();
    let missing = "Th7MpTaRZVRYnPiabds81Y:3:CL:77:TAG1";
    let Err(error) = objects.cred_def(missing).await else { panic!("it was read") };
    assert_eq!((error.what, &*error.id), ("credential definition", missing));
    for text in ["", "no identifier", "a:2:b:c"] {
        assert!(objects.schema(text).await.is_err(), "{text:?}");
    }
}
