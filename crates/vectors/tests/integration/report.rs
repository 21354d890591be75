//! Reports, also of an implementation that tries to steer their readers.

use serde_json::Value;
use vectors::Corpus;
use vectors::implementation::adapter::Program;
use vectors::report::{self, JudgedRun, Layout, Report};
use vectors::runner::{Startable, run};

use crate::fake::{self, LIMIT, program};

/// What no report may contain as it is.
const HOSTILE: &str = r#"</script><script>alert(1)</script><!-- ]]> " & # \u001b[2J\u202e end"#;

/// An implementation that is right, wrong, silent, crashes, and cannot answer, in this order.
fn hostile() -> Program {
    let hostile = HOSTILE.replace('"', r#"\""#);
    let answer = |number: usize, verdict: &str| {
        format!(
            "{number}) cat <<'END'\n{{\"tcId\":{number},\"verdict\":\"{verdict}\",\"detail\":\"{hostile}\"}}\nEND\n;;"
        )
    };
    let cases = [
        answer(2, "invalid"),
        format!("3) cat <<'END'\n{HOSTILE}\nEND\n;;"),
        format!("4) cat >&2 <<'END'\n{HOSTILE}\nEND\nexit 1;;"),
        answer(5, "unsupported"),
    ];
    let mut program = program(&cases.join("\n"));
    program.command[2] = program.command[2]
        .replace(r#"echo '{"name":"fake","#, &format!("cat <<'END'\n{{\"name\":\"{hostile}\","));
    program.command[2] = program.command[2]
        .replace("\"features\":[\"verify\"]}'", "\"features\":[\"verify\"]}\nEND");
    program
}

fn report(corpus: &Corpus) -> Report<'_> {
    let tests: Vec<_> = corpus.tests().collect();
    let runs = [hostile(), program("")].map(|program| {
        let run = run(&tests, &Startable::Program(program), 1, LIMIT).unwrap();
        JudgedRun::new(run.description, run.tested, None)
    });
    Report { corpus, tests, runs: runs.to_vec() }
}

#[test]
fn no_report_contains_what_steers_its_reader() {
    let (_directory, corpus) = fake::corpus(6);
    let report = report(&corpus);
    assert!(report.runs[0].description.name.contains('\u{1b}'));
    let layout = Layout { width: Some(80), ..Layout::default() };
    let forms = [
        report::text(&report, &layout),
        report::summary(&report, &layout),
        report::json(&report),
        report::junit(&report),
        report::tap(&report),
        report::html(&report),
    ];
    for text in &forms {
        let is_steering = |one: char| (one.is_control() && one != '\n') || one == '\u{202e}';
        assert!(!text.contains(is_steering), "{text}");
    }
    let [.., junit, tap, html] = &forms;
    assert!(!junit.contains("<script"), "{junit}");
    assert!(tap.lines().all(|line| line.matches(" #").count() <= 1), "{tap}");
    // the page's own two elements
    assert_eq!(html.matches("<script").count(), 2);
    assert_eq!(html.matches("</script").count(), 2);
    assert!(!html.contains("<!--"));
    for outside in ["src=", "href=", "@import", "url(", "http://", "https://"] {
        assert!(!html.contains(outside), "the page loads something: {outside}");
    }
}

#[test]
fn text_has_counts_files_and_what_is_wrong() {
    let (_directory, corpus) = fake::corpus(6);
    let report = report(&corpus);
    let text = report::text(&report, &Layout::default());
    let lines: Vec<&str> = text.lines().collect();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert!(
        words(lines[0]).join(" ").contains("right known failure wrong crash no answer skipped")
    );
    let counts = words(lines[1]);
    assert_eq!(counts[counts.len() - 6..], ["2", "0", "1", "1", "1", "1"], "{text}");
    assert!(lines.iter().any(|line| words(line)[..] == ["verify_fake", "2/5", "6/6"]), "{text}");
    for line in ["  wrong: fake::2", "    expected  valid", "    got       invalid"] {
        assert!(lines.contains(&line), "no {line}: {text}");
    }
    assert!(text.ends_with("6 tests: 3 results are not as expected.\n"), "{text}");
    assert!(!report.is_good());
}

#[test]
fn a_narrow_terminal_gets_several_tables() {
    let (_directory, corpus) = fake::corpus(1);
    let tests: Vec<_> = corpus.tests().collect();
    let runs = (0..12).map(|number| {
        let program = Program { name: Some(format!("implementation-{number}")), ..program("") };
        let run = run(&tests, &Startable::Program(program), 1, LIMIT).unwrap();
        JudgedRun::new(run.description, run.tested, None)
    });
    let report = Report { corpus: &corpus, runs: runs.collect(), tests: tests.clone() };
    let text = report::text(&report, &Layout { width: Some(60), ..Layout::default() });
    let long = text.lines().find(|line| line.chars().count() > 60);
    assert_eq!(long, None, "{text}");
    let rows = text.lines().filter(|line| line.starts_with("verify_fake")).count();
    assert!(rows > 1, "{text}");
}

#[test]
fn json_has_a_line_for_each_result_and_each_implementation() {
    let (_directory, corpus) = fake::corpus(6);
    let text = report::json(&report(&corpus));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2 * 7);
    let results: Vec<&str> =
        lines[..6].iter().map(|line| line["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["right", "wrong", "no-answer", "crash", "skipped", "right"]);
    assert_eq!(lines[1]["verdict"], "invalid");
    assert_eq!(lines[6]["counts"]["wrong"], 1);
    assert_eq!(lines[6]["as_expected"], false);
    assert_eq!(lines[13]["as_expected"], true);
}

#[test]
fn junit_and_tap_count_what_failed() {
    let (_directory, corpus) = fake::corpus(6);
    let report = report(&corpus);
    let junit = report::junit(&report);
    let count = |part: &str| junit.matches(part).count();
    assert!(junit.contains("tests=\"6\" failures=\"1\" errors=\"2\" skipped=\"1\""), "{junit}");
    assert_eq!((count("<failure "), count("<error "), count("<skipped ")), (1, 2, 1));
    assert_eq!((count("<testsuite "), count("<testcase ")), (2, 12));
    let tap = report::tap(&report);
    let begin = |part: &str| tap.lines().filter(|line| line.starts_with(part)).count();
    assert!(tap.starts_with("TAP version 14\n1..12\n"), "{tap}");
    assert_eq!((begin("ok "), begin("not ok ")), (9, 3));
    assert!(tap.contains(" # SKIP "), "{tap}");
}

#[test]
fn the_page_has_each_case_with_its_changes() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let corpus = Corpus::read(&directory).unwrap();
    let tests: Vec<_> = corpus
        .tests()
        .filter(|placed| placed.test.id == "basic::one-attribute.another-nonce")
        .collect();
    let run = run(&tests, &Startable::Cl, 1, LIMIT).unwrap();
    let runs = vec![JudgedRun::new(run.description, run.tested, None)];
    let html = report::html(&Report { corpus: &corpus, tests, runs });
    let (_, data) = html.split_once("type=\"application/json\">").unwrap();
    let data: Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    let case = &data["tests"][0];
    let nonce = corpus.tests().find(|placed| placed.test.id == "basic::one-attribute").unwrap();
    let nonce = nonce.test.input["presentation_request"]["nonce"].as_str().unwrap();
    let next = nonce.parse::<u128>().unwrap() + 1;
    assert_eq!(case["base"], "basic::one-attribute");
    let change = &case["changes"][0];
    assert_eq!(change["path"], "/input/presentation_request/nonce");
    assert_eq!(change["old"], format!("\"{nonce}\""));
    assert_eq!(change["new"], format!("\"{next}\""));
    assert_eq!(case["results"][0]["got"], "invalid");
}
