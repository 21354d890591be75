//! What a person sees before anything is signed: who asks, what for, where the answer goes and until when; and for each
//! criterion what the answer shows, and what stays hidden.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    path::Path,
};

use anstyle::{AnsiColor, Style};
use exchange::{
    check::ExchangeCheck,
    holder::{CriterionAnswer, PreparedResponse},
    message::{CredentialKind, Criterion, ProofRequest, VerifiableCredential},
};
use exchange_http::count_in_words;
use serde_json::{Value, json};
use stdx::text::{Plain, Quoted, Whole};
use tutorial::{Format, error::quoted, format, output};
use verdict::{Caution, Verdict};

use crate::context::caution_json;

const HEADING: Style = Style::new().bold();
const CREDENTIAL: Style = AnsiColor::Green.on_default();
const WARNING: Style = AnsiColor::Yellow.on_default();

/// How a criterion is answered.
pub enum Plan {
    /// By credentials with signed attributes, which are chosen among those that were found.
    Found,
    /// By this.
    Given(CriterionAnswer),
    /// Not at all, since the criterion is optional.
    LeftOut(String),
    /// Not at all, though the criterion needs an answer.
    Missing(String),
}

/// What the holder is asked for, and would show.
pub struct Offer<'o> {
    /// The request.
    pub request: &'o ProofRequest,
    /// The checks of the request, with their cautions.
    pub verdict: &'o Verdict<ExchangeCheck>,
    /// How each criterion is answered, in order.
    pub plans: &'o [Plan],
    /// What would be signed, if every criterion that needs an answer has one.
    pub prepared: Option<&'o PreparedResponse<'o>>,
}

impl Offer<'_> {
    /// Prints it.
    pub fn print(&self, output: Format) -> io::Result<()> {
        match output {
            Format::Quiet => Ok(()),
            Format::Json => format::line(&self.json()),
            Format::Text => self.print_text(&mut output::text()),
        }
    }

    fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let criteria = self.request.body.criteria.iter().zip(self.plans).enumerate();
        criteria.map(|(index, (criterion, plan))| Item {
            number: index + 1,
            criterion,
            plan,
            shown: self.prepared.map_or_else(Vec::new, |prepared| {
                let shown = prepared.shown(index);
                shown.map(|(credential, names)| Shown::of(credential, names, criterion)).collect()
            }),
        })
    }

    fn json(&self) -> Value {
        let cautions = self.verdict.cautions().map(|(_, caution)| caution_json(caution));
        json!({
            "request": self.request.id,
            "description": self.request.body.description,
            "verifier": self.request.body.verifier,
            "proofURL": self.request.proof_url,
            "expires": self.request.body.expires,
            "criteria": self.items().map(|item| item.json()).collect::<Vec<_>>(),
            "cautions": cautions.collect::<Vec<_>>(),
        })
    }

    fn print_text(&self, out: &mut impl Write) -> io::Result<()> {
        let body = &self.request.body;
        writeln!(out, "{HEADING}{}{HEADING:#}", Whole(&body.description))?;
        writeln!(out, "   asked by   {}", Whole(&body.verifier))?;
        match &self.request.proof_url {
            Some(url) => writeln!(out, "   answer to  {}", Whole(url))?,
            None => writeln!(out, "   answer to  the request names no URL")?,
        }
        match &body.expires {
            Some(expires) => writeln!(out, "   until      {}", Whole(expires))?,
            None => writeln!(out, "   until      the request names no end")?,
        }
        for (_, Caution { name, referent, what, why, .. }) in self.verdict.cautions() {
            let place = Plain(referent.as_deref().unwrap_or_default());
            let (what, why) = (Whole(what), Whole(why));
            writeln!(out, "   {WARNING}! {name}{WARNING:#} {place}: {what} — {why}")?;
        }
        writeln!(out)?;
        self.items().try_for_each(|item| item.print_text(out))
    }
}

/// A criterion and its answer.
struct Item<'o> {
    number: usize,
    criterion: &'o Criterion,
    plan: &'o Plan,
    shown: Vec<Shown<'o>>,
}

