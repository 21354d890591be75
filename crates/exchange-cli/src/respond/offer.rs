//! What a person sees before anything is signed: who asks, what for, where the answer goes and
//! until when; and for each criterion what the answer shows, and what stays hidden.

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
    schema::folded,
};
use exchange_anoncreds::Answer;
use exchange_http::count_in_words;
use indy::anoncreds::CredentialInfo;
use serde::Serialize;
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
    /// By this, with signed attributes or in one's own words.
    Given(CriterionAnswer),
    /// In zero knowledge, by what would be sent.
    ZeroKnowledge(Answer),
    /// Not at all, since the criterion is optional.
    LeftOut(String),
    /// Not at all, though the criterion needs an answer.
    Missing(String),
}

/// What the holder is asked for, and would show.
pub struct Offer<'o> {
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
            shown: match (plan, self.prepared) {
                (Plan::ZeroKnowledge(Answer { credentials, shown, .. }), _) => {
                    credentials.iter().map(|one| Shown::hidden(one, shown, criterion)).collect()
                }
                (_, Some(prepared)) => {
                    let shown = prepared.shown(index);
                    shown.map(|(one, names)| Shown::of(one, names, criterion)).collect()
                }
                (_, None) => Vec::new(),
            },
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
        writeln!(out, "{HEADING}{}{HEADING:#}", given(&body.description))?;
        writeln!(out, "   asked by   {}", Whole(&body.verifier))?;
        let url = self.request.proof_url.as_deref().unwrap_or("the request names no URL");
        writeln!(out, "   answer to  {}", Whole(url))?;
        let end = body.expires.as_deref().unwrap_or("the request names no end");
        writeln!(out, "   until      {}", Whole(end))?;
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
            Plan::ZeroKnowledge(_) => {
                item["zero_knowledge"] = json!(self.shown);
                item["predicates"] = json!(criterion.predicates);
            }
            Plan::LeftOut(reason) => item["unanswered"] = json!(reason),
            Plan::Missing(reason) => item["missing"] = json!(reason),
            _ => item["credentials"] = json!(self.shown),
        }
        for (member, allowed) in [
            ("may_be_stated", criterion.issuers.allow_self()),
            ("allowExpired", criterion.allow_expired),
        ] {
            if allowed {
                item[member] = true.into();
            }
        }
        item
    }

    fn print_text(&self, out: &mut impl Write) -> io::Result<()> {
        let Self { number, criterion, .. } = self;
        writeln!(out, "{HEADING}{number}. {}{HEADING:#}", given(&criterion.description))?;
        writeln!(out, "   reason     {}", given(&criterion.reason))?;
        let all = if criterion.asks_for_all() { ", with all attributes" } else { "" };
        writeln!(out, "   asks for   {}{all}", count_in_words(criterion))?;
        if criterion.allow_expired {
            writeln!(out, "   accepts    credentials that have expired, too")?;
        }
        match self.plan {
            Plan::Given(CriterionAnswer::SelfAttested(stated)) => {
                writeln!(out, "   {CREDENTIAL}your own statement{CREDENTIAL:#}")?;
                writeln!(out, "     states {}", values(stated))
            }
            Plan::LeftOut(reason) => writeln!(out, "   is left out: {}", Whole(reason)),
            Plan::Missing(reason) => {
                writeln!(out, "   {WARNING}has no answer:{WARNING:#} {}", Whole(reason))
            }
            _ if self.shown.is_empty() => writeln!(out, "   can be answered"),
            _ => self.shown.iter().try_for_each(|shown| shown.print_text(out, *number, criterion)),
        }?;
        match self.plan {
            Plan::Given(CriterionAnswer::SelfAttested(_)) => Ok(()),
            _ if !criterion.issuers.allow_self() => Ok(()),
            _ => writeln!(out, "   you may state it yourself: --state {number}:NAME=VALUE"),
        }
    }
}

/// A credential, with its attributes divided into those that are shown and those that stay hidden.
#[derive(Default, Serialize)]
struct Shown<'o> {
    id: &'o str,
    issuer: String,
    /// A presentation in zero knowledge names the schema,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema_id: Option<&'o str>,
    /// and the credential definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    cred_def_id: Option<&'o str>,
    /// Whether one signature covers the whole credential, so that all is shown, required or not.
    whole: bool,
    shows: BTreeMap<&'o str, &'o str>,
    /// Optional in the criterion.
    optional: Vec<&'o str>,
    /// Not asked for.
    hides: Vec<&'o str>,
}

