//! Which credential answers what: what the program finds, and what the holder says on the command
//! line.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use clap::Args;
use indy::anoncreds::{ProofRequest, Wishes};
use proofs::request::AttributeNames;
use stdx::text::Quoted;

/// What answers what. Left out, the fewest credentials are chosen, and what is asked for is
/// revealed.
#[derive(Clone, Default, Args)]
pub struct ChoiceOptions {
    /// Answer a referent with this credential, by its id in the wallet
    #[arg(long = "use", value_name = "REFERENT=CREDENTIAL")]
    uses: Vec<String>,
    /// Reveal the value of a referent, which is done anyway if nothing else is said
    #[arg(long, value_name = "REFERENT")]
    reveal: Vec<String>,
    /// Keep the value of a referent hidden, and show only that there is one
    #[arg(long, value_name = "REFERENT")]
    hide: Vec<String>,
    /// Answer a referent in your own words, without a credential
    #[arg(long, value_name = "REFERENT=VALUE")]
    self_attest: Vec<String>,
}

impl ChoiceOptions {
    /// Returns what the options decide.
    ///
    /// # Errors
    ///
    /// When an option names a referent that the request does not have or that it is not about, or
    /// two options contradict each other.
    pub fn wishes(&self, request: &ProofRequest) -> Result<Wishes> {
        let mut wishes = Wishes::default();
        for (option, referents) in [("--reveal", &self.reveal), ("--hide", &self.hide)] {
            for referent in referents {
                check_shown(request, option, referent)?;
            }
        }
        if let Some(referent) = self.reveal.iter().find(|referent| self.hide.contains(referent)) {
            bail!("{} is to be revealed and to be hidden; keep one of the two", Quoted(referent));
        }
        wishes.hidden.extend(self.hide.iter().cloned());
        let mut answered = BTreeSet::new();
        for text in &self.uses {
            let (referent, credential) = assigned(request, "--use", "CREDENTIAL", text)?;
            once(&mut answered, referent)?;
            wishes.decided = match request.requested_predicates.contains_key(referent) {
                true => wishes.decided.prove(referent, credential),
                false if wishes.hidden.contains(referent) => {
                    wishes.decided.hide(referent, credential)
                }
                false => wishes.decided.reveal(referent, credential),
            };
        }
        for text in &self.self_attest {
            let (referent, value) = assigned(request, "--self-attest", "VALUE", text)?;
            once(&mut answered, referent)?;
            check_shown(request, "--self-attest", referent)?;
            if self.hide.iter().any(|hidden| hidden == referent) {
                bail!(
                    "--hide {}: it is answered in your own words, so there is nothing to hide",
                    Quoted(referent)
                );
            }
            wishes.decided = wishes.decided.self_attest(referent, value);
        }
        Ok(wishes)
    }

    /// Returns whether the options say what answers a referent.
    pub fn names(&self, referent: &str) -> bool {
        let mut given = self.uses.iter().chain(&self.self_attest);
        given.any(|text| text.strip_prefix(referent).is_some_and(|rest| rest.starts_with('=')))
    }
}

/// Checks that a referent is an attribute alone, which can be hidden or stated; verifiers refuse a
/// group that is not revealed.
fn check_shown(request: &ProofRequest, option: &str, referent: &str) -> Result<()> {
    check_known(request, option, referent)?;
    let Some(requested) = request.requested_attributes.get(referent) else {
        bail!("{option} {}: it asks for a predicate, which shows no value", Quoted(referent));
    };
    if option != "--reveal" && matches!(requested.attribute, AttributeNames::Group(_)) {
        bail!(
            "{option} {}: it asks for a group of attributes, of which verifiers accept only the values of a credential",
            Quoted(referent)
        );
    }
    Ok(())
}

