//! The list of requests. Its order matters: later ones build on what earlier ones wrote.
//! Those about DIDs are in [`super::dids`].

use serde_json::{Value, json};

use super::step::{Kind, Step, again, reject, reply, reqnack};
use crate::support::{Identity, steward, trustee};

/// The identities in the list. All but the first two are new in each run, so that the list can be
/// submitted to the same pool again.
pub struct Identities {
    pub(super) steward: Identity,
    pub(super) trustee: Identity,
    /// Becomes a trust anchor.
    pub(super) anchor: Identity,
    /// Has no role.
    pub(super) alex: Identity,
    /// Is written without a key by the anchor.
    pub(super) keyless: Identity,
    /// Its key becomes Alex's.
    pub(super) spare: Identity,
    /// Is never written.
    pub(super) stranger: Identity,
}

impl Identities {
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

    /// Returns all requests, in order.
    pub fn steps(&self) -> Vec<Step<'_>> {
        let mut steps = self.nyms();
        steps.extend(self.owners());
        steps.extend(self.signatures());
        steps.extend(self.schemas());
        steps.extend(self.cred_defs());
        steps.extend(self.repeated());
        steps.extend(self.reads());
        steps.extend(self.malformed());
        steps.extend(self.unsupported());
        steps
    }

    fn schemas(&self) -> Vec<Step<'_>> {
        let data = |version: &str, attr_names: Value| json!({"type": "101", "data": {"name": "gvt", "version": version, "attr_names": attr_names}});
        let good = json!(["age", "height", "name", "sex"]);
        vec![
            reply("a trust anchor writes a schema", &self.anchor, data("1.0", good.clone())),
            reject("the same schema is refused", &self.anchor, data("1.0", good.clone())),
            reject("a changed schema is refused", &self.anchor, data("1.0", json!(["age"]))),
            reply("a new version is written", &self.anchor, data("1.0.1", json!(["age"]))),
            reject(
                "an identity without a role writes no schema",
                &self.alex,
                data("1.0", good.clone()),
            ),
            reqnack("a schema has attributes", &self.anchor, data("2.0", json!([]))),
            reqnack("an attribute has a name", &self.anchor, data("2.0", json!([""]))),
            reqnack("a schema has a version of numbers", &self.anchor, data("x", good.clone())),
            reqnack("a schema needs data", &self.anchor, json!({"type": "101"})),
            reqnack(
                "a schema has no duplicate attributes",
                &self.anchor,
                data("3.0", json!(["age", "age"])),
            )
            .but_on_a_pool(Kind::Reply, "nodes accept it, but no credential can be issued for it"),
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
                "its author may write a credential definition again",
                &self.anchor,
                cred_def(schema(), "TAG1"),
            ),
            reply(
                "another tag is another credential definition",
                &self.anchor,
                cred_def(schema(), "TAG2"),
            ),
            reject(
                "an identity without a role writes no credential definition",
                &self.alex,
                cred_def(schema(), "TAG1"),
            ),
            reject(
                "a credential definition has a schema that exists",
                &self.anchor,
                cred_def(json!(999_999_999), "TAG1"),
            ),
            reject(
                "a credential definition's schema is not a NYM",
                &self.anchor,
                cred_def(json!({"number of": "a steward adds a trust anchor"}), "TAG1"),
            ),
            reqnack(
                "a credential definition has its schema's number",
                &self.anchor,
                cred_def(json!("7"), "TAG1"),
            ),
            reqnack("no transaction has the number 0", &self.anchor, cred_def(json!(0), "TAG1")),
            reqnack("a credential definition has primary keys", &self.anchor, without_keys),
            reqnack("a credential definition has a tag", &self.anchor, cred_def(schema(), "")),
        ]
    }

    fn repeated(&self) -> Vec<Step<'_>> {
        let schema = json!({"type": "101", "data": {"name": "gvt", "version": "4.0", "attr_names": ["age"]}});
        let first = "a trust anchor writes a schema";
        vec![
            again(Kind::Reply, "a repeated request gets its first reply", &self.anchor, first),
            again(
                Kind::Reqnack,
                "a repeated request with a replaced key is refused",
                &self.spare,
                "the new key signs",
            ),
            again(
                Kind::Reject,
                "a repeated refusal is refused again",
                &self.anchor,
                "a changed schema is refused",
            )
            .but_on_a_pool(
                Kind::NoReply,
                "nodes remember that they handled it, but not the result; here there is a reply",
            ),
            reply("another request may have the same number", &self.anchor, schema)
                .with_number_of(first),
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
            read("a NYM that does not exist is read", nym(&self.stranger)),
            read("a schema is read", schema("1.0")),
            read("a later version of a schema is read", schema("1.0.1")),
            read("a schema that does not exist is read", schema("9.0")),
            read("a credential definition is read", cred_def("TAG1")),
            read("a credential definition with another tag is read", cred_def("TAG2")),
            read("a credential definition that does not exist is read", cred_def("TAG3")),
            read("a credential definition of a missing schema is read", no_schema),
            read("a read needs no signature", nym(&self.steward)).tampered(|request| {
                request.as_object_mut().expect("an object").remove("signature");
            }),
            read("a read needs no known author", nym(&self.anchor))
                .authored_by("LibindyDid111111111111"),
        ]
    }

    fn malformed(&self) -> Vec<Step<'_>> {
        let wrong = |name, operation| reqnack(name, &self.steward, operation);
        let read = || json!({"type": "105", "dest": self.steward.did});
        vec![
            wrong("a NYM needs a DID", json!({"type": "1"})),
            wrong("a DID has 16 or 32 bytes", json!({"type": "1", "dest": "abc"})),
            wrong("a DID is base58", json!({"type": "1", "dest": "0OIl0OIl0OIl0OIl0OIl00"})),
            wrong(
                "a key has 32 bytes",
                json!({"type": "1", "dest": self.stranger.did, "verkey": "zz"}),
            ),
            wrong("a NYM is read by its DID", json!({"type": "105", "dest": "abc"})),
            wrong(
                "a schema is read by its version",
                json!({"type": "107", "dest": self.anchor.did, "data": {"name": "gvt", "version": "x.y"}}),
            ),
            wrong("an operation has a known type", json!({"type": "9999"})),
            wrong("an operation has a type", json!({"dest": self.steward.did})),
            wrong("an author is a DID", read()).authored_by("abc"),
            wrong("a protocol version is a known one", read())
                .tampered(|request| request["protocolVersion"] = json!(1)),
            wrong("a request has a protocol version", read()).tampered(|request| {
                request.as_object_mut().expect("an object").remove("protocolVersion");
            }),
            wrong("an operation is an object", read())
                .tampered(|request| request["operation"] = json!("read"))
                .with_another_reason("the client refuses it before it is sent"),
            wrong("a request has a number", read())
                .tampered(|request| {
                    request.as_object_mut().expect("an object").remove("reqId");
                })
                .with_another_reason("the client refuses it before it is sent"),
            wrong("a request has an author", read())
                .tampered(|request| {
                    request.as_object_mut().expect("an object").remove("identifier");
                })
                .with_another_reason("the client refuses it before it is sent"),
        ]
    }

    /// Returns requests that a pool supports and the embedded ledger does not.
    fn unsupported(&self) -> Vec<Step<'_>> {
        vec![
            reqnack(
                "an attribute is read",
                &self.alex,
                json!({"type": "104", "dest": self.alex.did, "raw": "endpoint"}),
            )
            .but_on_a_pool(
                Kind::Reply,
                "attributes are not supported: the tutorial does not use them",
            ),
            reqnack(
                "a transaction is read by its number",
                &self.alex,
                json!({"type": "3", "ledgerId": 1, "data": 1}),
            )
            .but_on_a_pool(Kind::Reply, "GET_TXN is not supported: the file itself can be read"),
        ]
    }
}
