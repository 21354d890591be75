//! A verdict as text for people.

use std::fmt;

use stdx::text::{Plain, Quoted, Whole};

use crate::check::Checks;
use crate::layout::Layout;
use crate::learned::{LearnedAnswer, LearnedCredential};
use crate::report::{Caution, Failure, Outcome, Report, Severity, Weight};
use crate::verdict::{Decision, Verdict};

/// The columns of a check's number and mark.
const MARKS: usize = 5;

impl<C: Checks> Verdict<C> {
    /// Returns the verdict as text, under the name of what it is about: first the verdict, then
    /// what failed or is undecided, then the cautions, at last how many other checks there are.
    /// Control characters are escaped.
    pub fn text(&self, name: &str, layout: &Layout<'_>) -> String {
        // the name is foreign: a continuation begins where no line of ours does
        let mut text = layout.paragraph("", 7, &self.headline(name.trim_start(), layout));
        if layout.all {
            return text
                + &self.table(layout)
                + &self.all_cautions(layout)
                + &self.all_learned(layout);
        }
        let failures: Vec<_> = self.failed().chain(self.undecided()).flat_map(failures).collect();
        let listed = beginning(&failures);
        for same in listed.chunk_by(|(_, one), (_, other)| one == other) {
            let heads: Vec<_> = same.iter().map(|(report, _)| head(report)).collect();
            let about = same[0].1.and_then(|failure| failure.referent.as_deref());
            let about = about.map(|referent| format!(": {}", Plain(referent))).unwrap_or_default();
            let mark = format!("  {} ", same[0].0.outcome.mark());
            text += &layout.paragraph(&mark, 6, &format!("{}{about}", heads.join(", ")));
            text += &same[0].1.map(|failure| details(failure, 4, layout)).unwrap_or_default();
        }
        if listed.len() < failures.len() {
            let more = failures.len() - listed.len();
            text +=
                &layout.paragraph("  … ", 4, &format!("and {more} more that these checks found"));
        }
        let cautions = self.cautions().filter(|(_, one)| one.severity == Severity::Caution);
        text += &cautions.map(|(_, one)| caution(one, 2, layout)).collect::<String>();
        if let Some(others) = self.others().filter(|_| !listed.is_empty() || !self.verified()) {
            let hint = layout.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            text += &layout.paragraph("  ", 2, &format!("{others}{hint}"));
        }
        text
    }

    /// Returns all cautions, and the notes.
    fn all_cautions(&self, layout: &Layout<'_>) -> String {
        self.cautions().map(|(_, one)| caution(one, MARKS - 2, layout)).collect()
    }

    /// Returns a line for each referent with what was learned; nothing unless the answer is
    /// verified.
    fn all_learned(&self, layout: &Layout<'_>) -> String {
        let learned = self.learned.iter().flatten();
        let line = |(referent, answer): (&String, &LearnedAnswer)| {
            let first = format!("{:indent$}{}: ", "", Plain(referent.trim_start()), indent = MARKS);
            layout.paragraph(&first, MARKS + 2, &answer.to_string())
        };
        learned.map(line).collect()
    }

    /// Returns a line for each check, with its number, a [mark](Outcome::mark), its name and its
    /// rule; below a check that failed, what it found wrong. Control characters are escaped.
    pub fn table(&self, layout: &Layout<'_>) -> String {
        let rows = self.reports.iter().enumerate();
        rows.map(|(index, report)| row(index + 1, report, layout)).collect()
    }