/// Divides `REFERENT=VALUE` at the longest referent of the request: a referent may contain `=`.
fn assigned<'t>(
    request: &ProofRequest,
    option: &str,
    value: &str,
    text: &'t str,
) -> Result<(&'t str, &'t str)> {
    let known = referents(request).filter_map(|referent| {
        let value = text.strip_prefix(referent)?.strip_prefix('=')?;
        Some((&text[..referent.len()], value))
    });
    if let Some(pair) = known.max_by_key(|(referent, _)| referent.len()) {
        return Ok(pair);
    }
    match text.split_once('=') {
        Some((referent, _)) => check_known(request, option, referent)?,
        None => bail!("cannot use {option} {}; write REFERENT={value}", Quoted(text)),
    }
    bail!("cannot use {option} {}; write REFERENT={value}", Quoted(text))
}

fn check_known(request: &ProofRequest, option: &str, referent: &str) -> Result<()> {
    if referents(request).any(|known| known == referent) {
        return Ok(());
    }
    let known: Vec<String> = referents(request).map(|known| Quoted(known).to_string()).collect();
    bail!(
        "{option} {}: the request has no such referent; it has {}",
        Quoted(referent),
        known.join(", ")
    )
}

fn once<'r>(answered: &mut BTreeSet<&'r str>, referent: &'r str) -> Result<()> {
    if !answered.insert(referent) {
        bail!("{} is answered twice on the command line; keep one answer", Quoted(referent));
    }
    Ok(())
}

fn referents(request: &ProofRequest) -> impl Iterator<Item = &str> {
    let attributes = request.requested_attributes.keys();
    attributes.chain(request.requested_predicates.keys()).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use indy::anoncreds::RequestedCredentials;
    use serde_json::json;

    use super::*;

    fn request() -> ProofRequest {
        ProofRequest::from_value(&json!({
            "nonce": "1", "name": "n", "version": "1",
            "requested_attributes": {
                "name": {"name": "name"},
                "a=b": {"name": "height"},
                "group": {"names": ["sex", "age"]},
            },
            "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}},
        }))
        .unwrap()
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn options_decide_what_answers_and_what_is_hidden() {
        let options = ChoiceOptions {
            uses: texts(&["adult=c2", "a=b=c3"]),
            self_attest: texts(&["name=Al=ex"]),
            hide: texts(&["a=b"]),
            ..ChoiceOptions::default()
        };
        let expected = RequestedCredentials::default()
            .self_attest("name", "Al=ex")
            .hide("a=b", "c3")
            .prove("adult", "c2");
        let wishes = options.wishes(&request()).unwrap();
        assert_eq!(wishes.decided, expected);
        assert_eq!(wishes.hidden.into_iter().collect::<Vec<_>>(), ["a=b"]);
        assert!(options.names("a=b") && options.names("name") && !options.names("other"));
    }

    #[test]
    fn contradictions_and_unknown_referents_are_refused() {
        let none = ChoiceOptions::default;
        for (options, expected) in [
            (ChoiceOptions { uses: texts(&["nam=c1"]), ..none() }, "it has \"a=b\", \"group\""),
            (ChoiceOptions { uses: texts(&["name"]), ..none() }, "write REFERENT=CREDENTIAL"),
            (ChoiceOptions { hide: texts(&["nam"]), ..none() }, "no such referent"),
            (ChoiceOptions { hide: texts(&["adult"]), ..none() }, "which shows no value"),
            (ChoiceOptions { hide: texts(&["group"]), ..none() }, "a group of attributes"),
            (ChoiceOptions { self_attest: texts(&["group=x"]), ..none() }, "a group of attributes"),
            (
                ChoiceOptions { self_attest: texts(&["adult=yes"]), ..none() },
                "asks for a predicate",
            ),
            (
                ChoiceOptions { hide: texts(&["name"]), reveal: texts(&["name"]), ..none() },
                "keep one of the two",
            ),
            (
                ChoiceOptions { hide: texts(&["name"]), self_attest: texts(&["name=x"]), ..none() },
                "nothing to hide",
            ),
            (
                ChoiceOptions {
                    uses: texts(&["name=c1"]),
                    self_attest: texts(&["name=x"]),
                    ..none()
                },
                "answered twice",
            ),
        ] {
            let refused = options.wishes(&request()).unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        }
    }
}
