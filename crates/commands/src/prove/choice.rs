//! Which credential answers what: what the program finds, and what the holder says on the command line.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use clap::Args;
use indy::anoncreds::{ProofRequest, RequestedCredentials};
use stdx::text::Quoted;

/// What answers what. Left out, the fewest credentials are chosen, and what is asked for is revealed.
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
    /// Returns the choice that was found, changed as the options say.
    ///
    /// # Errors
    ///
    /// When an option names a referent that the request does not have, or two options contradict each other.
    pub fn apply(
        &self,
        request: &ProofRequest,
        found: RequestedCredentials,
    ) -> Result<RequestedCredentials> {
        let mut choice = found;
        let mut answered = BTreeSet::new();
        for text in &self.uses {
            let (referent, credential) = assigned(request, "--use", "CREDENTIAL", text)?;
            once(&mut answered, referent)?;
            choice = match request.requested_predicates.contains_key(referent) {
                true => choice.prove(referent, credential),
                false => choice.reveal(referent, credential),
            };
        }
        for text in &self.self_attest {
            let (referent, value) = assigned(request, "--self-attest", "VALUE", text)?;
            once(&mut answered, referent)?;
            if request.requested_predicates.contains_key(referent) {
                bail!(
                    "--self-attest {}: it asks for a predicate, which only a credential proves",
                    Quoted(referent)
                );
            }
            choice.attributes.remove(referent);
            choice = choice.self_attest(referent, value);
        }
        let mut shown = BTreeSet::new();
        for (option, referents, revealed) in
            [("--reveal", &self.reveal, true), ("--hide", &self.hide, false)]
        {
            for referent in referents {
                check_known(request, option, referent)?;
                if !shown.insert(referent) {
                    bail!("{option} {}: it is named twice; reveal it or hide it", Quoted(referent));
                }
                let is_otherwise = is_answered_otherwise(request, &choice, referent);
                match choice.attributes.get_mut(referent) {
                    Some(chosen) => chosen.revealed = revealed,
                    // what nothing answers is reported with its reason
                    None if !is_otherwise => {}
                    None => bail!(
                        "{option} {}: no attribute of a credential answers it, so there is nothing to reveal or hide",
                        Quoted(referent)
                    ),
                }
            }
        }
        Ok(choice)
    }

    /// Returns whether the options say what answers a referent.
    pub fn names(&self, referent: &str) -> bool {
        let mut given = self.uses.iter().chain(&self.self_attest);
        given.any(|text| text.strip_prefix(referent).is_some_and(|rest| rest.starts_with('=')))
    }
}

fn is_answered_otherwise(
    request: &ProofRequest,
    choice: &RequestedCredentials,
    referent: &str,
) -> bool {
    request.requested_predicates.contains_key(referent)
        || choice.self_attested.contains_key(referent)
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
    use serde_json::json;

    use super::*;

    fn request() -> ProofRequest {
        ProofRequest::from_value(&json!({
            "nonce": "1", "name": "n", "version": "1",
            "requested_attributes": {"name": {"name": "name"}, "a=b": {"name": "height"}},
            "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}},
        }))
        .unwrap()
    }

    fn found() -> RequestedCredentials {
        RequestedCredentials::default()
            .reveal("name", "c1")
            .reveal("a=b", "c1")
            .prove("adult", "c1")
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn options_change_what_was_found() {
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
        assert_eq!(options.apply(&request(), found()).unwrap(), expected);
        assert!(options.names("a=b") && options.names("name") && !options.names("other"));
    }

    #[test]
    fn contradictions_and_unknown_referents_are_refused() {
        let none = ChoiceOptions::default;
        for (options, expected) in [
            (
                ChoiceOptions { uses: texts(&["nam=c1"]), ..none() },
                "it has \"a=b\", \"name\", \"adult\"",
            ),
            (ChoiceOptions { uses: texts(&["name"]), ..none() }, "write REFERENT=CREDENTIAL"),
            (ChoiceOptions { hide: texts(&["nam"]), ..none() }, "no such referent"),
            (ChoiceOptions { hide: texts(&["adult"]), ..none() }, "nothing to reveal or hide"),
            (
                ChoiceOptions { self_attest: texts(&["adult=yes"]), ..none() },
                "only a credential proves",
            ),
            (
                ChoiceOptions { hide: texts(&["name"]), reveal: texts(&["name"]), ..none() },
                "named twice",
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
            let refused = options.apply(&request(), found()).unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        }
    }
}
