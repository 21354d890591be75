//! `negotiate-proof request`: proof requests of one's own.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail, ensure};
use clap::{Args, Subcommand, ValueHint};
use indy::anoncreds::{self, ProofRequest};
use proofs::{
    limits::MAX_REQUEST_BYTES,
    lint::{Date, Linter, Severity},
    names::holds_date,
    objects,
};
use serde_json::{Map, Value, json};
use stdx::text::Quoted;
use tutorial::{Status, input, options::OutputOptions, report};

use crate::messages;

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof request new --name club --attribute name --predicate 'age >= 18'
  negotiate-proof request new --attribute photo --group person=name,address \\
    --predicate 'old_enough=born_dateint <= 20081128' --restrict schema_name=passport \\
    --self-attested nickname --output request.json
  negotiate-proof request new --template template.json --output request.json
      the same request once more, with a fresh nonce

A referent is the name of an answer in the request: it stands before =, and is the attribute's name if left out.";

/// The operators of a predicate. The longer ones come first, since the others are their beginnings.
const OPERATORS: [&str; 4] = [">=", "<=", ">", "<"];

/// What to do with requests.
#[derive(Clone, Subcommand)]
pub enum Request {
    /// Make a proof request, with a fresh nonce
    #[command(after_long_help = EXAMPLES)]
    New(New),
}

/// The request to make.
#[derive(Clone, Args)]
pub struct New {
    /// A request to begin with; its nonce is replaced. - for standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    template: Option<PathBuf>,
    /// What the request is called
    #[arg(long)]
    name: Option<String>,
    /// The version of the request
    #[arg(long, value_name = "VERSION")]
    request_version: Option<String>,
    /// Ask for an attribute
    #[arg(long, value_name = "[REFERENT=]NAME")]
    attribute: Vec<String>,
    /// Ask for attributes of one credential together
    #[arg(long, value_name = "[REFERENT=]NAME,NAME")]
    group: Vec<String>,
    /// Ask for a proof that an attribute compares with a number: >=, >, <= or <
    #[arg(long, value_name = "[REFERENT=]NAME >= N")]
    predicate: Vec<String>,
    /// Accept only credentials with this value of a tag (schema_name, issuer_did, cred_def_id,
    /// ...), for every attribute, group and predicate of this command line; several are all
    /// demanded
    #[arg(long, value_name = "TAG=VALUE")]
    restrict: Vec<String>,
    /// Ask for an attribute that the holder may also state without a credential: it has no
    /// restriction
    #[arg(long, value_name = "[REFERENT=]NAME")]
    self_attested: Vec<String>,
    /// The file for the request; standard output if left out
    #[arg(long = "output", id = "file", value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl Request {
    pub(crate) async fn run(&self) -> Result<Status> {
        let Self::New(new) = self;
        let file = messages::file(&new.file);
        messages::check_new(file)?;
        let request = new.request().await?;
        let format = new.output.format();
        match file {
            None => messages::write(None, &request)?,
            Some(file) => {
                messages::write(Some(file), &request)?;
                let referents: Vec<&String> = request
                    .requested_attributes
                    .keys()
                    .chain(request.requested_predicates.keys())
                    .collect();
                let sentence = format!("{} holds the request.", file.display());
                let object = json!({
                    "output": tutorial::format::path_value(file),
                    "nonce": request.nonce,
                    "referents": referents,
                });
                report::message(format, &sentence, &object)?;
            }
        }
        Ok(Status::Good)
    }
}

impl New {
    /// Returns the request, checked.
    async fn request(&self) -> Result<ProofRequest> {
        let mut request = self.template().await?;
        let members = request.as_object_mut().context("the template is not an object")?;
        members.insert("nonce".to_owned(), json!(anoncreds::generate_nonce()?));
        for (member, given, default) in
            [("name", &self.name, "proof request"), ("version", &self.request_version, "1.0")]
        {
            match given {
                Some(given) => _ = members.insert(member.to_owned(), json!(given)),
                None => _ = members.entry(member).or_insert_with(|| json!(default)),
            }
        }
        let restrictions = self.restrictions()?;
        let restricted = |mut asked: Value| {
            if let Some(restrictions) = &restrictions {
                asked["restrictions"] = restrictions.clone();
            }
            asked
        };
        for text in &self.attribute {
            let (referent, name) = named(text);
            add(members, "requested_attributes", referent, restricted(json!({"name": name})))?;
        }
        for text in &self.group {
            let (referent, names) = named(text);
            let names: Vec<&str> = names.split(',').map(str::trim).collect();
            add(members, "requested_attributes", referent, restricted(json!({"names": names})))?;
        }
        for text in &self.self_attested {
            let (referent, name) = named(text);
            add(members, "requested_attributes", referent, json!({"name": name}))?;
        }
        for text in &self.predicate {
            let (referent, predicate) = predicate(text)?;
            add(members, "requested_predicates", referent, restricted(predicate))?;
        }
        let asks = ["requested_attributes", "requested_predicates"].into_iter().any(|member| {
            members.get(member).and_then(Value::as_object).is_some_and(|asked| !asked.is_empty())
        });
        ensure!(
            asks,
            "the request asks for nothing; add --attribute, --group or --predicate, or a --template"
        );
        let made = ProofRequest::from_value(&request).context("cannot make the request")?;
        let findings = Linter::new().lint(&request);
        let errors = findings.listed.iter().filter(|found| found.severity == Severity::Error);
        let errors: Vec<String> = errors.map(ToString::to_string).collect();
        ensure!(
            errors.is_empty(),
            "no request was made, since verifiers or holders would refuse it: {}",
            errors.join("; ")
        );
        Ok(made)
    }

