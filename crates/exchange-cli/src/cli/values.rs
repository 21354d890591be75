//! Values of the command line: their names, and how they are parsed.

use std::path::PathBuf;

use chrono::Duration;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use exchange::{
    check::ExchangeCheck,
    message::{Accepted, Form},
    signature::ProofType,
};

use crate::example::{self, Files};

/// Parses the names of values; what each means is for the help.
fn named<T: Clone + Send + Sync + 'static>(
    values: impl IntoIterator<Item = (&'static str, &'static str, T)>,
) -> impl TypedValueParser<Value = T> {
    let values: Vec<_> = values.into_iter().collect();
    let names = values.iter().map(|(name, help, _)| PossibleValue::new(*name).help(*help));
    PossibleValuesParser::new(names).try_map(move |name| {
        let mut values = values.iter();
        let named = values.find(|(known, ..)| *known == name);
        named.map(|(.., value)| value.clone()).ok_or("it has no such value")
    })
}

/// Returns the only value of `--require`.
pub fn demand() -> PossibleValue {
    PossibleValue::new("audience").help("a response names the verifier that it is for")
}

pub fn checks() -> impl TypedValueParser<Value = ExchangeCheck> {
    named(ExchangeCheck::ALL.iter().map(|check| (check.name(), check.rule(), *check)))
}

pub fn examples() -> impl TypedValueParser<Value = Files> {
    named(example::ALL.map(|files| (files.name, files.about, files)))
}

/// Parses the names of the forms that are written.
pub fn forms() -> impl TypedValueParser<Value = Form> {
    let (draft, revision) = (
        "`proofRequest`, `proofURL`, `type`: those of the draft",
        "`presentationRequest`, `presentationURL`, `@type`: those of the revision",
    );
    let forms = [(draft, Form::August2019), (revision, Form::December2019)];
    named(forms.map(|(names, form)| (form.name(), names, form)))
}

/// Parses how a message is signed with a key of the wallet.
pub fn signatures() -> impl TypedValueParser<Value = ProofType> {
    named([
        (
            "json",
            "JSON, Ed25519VerificationKey2018: the draft's own",
            ProofType::Ed25519VerificationKey2018,
        ),
        ("jcs", "JSON, JcsEd25519Signature2020", ProofType::JcsEd25519Signature2020),
        ("json-ld", "JSON-LD, Ed25519Signature2018", ProofType::Ed25519Signature2018),
        (
            "eddsa-jcs",
            "JSON, eddsa-jcs-2022: a proof of W3C's Data Integrity",
            ProofType::EddsaJcs2022,
        ),
    ])
}

/// Parses an element of `accept`.
pub fn accepted(text: &str) -> Result<Accepted, &'static str> {
    Accepted::parse(text)
        .ok_or("write it as json/TYPE or json-ld/TYPE, for example json/Ed25519VerificationKey2018")
}

pub fn url_and_file(text: &str) -> Result<(String, PathBuf), String> {
    let (url, file) = text.split_once('=').ok_or("write it as URL=FILE")?;
    Ok((url.to_owned(), file.into()))
}

pub fn hours(text: &str) -> Result<Duration, String> {
    let hours: u32 = text.parse().map_err(|_| "give a number of hours")?;
    match hours {
        1..=8760 => Ok(Duration::hours(hours.into())),
        _ => Err("give 1 to 8760 hours".to_owned()),
    }
}

/// Parses `3:street2=Apartment 12`: the third criterion, a name, and a value.
pub fn stated(text: &str) -> Result<(usize, (String, String)), String> {
    let (number, rest) = numbered(text)?;
    let (name, value) = rest.split_once('=').ok_or("write it as N:NAME=VALUE")?;
    Ok((number, (name.to_owned(), value.to_owned())))
}

/// Parses `3:street2`: the third criterion, and a name or id.
pub fn numbered(text: &str) -> Result<(usize, String), String> {
    let advice = "write it as N:..., with the number of the criterion counted from 1";
    let (number, rest) = text.split_once(':').ok_or(advice)?;
    match number.parse::<usize>() {
        Ok(number) if number >= 1 && !rest.is_empty() => Ok((number - 1, rest.to_owned())),
        _ => Err(advice.to_owned()),
    }
}
