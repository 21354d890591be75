//! Programs that crash, hang, or say something other than an answer.

use std::fs;
use std::time::Duration;

use vectors::corpus::Placed;
use vectors::implementation::adapter::{Program, StartError};
use vectors::runner::{Outcome, Startable, run};
use vectors::{Description, Implementation, implementation::Reply};

use crate::fake::{self, LIMIT, program, program_that_begins};

/// Returns the outcomes of three tests.
fn outcomes(program: Program) -> Vec<Outcome> {
    outcomes_of(Startable::Program(program), 3)
}

fn outcomes_of(startable: Startable, count: usize) -> Vec<Outcome> {
    let (_directory, corpus) = fake::corpus(count);
    let tests: Vec<_> = corpus.tests().collect();
    let run = run(&tests, &startable, 1, LIMIT).unwrap();
    assert_eq!(run.tested.len(), count);
    run.tested.into_iter().map(|tested| tested.outcome).collect()
}

/// Asserts that only the second test has another outcome, and returns it.
#[track_caller]
fn second(program: Program) -> Outcome {
    let mut outcomes = outcomes(program);
    assert_eq!((&outcomes[0], &outcomes[2]), (&Outcome::Right, &Outcome::Right), "{outcomes:?}");
    outcomes.swap_remove(1)
}

#[track_caller]
fn assert_crash(outcome: &Outcome, words: &[&str]) {
    let Outcome::Crash(how) = outcome else { panic!("{outcome:?}") };
    assert!(words.iter().all(|word| how.contains(word)), "{how}");
}

#[track_caller]
fn assert_silent(outcome: &Outcome, words: &[&str]) {
    let Outcome::Silent(with) = outcome else { panic!("{outcome:?}") };
    assert!(words.iter().all(|word| with.contains(word)), "{with}");
}

#[test]
fn a_program_that_ends_is_started_again_for_the_next_test() {
    let outcome = second(program("2) echo first >&2; echo 'no such key' >&2; exit 3;;"));
    assert_crash(&outcome, &["exit status: 3", "no such key"]);
    assert!(!format!("{outcome:?}").contains("first"), "only the last line: {outcome:?}");
}

#[test]
fn a_program_that_hangs_is_stopped() {
    let mut program = program("2) sleep 1000;;");
    program.limit = Duration::from_secs(2);
    assert_eq!(second(program), Outcome::Hang);
}

#[test]
fn a_program_that_does_not_read_is_stopped() {
    // the test is longer than any pipe
    let mut program = program_that_begins(
        r#"read -r start; echo '{"name":"deaf","version":"1","features":["verify"]}'; sleep 1000"#,
        "",
    );
    program.limit = Duration::from_secs(1);
    let (_directory, mut corpus) = fake::corpus(1);
    let test = &mut corpus.files.get_mut("verify_fake").unwrap().test_groups[0].tests[0];
    test.input = serde_json::json!({"presentation_json": "x".repeat(4 << 20)});
    let tests: Vec<_> = corpus.tests().collect();
    let run = run(&tests, &Startable::Program(program), 1, LIMIT).unwrap();
    assert_eq!(run.tested[0].outcome, Outcome::Hang);
}