    /// Returns the verdict, what it rests on, and which checks did not count.
    fn headline(&self, name: &str, layout: &Layout<'_>) -> String {
        let styles = layout.styles;
        let decision = self.decision();
        let style = match decision {
            Decision::Verified => styles.verified,
            Decision::Undecided => styles.undecided,
            Decision::Rejected => styles.rejected,
        };
        let mut line = format!("{}: {style}{}{style:#}", Whole(name), decision.name());
        if decision != Decision::Verified {
            line += &format!(" — {}", self.deciding());
        }
        let relaxed: Vec<&str> = self.relaxed().map(C::name).collect();
        if !relaxed.is_empty() {
            let (style, relaxed) = (styles.relaxed, relaxed.join(", "));
            line += &format!("{style}, by a policy without {relaxed}{style:#}");
        }
        if self.verified() {
            for report in self.reports.iter().filter(|report| is_left_out(report)) {
                let note = report.note.as_deref().map(|note| format!(" ({})", Whole(note)));
                line += &format!("; {} was left out{}", report.check, note.unwrap_or_default());
            }
        }
        line
    }

    /// Returns the names of the checks for which the answer is not verified.
    fn deciding(&self) -> String {
        let found: Vec<&Report<C>> = match self.decision() {
            Decision::Rejected => self.failed().collect(),
            _ => self.undecided().collect(),
        };
        let names = |reports: Vec<&&Report<C>>| {
            let names: Vec<&str> = reports.iter().map(|report| report.check.name()).collect();
            Some(names.join(", ")).filter(|names| !names.is_empty())
        };
        let required = found.iter().filter(|report| !report.holds()).collect();
        // a relaxed check may still have left nothing to read for those that count
        names(required)
            .or_else(|| names(found.iter().collect()))
            .unwrap_or_else(|| "not every check was reached".to_owned())
    }

    /// Counts the checks that are not listed, in a clause; `None` if there are none.
    fn others(&self) -> Option<String> {
        let count = |is: fn(&Report<C>) -> bool| self.reports.iter().filter(|one| is(one)).count();
        let passed = count(|report| report.outcome == Outcome::Passed);
        let left_out = count(is_left_out);
        let not_reached = count(|report| report.outcome == Outcome::NotReached) - left_out;
        let counted = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {many}")),
        };
        let clauses = [
            counted(passed, "other check passed", "other checks passed"),
            counted(not_reached, "was not reached", "were not reached"),
            counted(left_out, "was left out", "were left out"),
        ];
        let clauses: Vec<String> = clauses.into_iter().flatten().collect();
        Some(clauses.join(", ")).filter(|clauses| !clauses.is_empty())
    }
}

/// Returns whether the verifier or the policy left a check out.
fn is_left_out<C>(report: &Report<C>) -> bool {
    report.outcome == Outcome::NotReached && report.weight != Weight::Required
}

/// Returns what a check found wrong or missing; one element without a failure if it says nothing.
fn failures<C>(report: &Report<C>) -> Vec<(&Report<C>, Option<&Failure>)> {
    match report.failures.is_empty() {
        true => vec![(report, None)],
        false => report.failures.iter().map(|failure| (report, Some(failure))).collect(),
    }
}

/// Returns what is shown of many failures: the first of each check. A few are all shown.
fn beginning<'r, C: Checks>(
    failures: &[(&'r Report<C>, Option<&'r Failure>)],
) -> Vec<(&'r Report<C>, Option<&'r Failure>)> {
    const FEW: usize = 3;
    let mut shown = failures.to_vec();
    if shown.len() > FEW {
        shown.dedup_by_key(|(report, _)| report.check);
    }
    shown
}

/// Returns the name of a check, and whether it counts.
fn head<C: Checks>(report: &Report<C>) -> String {
    match report.weight {
        Weight::Relaxed => format!("{} (relaxed by the policy)", report.check),
        _ => report.check.to_string(),
    }
}

