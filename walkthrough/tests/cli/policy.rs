//! What `verify` requires, by options and by a policy file.

use std::fs;

use serde_json::json;

use crate::verify::{
    REVOCABLE, TWO, check, has_verdicts, named, nameless, verify_input, with_other_text,
};
use crate::walkthrough::Walkthrough;

#[test]
fn a_relaxed_check_does_not_reject_and_the_verdict_says_so() {
    let case = with_other_text("Mallory").to_string();
    let outcome = verify_input(case.as_str(), &["--json", "--relax", "encoding"]).succeeded();
    let line = outcome.last_line();
    assert_eq!(line["verdict"], "verified");
    assert_eq!(line["relaxed"], json!(["encoding"]));
    assert_eq!(check(&line, "encoding")["outcome"], "failed");

    let text = verify_input(case, &["--relax", "encoding"]).succeeded().stdout;
    assert!(text.starts_with("cases:1: verified, by a policy without encoding; "), "{text}");
    assert!(text.contains("(relaxed by the policy)"), "{text}");
}

#[test]
fn a_verdict_by_one_engine_says_so() {
    for (engine, other) in [("cl", "mathematics/indy-credx"), ("indy-credx", "mathematics/cl")] {
        let outcome = verify_input(nameless(), &["--json", "--engine", engine]).succeeded();
        let line = outcome.last_line();
        assert_eq!(line["relaxed"], json!([other]));
        assert_eq!(check(&line, other)["outcome"], "not reached");
    }
    // that our own engine does not compute non-revocation proofs rejects none
    verify_input(REVOCABLE, &["--quiet"]).succeeded();
    verify_input(REVOCABLE, &["--quiet", "--engine", "indy-credx"]).succeeded();
    let alone = verify_input(REVOCABLE, &["--json", "--engine", "cl"]);
    assert_eq!(alone.code, Some(2), "{}", alone.stderr);
    has_verdicts(&alone, &[("revocable", "undecided")]);
}

#[test]
fn a_policy_comes_from_options_and_a_file() {
    let by_option = verify_input(TWO, &["--json", "--engine", "cl", "--require-revealed"]);
    assert_eq!(check(&by_option.last_line(), "referents")["outcome"], "failed");
    let together = ["--json", "--engine", "cl", "--same-credential", "given name,graduate"];
    let outcome = verify_input(TWO, &together);
    assert_eq!(check(&outcome.last_line(), "referents")["outcome"], "failed");
    let ranges = verify_input(nameless(), &["--json", "--require-ranges"]);
    assert_eq!(check(&ranges.last_line(), "predicates")["outcome"], "failed");
    let keys = verify_input(nameless(), &["--json", "--key-bits", "3072"]);
    assert_eq!(check(&keys.last_line(), "hidden-set")["outcome"], "failed");
    let short = verify_input(nameless(), &["--json", "--max-bytes", "1024"]);
    assert_eq!(check(&short.last_line(), "size")["outcome"], "failed");

    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("cases"), TWO).unwrap();
    let verify = |policy: &str, arguments: &[&str]| {
        fs::write(walkthrough.path("policy"), policy).unwrap();
        walkthrough.run(&[&["verify", "cases", "--json", "--policy", "policy"], arguments].concat())
    };
    let refused = verify(r#"{"engines": "cl", "require_revealed": true}"#, &[]);
    assert_eq!(check(&refused.last_line(), "referents")["outcome"], "failed");
    assert_eq!(refused.last_line()["relaxed"], json!(["mathematics/indy-credx"]));
    // an option comes before the file
    let line = verify(r#"{"engines": "cl"}"#, &["--engine", "indy-credx"]).succeeded().last_line();
    assert_eq!(line["relaxed"], json!(["mathematics/cl"]));
    verify(r#"{"require_reveal": true}"#, &[])
        .failed(2, &["cannot use policy", "unknown field `require_reveal`"]);
    verify(r#"{"key_bits": [3000, 2000]}"#, &[]).failed(2, &["exchange the two"]);
    // one engine must accept, whatever is relaxed
    let relaxed = ["--relax", "mathematics/cl", "--relax", "mathematics/indy-credx"];
    let mut other = named("other");
    other["presentation_request"]["nonce"] = json!("1");
    assert_eq!(
        verify_input(other.to_string(), &[&relaxed[..], &["--quiet"]].concat()).code,
        Some(1)
    );
    verify_input(TWO, &["--same-credential", "graduate"]).failed(2, &["two referents or more"]);
}

#[test]
fn an_unknown_check_is_named_with_a_suggestion() {
    let outcome = verify_input(nameless(), &["--relax", "encodin"]);
    outcome.failed(2, &["'encodin'", "a similar value exists: 'encoding'"]);
}
