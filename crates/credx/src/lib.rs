//! The objects of `indy-credx` from JSON, the only place where they are made.
//!
//! The library takes JSON as it is: it panics on a decimal number with a NUL, with the number in
//! the panic's message, and ignores what follows the digits of another. So [`parse`] first has
//! [`proofs::objects`] check the text, whatever it came from, and catches the panics that are left.
//!
//! The types of the library implement `Deserialize` themselves, so nothing but a test of the
//! sources keeps other code from going around [`parse`].

use indy_credx::types::{
    Credential, CredentialDefinition, CredentialDefinitionPrivate, CredentialKeyCorrectnessProof,
    CredentialOffer, CredentialRequest, CredentialRequestMetadata, LinkSecret, Presentation,
    PresentationRequest, RevocationRegistry, RevocationRegistryDefinition, Schema,
};
pub use proofs::objects::{Kind, check};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned, de::Error as _};
use serde_json::{Value, value::RawValue};
use zeroize::Zeroizing;

/// An object of the library.
pub trait Object: Serialize + DeserializeOwned {
    /// What kind of object it is.
    const KIND: Kind;
}

macro_rules! objects {
    ($($object:ident is $kind:ident;)*) => {$(
        impl Object for $object {
            const KIND: Kind = Kind::$kind;
        }
    )*};
}

objects! {
    PresentationRequest is Request;
    Presentation is Presentation;
    Schema is Schema;
    CredentialDefinition is CredentialDefinition;
    CredentialDefinitionPrivate is PrivateKey;
    CredentialKeyCorrectnessProof is KeyCorrectnessProof;
    Credential is Credential;
    CredentialOffer is CredentialOffer;
    CredentialRequest is CredentialRequest;
    CredentialRequestMetadata is RequestMetadata;
    LinkSecret is LinkSecret;
    RevocationRegistryDefinition is RegistryDefinition;
    RevocationRegistry is Registry;
}

/// Why JSON is not an object of the library. It does not quote secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} cannot be read: {reason}", kind.name())]
pub struct ObjectError {
    /// The kind of object.
    pub kind: Kind,
    /// What is wrong with it, and where.
    pub reason: String,
}

/// Reads an object from JSON text.
///
/// # Errors
///
/// [`ObjectError`].
pub fn parse<T: Object>(json: &str) -> Result<T, ObjectError> {
    let unread = |reason: String| ObjectError { kind: T::KIND, reason };
    check(T::KIND, json).map_err(|error| unread(error.to_string()))?;
    let parsed = stdx::panic::catch(|| serde_json::from_str(json));
    let parsed =
        parsed.map_err(|panicked| unread(format!("indy-credx cannot read it: {panicked}")))?;
    parsed.map_err(|error: serde_json::Error| {
        let message = error.to_string();
        unread(match message.starts_with("missing field") {
            true => message,
            // other messages may quote what was not expected
            false => format!("indy-credx cannot read it from column {} on", error.column()),
        })
    })
}

/// Reads an object as the library itself reads it, with nothing checked before, for those who test
/// the library.
///
/// It may panic, and the panic's message may quote the text: call it within [`stdx::panic::catch`].
///
/// # Errors
///
/// [`ObjectError`] with the library's words, which may quote the text too.
pub fn parse_unchecked<T: Object>(json: &str) -> Result<T, ObjectError> {
    serde_json::from_str(json)
        .map_err(|error| ObjectError { kind: T::KIND, reason: error.to_string() })
}

/// Reads an object from a JSON value.
///
/// # Errors
///
/// As [`parse`].
pub fn from_value<T: Object>(json: &Value) -> Result<T, ObjectError> {
    parse(&Zeroizing::new(json.to_string()))
}

/// Copies an object that does not implement `Clone`, through its JSON.
///
/// # Errors
///
/// As [`parse`], of which there are none in practice.
pub fn copy<T: Object>(object: &T) -> Result<T, ObjectError> {
    let json = serde_json::to_string(object).map(Zeroizing::new);
    let unwritten = "it has no JSON form".to_owned();
    parse(&json.map_err(|_| ObjectError { kind: T::KIND, reason: unwritten })?)
}

/// Reads an object that is part of something larger, for `#[serde(deserialize_with)]`. What it is
/// part of must be read from JSON text.
///
/// # Errors
///
/// As [`parse`].
pub fn deserialize<'de, D: Deserializer<'de>, T: Object>(deserializer: D) -> Result<T, D::Error> {
    let json = <Box<RawValue>>::deserialize(deserializer)?;
    parse(json.get()).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A credential definition, from the tests of `proofs`.
    fn cred_def() -> Value {
        const CASE: &str = include_str!("../../proofs/tests/fixtures/cases/one-credential.json");
        let case: Value = serde_json::from_str(CASE).unwrap();
        case["cred_defs"].as_object().unwrap().values().next().unwrap().clone()
    }

    fn error<T: Object>(json: &Value) -> String {
        from_value::<T>(json).err().unwrap().to_string()
    }

    #[test]
    fn a_number_that_the_library_would_panic_at_is_an_error() {
        let mut altered = cred_def();
        altered["value"]["primary"]["n"] = json!("4711\u{0}");
        let shown = error::<CredentialDefinition>(&altered);
        assert!(shown.contains("/value/primary/n") && !shown.contains("4711"), "{shown}");
        assert!(from_value::<CredentialDefinition>(&cred_def()).is_ok());
    }

    #[test]
    fn a_panic_that_no_check_foresees_is_an_error() {
        let mut altered = cred_def();
        // more than the library's 31 bits
        let point = format!("{} 1 1 1 1 1", u32::MAX);
        let points = ["g", "g_dash", "h", "h0", "h1", "h2", "htilde", "h_cap", "u", "pk", "y"];
        altered["value"]["revocation"] =
            points.iter().map(|name| ((*name).to_owned(), json!(point))).collect();
        let shown = error::<CredentialDefinition>(&altered);
        assert!(shown.contains("it panicked"), "{shown}");
    }

    #[test]
    fn a_secret_is_never_quoted() {
        for json in [
            json!({"value": {"ms": "4711 "}}),
            json!({"value": {"ms": 4711}}),
            json!({"value": "4711"}),
            json!({"value": {"other": "4711"}}),
            json!("4711"),
        ] {
            let shown = error::<LinkSecret>(&json);
            assert!(!shown.contains("4711"), "{shown}");
        }
    }
}