impl<'o> Shown<'o> {
    fn of(
        credential: &'o VerifiableCredential,
        names: &BTreeSet<String>,
        criterion: &Criterion,
    ) -> Self {
        let entries = credential.attributes.iter().map(|entry| (&*entry.key, &*entry.value));
        let is_optional = |name: &str| criterion.optional().any(|optional| optional == name);
        Self {
            id: &credential.id,
            issuer: credential.issuer_did.clone(),
            whole: credential.whole.is_some(),
            ..Self::divided(entries, |name| names.contains(name), is_optional)
        }
    }

    /// Divides the attributes of a credential that answers in zero knowledge. Its names compare
    /// without spaces and case.
    fn hidden(
        credential: &'o CredentialInfo,
        shown: &BTreeSet<String>,
        criterion: &Criterion,
    ) -> Self {
        let entries = credential.attrs.iter().map(|(name, value)| (&**name, &**value));
        let is_shown = |name: &str| shown.iter().any(|shown| folded(shown) == folded(name));
        let is_optional =
            |name: &str| criterion.optional().any(|optional| folded(optional) == folded(name));
        let definition = &*credential.cred_def_id;
        let author = definition.strip_prefix("did:sov:").unwrap_or(definition);
        let author = author.split([':', '/']).next().unwrap_or_default();
        Self {
            id: &credential.referent,
            issuer: format!("did:sov:{author}"),
            schema_id: Some(&credential.schema_id),
            cred_def_id: Some(definition),
            ..Self::divided(entries, is_shown, is_optional)
        }
    }

    fn divided(
        attributes: impl Iterator<Item = (&'o str, &'o str)>,
        is_shown: impl Fn(&str) -> bool,
        is_optional: impl Fn(&str) -> bool,
    ) -> Self {
        let (shows, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
            attributes.partition(|(name, _)| is_shown(name));
        let (optional, hides) = others.into_keys().partition(|name| is_optional(name));
        Self { shows, optional, hides, ..Self::default() }
    }

    fn print_text(
        &self,
        out: &mut impl Write,
        number: usize,
        criterion: &Criterion,
    ) -> io::Result<()> {
        let (id, issuer) = (Whole(self.id), Whole(&self.issuer));
        let shows = values(&self.shows);
        match self.schema_id.zip(self.cred_def_id) {
            None => {
                writeln!(out, "   {CREDENTIAL}{id}{CREDENTIAL:#} of {issuer}")?;
                writeln!(out, "     shows {shows}")?;
                if self.whole {
                    writeln!(
                        out,
                        "     {WARNING}is shown whole{WARNING:#}, required or not: one signature covers all of it"
                    )?;
                }
            }
            Some((schema, definition)) => {
                writeln!(out, "   {CREDENTIAL}in zero knowledge{CREDENTIAL:#}")?;
                writeln!(out, "     shows {shows}")?;
                for predicate in &criterion.predicates {
                    let (name, sign) = (Whole(&predicate.name), Whole(&predicate.p_type));
                    writeln!(out, "     proves that {name} {sign} {}", predicate.p_value)?;
                }
                writeln!(out, "     from {id} of {issuer}")?;
                let (schema, definition) = (Whole(schema), Whole(definition));
                writeln!(
                    out,
                    "     names the schema {schema}, the credential definition {definition}"
                )?;
            }
        }
        let optional = self.optional.iter().map(|name| {
            // in the criterion's spelling, which the option takes
            let mut asked = criterion.optional();
            let asked = asked.find(|asked| folded(asked) == folded(name)).unwrap_or(name);
            let option = format!("{number}:{asked}");
            format!("{} (--disclose {} shows it)", Whole(name), Whole(&quoted(Path::new(&option))))
        });
        let hidden = self.hides.iter().map(|name| Whole(name).to_string());
        let hidden: Vec<String> = optional.chain(hidden).collect();
        match hidden.is_empty() {
            true => Ok(()),
            false => writeln!(out, "     hides {}", hidden.join(", ")),
        }
    }
}

/// Returns what the verifier says, or that it says nothing.
fn given(text: &str) -> Whole<'_> {
    // blanks before it could make it look like a line of ours
    Whole(if text.trim().is_empty() { "none given" } else { text.trim() })
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
