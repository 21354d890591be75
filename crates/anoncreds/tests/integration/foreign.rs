//! Wallets of other programs, as `tests/peers/wallets` makes them: what is imported proves what it
//! should.

use std::path::{Path, PathBuf};

use anoncreds::{
    AnoncredsError, Count, CredDefs, CredentialDefinition, ForeignReport, ProofRequest, Renamed,
    RequestedCredentials, RevocationStates, Schema, Schemas, import_foreign_wallet, objects,
    prover_create_proof, prover_get_credentials_for_proof_req, prover_link_secret_of,
    prover_list_link_secrets, prover_show_credential, verifier_verify_proof, wallet_contents,
};
use serde_json::{Value, json};
use test_support::wallets::{TestWallet, temporary_wallet};
use wallet::{
    Wallet, WalletStorage,
    did::{list_my_dids, sign_with_did},
    foreign::{AskarSource, ForeignStore, IndyKeyDerivation, open_askar, open_indy_sdk},
};

/// The keys of the fixtures.
const PASSPHRASE: &str = "TEST KEY of the fixtures";
const RAW_KEY: &str = "GfwU1DC7gEZNs3w41tjBiZYj7BNToDoFEqKY6wZXqs1A";

/// The DID of the fixtures' seed.
const DID: &str = "Th7MpTaRZVRYnPiabds81Y";
const VERKEY: &str = "FYmoFw55GeQH7SRFa37dkx1d2dZ3zUF8ckg7wmL7ofN4";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/wallets/fixtures").join(name)
}

async fn askar(name: &str, key: &str, profile: Option<&str>) -> ForeignStore {
    open_askar(AskarSource::File(fixture(name)), key, profile).await.unwrap()
}

async fn import(wallet: &Wallet, store: &ForeignStore) -> ForeignReport {
    import_foreign_wallet(wallet, store, &Renamed::new(), |_| {}).await.unwrap()
}

fn left(report: &ForeignReport) -> Value {
    json!(report.left)
}

/// Schemas and credential definitions of the fixtures' issuers.
fn public_data() -> (Schemas, CredDefs) {
    let text = std::fs::read_to_string(fixture("public.json")).unwrap();
    let public: Value = serde_json::from_str(&text).unwrap();
    let of = |kind: &str| public[kind].as_object().unwrap().clone();
    let schemas = of("schemas")
        .into_iter()
        .map(|(id, schema)| (id, objects::from_value::<Schema>(&schema).unwrap()));
    let cred_defs = of("cred_defs").into_iter().map(|(id, cred_def)| {
        (id, objects::from_value::<CredentialDefinition>(&cred_def).unwrap())
    });
    (schemas.collect(), cred_defs.collect())
}

/// Proves the values of a credential with a link secret; returns whether the proof is verified.
async fn proves(wallet: &Wallet, id: &str, link_secret: &str) -> bool {
    let request = json!({
        // version 2 takes identifiers as they are, whatever their registry
        "nonce": "1234567890", "name": "n", "version": "1.0", "ver": "2.0",
        "requested_attributes": {"who": {"name": "first name"}, "size": {"name": "height"}},
        "requested_predicates": {"old": {"name": "age", "p_type": ">=", "p_value": -10}},
    });
    let request = ProofRequest::from_value(&request).unwrap();
    let choice =
        RequestedCredentials::default().reveal("who", id).reveal("size", id).prove("old", id);
    let (schemas, cred_defs) = public_data();
    let shown = prover_show_credential(wallet, id).await.unwrap();
    let schemas = schemas.into_iter().filter(|(id, _)| *id == shown.schema_id).collect();
    let cred_defs = cred_defs.into_iter().filter(|(id, _)| *id == shown.cred_def_id).collect();
    let states = RevocationStates::new();
    let proof =
        prover_create_proof(wallet, &request, &choice, link_secret, &schemas, &cred_defs, &states)
            .await
            .unwrap();
    verifier_verify_proof(
        &request,
        &proof,
        &schemas,
        &cred_defs,
        &Default::default(),
        &Default::default(),
    )
    .await
    .unwrap()
}

const NEW: Count = Count { imported: 2, skipped: 0 };
const OLD: Count = Count { imported: 0, skipped: 2 };
const ONE_NEW: Count = Count { imported: 1, skipped: 0 };
const ONE_OLD: Count = Count { imported: 0, skipped: 1 };

