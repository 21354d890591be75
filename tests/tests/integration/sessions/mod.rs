//! The pages can be followed: their console blocks are run as a reader pastes them, and print what
//! the pages show.
//!
//! All blocks of a page are one session: one shell, in order, in a fresh directory (see [`shell`]).
//! The lines below a `$ ` line are what it prints, with `…` for what is left out (see [`output`]).
//! A command without such lines may print anything. It must exit with 0, unless it is the last one
//! below a comment `<!-- exit code 1 -->`, or `echo $?` comes next. A block that is not run says
//! why in a comment above it: `<!-- not run: builds for minutes -->`.
//!
//! After a change of what the programs print, this writes their output into the pages:
//!
//! ```text
//! UPDATE_SESSIONS=1 cargo test --release --workspace --test cli --test integration sessions
//! ```
//!
//! (`--test cli` and that of the lab have cargo build the programs as well.)
//! `SESSION_PAGES=search,step-2` runs the pages with these names alone.

mod output;
mod page;
mod shell;

use std::{
    collections::BTreeSet, env, fs, os::unix::fs::symlink, path::Path, process, thread,
    time::Duration,
};

use page::Page;
use regex::Regex;
use shell::{Ended, Session};
use workspace_tests::root;

use crate::programs;

/// The pages that are run.
const PAGES: [&str; 30] = [
    "README.md",
    "docs/src/before-you-begin.md",
    "docs/src/break-it.md",
    REQUIREMENTS,
    "docs/src/exchange-zero-knowledge.md",
    "docs/src/exchange.md",
    "docs/src/exercises.md",
    "docs/src/introduction.md",
    "docs/src/lab.md",
    "docs/src/ledger.md",
    "docs/src/lint.md",
    "docs/src/own-credential.md",
    "docs/src/picture-story.md",
    "docs/src/programs.md",
    "docs/src/records.md",
    "docs/src/scenarios.md",
    "docs/src/search.md",
    "docs/src/speaker-notes.md",
    "docs/src/step-2.md",
    "docs/src/step-3.md",
    "docs/src/step-4.md",
    "docs/src/step-5.md",
    "docs/src/step-6.md",
    "docs/src/teachers.md",
    "docs/src/teaching.md",
    "docs/src/tour.md",
    "docs/src/troubleshooting.md",
    "docs/src/vectors.md",
    "docs/src/verdict.md",
    "docs/src/wallet-move.md",
];

/// The page that goes through the draft of proof requests, sentence by sentence.
const REQUIREMENTS: &str = "docs/src/exchange-requirements.md";

#[test]
fn every_sentence_of_the_draft_has_a_command_that_shows_it() {
    let page = Page::parse(&fs::read_to_string(root().join(REQUIREMENTS)).unwrap()).unwrap();
    let number = |text: &str| text.parse::<usize>().unwrap_or_else(|_| panic!("{text}"));
    let row = Regex::new(r"^\| (\d+) \|").unwrap();
    let rows = page.lines.iter().filter_map(|line| row.captures(line));
    let stated: Vec<usize> = rows.map(|row| number(&row[1])).collect();
    assert_eq!(stated, (1..=stated.len()).collect::<Vec<_>>(), "each number once, in order");
    let comments = page.commands.iter().filter_map(|command| command.text.rsplit_once(" # "));
    let shown: BTreeSet<usize> =
        comments.flat_map(|(_, numbers)| numbers.split(", ").map(number)).collect();
    assert_eq!(shown, stated.into_iter().collect(), "shown (left) and stated (right)");
}

#[test]
fn the_sessions_on_the_pages_print_what_the_pages_show() {
    let update = env::var_os("UPDATE_SESSIONS").is_some();
    let chosen = env::var("SESSION_PAGES").unwrap_or_default();
    let is_chosen = |name: &&str| {
        let stem = Path::new(name).file_stem();
        chosen.is_empty() || chosen.split(',').any(|chosen| stem == Some(chosen.as_ref()))
    };
    let mut wrong = Vec::new();
    for name in PAGES.into_iter().filter(is_chosen) {
        let path = root().join(name);
        let mut page = Page::parse(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|reason| panic!("{name}: {reason}"));
        wrong.extend(follow(&mut page, update).into_iter().map(|error| format!("{name}{error}")));
        if update {
            fs::write(&path, page.text()).unwrap();
        }
    }
    assert!(
        wrong.is_empty(),
        "the pages show something other than what happened; if what happened is right, run this test with \
         UPDATE_SESSIONS=1:\n{}",
        wrong.join("\n")
    );
}

