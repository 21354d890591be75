//! Searches of random wallets for random requests, compared with a plain evaluation of libindy's
//! rule.

use std::{collections::BTreeSet, io::Cursor};

use anoncreds::{
    ProofRequest, import_credentials, prover_count_credentials_for_proof_req,
    prover_delete_credential, prover_fetch_credentials_for_proof_req,
    prover_search_credentials_for_proof_req,
};
use proofs::{
    CredentialFacts, Tags,
    encoding::{encode, integer},
};
use proptest::{prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};
use test_support::{synthetic::SyntheticCredential, wallets::TestWallet};
use wallet::Wallet;

const ISSUERS: [&str; 3] =
    ["Th7MpTaRZVRYnPiabds81Y", "V4SGRU86Z58d6TV7PBUe6f", "did:sov:NcYxiDXkpYi6ov5FcYDi1e"];
/// Names as credentials and requests spell them; the first two are the same name.
const NAMES: [&str; 5] = ["First Name", "firstname", "age", "height", "degree"];
const VALUES: [&str; 6] = ["Alex", "Bea", "17", "18", "28", ""];
const REGISTRY: &str = "Th7MpTaRZVRYnPiabds81Y:4:Th7MpTaRZVRYnPiabds81Y:3:CL:1:T:CL_ACCUM:R";

/// How many wallets are created, unless `PROPTEST_CASES` sets another number, and how many requests
/// are searched for in each.
const WALLETS: u32 = 60;
const REQUESTS: usize = 20;

/// How many wallets are created on the PostgreSQL server, if there is one.
const POSTGRES_WALLETS: u32 = 10;

fn credential() -> impl Strategy<Value = SyntheticCredential> {
    // the class decides issuer, schema and names, the rest is free; class 7 shares its credential
    // definition with class 6 under another schema, as no honest issuer would do
    (0usize..8, prop::collection::vec(select(&VALUES[..]), 4), any::<bool>()).prop_map(
        |(class, values, revocable)| {
            let issuer = ISSUERS[class % ISSUERS.len()];
            let definition = class.min(6);
            let names = match class % 4 {
                0 => &["First Name", "age"][..],
                1 => &["firstname", "height", "age"],
                2 => &["degree"],
                _ => &["FIRST NAME", "degree", "age", "height"],
            };
            let definer = ISSUERS[definition % ISSUERS.len()];
            let prefixed = |kind: &str, did: &str, rest: String| match did.starts_with("did:") {
                true => format!("{kind}:sov:{did}{rest}"),
                false => format!("{did}{rest}"),
            };
            SyntheticCredential {
                schema_id: prefixed("schema", issuer, format!(":2:schema {}:1.0", class % 3)),
                cred_def_id: prefixed("creddef", definer, format!(":3:CL:{}:T", 10 + definition)),
                rev_reg_id: revocable.then(|| REGISTRY.to_owned()),
                values: names
                    .iter()
                    .zip(values)
                    .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
                    .collect(),
            }
        },
    )
}

fn restriction() -> impl Strategy<Value = Value> {
    let issuer = select(&ISSUERS[..]).prop_map(|did| json!({"issuer_did": did}));
    let twin = Just(json!({"issuer_did": "did:sov:V4SGRU86Z58d6TV7PBUe6f"}));
    let schema = (0..4).prop_map(|schema| json!({"schema_name": format!("schema {schema}")}));
    let definition = (0..7usize).prop_map(|definition| {
        json!({"cred_def_id": format!("{}:3:CL:{}:T", ISSUERS[definition % 2], 10 + definition)})
    });
    let value = (select(&NAMES[..]), select(&VALUES[..]))
        .prop_map(|(name, value)| json!({format!("attr::{name}::value"): value}));
    let marker = select(&NAMES[..]).prop_map(|name| json!({format!("attr::{name}::marker"): "1"}));
    let registry = select(&["None", REGISTRY][..]).prop_map(|id| json!({"rev_reg_id": id}));
    let within = (select(&NAMES[..]), prop::collection::vec(select(&VALUES[..]), 0..4))
        .prop_map(|(name, values)| json!({format!("attr::{name}::value"): {"$in": values}}));
    let differs = (select(&NAMES[..]), select(&VALUES[..]))
        .prop_map(|(name, value)| json!({format!("attr::{name}::value"): {"$neq": value}}));
    let leaf =
        prop_oneof![issuer, twin, schema, definition, value, marker, registry, within, differs];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|parts| json!({ "$and": parts })),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|parts| json!({ "$or": parts })),
            inner.prop_map(|part| json!({ "$not": part })),
        ]
    })
}

fn request() -> impl Strategy<Value = ProofRequest> {
    let restrictions = prop_oneof![
        Just(Value::Null),
        restriction(),
        prop::collection::vec(restriction(), 0..3).prop_map(Value::Array),
    ];
    let attribute = (prop::collection::btree_set(select(&NAMES[..]), 1..3), restrictions.clone())
        .prop_map(|(names, restrictions)| json!({"names": names, "restrictions": restrictions}));
    let predicate = (select(&NAMES[..]), select(&[">=", ">", "<=", "<"][..]), restrictions).prop_map(
        |(name, p_type, restrictions)| {
            json!({"name": name, "p_type": p_type, "p_value": 18, "restrictions": restrictions})
        },
    );
    (attribute, predicate, select(&["1.0", "2.0"][..])).prop_map(
        |(attribute, predicate, version)| {
            ProofRequest::from_value(&json!({
                "nonce": "1", "name": "n", "version": "1.0", "ver": version,
                "requested_attributes": {"a": attribute}, "requested_predicates": {"p": predicate},
            }))
            .unwrap()
        },
    )
}

