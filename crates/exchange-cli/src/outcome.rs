//! How each criterion of a request is answered, and how that is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use proof_exchange::{holder::Shown, message::Criterion};
use serde_json::{Value, json};
use stage::narrator::plain;

const CRITERION: Style = Style::new().bold();
const CANDIDATE: Style = AnsiColor::Green.on_default();
const MISSING: Style = AnsiColor::Yellow.on_default();

/// How a criterion is answered.
pub enum Outcome {
    /// By credentials with signed attributes.
    Chosen,
    /// In zero knowledge; this is what is shown.
    ZeroKnowledge(Vec<BTreeMap<String, String>>),
    /// Not at all, and that is good enough.
    None(String),
    /// Not at all.
    Missing(String),
}

impl Outcome {
    /// For a program.
    pub fn as_json(&self, number: usize, criterion: &Criterion, shown: &[Shown]) -> Value {
        let credentials: Vec<Value> = shown
            .iter()
            .map(|shown| json!({"id": shown.credential_id, "optional": shown.optional}))
            .collect();
        let mut line = json!({"criterion": number + 1, "description": criterion.description});
        match self {
            Self::Chosen => {
                line["shows"] = json!(names(criterion, &BTreeSet::new()));
                line["credentials"] = json!(credentials);
            }
            Self::ZeroKnowledge(values) => line["zero_knowledge"] = json!(values),
            Self::None(reason) => line["unanswered"] = json!(reason),
            Self::Missing(reason) => line["missing"] = json!(reason),
        }
        line
    }

    /// For a person.
    pub fn as_text(&self, number: usize, criterion: &Criterion, shown: &[Shown]) -> Result<()> {
        let mut out = anstream::stdout().lock();
        let description = plain(&criterion.description);
        writeln!(out, "{CRITERION}{}. {description}{CRITERION:#}", number + 1)?;
        match self {
            Self::Chosen if shown.is_empty() => writeln!(out, "   can be answered")?,
            Self::Chosen => {
                for shown in shown {
                    let names = names(criterion, &shown.optional).join(", ");
                    let id = plain(&shown.credential_id);
                    writeln!(
                        out,
                        "   {CANDIDATE}{id}{CANDIDATE:#} shows {}",
                        plain(&names)
                    )?;
                }
            }
            Self::ZeroKnowledge(credentials) => {
                for values in credentials {
                    let values = values.iter().map(|(name, value)| format!("{name} {value}"));
                    let values: Vec<String> = values.collect();
                    let shows = match values.is_empty() {
                        true => "shows nothing".to_owned(),
                        false => format!("shows {}", plain(&values.join(", "))),
                    };
                    writeln!(out, "   {CANDIDATE}in zero knowledge{CANDIDATE:#}: {shows}")?;
                }
                for predicate in &criterion.predicates {
                    let (name, sign) = (plain(&predicate.name), plain(&predicate.p_type));
                    writeln!(out, "   proves that {name} {sign} {}", predicate.p_value)?;
                }
            }
            Self::None(reason) => writeln!(out, "   is left out: {}", plain(reason))?,
            Self::Missing(reason) => {
                writeln!(
                    out,
                    "   {MISSING}has no answer:{MISSING:#} {}",
                    plain(reason)
                )?;
            }
        }
        Ok(())
    }
}

/// The attributes that an answer shows.
fn names(criterion: &Criterion, optional: &BTreeSet<String>) -> Vec<String> {
    let required = criterion.required().map(str::to_owned);
    required.chain(optional.iter().cloned()).collect()
}

/// The attributes that a presentation in zero knowledge shows: by credential, names and values.
pub fn revealed(presentation: &Value) -> Vec<BTreeMap<String, String>> {
    let groups = presentation["requested_proof"]["revealed_attr_groups"].as_object();
    let groups = groups.into_iter().flat_map(|groups| groups.values());
    groups
        .map(|group| {
            let values = group["values"].as_object().into_iter().flatten();
            let text = |value: &Value| value["raw"].as_str().unwrap_or_default().to_owned();
            values
                .map(|(name, value)| (name.clone(), text(value)))
                .collect()
        })
        .collect()
}
