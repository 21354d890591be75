//! The report as JUnit's XML: a suite for each implementation and file.

use std::fmt::Write;
use std::time::Duration;

use stdx::text::xml;

use super::text::expected;
use super::{Judged, JudgedRun, Report, Standing};

/// Returns the report.
///
/// What is wrong, or right although a failure is listed, is a failure; a crash, a hang or no answer
/// is an error; what was not given, and a known failure, is skipped.
#[must_use]
pub fn junit(report: &Report<'_>) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for run in &report.runs {
        let same_file = |one: &Judged<'_>, other: &Judged<'_>| {
            one.tested.placed.file == other.tested.placed.file
        };
        for results in run.results.chunk_by(same_file) {
            suite(&mut text, run, results);
        }
    }
    text + "</testsuites>\n"
}

fn suite(text: &mut String, run: &JudgedRun<'_>, results: &[Judged<'_>]) {
    let Some(first) = results.first() else { return };
    let (implementation, file) = (xml(&run.description.name), xml(first.tested.placed.file));
    let count = |element: &str| {
        results.iter().filter(|judged| element_of(judged.standing) == Some(element)).count()
    };
    let time: Duration = results.iter().map(|judged| judged.tested.took).sum();
    let _ = writeln!(
        text,
        "<testsuite name=\"{implementation} {file}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" \
         skipped=\"{}\" time=\"{:.3}\">",
        results.len(),
        count("failure"),
        count("error"),
        count("skipped"),
        time.as_secs_f64()
    );
    for judged in results {
        let id = xml(&judged.tested.placed.test.id);
        let seconds = judged.tested.took.as_secs_f64();
        let _ = write!(
            text,
            "<testcase classname=\"{implementation}.{file}\" name=\"{id}\" time=\"{seconds:.3}\""
        );
        let _ = match element_of(judged.standing) {
            None => writeln!(text, "/>"),
            Some("skipped") => {
                let why = judged.known.as_ref().map(|reason| format!("known failure: {reason}"));
                let why = why.unwrap_or_else(|| judged.detail().to_owned());
                writeln!(text, "><skipped message=\"{}\"/></testcase>", xml(&why))
            }
            Some(element) => writeln!(
                text,
                "><{element} type=\"{}\" message=\"{}\">{}</{element}></testcase>",
                judged.standing.name(),
                xml(&format!("expected {}, got {}", expected(judged.tested.placed), judged.got())),
                xml(judged.detail())
            ),
        };
    }
    text.push_str("</testsuite>\n");
}

/// Returns the element that says how a result stands; `None` for what is right.
fn element_of(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Right => None,
        Standing::KnownFailure | Standing::Skipped => Some("skipped"),
        Standing::Wrong | Standing::UnexpectedlyRight => Some("failure"),
        Standing::Crash | Standing::Hang | Standing::NoAnswer => Some("error"),
    }
}
