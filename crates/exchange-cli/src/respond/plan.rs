//! How each criterion of a request is answered, and how that is printed.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};
use exchange::{holder::ShownCredential, message::Criterion};
use serde_json::{Value, json};
use stdx::text::Whole;
use tutorial::{Format, format, output};

const CRITERION: Style = Style::new().bold();
const CREDENTIAL: Style = AnsiColor::Green.on_default();
const MISSING: Style = AnsiColor::Yellow.on_default();

/// How a criterion is answered.
pub enum Plan {
    /// By credentials with signed attributes.
    Signed,
    /// In zero knowledge, showing these values of each credential.
    ZeroKnowledge(Vec<BTreeMap<String, String>>),
    /// Not at all, since the criterion is optional.
    LeftOut(String),
    /// Not at all, though the criterion needs an answer.
    Missing(String),
}

impl Plan {
    /// Prints the plan for a criterion (by its index), with the credentials that it shows.
    pub fn print(
        &self,
        output: Format,
        index: usize,
        criterion: &Criterion,
        shown: &[ShownCredential],
    ) -> io::Result<()> {
        match output {
            Format::Quiet => Ok(()),
            Format::Json => format::line(&self.json(index, criterion, shown)),
            Format::Text => {
                let mut out = output::text();
                let description = Whole(&criterion.description);
                writeln!(out, "{CRITERION}{}. {description}{CRITERION:#}", index + 1)?;
                self.print_text(&mut out, criterion, shown)
            }
        }
    }

    fn json(&self, index: usize, criterion: &Criterion, shown: &[ShownCredential]) -> Value {
        let mut line = json!({"criterion": index + 1, "description": criterion.description});
        match self {
            Self::Signed => {
                let credentials: Vec<Value> = shown
                    .iter()
                    .map(|shown| json!({"id": shown.credential_id, "optional": shown.optional}))
                    .collect();
                line["shows"] = json!(names(criterion, &BTreeSet::new()));
                line["credentials"] = json!(credentials);
            }
            Self::ZeroKnowledge(values) => line["zero_knowledge"] = json!(values),
            Self::LeftOut(reason) => line["unanswered"] = json!(reason),
            Self::Missing(reason) => line["missing"] = json!(reason),
        }
        line
    }

    fn print_text(
        &self,
        out: &mut impl Write,
        criterion: &Criterion,
        shown: &[ShownCredential],
    ) -> io::Result<()> {
        match self {
            Self::Signed if shown.is_empty() => writeln!(out, "   can be answered")?,
            Self::Signed => {
                for shown in shown {
                    let id = Whole(&shown.credential_id);
                    let names = names(criterion, &shown.optional).join(", ");
                    let names = Whole(&names);
                    writeln!(out, "   {CREDENTIAL}{id}{CREDENTIAL:#} shows {names}")?;
                }
            }
            Self::ZeroKnowledge(credentials) => {
                for values in credentials {
                    let values = values.iter().map(|(name, value)| format!("{name} {value}"));
                    let values: Vec<String> = values.collect();
                    let values = match values.is_empty() {
                        true => "nothing".to_owned(),
                        false => values.join(", "),
                    };
                    let values = Whole(&values);
                    writeln!(
                        out,
                        "   {CREDENTIAL}in zero knowledge{CREDENTIAL:#}: shows {values}"
                    )?;
                }
                for predicate in &criterion.predicates {
                    let (name, sign) = (Whole(&predicate.name), Whole(&predicate.p_type));
                    writeln!(out, "   proves that {name} {sign} {}", predicate.p_value)?;
                }
            }
            Self::LeftOut(reason) => writeln!(out, "   is left out: {}", Whole(reason))?,
            Self::Missing(reason) => {
                let reason = Whole(reason);
                writeln!(out, "   {MISSING}has no answer:{MISSING:#} {reason}")?;
            }
        }
        Ok(())
    }
}

/// Returns the names of the attributes that an answer shows.
fn names(criterion: &Criterion, optional: &BTreeSet<String>) -> Vec<String> {
    let required = criterion.required().map(str::to_owned);
    required.chain(optional.iter().cloned()).collect()
}

/// Returns what an AnonCreds presentation shows: by credential, names and values.
pub fn revealed(presentation: &Value) -> Vec<BTreeMap<String, String>> {
    let groups = presentation["requested_proof"]["revealed_attr_groups"].as_object();
    let groups = groups.into_iter().flat_map(|groups| groups.values());
    groups
        .map(|group| {
            let values = group["values"].as_object().into_iter().flatten();
            let text = |value: &Value| value["raw"].as_str().unwrap_or_default().to_owned();
            values.map(|(name, value)| (name.clone(), text(value))).collect()
        })
        .collect()
}
