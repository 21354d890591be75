//! What the implementations made of the changes, as text and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

use anstyle::Style;
use serde_json::json;
use stdx::text::{Whole, shorten};

use super::change::Kind;
use super::{Compared, Mutated, Said};
use crate::report::{
    Layout,
    layout::{Entry, aligned, paragraph},
    lines,
};

/// How many changes of a group are listed for a person.
const MAX_LISTED: usize = 60;

/// Returns the report for a person: disagreements first, by what the implementations said, then
/// counts.
#[must_use]
pub fn text(mutated: &Mutated, took: Duration, layout: &Layout) -> String {
    let Mutated { name, implementations, unchanged, possible, compared } = mutated;
    let names: Vec<String> =
        implementations.iter().map(|name| Whole(&shorten(name, 40)).to_string()).collect();
    let said = |words: &[&str]| {
        let each = names.iter().zip(words).map(|(name, word)| format!("{name} {word}"));
        each.collect::<Vec<_>>().join(", ")
    };
    let words = |said: &[Said]| said.iter().map(|said| said.word).collect::<Vec<_>>();
    let mut text = paragraph(
        "",
        2,
        &format!("{} as it is: {}.", Whole(name), said(&words(unchanged))),
        layout,
    );
    let mut groups: BTreeMap<Vec<&str>, Vec<&Compared>> = BTreeMap::new();
    for one in compared.iter().filter(|one| one.is_disagreement()) {
        groups.entry(words(&one.said)).or_default().push(one);
    }
    let disagreements: usize = groups.values().map(Vec::len).sum();
    for (words, changes) in &groups {
        let bad = layout.styles.bad;
        let _ = writeln!(text, "\n{bad}{}{bad:#} ({})", said(words), changes.len());
        for one in changes.iter().take(MAX_LISTED) {
            let kind = one.mutation.change.kind.to_string();
            let first = format!("  {kind:<13} ");
            text += &paragraph(&first, 16, &Whole(&one.mutation.pointer()).to_string(), layout);
        }
        if changes.len() > MAX_LISTED {
            let _ = writeln!(text, "  and {} more", changes.len() - MAX_LISTED);
        }
    }
    let _ = write!(text, "\n{}\n", table(mutated, &names, layout));
    let tried = compared.len();
    let of = if tried < *possible { format!(" of {possible}") } else { String::new() };
    let style = if disagreements > 0 { layout.styles.bad } else { layout.styles.good };
    let _ = writeln!(
        text,
        "{tried}{of} changes in {:.1} s: {style}{disagreements} on which the implementations disagree{style:#}.",
        took.as_secs_f64()
    );
    text
}

/// Returns how many changes of each kind were accepted.
fn table(mutated: &Mutated, names: &[String], layout: &Layout) -> String {
    let mut rows = vec![vec![Entry::plain("accepted, of those given")]];
    rows[0].extend(names.iter().map(Entry::plain));
    let counts: Vec<_> = (0..names.len()).map(|column| mutated.counts(column)).collect();
    let kinds: BTreeSet<Kind> = counts.iter().flat_map(BTreeMap::keys).copied().collect();
    for kind in kinds {
        let mut row = vec![Entry::plain(kind.to_string())];
        row.extend(counts.iter().map(|counts| match counts.get(&kind) {
            None | Some((_, 0)) => Entry::plain("-"),
            Some((accepted, given)) => {
                Entry { text: format!("{accepted}/{given}"), style: Style::new() }
            }
        }));
        rows.push(row);
    }
    aligned(&rows, layout)
}

/// Returns the report for programs: an object for each change, disagreements first, and a last one
/// with the counts.
#[must_use]
pub fn json(mutated: &Mutated, took: Duration) -> String {
    let Mutated { name, implementations, unchanged, possible, compared } = mutated;
    let answers = |said: &[Said]| -> BTreeMap<String, serde_json::Value> {
        let each = implementations.iter().zip(said);
        each.map(|(name, said)| {
            let mut answer = json!({"answer": said.word});
            if !said.detail.is_empty() {
                answer["detail"] = json!(shorten(&said.detail, 1_000));
            }
            (name.clone(), answer)
        })
        .collect()
    };
    let mut text = String::new();
    let mut sorted: Vec<&Compared> = compared.iter().collect();
    sorted.sort_by_key(|one| !one.is_disagreement());
    for one in sorted {
        let line = json!({
            "format": lines::FORM,
            "change": one.mutation.change.kind,
            "pointer": one.mutation.pointer(),
            "disagreement": one.is_disagreement(),
            "answers": answers(&one.said),
        });
        lines::push(&mut text, &line);
    }
    let accepted: BTreeMap<&String, BTreeMap<String, serde_json::Value>> = implementations
        .iter()
        .enumerate()
        .map(|(column, name)| {
            let counts = mutated.counts(column).into_iter();
            let counts = counts.map(|(kind, (accepted, given))| {
                (kind.to_string(), json!({"accepted": accepted, "given": given}))
            });
            (name, counts.collect())
        })
        .collect();
    let summary = json!({
        "format": lines::FORM,
        "case": name,
        "unchanged": answers(unchanged),
        "changes": compared.len(),
        "possible": possible,
        "disagreements": compared.iter().filter(|one| one.is_disagreement()).count(),
        "counts": accepted,
        "milliseconds": took.as_millis(),
    });
    lines::push(&mut text, &summary);
    text
}
