//! `non-revocation`: whether each credential that must not be revoked is shown not to be.

use verdict::{Caution, Failure, Found};

use super::origin::same_id;
use super::parsed::{ASK_FOR_ORIGINAL, ParsedCase};
use super::public_data::{Credential, Object, Objects, RegistryDefinition};
use super::registry::{Entries, same_accumulator};
use crate::identifiers::{self, IdentifierKind, RevRegIdParts};
use crate::policy::IntervalRule;
use crate::presentation::{AnswerKind, Identifier, SubProof};
use crate::request::{Interval, ProofRequest};

/// `non-revocation`: a revocable credential, where the request has an interval, comes with a proof
/// about its registry as it was at some time of the interval; and no credential comes with half of
/// that.
pub(super) fn check(parsed: &ParsedCase<'_>) -> Found {
    let mut found = Found::default();
    let mut intervals = vec![Vec::new(); parsed.credentials.len()];
    for (referent, kind, index) in parsed.presentation.answers() {
        let interval = interval(&parsed.request, referent, kind);
        if let (Some(interval), Some(intervals)) = (interval, intervals.get_mut(index)) {
            intervals.push((referent, interval));
        }
    }
    let mut definitions =
        Objects::new("registry definition", "rev_reg_defs", &parsed.case.rev_reg_defs);
    let sub_proofs = parsed.presentation.proof.proofs.iter().zip(&parsed.presentation.identifiers);
    for (index, ((sub_proof, identifier), intervals)) in sub_proofs.zip(intervals).enumerate() {
        let credential = &parsed.credentials[index];
        let is_revocable = credential.cred_def.object.is_revocable();
        found.failures.extend(half(index, sub_proof, identifier, is_revocable));
        if !is_revocable {
            found.cautions.extend(intervals.iter().map(|(referent, _)| {
                Caution::new(
                    "cannot-be-revoked",
                    referent,
                    "the request asks for a credential that is not revoked, and this one cannot be",
                    "its issuer has no way to take it back",
                )
            }));
            continue;
        }
        let (Some(registry), Some(timestamp)) = (&identifier.rev_reg_id, identifier.timestamp)
        else {
            // a timestamp without its registry has been reported
            let asked = intervals.iter().filter(|_| identifier.timestamp.is_none());
            found.failures.extend(asked.map(|(referent, interval)| {
                let expected = format!("a credential shown not to be revoked {}", span(interval));
                Failure::new(
                    expected,
                    "no timestamp",
                    "ask the prover for a presentation with a non-revocation proof",
                )
                .about(*referent)
            }));
            let unasked = intervals.is_empty() && sub_proof.non_revoc_proof.is_none();
            found.cautions.extend(unasked.then(|| not_asked(parsed, index)).flatten());
            continue;
        };
        match definitions.get(registry) {
            Ok(definition) => {
                let other = other_registry(parsed, credential, identifier, &definition);
                found.failures.extend(other);
            }
            Err(absent) => absent.add_to(&mut found),
        }
        match parsed.entries_of(registry) {
            Some(Ok(entries)) => {
                let entry = Entry { registry, timestamp, entries };
                entry.check(parsed, &intervals, &mut found);
            }
            Some(Err(malformed)) => found.failures.push(malformed.clone()),
            // it is named, as it is here
            None => {}
        }
    }
    found
}

/// Warns that a credential that can be revoked was not asked whether it is.
fn not_asked(parsed: &ParsedCase<'_>, index: usize) -> Option<Caution> {
    let mut answers = parsed.presentation.answers();
    let (referent, _, _) = answers.find(|(_, _, of)| *of == index)?;
    Some(Caution::new(
        "revocation-not-asked",
        referent,
        "the credential can be revoked, and the request does not ask whether it is",
        "it may have been revoked by now",
    ))
}

/// Returns the interval of a referent: its own, or else the request's.
fn interval(request: &ProofRequest, referent: &str, kind: AnswerKind) -> Option<Interval> {
    let own = match kind {
        AnswerKind::Predicate => request.requested_predicates.get(referent)?.non_revoked,
        AnswerKind::Revealed | AnswerKind::Group | AnswerKind::Unrevealed => {
            request.requested_attributes.get(referent)?.non_revoked
        }
    };
    own.or(request.non_revoked)
}

