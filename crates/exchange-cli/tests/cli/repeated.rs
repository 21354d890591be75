//! Outputs that depend on nothing but the input: the same bytes from each process.

use std::collections::BTreeSet;

use test_support::{hidden::spoilt, program::contents};

use crate::session::Session;

#[track_caller]
fn prints_the_same(session: &Session, arguments: &[&str]) {
    let runs = (0..4).map(|_| session.run(arguments));
    let outputs: BTreeSet<_> = runs.map(|run| (run.code, run.stdout, run.stderr)).collect();
    assert_eq!(outputs.len(), 1, "{arguments:?}: {outputs:#?}");
}

#[test]
fn plans_and_verdicts_are_the_same_each_time() {
    let session = Session::with_credentials();
    session.request("http://127.0.0.1:9");
    session.respond_in_file();
    for format in ["json", "text"] {
        let plan = ["respond", "request.json", "--home", "alex", "--dry-run", "--format", format];
        prints_the_same(&session, &plan);
        let verify = ["verify", "request.json", "response.json", "--all", "--format", format];
        prints_the_same(&session, &verify);
    }
    for (index, response) in spoilt(&session.json("response.json")).iter().enumerate().step_by(5) {
        let other = format!("{index}.json");
        session.write(&other, response);
        prints_the_same(&session, &["verify", "request.json", &other, "--json"]);
    }
}

#[test]
fn what_is_published_is_the_same_each_time() {
    let published = || {
        let session = Session::with_credentials();
        let registry = session.path("registry");
        let files = contents(&registry).into_iter();
        let files = files.map(|(path, (bytes, _))| {
            (path.strip_prefix(&registry).unwrap().to_owned(), String::from_utf8(bytes).unwrap())
        });
        files.collect::<Vec<_>>()
    };
    assert_eq!(published(), published());
}
