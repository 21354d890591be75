//! The requests about DIDs: roles, owners and signatures.

use serde_json::{Value, json};

use super::{
    requests::Identities,
    step::{Step, reject, reply, reqnack},
};
use crate::support::Identity;

impl Identities {
    pub(super) fn nyms(&self) -> Vec<Step<'_>> {
        let with_role = |identity: &Identity, role: Value| {
            let mut nym = identity.nym();
            nym["role"] = role;
            nym
        };
        let stranger = with_role(&self.stranger, Value::Null);
        vec![
            reply(
                "a steward adds a trust anchor",
                &self.steward,
                with_role(&self.anchor, json!("101")),
            ),
            reply("a trust anchor adds an identity without a role", &self.anchor, self.alex.nym()),
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
            reject("an identity without a role adds no identity", &self.alex, stranger.clone()),
            reqnack(
                "an unknown author is refused",
                &self.stranger,
                json!({"type": "1", "dest": self.spare.did}),
            ),
            reject("an unknown author does not add itself", &self.stranger, self.stranger.nym()),
            reqnack("an author without a key is refused", &self.keyless, stranger.clone()),
            reqnack("a role is a known one", &self.steward, with_role(&self.stranger, json!("77"))),
            reqnack("a role is not a number", &self.steward, with_role(&self.stranger, json!(101))),
        ]
    }

    pub(super) fn owners(&self) -> Vec<Step<'_>> {
        let key = |of: &Identity, verkey: &Identity| json!({"type": "1", "dest": of.did, "verkey": verkey.verkey});
        let role = |of: &Identity, role: Value| json!({"type": "1", "dest": of.did, "role": role});
        vec![
            reject(
                "a steward does not change the key of an owner",
                &self.steward,
                key(&self.alex, &self.spare),
            ),
            reject(
                "a trustee does not change the key of an owner",
                &self.trustee,
                key(&self.alex, &self.spare),
            ),
            reply(
                "the DID that added a keyless DID gives it a key",
                &self.anchor,
                key(&self.keyless, &self.keyless),
            ),
            reject(
                "a DID with a key is its own owner",
                &self.anchor,
                key(&self.keyless, &self.spare),
            ),
            reply("an owner changes its key", &self.alex, key(&self.alex, &self.spare)),
            reqnack("the old key no longer signs", &self.alex, key(&self.alex, &self.alex)),
            reply("the new key signs", &self.spare, key(&self.alex, &self.alex))
                .authored_by(&self.alex.did),
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
                "a trustee takes this role away",
                &self.trustee,
                role(&self.keyless, Value::Null),
            ),
            reject(
                "a request that changes nothing is for the owner",
                &self.steward,
                json!({"type": "1", "dest": self.alex.did}),
            )
            .with_another_reason("nodes refuse it without a reason"),
            reply(
                "the owner may send a request that changes nothing",
                &self.alex,
                json!({"type": "1", "dest": self.alex.did}),
            ),
        ]
    }

    pub(super) fn signatures(&self) -> Vec<Step<'_>> {
        let nym = || json!({"type": "1", "dest": self.stranger.did});
        let steward = |name, tamper| reqnack(name, &self.steward, nym()).tampered(tamper);
        vec![
            steward("a write without a signature is refused", |request| {
                request.as_object_mut().expect("an object").remove("signature");
            }),
            steward("a request that was changed after signing is refused", |request| {
                request["operation"]["role"] = json!("101");
            }),
            steward("a signature is not empty", |request| {
                request["signature"] = json!("");
            }),
            steward("a signature has 64 bytes", |request| {
                request["signature"] = json!("abc");
            }),
            reqnack("a signature of another key is refused", &self.anchor, nym())
                .authored_by(&self.steward.did),
        ]
    }
}
