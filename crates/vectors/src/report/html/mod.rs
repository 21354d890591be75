//! The report as one page for a browser, which loads nothing.
//!
//! The tables are in the page; the cases are data in it, from which a script makes what is opened.
//! All text is foreign: in the tables the template escapes it, and the script only ever sets it as
//! text.
//!
//! | module | subject |
//! |---|---|
//! | `data` | the cases, as the script reads them |

mod data;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stdx::text::{Whole, shorten};

use super::{By, Cell, JudgedRun, Report, Standing, Table};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Forbids everything but the page's own style and script: whatever the page shows, nothing is
/// loaded or sent.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Returns the page.
#[must_use]
pub fn html(report: &Report<'_>) -> String {
    let title = "Test vectors: how the implementations did";
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p {
                        (report.tests.len()) " tests. A cell has the number of right answers, of the tests that the \
                         implementation was given; press it to see them. Press the head of a column to sort by it."
                    }
                    noscript { p { "Cases are shown, and tables sorted, by a script, which this browser does not run." } }
                }
                main {
                    (standings(report))
                    @for by in By::ALL { (table(report, by)) }
                    section #cases tabindex="-1" aria-live="polite" hidden {
                        h2 #cases-title {}
                        div .tools {
                            label { input #only-unexpected type="checkbox"; " only what is not as expected" }
                            button #open-all type="button" { "Open all" }
                        }
                        div #cases-list {}
                    }
                }
                script #data type="application/json" { (PreEscaped(data::of(report))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

fn name(run: &JudgedRun<'_>) -> String {
    Whole(&shorten(&run.description.name, 40)).to_string()
}

fn head(text: &str, is_first: bool) -> Markup {
    html! {
        th scope="col" .first[is_first] { button type="button" .sort { (text) } }
    }
}

/// Returns how many results of each implementation stand how.
fn standings(report: &Report<'_>) -> Markup {
    html! {
        table {
            caption { "Implementations" }
            thead { tr {
                (head("implementation", true))
                @for standing in Standing::ALL { (head(standing.name(), false)) }
            } }
            tbody {
                @for (column, run) in report.runs.iter().enumerate() {
                    tr {
                        th scope="row" { (name(run)) " " span .version { (Whole(&shorten(&run.description.version, 40))) } }
                        @for standing in Standing::ALL {
                            (standing_cell(run, column, standing))
                        }
                    }
                }
            }
        }
    }
}

fn standing_cell(run: &JudgedRun<'_>, column: usize, standing: Standing) -> Markup {
    let count = run.count(standing);
    let class = match count > 0 {
        true if !standing.is_expected() => "bad",
        true if standing == Standing::Right => "good",
        _ => "none",
    };
    let label = format!("{}, {}: {count}", name(run), standing.name());
    html! {
        td class=(class) data-sort=(count) {
            @if count == 0 { "0" } @else {
                button type="button" .cell data-run=(column) data-by="standing" data-key=(standing.name())
                    aria-label=(label) { (count) }
            }
        }
    }
}

/// Returns a table with a row for each file, flag or feature.
fn table(report: &Report<'_>, by: By) -> Markup {
    let table = Table::new(report, by);
    html! {
        table {
            caption { "By " (by.name()) }
            thead { tr {
                (head(by.name(), true))
                @for run in &report.runs { (head(&name(run), false)) }
            } }
            tbody {
                @for (key, cells) in &table.rows {
                    tr {
                        th scope="row" { (Whole(key)) }
                        @for (column, cell) in cells.iter().enumerate() {
                            (cell_of(&name(&report.runs[column]), column, by, key, *cell))
                        }
                    }
                }
            }
        }
    }
}

fn cell_of(name: &str, column: usize, by: By, key: &str, cell: Cell) -> Markup {
    let Cell { right, known, given, unexpected } = cell;
    let class = match (unexpected, known, given) {
        (1.., _, _) => "bad",
        (0, _, 0) => "none",
        (0, 1.., _) => "known",
        (0, 0, _) => "good",
    };
    let label = format!("{name}, {}: {right} of {given} right", Whole(key));
    let sort = match given {
        0 => "-1".to_owned(),
        given => format!("{:.4}", right as f64 / given as f64),
    };
    html! {
        td class=(class) data-sort=(sort) {
            button type="button" .cell data-run=(column) data-by=(by.name()) data-key=(key) aria-label=(label) {
                @if given == 0 { "-" } @else { (right) "/" (given) }
            }
        }
    }
}
