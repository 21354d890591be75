//! What a verifier requires, from options and a file.

use std::{ops::RangeInclusive, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{
    Args, ValueEnum, ValueHint,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use proofs::{Check, Engines, IntervalRule, Policy};
use serde_json::{Map, Value};
use tutorial::{format::FORM, input};

/// The least and the greatest number of bytes that `--max-bytes` takes: 1 KiB and 64 MiB.
const MAX_BYTES: RangeInclusive<u64> = 1 << 10..=64 << 20;

/// Referents that belong together. (A name of its own: a `Vec` would be taken for the values of a
/// repeated option.)
type Referents = Vec<String>;

/// What is required of a presentation. An option comes before what the file says of the same.
#[derive(Debug, Clone, Args)]
pub struct PolicyOptions {
    /// Take the policy from FILE, JSON as `schema policy` describes it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Policy")]
    policy: Option<PathBuf>,
    /// Which engines must accept the mathematics [default: both]
    #[arg(long, value_enum, help_heading = "Policy")]
    engine: Option<Engine>,
    /// Do not reject for the failure of this check; may be repeated
    #[arg(long, value_name = "CHECK", value_parser = checks(), help_heading = "Policy")]
    relax: Vec<Check>,
    /// Reject a presentation that holds back a requested value
    #[arg(long, help_heading = "Policy")]
    require_revealed: bool,
    /// Reject a lower bound without an upper bound on the same attribute
    #[arg(long, help_heading = "Policy")]
    require_ranges: bool,
    /// Referents that one credential must answer; may be repeated
    #[arg(long, value_name = "REFERENT,...", value_parser = referents, help_heading = "Policy")]
    same_credential: Vec<Referents>,
    /// What to make of a registry entry that is older than the requested interval [default: proven]
    #[arg(long, value_enum, help_heading = "Policy")]
    interval: Option<Interval>,
    /// The most bytes of request and presentation together [default: 4194304]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(MAX_BYTES), help_heading = "Policy")]
    max_bytes: Option<u64>,
    /// How many bits an issuer's modulus may have, one number or two [default: 2046-2050]
    #[arg(long, value_name = "LEAST-GREATEST", value_parser = bits, help_heading = "Policy")]
    key_bits: Option<RangeInclusive<usize>>,
}

impl PolicyOptions {
    /// Returns the policy; reads its file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not a policy.
    pub async fn policy(&self) -> Result<Policy> {
        let mut policy = match &self.policy {
            Some(path) => {
                let text = input::text(path, "a policy").await?;
                let advice = || {
                    format!(
                        "cannot use {}; `negotiate-proof schema policy` describes what a policy is",
                        path.display()
                    )
                };
                parse(&text).with_context(advice)?
            }
            None => Policy::default(),
        };
        if let Some(engine) = self.engine {
            policy.engines = engine.into();
        }
        policy.relaxed.extend(&self.relax);
        policy.require_revealed |= self.require_revealed;
        policy.require_ranges |= self.require_ranges;
        policy.same_credential.extend(self.same_credential.iter().cloned());
        if let Some(interval) = self.interval {
            policy.interval = interval.into();
        }
        if let Some(bytes) = self.max_bytes {
            policy.max_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        }
        if let Some(bits) = &self.key_bits {
            policy.key_bits = bits.clone();
        }
        Ok(policy)
    }
}

/// Parses the text of a policy, which may name the version of its form.
fn parse(text: &str) -> Result<Policy> {
    let mut members: Map<String, Value> = serde_json::from_str(text)?;
    if let Some(version) = members.remove("format").filter(|version| *version != FORM) {
        bail!("it has the format {version}, and only {FORM} is known");
    }
    let policy: Policy = serde_json::from_value(members.into())?;
    ensure!(
        MAX_BYTES.contains(&(policy.max_bytes as u64)),
        "`max_bytes` is {}; give a number from {} to {}",
        policy.max_bytes,
        MAX_BYTES.start(),
        MAX_BYTES.end()
    );
    ensure!(
        !policy.key_bits.is_empty(),
        "the first number of `key_bits` is the greater one; exchange the two"
    );
    Ok(policy)
}

/// Parses referents that belong together.
fn referents(text: &str) -> Result<Vec<String>, String> {
    let referents: Vec<String> = text.split(',').map(str::to_owned).collect();
    match referents.len() < 2 || referents.iter().any(String::is_empty) {
        true => Err("give two referents or more, separated by commas".to_owned()),
        false => Ok(referents),
    }
}

/// Parses the names of checks; their rules are for the help.
fn checks() -> impl TypedValueParser<Value = Check> {
    let names = Check::ALL.iter().map(|check| PossibleValue::new(check.name()).help(check.rule()));
    PossibleValuesParser::new(names)
        .try_map(|name| Check::parse(&name).ok_or("there is no such check"))
}

/// Parses a number of bits, or the least and the greatest.
fn bits(text: &str) -> Result<RangeInclusive<usize>, String> {
    let (least, greatest) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.parse::<usize>().map_err(|error| error.to_string());
    let range = number(least)?..=number(greatest)?;
    match range.is_empty() {
        true => Err("the first number is the greater one; exchange them".to_owned()),
        false => Ok(range),
    }
}

/// Which engines must accept the mathematics.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Engine {
    /// Every one that can compute the proof, and at least one
    Both,
    /// The library that the field uses
    IndyCredx,
    /// Our own, which is faster
    Cl,
}

impl From<Engine> for Engines {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Both => Self::Both,
            Engine::IndyCredx => Self::IndyCredx,
            Engine::Cl => Self::Cl,
        }
    }
}

/// What to make of a registry entry that is older than the requested interval.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Interval {
    /// It passes if something shows that it was still in force; otherwise the verdict is undecided
    Proven,
    /// It passes with a caution, unless something shows that a newer one was in force
    Lenient,
    /// It fails
    Strict,
}

impl From<Interval> for IntervalRule {
    fn from(interval: Interval) -> Self {
        match interval {
            Interval::Proven => Self::Proven,
            Interval::Lenient => Self::Lenient,
            Interval::Strict => Self::Strict,
        }
    }
}
