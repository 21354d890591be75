//! The list of requests. Its order matters: later ones build on what earlier ones wrote.

use serde_json::{Value, json};

use super::pool_support::{Identity, steward, trustee};
use super::step::Kind::{Reject, Reply, Reqnack};
use super::step::Step;

/// Who takes part. All but the first two are new in each run, so that the list can be played on
/// the same pool again.
pub struct Cast {
    steward: Identity,
    trustee: Identity,
    /// Becomes trust anchor.
    anchor: Identity,
    /// Has no role.
    alex: Identity,
    /// Is written without a key, by the anchor.
    keyless: Identity,
    /// Whose key Alex takes.
    spare: Identity,
    /// Is never written.
    stranger: Identity,
}

impl Cast {
    pub fn new() -> Self {
        Self {
            steward: steward(),
            trustee: trustee(),
            anchor: Identity::random(),
            alex: Identity::random(),
            keyless: Identity::random(),
            spare: Identity::random(),
            stranger: Identity::random(),
        }
    }

    /// All requests, in their order.
    pub fn steps(&self) -> Vec<Step<'_>> {
        let mut steps = self.nyms();
        steps.extend(self.owners());
        steps.extend(self.signatures());
        steps.extend(self.schemas());
        steps.extend(self.cred_defs());
        steps.extend(self.repeated());
        steps.extend(self.reads());
        steps.extend(self.malformed());
        steps.extend(self.beyond());
        steps
    }

    fn nyms(&self) -> Vec<Step<'_>> {
        let with_role = |who: &Identity, role: Value| {
            let mut nym = who.nym();
            nym["role"] = role;
            nym
        };
        let nobody = with_role(&self.stranger, Value::Null);
        vec![
            Step::new(
                "a steward adds a trust anchor",
                &self.steward,
                with_role(&self.anchor, json!("101")),
                Reply,
            ),
            Step::new(
                "a trust anchor adds an identity without a role",
                &self.anchor,
                self.alex.nym(),
                Reply,
            ),
            Step::new(
                "a trust anchor adds an identity without a key",
                &self.anchor,
                json!({"type": "1", "dest": self.keyless.did}),
                Reply,
            ),
            Step::new(
                "a steward may not add a trustee",
                &self.steward,
                with_role(&self.stranger, json!("0")),
                Reject,
            ),
            Step::new(
                "a trust anchor may not add a trust anchor",
                &self.anchor,
                with_role(&self.stranger, json!("101")),
                Reject,
            ),
            Step::new(
                "an identity without a role adds nobody",
                &self.alex,
                nobody.clone(),
                Reject,
            ),
            Step::new(
                "an unknown author is refused",
                &self.stranger,
                json!({"type": "1", "dest": self.spare.did}),
                Reqnack,
            ),
            Step::new(
                "an unknown author does not add itself",
                &self.stranger,
                self.stranger.nym(),
                Reject,
            ),
            Step::new(
                "an author without a key is refused",
                &self.keyless,
                nobody.clone(),
                Reqnack,
            ),
            Step::new(
                "there is no such role",
                &self.steward,
                with_role(&self.stranger, json!("77")),
                Reqnack,
            ),
            Step::new(
                "a role is not a number",
                &self.steward,
                with_role(&self.stranger, json!(101)),
                Reqnack,
            ),
        ]
    }

    fn owners(&self) -> Vec<Step<'_>> {
        let key = |of: &Identity, verkey: &Identity| json!({"type": "1", "dest": of.did, "verkey": verkey.verkey});
        let role = |of: &Identity, role: Value| json!({"type": "1", "dest": of.did, "role": role});
        vec![
            Step::new(
                "a steward does not change the key of an owner",
                &self.steward,
                key(&self.alex, &self.spare),
                Reject,
            ),
            Step::new(
                "nor does a trustee",
                &self.trustee,
                key(&self.alex, &self.spare),
                Reject,
            ),
            Step::new(
                "who added it gives a key to a DID without one",
                &self.anchor,
                key(&self.keyless, &self.keyless),
                Reply,
            ),
            Step::new(
                "then it is its own owner",
                &self.anchor,
                key(&self.keyless, &self.spare),
                Reject,
            ),
            Step::new(
                "an owner changes its key",
                &self.alex,
                key(&self.alex, &self.spare),
                Reply,
            ),
            Step::new(
                "the old key does not sign any more",
                &self.alex,
                key(&self.alex, &self.alex),
                Reqnack,
            ),
            Step::new(
                "the new key does",
                &self.spare,
                key(&self.alex, &self.alex),
                Reply,
            )
            .in_the_name_of(&self.alex.did),
            Step::new(
                "a steward makes an identity a trust anchor",
                &self.steward,
                role(&self.keyless, json!("101")),
                Reply,
            ),
            Step::new(
                "a steward does not take this role away",
                &self.steward,
                role(&self.keyless, Value::Null),
                Reject,
            ),
            Step::new(
                "a trustee does",
                &self.trustee,
                role(&self.keyless, Value::Null),
                Reply,
            ),
            Step::new(
                "a request that changes nothing is for the owner",
                &self.steward,
                json!({"type": "1", "dest": self.alex.did}),
                Reject,
            ),
            Step::new(
                "the owner may send it",
                &self.alex,
                json!({"type": "1", "dest": self.alex.did}),
                Reply,
            ),
        ]
    }

    fn signatures(&self) -> Vec<Step<'_>> {
        let nym = || json!({"type": "1", "dest": self.stranger.did});
        let steward =
            |name, tamper| Step::new(name, &self.steward, nym(), Reqnack).tampered(tamper);
        vec![
            steward("a write without a signature is refused", |request| {
                request
                    .as_object_mut()
                    .expect("an object")
                    .remove("signature");
            }),
            steward(
                "a request that was changed after signing is refused",
                |request| {
                    request["operation"]["role"] = json!("101");
                },
            ),
            steward("a signature is not empty", |request| {
                request["signature"] = json!("");
            }),
            steward("a signature has 64 bytes", |request| {
                request["signature"] = json!("abc");
            }),
            Step::new(
                "a signature of another key is refused",
                &self.anchor,
                nym(),
                Reqnack,
            )
            .in_the_name_of(&self.steward.did),
        ]
    }

    fn schemas(&self) -> Vec<Step<'_>> {
        let data = |version: &str, attr_names: Value| json!({"type": "101", "data": {"name": "gvt", "version": version, "attr_names": attr_names}});
        let good = json!(["age", "height", "name", "sex"]);
        vec![
            Step::new(
                "a trust anchor writes a schema",
                &self.anchor,
                data("1.0", good.clone()),
                Reply,
            ),
            Step::new(
                "the same schema is refused",
                &self.anchor,
                data("1.0", good.clone()),
                Reject,
            ),
            Step::new(
                "a changed schema is refused",
                &self.anchor,
                data("1.0", json!(["age"])),
                Reject,
            ),
            Step::new(
                "a new version is written",
                &self.anchor,
                data("1.0.1", json!(["age"])),
                Reply,
            ),
            Step::new(
                "an identity without a role writes no schema",
                &self.alex,
                data("1.0", good.clone()),
                Reject,
            ),
            Step::new(
                "a schema has attributes",
                &self.anchor,
                data("2.0", json!([])),
                Reqnack,
            ),
            Step::new(
                "an attribute has a name",
                &self.anchor,
                data("2.0", json!([""])),
                Reqnack,
            ),
            Step::new(
                "a schema has a version of numbers",
                &self.anchor,
                data("x", good.clone()),
                Reqnack,
            ),
            Step::new(
                "a schema needs data",
                &self.anchor,
                json!({"type": "101"}),
                Reqnack,
            ),
            Step::new(
                "a schema has each attribute once",
                &self.anchor,
                data("3.0", json!(["age", "age"])),
                Reqnack,
            )
            .on_a_pool(
                Reply,
                "nodes take it, but nobody can issue a credential for it",
            ),
        ]
    }

    fn cred_defs(&self) -> Vec<Step<'_>> {
        let keys = json!({"primary": {
            "n": "779", "s": "3", "z": "7", "rctxt": "19",
            "r": {"master_secret": "17", "age": "5", "height": "11", "name": "13", "sex": "23"},
        }});
        let cred_def = |schema: Value, tag: &str| json!({"type": "102", "ref": schema, "data": keys, "signature_type": "CL", "tag": tag});
        let schema = || json!({"number of": "a trust anchor writes a schema"});
        let mut without_keys = cred_def(schema(), "TAG1");
        without_keys["data"] = json!({});
        vec![
            Step::new(
                "a trust anchor writes a credential definition",
                &self.anchor,
                cred_def(schema(), "TAG1"),
                Reply,
            ),
            Step::new(
                "its author may write it again",
                &self.anchor,
                cred_def(schema(), "TAG1"),
                Reply,
            ),
            Step::new(
                "another tag is another credential definition",
                &self.anchor,
                cred_def(schema(), "TAG2"),
                Reply,
            ),
            Step::new(
                "an identity without a role writes none",
                &self.alex,
                cred_def(schema(), "TAG1"),
                Reject,
            ),
            Step::new(
                "its schema is there",
                &self.anchor,
                cred_def(json!(999_999_999), "TAG1"),
                Reject,
            ),
            Step::new(
                "its schema is not a NYM",
                &self.anchor,
                cred_def(
                    json!({"number of": "a steward adds a trust anchor"}),
                    "TAG1",
                ),
                Reject,
            ),
            Step::new(
                "its schema is named by a number",
                &self.anchor,
                cred_def(json!("7"), "TAG1"),
                Reqnack,
            ),
            Step::new(
                "no transaction has the number 0",
                &self.anchor,
                cred_def(json!(0), "TAG1"),
                Reqnack,
            ),
            Step::new("it has primary keys", &self.anchor, without_keys, Reqnack),
            Step::new(
                "its tag is not empty",
                &self.anchor,
                cred_def(schema(), ""),
                Reqnack,
            ),
        ]
    }

    fn repeated(&self) -> Vec<Step<'_>> {
        let schema = json!({"type": "101", "data": {"name": "gvt", "version": "4.0", "attr_names": ["age"]}});
        let first = "a trust anchor writes a schema";
        vec![
            Step::again(
                "a repeated request gets its first reply",
                &self.anchor,
                first,
                Reply,
            ),
            Step::again(
                "so does a repeated change of a key",
                &self.spare,
                "the new key does",
                Reqnack,
            ),
            Step::again(
                "a repeated refusal is refused again",
                &self.anchor,
                "a changed schema is refused",
                Reject,
            ),
            Step::new(
                "another request may have the same number",
                &self.anchor,
                schema,
                Reply,
            )
            .with_the_number_of(first),
        ]
    }

    fn reads(&self) -> Vec<Step<'_>> {
        let nym = |of: &Identity| json!({"type": "105", "dest": of.did});
        let schema = |version: &str| json!({"type": "107", "dest": self.anchor.did, "data": {"name": "gvt", "version": version}});
        let cred_def = |tag: &str| json!({"type": "108", "origin": self.anchor.did, "ref": {"number of": "a trust anchor writes a schema"}, "signature_type": "CL", "tag": tag});
        let read = |name, operation| Step::new(name, &self.alex, operation, Reply);
        let mut no_schema = cred_def("TAG1");
        no_schema["ref"] = json!(999_999_999);
        vec![
            read("a NYM of the genesis is read", nym(&self.steward)),
            read("a NYM with a role is read", nym(&self.anchor)),
            read("a NYM whose key was changed is read", nym(&self.alex)),
            read("a NYM whose role was taken is read", nym(&self.keyless)),
            read("a NYM that is not there is read", nym(&self.stranger)),
            read("a schema is read", schema("1.0")),
            read("its later version is read", schema("1.0.1")),
            read("a schema that is not there is read", schema("9.0")),
            read("a credential definition is read", cred_def("TAG1")),
            read("that of another tag is read", cred_def("TAG2")),
            read(
                "a credential definition that is not there is read",
                cred_def("TAG3"),
            ),
            read("one of a schema that is not there is read", no_schema),
            read("a read needs no signature", nym(&self.steward)).tampered(|request| {
                request
                    .as_object_mut()
                    .expect("an object")
                    .remove("signature");
            }),
            read("not even of an author that is there", nym(&self.anchor))
                .in_the_name_of("LibindyDid111111111111"),
        ]
    }

    fn malformed(&self) -> Vec<Step<'_>> {
        let wrong = |name, operation| Step::new(name, &self.steward, operation, Reqnack);
        let read = || json!({"type": "105", "dest": self.steward.did});
        vec![
            wrong("a NYM needs a DID", json!({"type": "1"})),
            wrong(
                "a DID has 16 or 32 bytes",
                json!({"type": "1", "dest": "abc"}),
            ),
            wrong(
                "a DID is base58",
                json!({"type": "1", "dest": "0OIl0OIl0OIl0OIl0OIl00"}),
            ),
            wrong(
                "a key has 32 bytes",
                json!({"type": "1", "dest": self.stranger.did, "verkey": "zz"}),
            ),
            wrong(
                "a NYM is read by its DID",
                json!({"type": "105", "dest": "abc"}),
            ),
            wrong(
                "a schema is read by its version",
                json!({"type": "107", "dest": self.anchor.did, "data": {"name": "gvt", "version": "x.y"}}),
            ),
            wrong("an operation has a known type", json!({"type": "9999"})),
            wrong("an operation has a type", json!({"dest": self.steward.did})),
            wrong("an author is a DID", read()).in_the_name_of("abc"),
            wrong("a protocol version is known", read())
                .tampered(|request| request["protocolVersion"] = json!(1)),
            wrong("a protocol version is said", read()).tampered(|request| {
                request
                    .as_object_mut()
                    .expect("an object")
                    .remove("protocolVersion");
            }),
            wrong("an operation is an object", read())
                .tampered(|request| request["operation"] = json!("read")),
            wrong("a request has a number", read()).tampered(|request| {
                request.as_object_mut().expect("an object").remove("reqId");
            }),
            wrong("a request has an author", read()).tampered(|request| {
                request
                    .as_object_mut()
                    .expect("an object")
                    .remove("identifier");
            }),
        ]
    }

    /// What a pool can do, and the embedded ledger does not offer.
    fn beyond(&self) -> Vec<Step<'_>> {
        vec![
            Step::new(
                "an attribute is written",
                &self.alex,
                json!({"type": "100", "dest": self.alex.did, "raw": "{\"endpoint\":{\"ha\":\"127.0.0.1:5555\"}}"}),
                Reqnack,
            )
            .on_a_pool(Reply, "ATTRIB is not offered: the walkthrough has no use for it"),
            Step::new(
                "a transaction is read by its number",
                &self.alex,
                json!({"type": "3", "ledgerId": 1, "data": 1}),
                Reqnack,
            )
            .on_a_pool(Reply, "GET_TXN is not offered: the file itself can be read"),
        ]
    }
}
