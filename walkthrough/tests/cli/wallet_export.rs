//! Exports of the prover's wallet, and their import elsewhere.

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::json;
use test_support::program::Finished;

use crate::{search::lines, walkthrough::Walkthrough};

/// A home after step 2, and a file with a passphrase.
pub fn with_passphrase() -> Walkthrough {
    let walkthrough = Walkthrough::after_step(2);
    fs::write(walkthrough.path("phrase"), "correct horse\n").unwrap();
    walkthrough
}

/// Runs a command on another home of the sandbox.
pub fn at(walkthrough: &Walkthrough, home: &str, arguments: &[&str]) -> Finished {
    walkthrough.run(&[arguments, &["--home", home]].concat())
}

/// An export to `out.age`.
pub const EXPORT: [&str; 5] = ["wallet", "export", "out.age", "--passphrase-file", "phrase"];
/// An import of it.
pub const IMPORT: [&str; 5] = ["wallet", "import", "out.age", "--passphrase-file", "phrase"];

/// Returns arguments with more of them.
pub fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [arguments, more].concat()
}

#[test]
fn an_export_moves_credentials_and_named_link_secrets_to_another_home() {
    let walkthrough = with_passphrase();
    let exported = walkthrough.run_at_home(&with(&EXPORT, &["--link-secret", "link_secret"]));
    assert_eq!(
        exported.succeeded().stdout,
        "The wallet holds 1 credential, 1 link secret and 0 DIDs.\n\
         Exported to out.age: 1 credential and 1 link secret.\n"
    );
    let file = fs::read(walkthrough.path("out.age")).unwrap();
    assert!(file.starts_with(b"age-encryption.org/v1\n-> scrypt "));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(walkthrough.path("out.age")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let imported = at(&walkthrough, "other", &IMPORT).succeeded();
    assert_eq!(
        imported.stdout,
        "1 credential imported; there already: 0.\n\
         1 link secret imported; there already: 0.\n\
         The wallet held 0 credentials, 0 link secrets and 0 DIDs.\n\
         It holds 1 credential, 1 link secret and 0 DIDs now.\n"
    );
    let again = at(&walkthrough, "other", &with(&IMPORT, &["--json"])).succeeded().last_line();
    assert_eq!((&again["imported"], &again["skipped"]), (&json!(0), &json!(1)));
    assert_eq!(again["link_secrets"], json!({"imported": 0, "skipped": 1}));
    // the home of the walkthrough itself has them as well
    let own = walkthrough.run_at_home(&with(&IMPORT, &["--json"])).succeeded().last_line();
    assert_eq!(own["before"], own["after"]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_tool_age_decrypts_an_export() {
    let walkthrough = with_passphrase();
    walkthrough.run_at_home(&with(&EXPORT, &["--link-secret", "link_secret"])).succeeded();
    // the tool asks at a terminal only
    let there = Command::new("age").arg("--version").stdout(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: this test needs the tool `age`");
        return;
    }
    let mut terminal = Command::new("script");
    let decrypt = "age --decrypt --output plain.jsonl out.age";
    terminal.args(["--quiet", "--return", "--command", decrypt, "/dev/null"]);
    terminal.current_dir(walkthrough.path(""));
    let run = Finished::with_input(terminal, "correct horse\n");
    assert_eq!(run.code, Some(0), "{run:?}");
    let plain = fs::read_to_string(walkthrough.path("plain.jsonl")).unwrap();
    assert!(plain.starts_with(r#"{"export":"anoncreds wallet","version":1}"#), "{plain}");
    let end = r#"{"end":{"credentials":1,"link_secrets":1}}"#;
    assert_eq!(plain.lines().last(), Some(end));
    at(&walkthrough, "other", &["wallet", "import", "plain.jsonl"]).succeeded();
}

#[test]
fn without_a_name_no_link_secret_is_exported() {
    let walkthrough = with_passphrase();
    let exported = walkthrough.run_at_home(&EXPORT).succeeded().stdout;
    assert!(exported.contains("1 credential and 0 link secrets.\n"), "{exported}");
    assert!(exported.contains("--link-secret NAME"), "{exported}");
    let imported = at(&walkthrough, "other", &IMPORT);
    assert_eq!(imported.code, Some(0));
    assert!(imported.stderr.contains("no link secret"), "{}", imported.stderr);
}

#[test]
fn an_export_refuses_what_it_cannot_do() {
    let walkthrough = with_passphrase();
    let run = |more: &[&str]| walkthrough.run_at_home(&with(&EXPORT, more));
    run(&["--link-secret", "mine"]).failed(2, &["no link secret `mine`; it has: link_secret"]);
    assert!(!walkthrough.path("out.age").exists());

    run(&[]).succeeded();
    let before = fs::read(walkthrough.path("out.age")).unwrap();
    run(&[]).failed(2, &["out.age exists already", "--replace"]);
    assert_eq!(fs::read(walkthrough.path("out.age")).unwrap(), before);
    run(&["--replace"]).succeeded();
    assert_ne!(fs::read(walkthrough.path("out.age")).unwrap(), before);

    let export = |file: &str, phrase: &str| {
        walkthrough.run_at_home(&["wallet", "export", file, "--passphrase-file", phrase])
    };
    export("-", "phrase").failed(2, &["not to standard output"]);
    export("no/directory.age", "phrase").failed(2, &["cannot write no/directory.age"]);
    export("new.age", "missing").failed(2, &["cannot read the passphrase", "missing"]);
    for (phrase, words) in [("", "is empty"), ("\n", "is empty"), ("a\nb\n", "more than one line")]
    {
        fs::write(walkthrough.path("wrong"), phrase).unwrap();
        export("new.age", "wrong").failed(2, &[words, "wrong"]);
    }
    // no terminal to ask at
    let asked = walkthrough.run_at_home(&["wallet", "export", "new.age"]);
    asked.failed(2, &["the passphrase for the export is needed", "--passphrase-file"]);
    let nowhere = ["wallet", "export", "new.age", "--passphrase-file", "phrase"];
    at(&walkthrough, "nowhere", &nowhere).failed(2, &["there is no home nowhere"]);
    assert!(!walkthrough.path("new.age").exists());
}

#[test]
fn a_passphrase_may_come_by_standard_input_but_not_together_with_an_export() {
    let walkthrough = with_passphrase();
    let mut export = walkthrough.program_with(&[
        "wallet",
        "export",
        "out.age",
        "--passphrase-file",
        "-",
        "--link-secret",
        "link_secret",
        "--home",
    ]);
    export.arg(walkthrough.home());
    Finished::with_input(export, "correct horse\n").succeeded();
    let import = |file: &str, phrase: &str| {
        walkthrough.program_with(&[
            "wallet",
            "import",
            file,
            "--passphrase-file",
            phrase,
            "--home",
            "other",
        ])
    };
    let both = {
        let mut both = import("-", "-");
        both.stdin(fs::File::open(walkthrough.path("out.age")).unwrap());
        both.output().unwrap()
    };
    let stderr = String::from_utf8(both.stderr).unwrap();
    assert!(stderr.contains("standard input cannot have both"), "{stderr}");
    assert!(!walkthrough.path("other").exists(), "nothing was imported, so no home was made");
    let mut piped = import("-", "phrase");
    piped.stdin(fs::File::open(walkthrough.path("out.age")).unwrap());
    assert!(piped.output().unwrap().status.success());
    Finished::with_input(import("out.age", "-"), "correct horse").succeeded();
}

#[test]
fn a_wrong_passphrase_or_a_damaged_export_makes_no_home() {
    let walkthrough = with_passphrase();
    walkthrough.run_at_home(&EXPORT).succeeded();
    fs::write(walkthrough.path("other"), "correct hors\n").unwrap();
    let wrong = ["wallet", "import", "out.age", "--passphrase-file", "other"];
    at(&walkthrough, "new", &wrong)
        .failed(2, &["cannot import out.age", "passphrase does not decrypt it"]);
    let whole = fs::read(walkthrough.path("out.age")).unwrap();
    fs::write(walkthrough.path("out.age"), &whole[..100]).unwrap();
    at(&walkthrough, "new", &IMPORT).failed(2, &["header is damaged"]);
    let at_scrypt = whole.windows(6).position(|part| part == b"scrypt").unwrap();
    let for_a_key = [&whole[..at_scrypt], b"X25519", &whole[at_scrypt + 6..]].concat();
    fs::write(walkthrough.path("out.age"), for_a_key).unwrap();
    at(&walkthrough, "new", &IMPORT).failed(2, &["not encrypted with a passphrase"]);
    assert!(!walkthrough.path("new").exists());
}

#[test]
fn an_export_that_was_cut_or_altered_is_noticed() {
    let walkthrough = with_passphrase();
    fs::write(walkthrough.path("lines.jsonl"), lines(200, "44")).unwrap();
    walkthrough.run_at_home(&["wallet", "import", "lines.jsonl"]).succeeded();
    walkthrough.run_at_home(&EXPORT).succeeded();
    let whole = fs::read(walkthrough.path("out.age")).unwrap();
    assert!(whole.len() > 200_000, "more than three chunks");
    let mut altered = whole.clone();
    *altered.last_mut().unwrap() ^= 1;
    for (file, home) in
        [(&whole[..whole.len() - 1], "a"), (&whole[..100_000], "b"), (&altered, "c")]
    {
        fs::write(walkthrough.path("out.age"), file).unwrap();
        at(&walkthrough, home, &IMPORT).failed(2, &["cannot import out.age", "cut or altered"]);
    }
    // what was imported is skipped when the whole file comes
    fs::write(walkthrough.path("out.age"), &whole).unwrap();
    let report = at(&walkthrough, "c", &with(&IMPORT, &["--json"])).succeeded().last_line();
    assert_eq!(report["after"]["credentials"], 201);
}

/// The lines of an export, as `age --decrypt` prints them.
fn plain_export(credentials: &str, totals: (usize, usize)) -> String {
    let begin = json!({"export": "anoncreds wallet", "version": 1});
    let secret = json!({"link_secret": {"name": "s", "secret": {"value": {"ms": "4711"}}}});
    let end = json!({"end": {"credentials": totals.0, "link_secrets": totals.1}});
    format!("{begin}\n{credentials}{secret}\n{end}\n")
}

#[test]
fn a_decrypted_export_is_read_and_its_end_is_missed() {
    let walkthrough = Walkthrough::new();
    let run = |text: &str| {
        fs::write(walkthrough.path("plain.jsonl"), text).unwrap();
        walkthrough.run_at_home(&["wallet", "import", "plain.jsonl", "--json"])
    };
    let whole = plain_export(&lines(3, "44"), (3, 1));
    let report = run(&whole).succeeded().last_line();
    assert_eq!(report["after"], json!({"credentials": 3, "link_secrets": 1, "dids": 0}));
    let cut = |count: usize| {
        whole.lines().take(count).map(|line| format!("{line}\n")).collect::<String>()
    };
    for count in 1..=5 {
        let words = "the export is not whole: after line";
        run(&cut(count)).failed(2, &[words, "it ends before its last line"]);
    }
    let counts = plain_export(&lines(3, "44"), (4, 1));
    run(&counts).failed(2, &["after line 6", "counts 4 credentials and 1 link secrets"]);
    run(&format!("{whole}{}", lines(1, "45"))).failed(2, &["line 7", "follows the end"]);
    run(&whole.replace("\"version\":1", "\"version\":2")).failed(2, &["line 1", "version 2"]);
    run(&whole.replace("\"ms\":", "\"mx\":")).failed(2, &["line 5", "`/value/ms` is missing"]);
    run(&whole.replace("4711", "4711a")).failed(2, &["line 5", "in link secret `s`"]);
}

#[test]
fn another_link_secret_of_the_same_name_is_refused_and_can_be_renamed() {
    let walkthrough = Walkthrough::after_step(2);
    let export = plain_export("", (0, 1)).replace("\"s\"", "\"link_secret\"");
    fs::write(walkthrough.path("plain.jsonl"), export).unwrap();
    let import = ["wallet", "import", "plain.jsonl"];
    let refused = walkthrough.run_at_home(&import);
    let advice = "--rename-link-secret link_secret=NEW";
    let refused = refused.failed(2, &["another link secret named `link_secret`", "kept", advice]);
    assert!(!refused.stderr.contains("4711"), "{}", refused.stderr);
    let rename = with(&import, &["--rename-link-secret", "link_secret=second"]);
    walkthrough.run_at_home(&rename).succeeded();
    let listed = walkthrough.run_at_home(&["wallet", "list"]).succeeded().stdout;
    assert!(listed.contains("\nlink secret link_secret\nlink secret second\n"), "{listed}");
    for wrong in ["second", "=a", "a="] {
        let wrong = with(&import, &["--rename-link-secret", wrong]);
        walkthrough.run_at_home(&wrong).failed(2, &["is not OLD=NEW"]);
    }
}

#[cfg(unix)]
#[test]
fn a_killed_export_leaves_no_file_under_its_name_and_can_be_repeated() {
    let walkthrough = with_passphrase();
    fs::write(walkthrough.path("lines.jsonl"), lines(6_000, "44")).unwrap();
    walkthrough.run_at_home(&["wallet", "import", "lines.jsonl"]).succeeded();
    fs::create_dir(walkthrough.path("exports")).unwrap();
    let export = |file: &str| {
        walkthrough.program_with(&[
            "wallet",
            "export",
            file,
            "--passphrase-file",
            "phrase",
            "--home",
            "home",
        ])
    };
    let mut killed = 0;
    for attempt in 0..3_u64 {
        let mut running = export("exports/out.age").stdout(Stdio::null()).spawn().unwrap();
        // killed when this much of it has been written, under a name of its own
        while running.try_wait().unwrap().is_none()
            && written(&walkthrough) < attempt * 1_000_000 + 1
        {
            thread::sleep(Duration::from_millis(1));
        }
        running.kill().unwrap();
        // an export that was faster is whole
        if running.wait().unwrap().success() {
            fs::remove_file(walkthrough.path("exports/out.age")).unwrap();
        } else {
            killed += 1;
            assert!(!walkthrough.path("exports/out.age").exists());
        }
        for entry in fs::read_dir(walkthrough.path("exports")).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
    }
    assert!(killed > 0, "no export was killed in its middle");
    let exported = Finished::of(export("exports/out.age")).succeeded().stdout;
    assert!(exported.contains("Exported to exports/out.age: 6001 credentials"), "{exported}");
}

/// How many bytes of the unfinished export are there.
#[cfg(unix)]
fn written(walkthrough: &Walkthrough) -> u64 {
    let entries = fs::read_dir(walkthrough.path("exports")).unwrap();
    entries.map(|entry| entry.unwrap().metadata().map_or(0, |metadata| metadata.len())).sum()
}

#[test]
fn a_killed_import_of_an_export_is_resumed_without_loss() {
    let walkthrough = with_passphrase();
    fs::write(walkthrough.path("lines.jsonl"), lines(7_000, "44")).unwrap();
    walkthrough.run_at_home(&["wallet", "import", "lines.jsonl"]).succeeded();
    walkthrough.run_at_home(&with(&EXPORT, &["--link-secret", "link_secret"])).succeeded();
    let whole = fs::read(walkthrough.path("out.age")).unwrap();
    let mut program = walkthrough.program_with(&[
        "wallet",
        "import",
        "-",
        "--passphrase-file",
        "phrase",
        "--quiet",
        "--home",
        "other",
    ]);
    let mut running = program.stdin(Stdio::piped()).spawn().unwrap();
    // The program reads three batches of 2,000 ahead of what it has stored, and a pipe holds far
    // less than one: when all but a tenth has been taken, a batch has been stored.
    let until = whole.len() / 10 * 9;
    running.stdin.as_mut().unwrap().write_all(&whole[..until]).unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    let report = at(&walkthrough, "other", &with(&IMPORT, &["--json"])).succeeded().last_line();
    assert_eq!(report["after"], json!({"credentials": 7_001, "link_secrets": 1, "dids": 0}));
    let skipped = report["skipped"].as_u64().unwrap();
    assert!(skipped >= 2_000, "{report}");
    assert_eq!(report["imported"].as_u64().unwrap() + skipped, 7_001);
    assert_eq!(report["before"]["credentials"], skipped);
}

/// Runs a command with these keys typed at a terminal; `None` without the program `script`.
#[cfg(target_os = "linux")]
pub fn at_a_terminal(walkthrough: &Walkthrough, arguments: &str, typed: &str) -> Option<Finished> {
    let there = Command::new("script").arg("--version").stdout(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: this test needs the program `script`");
        return None;
    }
    let program = walkthrough.program_without_key();
    let command = format!("{} {arguments}", program.get_program().to_string_lossy());
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--command", &command, "/dev/null"]);
    terminal.current_dir(walkthrough.path(""));
    Some(Finished::with_input(terminal, typed))
}

#[cfg(target_os = "linux")]
#[test]
fn a_passphrase_is_asked_for_twice_at_a_terminal_and_not_shown() {
    let walkthrough = with_passphrase();
    let export = "wallet export out.age --home home --link-secret link_secret";
    let Some(run) = at_a_terminal(&walkthrough, export, "correct horse\ncorrect horse\n") else {
        return;
    };
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("The passphrase for the export again: "), "{run:?}");
    // the terminal itself may echo what came before the program hid it
    let asked = run.stdout.split("The passphrase for the export: ").nth(1).unwrap();
    assert!(!asked.contains("correct"), "{run:?}");
    at(&walkthrough, "other", &IMPORT).succeeded();

    let again = "wallet export second.age --home home";
    let run = at_a_terminal(&walkthrough, again, "correct horse\ncorrect hors\n").unwrap();
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("the two are different; nothing was written"), "{run:?}");
    assert!(!walkthrough.path("second.age").exists());

    let import = "wallet import out.age --home third";
    let run = at_a_terminal(&walkthrough, import, "correct horse\n").unwrap();
    assert_eq!(run.code, Some(0), "{run:?}");
}