/// Step 1 and the page about a real pool are not among [`PAGES`]: each of their blocks says why it
/// is not run.
#[test]
fn every_page_that_starts_a_program_is_a_session() {
    let starts = Regex::new(r"negotiate-proof|proof-exchange|cargo run").unwrap();
    let indented = Regex::new(r"(?m)^[ \t]+```(console|sh|bash|shell|zsh)\b").unwrap();
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("docs/src")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        if path.extension() != Some("md".as_ref()) || PAGES.contains(&&*name) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        match Page::parse(&text) {
            Err(reason) => found.push(format!("{name}:{reason}")),
            Ok(page) => {
                let commands = page.commands.iter().filter(|it| starts.is_match(&it.text));
                found.extend(commands.map(|it| format!("{name}:{}: `{}`", it.line, it.text)));
            }
        }
        if indented.is_match(&text) {
            found.push(format!("{name}: begin a block at the beginning of its line"));
        }
    }
    assert!(
        found.is_empty(),
        "add the page to `PAGES`, or say above the block why it is not run:\n{}",
        found.join("\n")
    );
}

/// Runs a page's commands, and returns what was different, with line numbers. With `update`, output
/// that was different is written into the page and not returned.
fn follow(page: &mut Page, update: bool) -> Vec<String> {
    let session = Session::new(&programs::directory());
    let texts: Vec<&str> = page.commands.iter().map(|command| command.text.as_str()).collect();
    let ended = session.run(&texts);
    let mut wrong = Vec::new();
    let mut corrected = Vec::new();
    for (index, command) in page.commands.iter().enumerate() {
        let Some(outcome) = ended.outcomes.get(index) else {
            wrong.push(format!(":{}: `{}` did not end", command.line, command.text));
            break;
        };
        let code_is_shown =
            page.commands.get(index + 1).is_some_and(|next| next.text.starts_with("echo $?"));
        if outcome.code != command.code && !code_is_shown {
            wrong.push(format!(
                ":{}: `{}` exited with {}, not {}:\n{}",
                command.line, command.text, outcome.code, command.code, outcome.output
            ));
        }
        let shown: Vec<&str> = page.lines[command.shown.clone()].iter().map(|s| &**s).collect();
        match output::compare(&shown, &outcome.output) {
            Ok(()) => {}
            Err(different) if update => corrected.push((index, different.corrected)),
            Err(different) => {
                wrong.push(format!(":{}: `{}`\n{}", command.line, command.text, different.diff));
            }
        }
    }
    if !ended.left_running.is_empty() {
        wrong.push(format!(": still running at the end: {}", ended.left_running));
    }
    page.replace(corrected);
    wrong
}

fn session() -> Session {
    Session::new(Path::new("/nonexistent"))
}

fn outputs(ended: &Ended) -> Vec<&str> {
    ended.outcomes.iter().map(|outcome| outcome.output.trim()).collect()
}

#[test]
fn a_session_carries_directory_variables_and_files_on() {
    let session = session();
    let ended = session.run(&[
        "cd \"$(mktemp -d)\"; export NAME=Alex",
        "cat > file <<'END'\n$NAME\nEND",
        "cat file; echo $NAME; test -t 0 || cat",
        "exit_with() { return 3; }; exit_with",
        "echo $?",
    ]);
    assert_eq!(outputs(&ended), ["", "", "$NAME\nAlex", "", "3"]);
    assert_eq!(ended.outcomes[3].code, 3);
}

#[test]
fn a_background_job_is_ready_before_the_next_command() {
    let session = session();
    let ended = session.run(&[
        "{ sleep 0.2; echo ready > file; echo Serving; sleep 100; } &",
        "cat file",
        "kill %1",
        "wait",
        "{ echo again; sleep 100; } &",
        "kill %1",
    ]);
    assert_eq!(outputs(&ended), ["Serving", "ready", "", "", "again", ""]);
    assert_eq!(ended.left_running, "");
}

#[test]
fn a_job_that_is_left_running_is_reported_and_killed() {
    let session = session();
    let ended = session.run(&["{ echo on; exec sleep 98765; } &"]);
    assert!(ended.left_running.contains("exec sleep 98765"), "{}", ended.left_running);
    let runs = || {
        let found = process::Command::new("pgrep").args(["-f", "^sleep 98765$"]).output().unwrap();
        !found.stdout.is_empty()
    };
    let attempts = (0..100).find(|_| {
        let ended = !runs();
        thread::sleep(Duration::from_millis(50));
        ended
    });
    assert!(attempts.is_some(), "the job still runs");
}

#[test]
fn a_session_that_does_not_end_loses_what_follows() {
    let session = session();
    let ended = session.run(&["echo one", "exit 0", "echo two"]);
    assert_eq!(outputs(&ended), ["one"]);
}

