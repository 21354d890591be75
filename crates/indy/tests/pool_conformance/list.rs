//! The list of requests. Its order matters: later ones build on what earlier ones wrote.

use serde_json::{Value, json};

use super::pool_support::{Identity, steward, trustee};
use super::step::{Kind, Step, again, reject, reply, reqnack};

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
            reply(
                "a steward adds a trust anchor",
                &self.steward,
                with_role(&self.anchor, json!("101")),
            ),
            reply(
                "a trust anchor adds an identity without a role",
                &self.anchor,
                self.alex.nym(),
            ),
            reply(
                "a trust anchor adds an identity without a key",
                &self.anchor,
                json!({"type": "1", "dest": self.keyless.did}),
            ),
            reject(
                "a steward may not add a trustee",
                &self.steward,
                with_role(&self.stranger, json!("0")),
            ),
            reject(
                "a trust anchor may not add a trust anchor",
                &self.anchor,
                with_role(&self.stranger, json!("101")),
            ),
            reject(
                "an identity without a role adds nobody",
                &self.alex,
                nobody.clone(),
            ),
            reqnack(
                "an unknown author is refused",
                &self.stranger,
                json!({"type": "1", "dest": self.spare.did}),
            ),
            reject(
                "an unknown author does not add itself",
                &self.stranger,
                self.stranger.nym(),
            ),
            reqnack(
                "an author without a key is refused",
                &self.keyless,
                nobody.clone(),
            ),
            reqnack(
                "there is no such role",
                &self.steward,
                with_role(&self.stranger, json!("77")),
            ),
            reqnack(
                "a role is not a number",
                &self.steward,
                with_role(&self.stranger, json!(101)),
            ),
        ]
    }

    fn owners(&self) -> Vec<Step<'_>> {
        let key = |of: &Identity, verkey: &Identity| json!({"type": "1", "dest": of.did, "verkey": verkey.verkey});
        let role = |of: &Identity, role: Value| json!({"type": "1", "dest": of.did, "role": role});
        vec![
            reject(
                "a steward does not change the key of an owner",
                &self.steward,
                key(&self.alex, &self.spare),
            ),
            reject(
                "nor does a trustee",
                &self.trustee,
                key(&self.alex, &self.spare),
            ),
            reply(
                "who added it gives a key to a DID without one",
                &self.anchor,
                key(&self.keyless, &self.keyless),
            ),
            reject(
                "then it is its own owner",
                &self.anchor,
                key(&self.keyless, &self.spare),
            ),
            reply(
                "an owner changes its key",
                &self.alex,
                key(&self.alex, &self.spare),
            ),
            reqnack(
                "the old key does not sign any more",
                &self.alex,
                key(&self.alex, &self.alex),
            ),
            reply("the new key does", &self.spare, key(&self.alex, &self.alex))
                .in_the_name_of(&self.alex.did),
            reply(
                "a steward makes an identity a trust anchor",
                &self.steward,
                role(&self.keyless, json!("101")),
            ),
            reject(
                "a steward does not take this role away",
                &self.steward,
                role(&self.keyless, Value::Null),
            ),
            reply(
                "a trustee does",
                &self.trustee,
                role(&self.keyless, Value::Null),
            ),
            reject(
                "a request that changes nothing is for the owner",
                &self.steward,
                json!({"type": "1", "dest": self.alex.did}),
            )
            .in_other_words("nodes refuse it without a word"),
            reply(
                "the owner may send it",
                &self.alex,
                json!({"type": "1", "dest": self.alex.did}),
            ),
        ]
    }

    fn signatures(&self) -> Vec<Step<'_>> {
        let nym = || json!({"type": "1", "dest": self.stranger.did});
        let steward = |name, tamper| reqnack(name, &self.steward, nym()).tampered(tamper);
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
            reqnack("a signature of another key is refused", &self.anchor, nym())
                .in_the_name_of(&self.steward.did),
        ]
    }

    fn schemas(&self) -> Vec<Step<'_>> {
        let data = |version: &str, attr_names: Value| json!({"type": "101", "data": {"name": "gvt", "version": version, "attr_names": attr_names}});
        let good = json!(["age", "height", "name", "sex"]);
        vec![
            reply(
                "a trust anchor writes a schema",
                &self.anchor,
                data("1.0", good.clone()),
            ),
            reject(
                "the same schema is refused",
                &self.anchor,
                data("1.0", good.clone()),
            ),
            reject(
                "a changed schema is refused",
                &self.anchor,
                data("1.0", json!(["age"])),
            ),
            reply(
                "a new version is written",
                &self.anchor,
                data("1.0.1", json!(["age"])),
            ),
            reject(
                "an identity without a role writes no schema",
                &self.alex,
                data("1.0", good.clone()),
            ),
            reqnack(
                "a schema has attributes",
                &self.anchor,
                data("2.0", json!([])),
            ),
            reqnack(
                "an attribute has a name",
                &self.anchor,
                data("2.0", json!([""])),
            ),
            reqnack(
                "a schema has a version of numbers",
                &self.anchor,
                data("x", good.clone()),
            ),
            reqnack("a schema needs data", &self.anchor, json!({"type": "101"})),
            reqnack(
                "a schema has each attribute once",
                &self.anchor,
                data("3.0", json!(["age", "age"])),
            )
            .on_a_pool(
                Kind::Reply,
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
            reply(
                "a trust anchor writes a credential definition",
                &self.anchor,
                cred_def(schema(), "TAG1"),
            ),
            reply(
                "its author may write it again",
                &self.anchor,
                cred_def(schema(), "TAG1"),
            ),
            reply(
                "another tag is another credential definition",
                &self.anchor,
                cred_def(schema(), "TAG2"),
            ),
            reject(
                "an identity without a role writes none",
                &self.alex,
                cred_def(schema(), "TAG1"),
            ),
            reject(
                "its schema is there",
                &self.anchor,
                cred_def(json!(999_999_999), "TAG1"),
            ),
            reject(
                "its schema is not a NYM",
                &self.anchor,
                cred_def(
                    json!({"number of": "a steward adds a trust anchor"}),
                    "TAG1",
                ),
            ),
            reqnack(
                "its schema is named by a number",
                &self.anchor,
                cred_def(json!("7"), "TAG1"),
            ),
            reqnack(
                "no transaction has the number 0",
                &self.anchor,
                cred_def(json!(0), "TAG1"),
            ),
            reqnack("it has primary keys", &self.anchor, without_keys),
            reqnack("its tag is not empty", &self.anchor, cred_def(schema(), "")),
        ]
    }

    fn repeated(&self) -> Vec<Step<'_>> {
        let schema = json!({"type": "101", "data": {"name": "gvt", "version": "4.0", "attr_names": ["age"]}});
        let first = "a trust anchor writes a schema";
        vec![
            again(
                Kind::Reply,
                "a repeated request gets its first reply",
                &self.anchor,
                first,
            ),
            again(
                Kind::Reqnack,
                "so does a repeated change of a key",
                &self.spare,
                "the new key does",
            ),
            again(
                Kind::Reject,
                "a repeated refusal is refused again",
                &self.anchor,
                "a changed schema is refused",
            )
            .on_a_pool(
                Kind::Silence,
                "nodes remember that they have dealt with it, but not how; here nobody need wait",
            ),
            reply(
                "another request may have the same number",
                &self.anchor,
                schema,
            )
            .with_the_number_of(first),
        ]
    }

    fn reads(&self) -> Vec<Step<'_>> {
        let nym = |of: &Identity| json!({"type": "105", "dest": of.did});
        let schema = |version: &str| json!({"type": "107", "dest": self.anchor.did, "data": {"name": "gvt", "version": version}});
        let cred_def = |tag: &str| json!({"type": "108", "origin": self.anchor.did, "ref": {"number of": "a trust anchor writes a schema"}, "signature_type": "CL", "tag": tag});
        let read = |name, operation| reply(name, &self.alex, operation);
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
        let wrong = |name, operation| reqnack(name, &self.steward, operation);
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
                .tampered(|request| request["operation"] = json!("read"))
                .in_other_words("the client refuses it before it is sent"),
            wrong("a request has a number", read())
                .tampered(|request| {
                    request.as_object_mut().expect("an object").remove("reqId");
                })
                .in_other_words("the client refuses it before it is sent"),
            wrong("a request has an author", read())
                .tampered(|request| {
                    request
                        .as_object_mut()
                        .expect("an object")
                        .remove("identifier");
                })
                .in_other_words("the client refuses it before it is sent"),
        ]
    }

    /// What a pool can do, and the embedded ledger does not offer.
    fn beyond(&self) -> Vec<Step<'_>> {
        vec![
            reqnack(
                "an attribute is read",
                &self.alex,
                json!({"type": "104", "dest": self.alex.did, "raw": "endpoint"}),
            )
            .on_a_pool(
                Kind::Reply,
                "attributes are not offered: the walkthrough has no use for it",
            ),
            reqnack(
                "a transaction is read by its number",
                &self.alex,
                json!({"type": "3", "ledgerId": 1, "data": 1}),
            )
            .on_a_pool(
                Kind::Reply,
                "GET_TXN is not offered: the file itself can be read",
            ),
        ]
    }
}