#[test]
fn what_is_not_an_answer_is_reported_with_its_beginning() {
    for (cases, words) in [
        ("2) echo 'Traceback: \u{1b}[2J';;", &["Traceback: \\u{1b}[2J"][..]),
        ("2) echo;;", &["an empty line"]),
        (r#"2) echo '{"tcId":2,"verdict":"maybe"}';;"#, &["maybe"]),
        (r#"2) echo '{"tcId":7,"verdict":"valid"}';;"#, &["not the answer to 2"]),
        (r#"2) echo '{"tcId":2,"id":"fake::3","verdict":"valid"}';;"#, &["not the answer to 2"]),
        (r"2) printf '\377\n';;", &["not UTF-8"]),
        ("2) echo 'a warning' >&2; sleep 0.2; echo '{}';;", &["tcId", "a warning"]),
    ] {
        assert_silent(&second(program(cases)), words);
    }
}

#[test]
fn a_line_of_any_length_is_cut_and_the_program_stopped() {
    for cases in [
        "2) head -c 3000000 /dev/zero | tr '\\0' x; echo;;",
        "2) tr '\\0' x </dev/zero;;",
        "2) answer; yes >/dev/fd/2 & tr '\\0' x </dev/zero;;",
    ] {
        let outcomes = outcomes(program(cases));
        assert_eq!(outcomes[0], Outcome::Right, "{outcomes:?}");
        let wrong = outcomes.iter().filter(|outcome| **outcome != Outcome::Right);
        for outcome in wrong {
            assert_silent(outcome, &["more than 1048576 bytes"]);
        }
    }
}

#[test]
fn an_answer_that_is_said_twice_counts_once() {
    assert_eq!(second(program("1|2) answer; answer;;")), Outcome::Right);
}

#[test]
fn lines_that_were_not_wanted_do_not_end_the_run() {
    let outcomes = outcomes(program("1) answer; echo done; echo; echo '{';;"));
    // whether they come before the next test is a matter of time
    assert_eq!((&outcomes[0], &outcomes[2]), (&Outcome::Right, &Outcome::Right), "{outcomes:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_program_has_started_is_stopped_with_it_and_keeps_no_one_waiting() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pid");
    // it holds the pipes open, and the program ends
    let cases = format!("2) sleep 1000 & echo $! >'{}'; exit 1;;", path.display());
    assert_crash(&second(program(&cases)), &["exit status: 1"]);
    let process = fs::read_to_string(&path).unwrap();
    let is_there = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", process.trim()));
        // a zombie has ended, and waits for its parent to look
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    for _ in 0..200 {
        if !is_there() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("sleep goes on");
}

#[test]
fn a_program_that_does_not_start_again_is_given_up() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("starts");
    let beginning = format!("echo >>'{0}'; [ $(wc -l <'{0}') = 1 ] || exit 4", path.display());
    let program = program_that_begins(&beginning, "2) exit 3;;");
    let outcomes = outcomes_of(Startable::Program(program), 40);
    assert_eq!(outcomes[0], Outcome::Right);
    assert_crash(&outcomes[1], &["exit status: 3"]);
    assert_crash(&outcomes[2], &["did not say what it is", "exit status: 4"]);
    assert_crash(&outcomes[39], &["failed to start 10 times in a row"]);
    let starts = fs::read_to_string(&path).unwrap().lines().count();
    assert_eq!(starts, 11);
}

#[test]
fn a_program_that_cannot_start_is_an_error() {
    let (_directory, corpus) = fake::corpus(1);
    let tests: Vec<_> = corpus.tests().collect();
    let start = |program: Program| run(&tests, &Startable::Program(program), 1, LIMIT).unwrap_err();
    let error = start(Program::new(vec!["/no/such/program".to_owned()], LIMIT));
    assert!(matches!(error, StartError::NotStarted { .. }), "{error}");
    for (beginning, words) in [
        ("echo 'no module named x' >&2; exit 1", &["exit status: 1", "no module named x"][..]),
        ("echo 'welcome'", &["welcome"]),
        ("exec >&-; sleep 1000", &["it closed its output"]),
    ] {
        let error = start(program_that_begins(beginning, "")).to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
    let mut slow = program_that_begins("sleep 1000", "");
    slow.start_limit = Duration::from_secs(1);
    assert!(start(slow).to_string().contains("nothing in 1 s"));
}

#[test]
fn a_program_is_called_as_it_is_named() {
    let (_directory, corpus) = fake::corpus(1);
    let tests: Vec<_> = corpus.tests().collect();
    let named = Program { name: Some("mine".to_owned()), ..program("") };
    let run = run(&tests, &Startable::Program(named), 1, LIMIT).unwrap();
    assert_eq!((run.description.name.as_str(), run.description.version.as_str()), ("mine", "1"));
}

/// An implementation in this process that panics at one test.
struct Panics(Description);

impl Implementation for Panics {
    fn description(&self) -> &Description {
        &self.0
    }

    fn ask(&mut self, test: Placed<'_>) -> Reply {
        assert_ne!(test.test.tc_id, 2);
        Reply::Answered(vectors::Answer::valid())
    }
}

#[test]
fn a_panic_in_this_process_is_a_crash() {
    let start = || -> Box<dyn Implementation> {
        let features = vec!["verify".to_owned()];
        Box::new(Panics(Description { name: "p".into(), version: "1".into(), features }))
    };
    let outcomes = outcomes_of(Startable::Provided(start), 3);
    assert_eq!((&outcomes[0], &outcomes[2]), (&Outcome::Right, &Outcome::Right));
    assert_crash(&outcomes[1], &["panicked"]);
}