    async fn template(&self) -> Result<Value> {
        let Some(path) = &self.template else {
            return Ok(json!({"requested_attributes": {}, "requested_predicates": {}}));
        };
        let text = input::text_up_to(path, "a proof request", MAX_REQUEST_BYTES).await?;
        let parse = || -> Result<Value> {
            objects::check_json(&text)?;
            Ok(serde_json::from_str(&text)?)
        };
        parse().with_context(|| format!("cannot use {}", path.display()))
    }

    fn restrictions(&self) -> Result<Option<Value>> {
        let mut tags = Map::new();
        for text in &self.restrict {
            let Some((tag, value)) = text.split_once('=') else {
                bail!(
                    "cannot use --restrict {}; write TAG=VALUE, as in schema_name=passport",
                    Quoted(text)
                );
            };
            if tags.insert(tag.trim().to_owned(), json!(value.trim())).is_some() {
                bail!("--restrict {} occurs twice; a credential has one value", Quoted(tag));
            }
        }
        Ok((!tags.is_empty()).then(|| json!([tags])))
    }
}

/// Divides `REFERENT=NAME`; without a referent, the name is the referent too.
fn named(text: &str) -> (&str, &str) {
    let (referent, name) = text.split_once('=').unwrap_or((text, text));
    (referent.trim(), name.trim())
}

/// Parses `REFERENT=NAME >= N`.
fn predicate(text: &str) -> Result<(&str, Value)> {
    let malformed =
        || anyhow!("cannot use --predicate {}; write a comparison as 'age >= 18'", Quoted(text));
    let at = text.find(['<', '>']).ok_or_else(malformed)?;
    let (left, right) = text.split_at(at);
    let operator = OPERATORS.into_iter().find(|operator| right.starts_with(operator));
    let operator = operator.ok_or_else(malformed)?;
    let bound = right[operator.len()..].trim();
    let (referent, name) = named(left);
    if name.is_empty() {
        return Err(malformed());
    }
    let date = Date::parse(bound).filter(|_| holds_date(name));
    let date = date.map(|date| date.number().to_string());
    let bound = date.as_deref().unwrap_or(bound);
    let bound: i32 = bound.parse().map_err(|_| {
        anyhow!(
            "cannot use --predicate {}: {} is not a whole number of 32 bits",
            Quoted(text),
            Quoted(bound)
        )
    })?;
    Ok((referent, json!({"name": name, "p_type": operator, "p_value": bound})))
}

/// Adds what is asked for under a referent.
fn add(request: &mut Map<String, Value>, member: &str, referent: &str, asked: Value) -> Result<()> {
    if referent.is_empty() {
        bail!("a referent is empty; write it before =, or leave = out");
    }
    let place = request.entry(member).or_insert_with(|| json!({}));
    let place = place.as_object_mut();
    let place = place.with_context(|| format!("/{member} of the template is not an object"))?;
    if place.contains_key(referent) {
        bail!(
            "the request asks for {} twice; give one of them another referent, as in other={referent}",
            Quoted(referent)
        );
    }
    place.insert(referent.to_owned(), asked);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_predicate_has_a_referent_a_name_an_operator_and_a_bound() {
        for (text, expected) in [
            ("age >= 18", ("age", "age", ">=", 18)),
            ("adult=age>17", ("adult", "age", ">", 17)),
            ("height<=-5", ("height", "height", "<=", -5)),
            ("a b < 3", ("a b", "a b", "<", 3)),
            ("adult=born_dateint <= 2006-01-31", ("adult", "born_dateint", "<=", 20_060_131)),
        ] {
            let (referent, value) = predicate(text).unwrap();
            let (wanted, name, p_type, p_value) = expected;
            assert_eq!(referent, wanted);
            assert_eq!(value, json!({"name": name, "p_type": p_type, "p_value": p_value}));
        }
        for text in ["age", "age = 18", "age => 18", "age >= x", "age >= 4294967296", "age >="] {
            assert!(predicate(text).is_err(), "{text}");
        }
    }
}