#[tokio::test]
async fn a_wallet_of_acapy_is_imported_with_either_library() {
    for kind in ["askar", "askar-anoncreds"] {
        let (wallet, _directory) = temporary_wallet().await;
        let store = askar(&format!("acapy-{kind}.db"), PASSPHRASE, None).await;
        assert_eq!(store.other_profiles(), ["tenant"]);
        let report = import(&wallet, &store).await;
        assert_eq!((report.credentials, report.link_secrets, report.dids), (NEW, ONE_NEW, ONE_NEW));
        assert_eq!(report.unusable, 0, "{:?}", report.reasons);
        let expected = json!({"DIDs without a private key": 1, "attribute-mime-types": 2,
            "connection": 1, "keys without a DID": 1});
        assert_eq!(left(&report), expected, "{kind}");

        assert_eq!(prover_list_link_secrets(&wallet).await.unwrap(), ["default"]);
        for number in 0..2 {
            let id = format!("{kind}-{number}");
            assert!(proves(&wallet, &id, "default").await, "{id}");
            assert_eq!(prover_link_secret_of(&wallet, &id).await.unwrap(), None);
        }
        let shown = prover_show_credential(&wallet, &format!("{kind}-0")).await.unwrap();
        assert_eq!(shown.values["First Name"].raw, "Zoë Müller");

        let again = import(&wallet, &store).await;
        assert_eq!((again.credentials, again.link_secrets, again.dids), (OLD, ONE_OLD, ONE_OLD));
        store.close().await;
    }
}

#[tokio::test]
async fn dids_come_with_their_keys() {
    let (wallet, _directory) = temporary_wallet().await;
    let store = askar("acapy-askar.db", PASSPHRASE, None).await;
    import(&wallet, &store).await;
    let dids = list_my_dids(&wallet).await.unwrap();
    assert_eq!((&*dids[0].did, &*dids[0].verkey), (DID, VERKEY));
    assert_eq!(sign_with_did(&wallet, DID, b"message").await.unwrap().len(), 64);
}

#[tokio::test]
async fn a_wallet_of_credo_is_imported_in_both_forms() {
    let (wallet, _directory) = temporary_wallet().await;
    let store = askar("credo.db", RAW_KEY, Some("wallet-id")).await;
    let report = import(&wallet, &store).await;
    assert_eq!(report.unusable, 0, "{:?}", report.reasons);
    assert_eq!((report.credentials, report.link_secrets, report.dids), (NEW, ONE_NEW, NEW));
    let expected = json!({
        "AnonCredsLinkSecretRecord without a value": 1, "DIDs without a private key": 1,
        "StorageVersionRecord": 1, "W3cCredentialRecord of another kind": 1,
        "keys that are not Ed25519": 1,
    });
    assert_eq!(left(&report), expected);
    for id in ["credo-0", "credo-1"] {
        assert_eq!(prover_link_secret_of(&wallet, id).await.unwrap().unwrap(), "ls-credo");
        assert!(proves(&wallet, id, "ls-credo").await, "{id}");
    }
    let shown = prover_show_credential(&wallet, "credo-1").await.unwrap();
    assert_eq!((&*shown.values["age"].raw, &*shown.values["height"].raw), ("-4", "1.75"));
    let dids = list_my_dids(&wallet).await.unwrap();
    let dids: Vec<&str> = dids.iter().map(|mine| &*mine.did).collect();
    assert!(dids[0].starts_with("did:key:z6Mk"), "{dids:?}");
    assert_eq!(dids[1], "did:sov:WgWxqztrNooG92RXvxSTWv");

    // what the identifiers do not say comes from the tags
    let request = ProofRequest::from_value(&json!({
        "nonce": "1", "name": "n", "version": "1.0", "requested_attributes": {
            "who": {"name": "sex", "restrictions": [{"schema_name": "person", "schema_version": "1.0"}]}
        },
    }));
    let found = prover_get_credentials_for_proof_req(&wallet, &request.unwrap()).await.unwrap();
    assert_eq!(found.attrs["who"].len(), 2);
}

#[tokio::test]
async fn a_wallet_of_indy_sdk_is_imported_whatever_derives_its_key() {
    for (kdf, key, derivation) in [
        ("raw", RAW_KEY, IndyKeyDerivation::Raw),
        ("argon2i-int", PASSPHRASE, IndyKeyDerivation::Argon2iInteractive),
        ("argon2i-mod", PASSPHRASE, IndyKeyDerivation::Argon2iModerate),
    ] {
        let (wallet, _directory) = temporary_wallet().await;
        let path = fixture(&format!("libindy-{kdf}.db"));
        let before = std::fs::read(&path).unwrap();
        let store = open_indy_sdk(&path, key, derivation).await.unwrap();
        let report = import(&wallet, &store).await;
        assert_eq!((report.credentials, report.link_secrets, report.dids), (NEW, ONE_NEW, ONE_NEW));
        assert_eq!(report.unusable, 0, "{:?}", report.reasons);
        assert_eq!(left(&report), json!({"Indy::TheirDid": 1, "config": 1}));
        for id in ["libindy-0", "libindy-1"] {
            assert!(proves(&wallet, id, "main").await, "{kdf}: {id}");
        }
        assert_eq!(list_my_dids(&wallet).await.unwrap()[0].did, DID);
        let again = import(&wallet, &store).await;
        assert_eq!((again.credentials, again.link_secrets, again.dids), (OLD, ONE_OLD, ONE_OLD));
        store.close().await;
        assert_eq!(std::fs::read(&path).unwrap(), before, "the wallet itself is unchanged");
    }
}

