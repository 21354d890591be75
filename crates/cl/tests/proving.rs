//! Presentations that this crate makes: the library accepts them, and what cannot be proved is refused.
#![allow(clippy::unwrap_used)]

mod scene;

use std::collections::BTreeMap;

use cl::{Chosen, ProofRequest, prove};
use scene::{Issuer, LINK_SECRET, Modulus, link_secret, read};
use serde_json::json;

const ATTRIBUTES: [&str; 4] = ["name", "age", "height", "sex"];

#[test]
fn timings() {
    let issuer = Issuer::new("gvt", Modulus::Bits2050, &ATTRIBUTES);
    let values = [
        ("name", "Alex"),
        ("age", "28"),
        ("height", "175"),
        ("sex", "male"),
    ];
    let credential = issuer.sign(0, &values, LINK_SECRET);
    let request = json!({
        "ver": "2.0", "name": "r", "version": "1.0", "nonce": "123456789",
        "requested_attributes": { "a": { "name": "name" } },
        "requested_predicates": { "p": { "name": "age", "p_type": ">=", "p_value": 18 } },
    });
    let read_request = ProofRequest::from_json(&request).unwrap();
    for engine in scene::engines() {
        let start = cpu_time::ProcessTime::now();
        let key = issuer.proving_key(engine);
        println!("{engine}: key {:?}", start.elapsed());
        let read = read(&credential);
        assert!(read.check_signature(&key, &link_secret()));
        let chosen = [Chosen::new(&read, &key).reveal("a").satisfy("p")];
        let mut presentation = serde_json::Value::Null;
        let start = cpu_time::ProcessTime::now();
        for _ in 0..10 {
            presentation = prove(&read_request, &chosen, &BTreeMap::new(), &link_secret()).unwrap();
        }
        println!("{engine}: prove {:?}", start.elapsed() / 10);
        let start = cpu_time::ProcessTime::now();
        for _ in 0..10 {
            assert!(read.check_signature(&key, &link_secret()));
        }
        println!("{engine}: check {:?}", start.elapsed() / 10);
        scene::assert_accepted(
            &request,
            &presentation,
            &[&issuer.schema],
            &[&issuer.definition],
        );
    }
    let start = cpu_time::ProcessTime::now();
    for _ in 0..10 {
        let answers: [scene::Answers; 1] = [(&credential, &[("a", true)], &["p"])];
        scene::library_proves(
            &request,
            &answers,
            &BTreeMap::new(),
            LINK_SECRET,
            &[&issuer],
        );
    }
    println!("library: prove {:?}", start.elapsed() / 10);
}
