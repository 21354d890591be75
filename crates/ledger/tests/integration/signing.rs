//! Signing with the keys of a wallet.

use ledger::{
    Role, build_get_nym_request, build_nym_request, parse_get_nym_response,
    sign_and_submit_request, sign_request, submit_request,
};
use tempfile::TempDir;
use test_support::wallets::temporary_wallet;
use wallet::{
    Wallet,
    did::{MyDid, MyDidConfig, create_and_store_my_did},
};

use crate::support::new_pool;

/// Returns an open wallet that holds the first steward's DID.
async fn wallet_of_steward() -> (Wallet, MyDid, TempDir) {
    let (wallet, directory) = temporary_wallet().await;
    let seed = MyDidConfig::from_seed("000000000000000000000000Steward1");
    let steward = create_and_store_my_did(&wallet, &seed).await.expect("a DID");
    (wallet, steward, directory)
}

#[tokio::test]
async fn a_steward_adds_a_trust_anchor_as_in_the_tutorial() {
    let (pool, _pool_directory) = new_pool().await;
    let (wallet, steward, _directory) = wallet_of_steward().await;
    let anchor = create_and_store_my_did(&wallet, &MyDidConfig::random()).await.expect("a DID");
    let role = Some(Role::TrustAnchor);
    let request = build_nym_request(&steward.did, &anchor.did, Some(&anchor.verkey), None, role)
        .expect("a request");
    let reply =
        sign_and_submit_request(&pool, &wallet, &steward.did, &request).await.expect("written");
    assert_eq!(reply.seq_no(), Some(7));

    let read = build_get_nym_request(Some(&anchor.did), &anchor.did).expect("a request");
    let reply = submit_request(&pool, &read).await.expect("a reply");
    assert_eq!(parse_get_nym_response(&reply).expect("a NYM").verkey, Some(anchor.verkey));
}

#[tokio::test]
async fn only_its_author_can_sign_a_request() {
    let (wallet, steward, _directory) = wallet_of_steward().await;
    let request = build_nym_request("V4SGRU86Z58d6TV7PBUe6f", &steward.did, None, None, None)
        .expect("a request");
    let error = sign_request(&wallet, &steward.did, &request).await.expect_err("not the author");
    assert_eq!(error.code(), "CommonInvalidStructure");
    assert!(error.to_string().contains("V4SGRU86Z58d6TV7PBUe6f"), "{error}");
}

#[tokio::test]
async fn a_did_that_the_wallet_does_not_hold_cannot_sign() {
    let (wallet, steward, _directory) = wallet_of_steward().await;
    let trustee = "V4SGRU86Z58d6TV7PBUe6f";
    let request = build_nym_request(trustee, &steward.did, None, None, None).expect("a request");
    let error = sign_request(&wallet, trustee, &request).await.expect_err("no key");
    assert_eq!(error.code(), "WalletItemNotFound", "{error}");
}

#[tokio::test]
async fn a_signed_anonymous_read_is_no_longer_anonymous() {
    let (wallet, steward, _directory) = wallet_of_steward().await;
    let request = build_get_nym_request(None, &steward.did).expect("a request");
    let signed = sign_request(&wallet, &steward.did, &request).await.expect("signed");
    assert_eq!(signed.identifier.as_deref(), Some(steward.did.as_str()));
    assert!(signed.signature.is_some());
}