#[tokio::test]
async fn a_wallet_that_indy_sdk_itself_has_made_is_opened() {
    let (wallet, _directory) = temporary_wallet().await;
    let path = fixture("libindy-empty.db");
    let store = open_indy_sdk(&path, RAW_KEY, IndyKeyDerivation::Raw).await.unwrap();
    let report = import(&wallet, &store).await;
    assert_eq!(report, ForeignReport::default(), "it has no records");
    store.close().await;
    for derivation in [IndyKeyDerivation::Argon2iModerate, IndyKeyDerivation::Argon2iInteractive] {
        assert!(open_indy_sdk(&path, RAW_KEY, derivation).await.is_err());
    }
}

#[tokio::test]
async fn another_link_secret_of_the_same_name_is_kept_and_refused_before_anything_is_stored() {
    let (wallet, _directory) = temporary_wallet().await;
    import(&wallet, &askar("acapy-askar.db", PASSPHRASE, None).await).await;
    let before = wallet_contents(&wallet).await.unwrap();
    let store = askar("acapy-askar-anoncreds.db", PASSPHRASE, None).await;
    let refused = import_foreign_wallet(&wallet, &store, &Renamed::new(), |_| {}).await;
    let error = refused.unwrap_err();
    assert!(
        matches!(&error, AnoncredsError::LinkSecretConflict { name, .. } if name == "default"),
        "{error}"
    );
    assert_eq!(wallet_contents(&wallet).await.unwrap(), before);

    let renamed = Renamed::from([("default".to_owned(), "second".to_owned())]);
    let report = import_foreign_wallet(&wallet, &store, &renamed, |_| {}).await.unwrap();
    assert_eq!((report.link_secrets, report.dids), (ONE_NEW, ONE_OLD));
    assert_eq!(prover_list_link_secrets(&wallet).await.unwrap(), ["default", "second"]);
    assert!(proves(&wallet, "askar-anoncreds-0", "second").await);
    assert!(proves(&wallet, "askar-0", "default").await);
}

#[tokio::test]
async fn a_renamed_link_secret_is_recorded_under_its_new_name() {
    let (wallet, _directory) = temporary_wallet().await;
    let store = askar("credo.db", RAW_KEY, None).await;
    let renamed = Renamed::from([("ls-credo".to_owned(), "mine".to_owned())]);
    import_foreign_wallet(&wallet, &store, &renamed, |_| {}).await.unwrap();
    assert_eq!(prover_link_secret_of(&wallet, "credo-1").await.unwrap().unwrap(), "mine");
    assert!(proves(&wallet, "credo-1", "mine").await);
}

#[tokio::test]
async fn a_store_that_is_open_elsewhere_is_read_with_its_journal() {
    // what is written is in the journal until the wallet is closed, as in the store of an agent
    // that was killed
    let test = TestWallet::sqlite();
    let open = test.create().await;
    import(&open, &askar("acapy-askar.db", PASSPHRASE, None).await).await;
    let WalletStorage::Sqlite { directory } = &test.config.storage else { panic!("a file") };
    let file = directory.join("wallet.sqlite");
    let contents =
        || ["", "-wal"].map(|end| std::fs::read(format!("{}{end}", file.display())).unwrap());
    let before = contents();
    assert!(before[1].len() > before[0].len(), "most is in the journal");

    let (wallet, _directory) = temporary_wallet().await;
    let store = open_askar(AskarSource::File(file.clone()), test.key.as_str(), None).await.unwrap();
    let report = import(&wallet, &store).await;
    assert_eq!((report.credentials, report.link_secrets, report.dids), (NEW, ONE_NEW, ONE_NEW));
    assert_eq!(left(&report), json!({}), "what belongs to the search is not counted");
    store.close().await;
    assert!(contents() == before, "the store itself is unchanged");
    test.delete(open).await;
}
