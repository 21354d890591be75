//! Help, version, manual page and completions.

use serde_json::Value;
use test_support::{manual::assert_references_exist, program::Finished, schema::Schema};

use crate::session::Session;

#[test]
fn help_shows_a_worked_example_and_the_exit_codes() {
    let help = Session::new().run(&["--help"]).succeeded().stdout;
    for words in [
        "  proof-exchange issue orders.json --home alex\n",
        "Exit codes:\n  0    verified",
        "  1    the response is rejected",
        "  2    the input or the environment",
        "  130  interrupted",
    ] {
        assert!(help.contains(words), "no {words:?} in {help}");
    }
}

#[test]
fn short_help_fits_on_a_screen() {
    let help = Session::new().run(&["-h"]).succeeded().stdout;
    assert!(help.lines().count() <= 40, "{help}");
}

#[test]
fn version_is_the_package_s() {
    let version = Session::new().run(&["--version"]).succeeded().stdout;
    assert_eq!(version, format!("proof-exchange {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn manual_pages_are_roff_and_name_every_option() {
    let session = Session::new();
    let page = session.run(&["man"]).succeeded().stdout;
    assert!(page.contains(".TH proof-exchange 1"), "{page}");
    assert!(page.contains("Exit codes:"));
    let page = session.run(&["man", "keep"]).succeeded().stdout;
    for option in ["home", "registry", "context", "json", "quiet", "wallet", "genesis"] {
        assert!(page.contains(&format!("\\-\\-{option}\\fR")), "{option}");
    }
}

#[test]
fn every_manual_page_that_a_page_names_exists() {
    let session = Session::new();
    session.run(&["man", "--directory", "pages"]).succeeded();
    let pages = assert_references_exist(&session.path("pages"), "proof-exchange");
    assert!(pages.iter().any(|page| page == "proof-exchange-respond.1"), "{pages:?}");
}

#[test]
fn options_are_those_of_the_command() {
    let session = Session::new();
    for (arguments, option) in [
        (["example", "rental"].as_slice(), "--home"),
        (&["example", "rental"], "--registry"),
        (&["verify", "request.json", "response.json"], "--home"),
        (&["verify", "request.json", "response.json"], "--genesis"),
        (&["serve", "--home", "bank"], "--genesis"),
        (&["serve", "--home", "bank"], "--pool-timeout"),
        (&["serve", "--home", "bank"], "--wallet"),
        (&["holder", "--home", "alex"], "--registry"),
        (&["keep", "credentials.jsonl", "--home", "alex"], "--key-generator"),
    ] {
        let help = session.run(&[arguments[0], "--help"]).succeeded().stdout;
        assert!(!help.contains(option), "{option} in {help}");
        let outcome = session.run(&[arguments, &[option, "x"]].concat());
        outcome.failed(2, &[&format!("unexpected argument '{option}'")]);
    }
}

#[test]
fn help_fits_a_terminal_of_80_columns() {
    let session = Session::new();
    for command in [
        "", "example", "schema", "issue", "keep", "holder", "request", "serve", "respond",
        "verify", "vectors",
    ] {
        let arguments: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let mut program = session.program(&arguments);
        program.env("COLUMNS", "80");
        let help = Finished::of(program).succeeded().stdout;
        let long = help.lines().find(|line| line.chars().count() > 80);
        assert_eq!(long, None, "{command}");
    }
}

#[test]
fn verdicts_are_as_the_schema_says() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:8700");
    session.respond_in_file();
    session.write_changed("response.json", "other.json", |response| {
        response["proofRequestId"] = "another".into();
    });
    let schema = Schema::new(include_str!("../../../commands/schemas/verdict.json"));
    for (response, verdict) in [("response.json", "verified"), ("other.json", "rejected")] {
        let (_, lines) = session.run_json(&["verify", "request.json", response]);
        assert_eq!(lines[0]["verdict"], verdict);
        lines.iter().for_each(|line| schema.assert_describes(line));
    }
}

#[test]
fn the_schemas_of_the_messages_are_listed_and_printed() {
    let session = Session::new();
    let listed = session.run(&["schema"]).succeeded().stdout;
    let names: Vec<&str> = listed.lines().collect();
    assert!(names.contains(&"request") && names.contains(&"response-strict"), "{names:?}");
    for name in names {
        let printed = session.run(&["schema", name]).succeeded().stdout;
        let printed: Value = serde_json::from_str(&printed).unwrap();
        assert!(printed["id"].as_str().unwrap().ends_with(&format!("/{name}.json")), "{name}");
    }
    session.run(&["schema", "answer"]).failed(2, &["answer", "response-strict"]);
}

#[test]
fn the_draft_s_own_messages_are_written_and_read() {
    let session = Session::new();
    let (code, lines) = session.run_json(&["example", "draft"]);
    assert_eq!((code, lines[0]["files"].as_array().unwrap().len()), (Some(0), 10));
    let repaired = std::fs::read_to_string(session.path("draft/README.md")).unwrap();
    assert!(repaired.contains("a comma after `accept` was missing"), "{repaired}");
    std::fs::create_dir(session.path("registry")).unwrap();
    for (request, response) in [
        ("request-json.json", "response-long.json"),
        ("request-json-ld.json", "response-json-ld.json"),
    ] {
        let (request, response) = (format!("draft/{request}"), format!("draft/{response}"));
        let (_, lines) = session.run_json(&["verify", &request, &response, "--strict"]);
        let shapes = &lines[0]["checks"].as_array().unwrap()[1..3];
        assert!(shapes.iter().all(|check| check["outcome"] == "passed"), "{shapes:?}");
    }
}

#[test]
fn an_unknown_subcommand_or_option_is_named() {
    let session = Session::new();
    session.run(&["reply"]).failed(2, &["unrecognized subcommand 'reply'"]);
    session.run(&["holder", "--hom", "x"]).failed(2, &["similar argument exists: '--home'"]);
}