/// Applies libindy's rule to every credential.
fn expected(
    credentials: &[SyntheticCredential],
    request: &ProofRequest,
    referent: &str,
) -> BTreeSet<String> {
    let query = request.query(referent, None).unwrap();
    let matching = credentials.iter().enumerate().filter(|(_, credential)| {
        let facts = CredentialFacts::from_ids(
            &credential.schema_id,
            &credential.cred_def_id,
            credential.rev_reg_id.as_deref(),
            credential.values.clone(),
        );
        let encoded = |folded: &str| {
            let mut values = credential.values.iter();
            let (_, raw) = values.find(|(name, _)| proofs::names::fold(name) == folded)?;
            integer(&encode(raw))
        };
        query.matches(&Tags::from(facts), request.ver, encoded)
    });
    matching.map(|(number, _)| number.to_string()).collect()
}

/// Creates the wallet and imports the credentials into it, under their numbers.
async fn import(test: &TestWallet, credentials: &[SyntheticCredential]) -> Wallet {
    let wallet = test.create().await;
    let lines = credentials.iter().enumerate();
    let lines: Vec<String> =
        lines.map(|(number, credential)| credential.line(&number.to_string())).collect();
    import_credentials(&wallet, Cursor::new(lines.join("\n")), |_| {}).await.unwrap();
    wallet
}

/// Returns all candidates for a referent, fetched in pages, none twice.
async fn found(
    wallet: &Wallet,
    request: &ProofRequest,
    referent: &str,
    page: usize,
) -> BTreeSet<String> {
    let mut search = prover_search_credentials_for_proof_req(wallet, request, None).await.unwrap();
    let counted = prover_count_credentials_for_proof_req(&search, referent, 10_000).await.unwrap();
    let mut found = BTreeSet::new();
    loop {
        let candidates =
            prover_fetch_credentials_for_proof_req(&mut search, referent, page).await.unwrap();
        let full = candidates.len() == page;
        for candidate in candidates {
            let id = candidate.cred_info.referent;
            assert!(found.insert(id.clone()), "{id} came twice");
        }
        if !full {
            assert_eq!(found.len(), counted);
            return found;
        }
    }
}

/// A wallet's credentials, the requests, the length of a page, and the credentials that are deleted
/// first.
#[derive(Debug, Clone)]
struct Case {
    credentials: Vec<SyntheticCredential>,
    requests: Vec<ProofRequest>,
    page: usize,
    deleted: Vec<prop::sample::Index>,
}

fn case() -> impl Strategy<Value = Case> {
    (
        prop::collection::vec(credential(), 0..40),
        prop::collection::vec(request(), REQUESTS),
        1usize..7,
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    )
        .prop_map(|(credentials, requests, page, deleted)| Case {
            credentials,
            requests,
            page,
            deleted,
        })
}

/// This number of cases, or the number that the environment sets.
fn configured(cases: u32) -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(cases),
    }
}

/// Searches the wallet for all requests.
fn check(case: &Case, test: TestWallet) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let wallet = import(&test, &case.credentials).await;
        let mut gone = BTreeSet::new();
        for index in case.deleted.iter().filter(|_| !case.credentials.is_empty()) {
            let id = index.index(case.credentials.len()).to_string();
            if gone.insert(id.clone()) {
                prover_delete_credential(&wallet, &id).await.unwrap();
            }
        }
        for request in &case.requests {
            for referent in ["a", "p"] {
                let mut expected = expected(&case.credentials, request, referent);
                expected.retain(|id| !gone.contains(id));
                let found = found(&wallet, request, referent, case.page).await;
                prop_assert_eq!(found, expected, "{}", serde_json::to_string(request).unwrap());
            }
        }
        test.delete(wallet).await;
        Ok(())
    })
}

proptest! {
    #![proptest_config(configured(WALLETS))]

    #[test]
    fn a_search_finds_what_the_rule_says(case in case()) {
        check(&case, TestWallet::sqlite())?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(POSTGRES_WALLETS))]

    #[test]
    fn a_search_in_postgresql_finds_what_the_rule_says(case in case()) {
        if let Some(test) = TestWallet::postgres() {
            check(&case, test)?;
        }
    }
}

/// In a wallet with long lists, a search reads other lists than in a small one.
#[test]
fn a_search_of_a_large_wallet_finds_what_the_rule_says() {
    let mut runner = TestRunner::deterministic();
    let mut draw = || case().new_tree(&mut runner).unwrap().current();
    let mut large = draw();
    while large.credentials.len() < 5_000 {
        large.credentials.extend(draw().credentials);
    }
    (large.page, large.deleted) = (600, Vec::new());
    large.requests.truncate(10);
    check(&large, TestWallet::sqlite()).unwrap();
}