/// Returns a check with its rule, and what it found wrong or missing.
fn row<C: Checks>(number: usize, report: &Report<C>, layout: &Layout<'_>) -> String {
    let names = C::ALL.iter().map(|check| check.name().len());
    let width = names.max().unwrap_or_default();
    let (mark, name) = (report.outcome.mark(), report.check.name());
    let rule = format!("{}{}", report.check.rule(), remark(report));
    let indent = MARKS + width + 2;
    let mut text = match layout.has_room(indent) {
        true => layout.paragraph(&format!("{number:>2} {mark} {name:width$}  "), indent, &rule),
        false => {
            let rule = layout.paragraph(&" ".repeat(MARKS), MARKS, &rule);
            format!("{number:>2} {mark} {name}\n{rule}")
        }
    };
    for failure in &report.failures {
        if let Some(referent) = &failure.referent {
            let referent = format!("{}:", Plain(referent.trim_start()));
            text += &layout.paragraph(&" ".repeat(MARKS), MARKS, &referent);
        }
        text += &details(failure, MARKS + 2, layout);
    }
    text
}

/// Returns why a check was not reached, or does not count.
fn remark<C>(report: &Report<C>) -> String {
    match &report.note {
        Some(note) if is_left_out(report) => format!(" (left out: {})", Whole(note)),
        Some(note) => format!(" ({}: {})", report.outcome, Whole(note)),
        None if report.weight == Weight::Relaxed => " (relaxed by the policy)".to_owned(),
        None => String::new(),
    }
}

/// Returns a caution: what is so, and why that matters.
fn caution(caution: &Caution, indent: usize, layout: &Layout<'_>) -> String {
    let style = layout.styles.undecided;
    let mark = format!("{:indent$}! ", "");
    let about = caution.referent.as_deref();
    let about = about.map(|referent| format!(" {}:", Plain(referent))).unwrap_or_default();
    let Caution { name, what, why, .. } = caution;
    let text = format!("{style}{name}{style:#}{about} {} — {}", Whole(what), Whole(why));
    layout.paragraph(&mark, indent + 4, &text)
}

/// Returns what was expected, what was found, and what to do.
fn details(failure: &Failure, indent: usize, layout: &Layout<'_>) -> String {
    let parts = [("expected", &failure.expected), ("found", &failure.got), ("do", &failure.remedy)];
    let parts = parts.map(|(label, part)| {
        let label = format!("{:indent$}{label:8}  ", "");
        layout.paragraph(&label, label.len(), &Whole(part).to_string())
    });
    parts.concat()
}

/// Writes the [table](Verdict::table) of all checks, with numbers whole and lines not wrapped.
impl<C: Checks> fmt::Display for Verdict<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table(&Layout { full: true, ..Layout::default() }))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(referent) = &self.referent {
            write!(f, "{}: ", Plain(referent))?;
        }
        let (expected, got) = (Whole(&self.expected), Whole(&self.got));
        write!(f, "expected {expected}; found {got}; {}", Whole(&self.remedy))
    }
}

/// Says what was learned, in clauses. Control characters are escaped.
impl fmt::Display for LearnedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut clauses = Vec::new();
        clauses.extend(
            self.shown.iter().map(|(name, raw)| format!("{} is {}", Plain(name), Quoted(raw))),
        );
        clauses
            .extend(self.held.iter().map(|name| format!("{} is held but not shown", Plain(name))));
        let attested = self.self_attested.iter();
        clauses.extend(attested.map(|(name, text)| {
            format!("{} is {}, as the prover says without a credential", Plain(name), Quoted(text))
        }));
        clauses.extend(self.proved.iter().map(|proved| format!("{} is proved", Plain(proved))));
        f.write_str(&clauses.join("; "))?;
        match &self.credential {
            Some(LearnedCredential { cred_def_id, .. }) => {
                write!(f, " (credential definition {})", Plain(cred_def_id))
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Undecided => "undecided",
            Self::NotReached => "not reached",
        })
    }
}

impl Outcome {
    /// Returns one character for the outcome: `✓` passed, `✗` failed, `?` undecided, `–` not
    /// reached.
    pub fn mark(self) -> char {
        match self {
            Self::Passed => '✓',
            Self::Failed => '✗',
            Self::Undecided => '?',
            Self::NotReached => '–',
        }
    }
}
