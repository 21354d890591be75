//! What a signature covers.

use serde_json::{Map, Value};

use super::{SignatureError, malformed, not_canonical};
use crate::did::Purpose;

/// What a signature covers. A `proof` that is there already is never covered.
#[derive(Debug, Clone, Copy)]
pub enum Signed<'a> {
    /// A request, a presentation, or a response.
    Message(&'a Value),
    /// A credential as a whole, by its issuer.
    Credential(&'a Value),
    /// One attribute of a credential: all of the credential's members (its metadata), but of
    /// `credentialSubjects` only the entry of this index, without its own `proof`. So an attribute
    /// cannot be lifted into another credential, nor given to another subject.
    Claim(&'a Value, usize),
}

/// The value of a member as it is covered.
pub(super) enum Covered<'a> {
    /// All of it.
    Value(&'a Value),
    /// An object, less the member of this name.
    Less(&'a Map<String, Value>, &'static str),
    /// A list of one entry: the entry less its `proof`.
    Entry(&'a Map<String, Value>),
}

impl<'a> Signed<'a> {
    /// Returns the message or the credential.
    fn whole(self) -> &'a Value {
        match self {
            Self::Message(whole) | Self::Credential(whole) | Self::Claim(whole, _) => whole,
        }
    }

    /// Returns its contexts.
    pub(super) fn context(self) -> Option<&'a Value> {
        self.whole().get("@context")
    }

    /// Returns the members that are covered, in no particular order. Nothing is copied.
    pub(super) fn members(self) -> Result<Vec<(&'a str, Covered<'a>)>, SignatureError> {
        let not_an_object = || {
            not_canonical(
                "it is not a JSON object; sign a message, or an attribute of a credential",
            )
        };
        let entry = match self {
            Self::Claim(credential, index) => {
                let entry = credential.get("credentialSubjects").and_then(|all| all.get(index));
                Some(entry.and_then(Value::as_object).ok_or_else(not_an_object)?)
            }
            _ => None,
        };
        let members = self.whole().as_object().ok_or_else(not_an_object)?;
        let members = members.iter().filter(|(name, _)| *name != "proof");
        let members = members.map(|(name, value)| match entry {
            Some(entry) if name == "credentialSubjects" => (&**name, Covered::Entry(entry)),
            _ => (&**name, Covered::Value(value)),
        });
        Ok(members.collect())
    }

    /// Returns what is covered as a document of its own.
    pub(super) fn document(self) -> Result<Map<String, Value>, SignatureError> {
        let members = self.members()?.into_iter();
        Ok(members.map(|(name, value)| (name.to_owned(), value.into_value())).collect())
    }

    /// Returns the purposes that a signature of it may have.
    fn purposes(self) -> &'static [Purpose] {
        match self {
            Self::Message(_) => Purpose::ALL,
            Self::Credential(_) | Self::Claim(..) => Purpose::OF_CREDENTIALS,
        }
    }

    /// Returns the purposes for which the key of this proof must be listed: any of them. A proof
    /// can name one, in `proofPurpose`, or in `presentationPurpose` as the revision of December
    /// 2019 writes it.
    ///
    /// # Errors
    ///
    /// [`SignatureError::Refused`] if the purpose is for no signature of this.
    pub fn purposes_of(self, proof: &Value) -> Result<&'static [Purpose], SignatureError> {
        let mut purposes = self.purposes();
        for member in ["proofPurpose", "presentationPurpose"] {
            let Some(named) = proof.get(member) else { continue };
            let fits = purposes.iter().position(|purpose| Some(purpose.name()) == named.as_str());
            purposes = fits.and_then(|at| purposes.get(at..=at)).ok_or_else(|| {
                let names = Purpose::names(purposes);
                let problem = format!("is not {names}, which this signature is for");
                malformed(member, &problem)
            })?;
        }
        Ok(purposes)
    }
}

impl Covered<'_> {
    fn into_value(self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Less(members, name) => less(members, name).into(),
            Self::Entry(entry) => vec![Value::Object(less(entry, "proof"))].into(),
        }
    }
}

/// Returns a copy of an object without one of its members.
fn less(members: &Map<String, Value>, without: &str) -> Map<String, Value> {
    let members = members.iter().filter(|(name, _)| *name != without);
    members.map(|(name, value)| (name.clone(), value.clone())).collect()
}
