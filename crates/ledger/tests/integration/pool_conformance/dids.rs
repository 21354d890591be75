//! The requests about DIDs: who adds whom, who owns what, whose signature counts.

use serde_json::{Value, json};

use super::list::Cast;
use super::pool_support::Identity;
use super::step::{Step, reject, reply, reqnack};

impl Cast {
    pub(super) fn nyms(&self) -> Vec<Step<'_>> {
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

    pub(super) fn signatures(&self) -> Vec<Step<'_>> {
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
}