impl Item<'_> {
    fn json(&self) -> Value {
        let criterion = self.criterion;
        let mut item = json!({
            "criterion": self.number,
            "description": criterion.description,
            "reason": criterion.reason,
            "min": criterion.min_count(),
            "max": criterion.max,
            "issuers": criterion.issuers.dids,
        });
        match &criterion.kind {
            CredentialKind::Schema(id) => item["schema"] = json!(id),
            CredentialKind::LinkedData { context, kind } => {
                item["context"] = json!(context);
                item["type"] = json!(kind);
            }
        }
        match self.plan {
            Plan::Given(CriterionAnswer::SelfAttested(values)) => item["stated"] = json!(values),
            Plan::Given(CriterionAnswer::ZeroKnowledge(presentation)) => {
                item["zero_knowledge"] = json!(revealed(presentation));
                item["predicates"] = json!(criterion.predicates);
            }
            Plan::LeftOut(reason) => item["unanswered"] = json!(reason),
            Plan::Missing(reason) => item["missing"] = json!(reason),
            _ => item["credentials"] = self.shown.iter().map(Shown::json).collect(),
        }
        item
    }

    fn print_text(&self, out: &mut impl Write) -> io::Result<()> {
        let Self { number, criterion, .. } = self;
        writeln!(out, "{HEADING}{number}. {}{HEADING:#}", Whole(&criterion.description))?;
        writeln!(out, "   reason     {}", Whole(&criterion.reason))?;
        writeln!(out, "   asks for   {}", count_in_words(criterion))?;
        match self.plan {
            Plan::Given(CriterionAnswer::SelfAttested(stated)) => {
                writeln!(out, "   {CREDENTIAL}your own statement{CREDENTIAL:#}")?;
                writeln!(out, "     states {}", values(stated))
            }
            Plan::Given(CriterionAnswer::ZeroKnowledge(presentation)) => {
                for credential in revealed(presentation) {
                    let shows = values(credential);
                    writeln!(out, "   {CREDENTIAL}in zero knowledge{CREDENTIAL:#}")?;
                    writeln!(out, "     shows {shows}")?;
                }
                criterion.predicates.iter().try_for_each(|predicate| {
                    let (name, sign) = (Whole(&predicate.name), Whole(&predicate.p_type));
                    writeln!(out, "     proves that {name} {sign} {}", predicate.p_value)
                })
            }
            Plan::LeftOut(reason) => writeln!(out, "   is left out: {}", Whole(reason)),
            Plan::Missing(reason) => {
                writeln!(out, "   {WARNING}has no answer:{WARNING:#} {}", Whole(reason))
            }
            _ if self.shown.is_empty() => writeln!(out, "   can be answered"),
            _ => self.shown.iter().try_for_each(|shown| shown.print_text(out, *number)),
        }
    }
}

/// A credential with signed attributes, divided into those that are shown and those that stay hidden.
struct Shown<'o> {
    credential: &'o VerifiableCredential,
    shown: Vec<(&'o str, &'o str)>,
    /// Optional in the criterion.
    optional: Vec<&'o str>,
    /// Not asked for.
    hidden: Vec<&'o str>,
}

impl<'o> Shown<'o> {
    fn of(
        credential: &'o VerifiableCredential,
        names: &BTreeSet<String>,
        criterion: &'o Criterion,
    ) -> Self {
        let entries = credential.attributes.iter().map(|entry| (&*entry.key, &*entry.value));
        let (shown, others): (Vec<_>, Vec<_>) =
            entries.partition(|(name, _)| names.contains(*name));
        let others = others.into_iter().map(|(name, _)| name);
        let (optional, hidden) =
            others.partition(|name| criterion.optional().any(|optional| optional == *name));
        Self { credential, shown, optional, hidden }
    }

    fn json(&self) -> Value {
        json!({
            "id": self.credential.id,
            "issuer": self.credential.issuer_did,
            "shows": self.shown.iter().copied().collect::<BTreeMap<_, _>>(),
            "optional": self.optional,
            "hides": self.hidden,
        })
    }

    fn print_text(&self, out: &mut impl Write, criterion: usize) -> io::Result<()> {
        let (id, issuer) = (Whole(&self.credential.id), Whole(&self.credential.issuer_did));
        writeln!(out, "   {CREDENTIAL}{id}{CREDENTIAL:#} of {issuer}")?;
        writeln!(out, "     shows {}", values(self.shown.iter().copied()))?;
        let optional = self.optional.iter();
        let optional = optional.map(|name| {
            let option = format!("{criterion}:{name}");
            format!("{} (--disclose {} shows it)", Whole(name), Whole(&quoted(Path::new(&option))))
        });
        let hidden = self.hidden.iter().map(|name| Whole(name).to_string());
        let hidden: Vec<String> = optional.chain(hidden).collect();
        match hidden.is_empty() {
            true => Ok(()),
            false => writeln!(out, "     hides {}", hidden.join(", ")),
        }
    }
}

/// Returns names with their values, which are shown up to their eightieth character.
fn values(values: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> String {
    let values = values.into_iter();
    let values =
        values.map(|(name, value)| format!("{} {}", Whole(name.as_ref()), Quoted(value.as_ref())));
    let values: Vec<String> = values.collect();
    match values.is_empty() {
        true => "nothing".to_owned(),
        false => values.join(", "),
    }
}

/// Returns what an AnonCreds presentation shows: by credential, names and values.
fn revealed(presentation: &Value) -> Vec<BTreeMap<String, String>> {
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
