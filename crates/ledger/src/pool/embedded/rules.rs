//! The authorization rules: which role may write what, by the defaults of indy-node 1.13.
//!
//! | to write | one signature of |
//! |---|---|
//! | a new DID as trustee or steward | a trustee |
//! | a new DID as trust anchor or network monitor | a trustee or steward |
//! | a new DID without a role | a trustee, steward or trust anchor |
//! | another key for a DID | its owner |
//! | another role for a DID | a trustee; a steward too, from none or network monitor to trust anchor, network monitor or none |
//! | a schema | a trustee, steward or trust anchor; once |
//! | a credential definition | a trustee, steward or trust anchor; again by its author |
//!
//! A DID's owner is the DID itself, or, as long as it has no key, the DID that added it.
//! The messages are those of nodes, which say `ENDORSER` for a trust anchor.

use super::{
    operation::Operation,
    state::{Nym, State},
};
use crate::format::{Reason, Role, cred_def_id, operation_type, schema_id};

/// Checks that `author` may do `operation` in this state. Reads are always allowed.
pub(super) fn check(state: &State, author: &str, operation: &Operation) -> Result<(), Reason> {
    let author = Author { did: author, nym: state.nym(author) };
    match operation {
        Operation::Nym { did, verkey, role } => match state.nym(did) {
            Some(nym) => {
                let role = role.as_ref().map(|role| as_role(role.as_deref()));
                check_changed_nym(&author, did, nym, role, verkey.is_some())
            }
            None => check_new_nym(&author, role.as_ref().and_then(|role| as_role(role.as_deref()))),
        },
        Operation::Schema { name, version } => {
            if state.schema(&schema_id(author.did, name, version)).is_some() {
                return Err(unauthorized("The action is forbidden"));
            }
            author.check_role(&WRITERS)
        }
        Operation::CredDef { schema_seq_no, signature_type, tag } => {
            check_schema_reference(state, *schema_seq_no)?;
            let id = cred_def_id(author.did, signature_type, *schema_seq_no, tag);
            match state.cred_def(&id) {
                Some(_) => author.check_known(),
                None => author.check_role(&WRITERS),
            }
        }
        Operation::GetNym { .. } | Operation::GetSchema { .. } | Operation::GetCredDef { .. } => {
            Ok(())
        }
    }
}

const TRUSTEES: [Role; 1] = [Role::Trustee];
const STEWARDS: [Role; 2] = [Role::Steward, Role::Trustee];
const WRITERS: [Role; 3] = [Role::Trustee, Role::Steward, Role::TrustAnchor];

fn check_new_nym(author: &Author<'_>, role: Option<Role>) -> Result<(), Reason> {
    match role {
        Some(Role::Trustee | Role::Steward) => author.check_role(&TRUSTEES),
        Some(Role::TrustAnchor | Role::NetworkMonitor) => author.check_role(&STEWARDS),
        None => author.check_role(&WRITERS),
    }
}

/// Checks a request for a DID that exists; `role` and `changes_verkey` are what it would set.
fn check_changed_nym(
    author: &Author<'_>,
    did: &str,
    nym: &Nym,
    role: Option<Option<Role>>,
    changes_verkey: bool,
) -> Result<(), Reason> {
    let owner = match nym.verkey {
        Some(_) => Some(did),
        None => nym.added_by.as_deref(),
    };
    let is_owner = owner == Some(author.did);
    if let Some(role) = role {
        check_changed_role(author, is_owner, nym.role, role)?;
    }
    if changes_verkey {
        author.check_owner(is_owner, "verkey")?;
    }
    if role.is_none() && !changes_verkey && !is_owner {
        // Nodes refuse this without a reason; here there is one.
        return Err(Reason::Invalid(format!(
            "{did} exists already and the request changes nothing that {} may change",
            author.did
        )));
    }
    Ok(())
}

fn check_changed_role(
    author: &Author<'_>,
    is_owner: bool,
    old: Option<Role>,
    new: Option<Role>,
) -> Result<(), Reason> {
    use Role::{NetworkMonitor, TrustAnchor};
    match (old, new) {
        (old, new) if old == new => author.check_owner(is_owner, "role"),
        (None | Some(NetworkMonitor), None | Some(TrustAnchor | NetworkMonitor)) => {
            author.check_role(&STEWARDS)
        }
        _ => author.check_role(&TRUSTEES),
    }
}

fn check_schema_reference(state: &State, seq_no: u64) -> Result<(), Reason> {
    match state.transaction_type(seq_no) {
        Some(operation_type::SCHEMA) => Ok(()),
        Some(_) => {
            Err(Reason::Invalid(format!("Mentioned seqNo ({seq_no}) isn't seqNo of the schema.")))
        }
        None => Err(Reason::Invalid(format!("Mentioned seqNo ({seq_no}) doesn't exist."))),
    }
}

struct Author<'a> {
    did: &'a str,
    /// `None` when the ledger does not know the author.
    nym: Option<&'a Nym>,
}

impl Author<'_> {
    /// Checks that the author has one of `roles`.
    fn check_role(&self, roles: &[Role]) -> Result<(), Reason> {
        let has = |role: &Role| self.nym.is_some_and(|nym| nym.role == Some(*role));
        if roles.iter().any(has) {
            return Ok(());
        }
        let error = |role: &Role| match self.nym {
            Some(_) => format!("Not enough {} signatures", name(*role)),
            None => self.unknown(),
        };
        if let [role] = roles {
            return Err(unauthorized(&error(role)));
        }
        let rule = |role: &Role| format!("1 {} signature is required", name(*role));
        let rules: Vec<String> = roles.iter().map(rule).collect();
        let errors: Vec<String> = roles
            .iter()
            .map(|role| format!("Constraint: {}, Error: {}", rule(role), error(role)))
            .collect();
        Err(unauthorized(&format!(
            "Rule for this action is: {}\nFailed checks:\n{}",
            rules.join(" OR "),
            errors.join("\n")
        )))
    }

    fn check_known(&self) -> Result<(), Reason> {
        match self.nym {
            Some(_) => Ok(()),
            None => Err(unauthorized(&self.unknown())),
        }
    }

    fn check_owner(&self, is_owner: bool, field: &str) -> Result<(), Reason> {
        if is_owner {
            return self.check_known();
        }
        let role = self.nym.and_then(|nym| nym.role).map_or("None role", name);
        Err(unauthorized(&format!(
            "{role} can not touch {field} field since only the owner can modify it"
        )))
    }

    fn unknown(&self) -> String {
        format!("sender's DID {} is not found in the Ledger", self.did)
    }
}

fn as_role(code: Option<&str>) -> Option<Role> {
    code.and_then(Role::from_code)
}

fn name(role: Role) -> &'static str {
    match role {
        Role::Trustee => "TRUSTEE",
        Role::Steward => "STEWARD",
        Role::TrustAnchor => "ENDORSER",
        Role::NetworkMonitor => "NETWORK_MONITOR",
    }
}

fn unauthorized(text: &str) -> Reason {
    Reason::Unauthorized(text.to_owned())
}