/// Reports a timestamp, registry or proof without the others, or with a credential that cannot be
/// revoked.
fn half(
    index: usize,
    sub_proof: &SubProof,
    identifier: &Identifier,
    is_revocable: bool,
) -> Option<Failure> {
    let (timestamp, registry) = (identifier.timestamp.is_some(), identifier.rev_reg_id.is_some());
    let proof = sub_proof.non_revoc_proof.is_some();
    let (expected, got) = if !is_revocable {
        let got = [
            (timestamp, "a timestamp"),
            (registry, "a registry"),
            (proof, "a non-revocation proof"),
        ];
        let got: Vec<_> = got.iter().filter(|(given, _)| *given).map(|(_, what)| *what).collect();
        if got.is_empty() {
            return None;
        }
        ("nothing about revocation, as the credential cannot be revoked", got.join(", "))
    } else if timestamp && !proof {
        ("a non-revocation proof for the timestamp", "none".to_owned())
    } else if proof && !timestamp {
        ("a timestamp for the non-revocation proof", "none".to_owned())
    } else if timestamp && !registry {
        ("the registry of the non-revocation proof", "none".to_owned())
    } else {
        return None;
    };
    Some(Failure::new(format!("sub-proof {index}: {expected}"), got, ASK_FOR_ORIGINAL))
}

/// The registry's entry that a non-revocation proof is about.
struct Entry<'p, 'c> {
    registry: &'p str,
    timestamp: u64,
    entries: &'p Entries<'c>,
}

/// What is known of whether an entry was in force at a time.
enum InForce {
    Shown,
    /// An entry of this time was in force instead.
    Superseded(u64),
    Unknown,
}

impl Entry<'_, '_> {
    /// Checks that the entry is given, and was in force at some time of each interval.
    fn check(&self, parsed: &ParsedCase<'_>, intervals: &[(&str, Interval)], found: &mut Found) {
        let (registry, timestamp) = (self.registry, self.timestamp);
        if self.entries.accumulator_at(timestamp).is_none() {
            found.missing.push(Failure::new(
                format!("the entry of registry {registry} at {timestamp}"),
                "it is not among the case's public data",
                "read it from the ledger and give it under `rev_regs`, by registry and timestamp",
            ));
        }
        for (referent, interval) in intervals {
            self.check_interval(parsed, referent, interval, found);
        }
    }

    fn check_interval(
        &self,
        parsed: &ParsedCase<'_>,
        referent: &str,
        interval: &Interval,
        found: &mut Found,
    ) {
        const ASK_AGAIN: &str =
            "ask the prover for a presentation with a revocation state of that time";
        let timestamp = self.timestamp;
        let expected = format!("a credential shown not to be revoked {}", span(interval));
        let failure = |got: String, remedy: String| {
            Failure::new(expected.clone(), got, remedy).about(referent)
        };
        if interval.to.is_some_and(|to| timestamp > to) {
            let got = format!("timestamp {timestamp}");
            found.failures.push(failure(got, ASK_AGAIN.to_owned()));
            return;
        }
        let Some(from) = interval.from.filter(|from| timestamp < *from) else {
            return;
        };
        let rule = parsed.policy.interval;
        match self.in_force(parsed, from, interval.to) {
            _ if rule == IntervalRule::Strict => {
                let got = format!("timestamp {timestamp}, and the policy takes none before {from}");
                found.failures.push(failure(got, ASK_AGAIN.to_owned()));
            }
            InForce::Shown => {}
            InForce::Superseded(newer) => {
                let got = format!("the entry of {timestamp}, and one of {newer} came after it");
                found.failures.push(failure(got, ASK_AGAIN.to_owned()));
            }
            InForce::Unknown if rule == IntervalRule::Lenient => {
                found.cautions.push(Caution::new(
                    "entry-before-interval",
                    referent,
                    format!("the registry's entry is of {timestamp}, before the interval begins at {from}"),
                    "the credential may have been revoked in between",
                ));
            }
            InForce::Unknown => {
                let got = format!(
                    "the entry of {timestamp}, and nothing that shows that it was the latest at {from}"
                );
                let remedy = format!(
                    "ask the ledger for the latest entry of registry {} at {from}, and give it under `rev_regs` at \
                     {from}, or its time as `nonrevoked_interval_override`",
                    self.registry
                );
                found.missing.push(failure(got, remedy));
            }
        }
    }

