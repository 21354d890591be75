//! The report for a person.

use std::fmt::Write;

use anstyle::Style;
use stdx::text::{Whole, shorten};

use super::layout::{Entry, Layout, Styles, aligned, paragraph};
use super::{Judged, JudgedRun, Report, Standing, Table};
use crate::corpus::Placed;

/// How many characters of a name, and of what an implementation says, are shown.
const MAX_NAME: usize = 40;
const MAX_DETAIL: usize = 1_000;

/// How many results of an implementation are listed one by one.
const MAX_LISTED: usize = 200;

/// Returns the whole report.
#[must_use]
pub fn text(report: &Report<'_>, layout: &Layout) -> String {
    let mut text = table_of_standings(report, layout);
    text += &right_answers(report, layout);
    for run in &report.runs {
        text += &unexpected(run, layout);
    }
    text + &last_line(report, layout)
}

/// Returns how many results of each implementation stand how.
#[must_use]
pub fn summary(report: &Report<'_>, layout: &Layout) -> String {
    table_of_standings(report, layout) + "\n" + &last_line(report, layout)
}

fn last_line(report: &Report<'_>, layout: &Layout) -> String {
    let Styles { good, bad } = layout.styles;
    let (tests, all) = (report.tests.len(), report.corpus.tests().count());
    let tests = match (tests == all, tests) {
        (true, 1) => "1 test".to_owned(),
        (true, _) => format!("{tests} tests"),
        (false, _) => format!("{tests} of {all} tests"),
    };
    match report.runs.iter().map(|run| run.unexpected().count()).sum() {
        0usize => match report.silent() {
            Some(run) => format!("{tests}: {bad}{} answered none of them{bad:#}.\n", name(run)),
            None => format!("{tests}: {good}all as expected{good:#}.\n"),
        },
        1 => format!("{tests}: {bad}1 result is not as expected{bad:#}.\n"),
        count => format!("{tests}: {bad}{count} results are not as expected{bad:#}.\n"),
    }
}

/// Returns how an implementation is called in tables.
fn name(run: &JudgedRun<'_>) -> String {
    Whole(&shorten(&run.description.name, MAX_NAME)).to_string()
}

fn name_and_version(run: &JudgedRun<'_>) -> String {
    format!("{} {}", name(run), Whole(&shorten(&run.description.version, MAX_NAME)))
}

fn table_of_standings(report: &Report<'_>, layout: &Layout) -> String {
    // what never happened needs no column, unless it would be missed
    let is_shown = |standing: &Standing| match standing {
        Standing::Right | Standing::KnownFailure | Standing::Wrong | Standing::Skipped => true,
        _ => report.runs.iter().any(|run| run.count(*standing) > 0),
    };
    let shown: Vec<Standing> = Standing::ALL.into_iter().filter(is_shown).collect();
    let mut rows = vec![vec![Entry::plain("implementation")]];
    rows[0].extend(shown.iter().map(|standing| Entry::plain(standing.name())));
    for run in &report.runs {
        let mut row = vec![Entry::plain(name_and_version(run))];
        row.extend(shown.iter().map(|standing| {
            let count = run.count(*standing);
            let style = match count > 0 {
                true if !standing.is_expected() => layout.styles.bad,
                true if *standing == Standing::Right => layout.styles.good,
                _ => Style::new(),
            };
            Entry { text: count.to_string(), style }
        }));
        rows.push(row);
    }
    let mut text = aligned(&rows, layout);
    for run in &report.runs {
        if let Some(listed) = &run.listed_version {
            let note = format!(
                "The known failures of {} are listed for version {}.",
                name(run),
                Whole(listed)
            );
            text += &paragraph("", 2, &note, layout);
        }
    }
    text
}

fn right_answers(report: &Report<'_>, layout: &Layout) -> String {
    let table = Table::new(report, layout.by);
    let mut rows = vec![vec![Entry::plain("right, of those given")]];
    rows[0].extend(report.runs.iter().map(|run| Entry::plain(name(run))));
    for (file, cells) in &table.rows {
        let mut row = vec![Entry::plain(Whole(file).to_string())];
        row.extend(cells.iter().map(|cell| match cell.given {
            0 => Entry::plain("-"),
            given => Entry {
                text: format!("{}/{given}", cell.right),
                style: if cell.unexpected > 0 { layout.styles.bad } else { Style::new() },
            },
        }));
        rows.push(row);
    }
    format!("\n{}\n", aligned(&rows, layout))
}

fn unexpected(run: &JudgedRun<'_>, layout: &Layout) -> String {
    let results: Vec<&Judged<'_>> = run.unexpected().collect();
    let mut text = String::new();
    if results.is_empty() {
        return text;
    }
    let _ = writeln!(text, "{}\n", name_and_version(run));
    for judged in results.iter().take(MAX_LISTED) {
        let Placed { test, .. } = judged.tested.placed;
        let bad = layout.styles.bad;
        let standing = judged.standing.name();
        let _ = writeln!(text, "  {bad}{standing}{bad:#}: {}", Whole(&test.id));
        let mut line = |label: &str, value: &str| {
            if !value.is_empty() {
                let value = Whole(&shorten(value, MAX_DETAIL)).to_string();
                text += &paragraph(&format!("    {label:<9} "), 14, &value, layout);
            }
        };
        line("comment", &test.comment);
        line("flags", &test.flags.join(", "));
        line("expected", &expected(judged.tested.placed));
        line("got", &judged.got());
        line("detail", judged.detail());
        line("listed", judged.known.as_deref().unwrap_or_default());
        text.push('\n');
    }
    if results.len() > MAX_LISTED {
        let _ = writeln!(text, "  and {} more\n", results.len() - MAX_LISTED);
    }
    text
}

/// Returns what is expected of a test, with the reason.
pub(super) fn expected(placed: Placed<'_>) -> String {
    let test = placed.test;
    match test.reason.is_empty() {
        true => test.result.to_string(),
        false => format!("{}: {}", test.result, test.reason.join(", ")),
    }
}
