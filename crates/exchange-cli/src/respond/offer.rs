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
use indy::anoncreds::CredentialInfo;
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
    /// In zero knowledge.
    ZeroKnowledge {
        /// What would be sent.
        presentation: Value,
        /// The credentials from which it is made, in order.
        credentials: Vec<CredentialInfo>,
    },
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
            shown: match (plan, self.prepared) {
                (Plan::ZeroKnowledge { presentation, credentials }, _) => {
                    let shown = revealed(presentation, credentials.len());
                    let shown = credentials.iter().zip(shown);
                    shown
                        .map(|(credential, shown)| Shown::hidden(credential, &shown, criterion))
                        .collect()
                }
                (_, Some(prepared)) => {
                    let shown = prepared.shown(index);
                    shown
                        .map(|(credential, names)| Shown::of(credential, names, criterion))
                        .collect()
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
            Plan::ZeroKnowledge { .. } => {
                item["zero_knowledge"] = self.shown.iter().map(Shown::json).collect();
                item["predicates"] = json!(criterion.predicates);
            }
            Plan::LeftOut(reason) => item["unanswered"] = json!(reason),
            Plan::Missing(reason) => item["missing"] = json!(reason),
            _ => item["credentials"] = self.shown.iter().map(Shown::json).collect(),
        }
        if criterion.issuers.allow_self() {
            item["may_be_stated"] = true.into();
        }
        item
    }

    fn print_text(&self, out: &mut impl Write) -> io::Result<()> {
        let Self { number, criterion, .. } = self;
        writeln!(out, "{HEADING}{number}. {}{HEADING:#}", given(&criterion.description))?;
        writeln!(out, "   reason     {}", given(&criterion.reason))?;
        writeln!(out, "   asks for   {}", count_in_words(criterion))?;
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
struct Shown<'o> {
    id: &'o str,
    issuer: String,
    /// The schema and the credential definition, which a presentation in zero knowledge names.
    public: Option<(&'o str, &'o str)>,
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
        criterion: &Criterion,
    ) -> Self {
        let entries = credential.attributes.iter().map(|entry| (&*entry.key, &*entry.value));
        let is_optional = |name: &str| criterion.optional().any(|optional| optional == name);
        Self {
            id: &credential.id,
            issuer: credential.issuer_did.clone(),
            public: None,
            ..Self::divided(entries, |name| names.contains(name), is_optional)
        }
    }

    /// Divides the attributes of a credential that answers in zero knowledge. Its names compare without spaces and case.
    fn hidden(
        credential: &'o CredentialInfo,
        shown: &BTreeSet<String>,
        criterion: &Criterion,
    ) -> Self {
        let entries = credential.attrs.iter().map(|(name, value)| (&**name, &**value));
        let is_optional =
            |name: &str| criterion.optional().any(|optional| folded(optional) == folded(name));
        let definition = &*credential.cred_def_id;
        let author = definition.strip_prefix("did:sov:").unwrap_or(definition);
        let author = author.split([':', '/']).next().unwrap_or_default();
        Self {
            id: &credential.referent,
            issuer: format!("did:sov:{author}"),
            public: Some((&credential.schema_id, definition)),
            ..Self::divided(entries, |name| shown.contains(&folded(name)), is_optional)
        }
    }

    fn divided(
        attributes: impl Iterator<Item = (&'o str, &'o str)>,
        is_shown: impl Fn(&str) -> bool,
        is_optional: impl Fn(&str) -> bool,
    ) -> Self {
        let (shown, others): (Vec<_>, Vec<_>) = attributes.partition(|(name, _)| is_shown(name));
        let others = others.into_iter().map(|(name, _)| name);
        let (optional, hidden) = others.partition(|name| is_optional(name));
        Self { id: "", issuer: String::new(), public: None, shown, optional, hidden }
    }

    fn json(&self) -> Value {
        let mut json = json!({
            "id": self.id,
            "issuer": self.issuer,
            "shows": self.shown.iter().copied().collect::<BTreeMap<_, _>>(),
            "optional": self.optional,
            "hides": self.hidden,
        });
        if let Some((schema, definition)) = self.public {
            json["schema_id"] = schema.into();
            json["cred_def_id"] = definition.into();
        }
        json
    }

    fn print_text(
        &self,
        out: &mut impl Write,
        number: usize,
        criterion: &Criterion,
    ) -> io::Result<()> {
        let (id, issuer) = (Whole(self.id), Whole(&self.issuer));
        let shows = values(self.shown.iter().copied());
        match self.public {
            None => {
                writeln!(out, "   {CREDENTIAL}{id}{CREDENTIAL:#} of {issuer}")?;
                writeln!(out, "     shows {shows}")?;
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
        let hidden = self.hidden.iter().map(|name| Whole(name).to_string());
        let hidden: Vec<String> = optional.chain(hidden).collect();
        match hidden.is_empty() {
            true => Ok(()),
            false => writeln!(out, "     hides {}", hidden.join(", ")),
        }
    }
}

/// Returns what the verifier says, or that it says nothing.
fn given(text: &str) -> Whole<'_> {
    Whole(if text.trim().is_empty() { "none given" } else { text })
}

/// Returns the name of an attribute as AnonCreds compares it: without spaces and case.
fn folded(name: &str) -> String {
    name.replace(' ', "").to_lowercase()
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

/// Returns which attributes an AnonCreds presentation of so many credentials shows of each, folded.
fn revealed(presentation: &Value, credentials: usize) -> Vec<BTreeSet<String>> {
    let groups = &presentation["requested_proof"]["revealed_attr_groups"];
    let names = |number| groups[format!("credential_{number}")]["values"].as_object();
    (1..=credentials)
        .map(|number| names(number).into_iter().flatten().map(|(name, _)| folded(name)).collect())
        .collect()
}