#[test]
fn cargo_run_is_the_program_that_was_built_and_other_builds_fail() {
    let programs = tempfile::tempdir().unwrap();
    symlink("/bin/echo", programs.path().join("negotiate-proof")).unwrap();
    let session = Session::new(programs.path());
    let ended = session.run(&[
        "cargo run --release -- step 3",
        "cargo run --release",
        "negotiate-proof",
        "export PATH=\"$PWD/target/release:$PATH\"",
        "negotiate-proof found",
        "cargo build",
    ]);
    assert_eq!(outputs(&ended)[..2], ["step 3", ""]);
    assert_eq!(outputs(&ended)[4], "found");
    let codes: Vec<i32> = ended.outcomes.iter().map(|outcome| outcome.code).collect();
    assert_eq!(codes, [0, 0, 127, 0, 0, 127]);
}

#[test]
fn a_page_is_read_as_its_commands_and_what_they_print() {
    let text = "# Page\n\n<!-- exit code 1 -->\n```console\n$ one\nout\n\n$ cat <<'END' \\\n  | two\n$ x\nEND\n…\n```\n\n\
                <!-- not run: builds for minutes -->\n```console\n$ three\n```\n\n```console\n$ jq 'a\n  b'\n```\n";
    let page = Page::parse(text).unwrap();
    let read: Vec<_> =
        page.commands.iter().map(|it| (it.line, &*it.text, it.shown.clone(), it.code)).collect();
    assert_eq!(
        read,
        [
            (5, "one", 5..7, 0),
            (8, "cat <<'END' \\\n  | two\n$ x\nEND", 11..12, 1),
            (21, "jq 'a\n  b'", 22..22, 0),
        ]
    );
    assert_eq!(page.text(), text);
}

#[test]
fn a_page_that_hides_commands_from_the_test_is_refused() {
    for (text, reason) in [
        ("<!-- not run -->\n```console\n$ one\n```\n", "1: say why: `<!-- not run: reason -->`"),
        ("```sh\none\n```\n", "1: write `console`, and `$ ` before commands"),
        ("```console\none\n```\n", "2: output without a command"),
        ("```console\n$ one\n", "1: the block does not end"),
        ("```console\n$ echo 'one\n```\n", "2: the command does not end"),
    ] {
        assert_eq!(Page::parse(text).map(|_| ()), Err(reason.to_owned()), "{text}");
    }
}

#[test]
fn new_output_is_written_into_a_page() {
    let mut page = Page::parse("```console\n$ one\na\n$ two\nb\nc\n```\n").unwrap();
    page.replace(vec![(0, vec!["d".into(), "e".into()]), (1, vec![])]);
    assert_eq!(page.text(), "```console\n$ one\nd\ne\n$ two\n```\n");
}

#[test]
fn output_is_the_same_but_for_what_is_random_or_left_out() {
    const DID: &str = "did:work:EgLY8mysgbLmj542ygMKWo";
    for (shown, printed, same) in [
        ("", "anything", true),
        ("one\ntwo", "one\ntwo\n\n", true),
        ("one\ntwo", "one\n", false),
        ("one", "one\ntwo", false),
        ("one\n…\nfour", "one\ntwo\nthree\nfour", true),
        ("one\n…\nfour", "one\ntwo\nthree", false),
        ("on… two", "one and two", true),
        (DID, "did:work:Tn1XD2QPskjDCztVGuJC2w", true),
        ("did:work:Tn1XD2QPskjDCztVGuJC2w x", "did:work:EgLY8mysgbLmj542ygMKWo y", false),
        ("6adb968b-52df-4da0-a720-4a0a6ac8f8db", "c41a5f5d-7c3e-4a53-9d5f-54c0a2f0b8aa", true),
        ("171867162548…195797 (718 digits)", "111867162548…195798 (717 digits)", true),
        ("12345678901234567890", "2345678901234567890", true),
        ("age 18", "age 19", false),
        ("until 2026-11-23T02:15:48Z", "until 2027-01-01T00:00:00Z", true),
        ("to /tmp/tmp.AbCdEf1234/bank", "to /tmp/.tmp7/tmp/tmp.ZbCdEf1234/bank", true),
    ] {
        let shown: Vec<&str> = shown.lines().collect();
        assert_eq!(output::compare(&shown, printed).is_ok(), same, "{shown:?}, {printed:?}");
    }
}

#[test]
fn corrected_output_keeps_what_still_fits() {
    let shown = ["id 6adb968b-52df-4da0-a720-4a0a6ac8f8db", "…", "end", "old"];
    let printed = "id c41a5f5d-7c3e-4a53-9d5f-54c0a2f0b8aa\na\nb\nend\nnew 12345678901234567890\n";
    let different = output::compare(&shown, printed).unwrap_err();
    assert_eq!(
        different.corrected,
        [shown[0], shown[1], shown[2], "new 12345678901234567890"],
        "{}",
        different.diff
    );
}