    /// Returns whether the entry was still in force when an interval began that begins after it, or
    /// came into force again within it.
    fn in_force(&self, parsed: &ParsedCase<'_>, from: u64, to: Option<u64>) -> InForce {
        let own = self.entries.accumulator_at(self.timestamp);
        let newest = self.entries.iter().rfind(|(time, _)| *time <= from);
        let is_within = |time: u64| time >= from && to.is_none_or(|to| time <= to);
        // whether no other entry lies between the own one and that of this time, which is after
        // `from`
        let is_next_change = |time: u64, own: &str| {
            let between = |at: u64| at > self.timestamp && at < time;
            let mut others = self.entries.iter();
            time > from
                && !others.any(|(at, one)| between(at) && !same_accumulator(one.accumulator, own))
        };
        let is_shown = own.is_some_and(|own| {
            self.entries.iter().any(|(time, entry)| {
                // the registry as it was at a time of the interval
                is_within(time) && same_accumulator(entry.accumulator, own)
                    // or the first change since, which came after the interval had begun
                    || entry.previous.is_some_and(|before| same_accumulator(before, own))
                        && (time > from && is_within(time) || is_next_change(time, own))
            })
        });
        if is_shown {
            return InForce::Shown;
        }
        // what the case shows comes before what it asserts
        if let (Some(own), Some((newer, entry))) = (own, newest)
            && !same_accumulator(entry.accumulator, own)
        {
            return InForce::Superseded(newer);
        }
        let asserted = parsed.case.nonrevoked_interval_override.get(self.registry);
        match asserted.and_then(|by_from| by_from.get(&from.to_string())) {
            Some(&asserted) if asserted == self.timestamp => InForce::Shown,
            Some(&asserted) if (self.timestamp..=from).contains(&asserted) => {
                self.compared_with(asserted)
            }
            // an entry that is older than the one that is given, or in the future, says nothing
            _ => InForce::Unknown,
        }
    }

    /// Returns whether the entry says the same as a newer one that was in force.
    fn compared_with(&self, newer: u64) -> InForce {
        let accumulators = [self.timestamp, newer].map(|time| self.entries.accumulator_at(time));
        match accumulators {
            [Some(own), Some(other)] if same_accumulator(own, other) => InForce::Shown,
            _ => InForce::Superseded(newer),
        }
    }
}

fn span(interval: &Interval) -> String {
    match (interval.from, interval.to) {
        (None, None) => "at some time".to_owned(),
        (Some(from), None) => format!("at {from} or later"),
        (None, Some(to)) => format!("at {to} or earlier"),
        (Some(from), Some(to)) => format!("from {from} to {to}"),
    }
}

/// Reports a registry that belongs to another credential definition, or that another author wrote:
/// a ledger lets anyone write a registry.
fn other_registry(
    parsed: &ParsedCase<'_>,
    credential: &Credential<'_>,
    identifier: &Identifier,
    definition: &Object<'_, RegistryDefinition<'_>>,
) -> Option<Failure> {
    let version = parsed.request.ver;
    let cred_def = &credential.cred_def;
    let same_cred_def = |id: &str| same_id(IdentifierKind::CredDef, id, cred_def.id, version);
    let own_id = definition
        .object
        .id
        .is_none_or(|own| same_id(IdentifierKind::RevReg, own, definition.id, version));
    if !own_id
        || !same_cred_def(definition.object.cred_def_id)
        || id_names_other(definition.id, cred_def.id, &same_cred_def)
    {
        return Some(Failure::new(
            format!("a registry of credential definition {}", identifier.cred_def_id),
            format!(
                "registry {} of credential definition {}",
                definition.object.id.unwrap_or(definition.id),
                definition.object.cred_def_id
            ),
            "do not accept it: the registry says nothing about this credential",
        ));
    }
    let authors = [definition.author(), cred_def.author()];
    let is_issuers = matches!(&authors, [Some(a), Some(b)] if identifiers::same_did(a, b))
        && definition.two_authors().is_none();
    (!is_issuers).then(|| {
        let name = |author: &Option<String>| {
            author.clone().unwrap_or_else(|| "an author that is not named".to_owned())
        };
        let [of_registry, of_cred_def] = &authors;
        Failure::new(
            format!("a registry by the credential definition's author, {}", name(of_cred_def)),
            format!("registry {} by {}", definition.id, name(of_registry)),
            "do not accept it: only the issuer can say which of its credentials are revoked",
        )
    })
}

/// Returns whether a registry's identifier names another credential definition than this one. One
/// that names none does not.
fn id_names_other(registry: &str, cred_def: &str, same: &dyn Fn(&str) -> bool) -> bool {
    if let Ok(parts) = RevRegIdParts::parse(registry) {
        return !same(&parts.cred_def.to_string());
    }
    // did:indy:…/anoncreds/v0/REV_REG_DEF/<schema>/<tag>/<tag of the registry>,
    // …/CLAIM_DEF/<schema>/<tag>
    match registry.split_once("/anoncreds/v0/REV_REG_DEF/") {
        Some((did, path)) => {
            let named = path.rsplit_once('/').map_or(path, |(cred_def, _)| cred_def);
            cred_def != format!("{did}/anoncreds/v0/CLAIM_DEF/{named}")
        }
        None => false,
    }
}
