//! Credentials, requests and proofs of one's own, by commands and files.

use std::fs;

use serde_json::{Value, json};
use test_support::{
    keys,
    program::{Finished, Sandbox},
};

use crate::walkthrough::Walkthrough;

const SCHEMA: &str = r#"{"name": "degree", "version": "1.0", "attributes": ["First Name", "Last Name", "degree", "year"]}"#;
const VALUES: &str = r#"{"First Name": "Ann", "Last Name": "Lee", "degree": "MSc", "year": 2024}"#;

/// A directory with a schema and values, and homes below it.
struct Homes(Sandbox);

impl Homes {
    fn new() -> Self {
        let homes = Self(Sandbox::new(env!("CARGO_BIN_EXE_negotiate-proof")));
        homes.write("degree.json", SCHEMA);
        homes.write("ann.json", VALUES);
        homes
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.0.path(name)).unwrap()).unwrap()
    }

    fn exists(&self, name: &str) -> bool {
        self.0.path(name).exists()
    }

    /// Runs a command line whose words are divided by blanks; `KEY` is the option of the test key.
    fn run(&self, line: &str) -> Finished {
        let mut program = self.0.program();
        for word in line.split(' ') {
            match word {
                "KEY" => program.args(["--prepared-key", keys::DEGREE_PATH]),
                word => program.arg(word),
            };
        }
        Finished::of(program)
    }

    /// Issues Ann's degree in the home `ann`.
    fn with_a_degree() -> Self {
        let homes = Self::new();
        homes.run("issue --schema degree.json --values ann.json --home ann KEY").succeeded();
        homes
    }

    /// Plays issuer and holder in two homes up to the file `credential.json`.
    fn with_a_signed_credential() -> Self {
        let homes = Self::new();
        for line in [
            "issue offer --schema degree.json --home college --output offer.json KEY",
            "public export --home college --output public.json",
            "public import public.json --home ann",
            "issue accept offer.json --home ann --output request.json",
            "issue sign request.json --offer offer.json --values ann.json --home college --output credential.json",
        ] {
            homes.run(line).succeeded();
        }
        homes
    }
}

#[test]
fn a_credential_of_ones_own_is_issued_proved_and_verified() {
    let homes = Homes::with_a_degree();
    let made = homes.run(
        "request new --attribute degree --attribute firstname --predicate year>=2020 --output asked.json",
    );
    made.succeeded();
    let proven = homes.run("prove asked.json --home ann --output proof.json --yes").succeeded();
    assert!(proven.stdout.contains(r#"degree = "MSc""#), "{}", proven.stdout);
    let verified = homes.run("verify proof.json").succeeded();
    assert!(verified.stdout.starts_with("proof: verified"), "{}", verified.stdout);
    let case = homes.read("proof.json");
    assert_eq!(case["presentation"]["requested_proof"]["revealed_attrs"]["degree"]["raw"], "MSc");
    assert!(!case.to_string().contains("Lee"));
}

#[test]
fn issuing_shows_what_is_signed_for_each_value() {
    let homes = Homes::new();
    let issued =
        homes.run("issue --schema degree.json --values ann.json --home ann KEY").succeeded();
    assert!(
        issued.stdout.contains(r#"year        "2024", signed as the number 2024"#),
        "{}",
        issued.stdout
    );
    assert!(
        issued.stdout.contains(r#"degree      "MSc", signed as its SHA-256, "#),
        "{}",
        issued.stdout
    );
    let again =
        homes.run("issue --schema degree.json --values ann.json --home ann --json").succeeded();
    let line = again.last_line();
    assert_eq!(line["is_new"], false);
    assert_eq!(line["values"]["year"], json!({"raw": "2024", "encoded": "2024"}));
}

#[test]
fn issuer_and_holder_have_homes_of_their_own() {
    let homes = Homes::with_a_signed_credential();
    let stored = homes.run("issue store credential.json --id degree --home ann").succeeded();
    assert_eq!(stored.stdout, "The prover's wallet holds the credential degree.\n");
    let again = homes.run("issue store credential.json --home ann").succeeded();
    assert!(again.stdout.contains("has this credential already, degree"), "{}", again.stdout);
    homes.run("request new --attribute degree --output asked.json").succeeded();
    homes.run("prove asked.json --home ann --output proof.json --yes --bare").succeeded();
    // the verifier has the issuer's public data from the issuer
    homes.run("verify asked.json proof.json --public public.json").succeeded();
    homes.run("verify asked.json proof.json --home ann").succeeded();
}

#[test]
fn a_credential_goes_into_the_wallet_that_asked_for_it() {
    let homes = Homes::with_a_signed_credential();
    homes.run("public import public.json --home bob").succeeded();
    homes.run("issue store credential.json --home bob").failed(2, &["no wallet of the prover in"]);
    homes.run("issue accept offer.json --home bob --output bob.json").succeeded();
    homes
        .run("issue store credential.json --home bob")
        .failed(2, &["answers none of the 1 requests", "another wallet"]);
    homes.run("issue store credential.json --home ann").succeeded();
}

#[test]
fn a_file_of_another_kind_is_named() {
    let homes = Homes::with_a_signed_credential();
    let half = fs::read_to_string(homes.0.path("credential.json")).unwrap();
    homes.write("half.json", &half[..half.len() / 2]);
    for (line, words) in [
        (
            "issue accept request.json --home ann",
            &["request.json: it looks like a credential request", "with a credential offer"][..],
        ),
        ("issue store offer.json --home ann", &["it looks like a credential offer"]),
        (
            "issue store half.json --home ann",
            &["cannot use half.json", "name a file with a credential"],
        ),
        ("issue store none.json --home ann", &["cannot read none.json"]),
        (
            "issue sign offer.json --offer offer.json --values ann.json --home college",
            &["it looks like a credential offer"],
        ),
        (
            "issue sign request.json --offer offer.json --values degree.json --home college",
            &["cannot use degree.json"],
        ),
        (
            "issue sign request.json --offer offer.json --values ann.json --home ann",
            &["no wallet of an issuer in"],
        ),
        (
            "issue offer --schema ann.json --home college",
            &["cannot use ann.json", "\"attributes\""],
        ),
        ("public import offer.json --home ann", &["cannot use offer.json"]),
        ("prove credential.json --home ann", &["credential.json: this looks like a credential"]),
    ] {
        homes.run(line).failed(2, words);
    }
}

#[test]
fn a_request_that_answers_another_offer_is_not_signed() {
    let homes = Homes::with_a_signed_credential();
    homes.run("issue offer --schema degree.json --home college --output other.json").succeeded();
    homes
        .run("issue sign request.json --offer other.json --values ann.json --home college")
        .failed(2, &["cannot sign for request.json, which must answer other.json"]);
}

#[test]
fn an_altered_credential_is_not_stored() {
    let homes = Homes::with_a_signed_credential();
    let mut credential = homes.read("credential.json");
    credential["values"]["year"] = json!({"raw": "1999", "encoded": "1999"});
    homes.write("altered.json", &credential.to_string());
    homes.run("issue store altered.json --home ann").failed(2, &["altered on the way"]);
    homes.run("issue store credential.json --home ann").succeeded();
}

#[test]
fn the_values_are_those_of_the_schema() {
    let homes = Homes::new();
    homes.write("few.json", r#"{"First Name": "Ann", "Last Name": "Lee", "degree": "MSc"}"#);
    homes.write(
        "other.json",
        r#"{"First Name": "Ann", "Last Name": "Lee", "degree": "MSc", "jear": 2024}"#,
    );
    homes
        .run("issue --schema degree.json --values few.json --home ann KEY")
        .failed(2, &["cannot use few.json", "there is no value for \"year\""]);
    homes
        .run("issue --schema degree.json --values other.json --home ann KEY")
        .failed(2, &["cannot use other.json", "\"year\""]);
    assert!(!homes.exists("ann"), "a home was made for nothing");
}

#[test]
fn a_schema_is_not_changed_under_its_version() {
    let homes = Homes::with_a_degree();
    homes
        .write("changed.json", r#"{"name": "degree", "version": "1.0", "attributes": ["degree"]}"#);
    homes.write("values.json", r#"{"degree": "MSc"}"#);
    homes
        .run("issue --schema changed.json --values values.json --home ann")
        .failed(2, &["give another version"]);
}

#[test]
fn a_holder_without_the_issuers_public_data_is_told_how_to_get_it() {
    let homes = Homes::new();
    homes
        .run("issue offer --schema degree.json --home college --output offer.json KEY")
        .succeeded();
    homes
        .run("issue accept offer.json --home ann --output request.json")
        .failed(2, &["negotiate-proof public import FILE --home", "--genesis"]);
    assert!(!homes.exists("request.json"));
}

#[test]
fn public_data_that_contradicts_what_is_known_is_not_taken_in() {
    let homes = Homes::with_a_signed_credential();
    let mut public = homes.read("public.json");
    let id = public["cred_defs"].as_object().unwrap().keys().next().unwrap().clone();
    public["cred_defs"][&id]["tag"] = json!("other");
    homes.write("other.json", &public.to_string());
    homes.run("public import other.json --home ann").failed(2, &["contradicts", &id]);
    public["cred_defs"][&id]["value"]["primary"]["s"] = json!("4");
    homes.write("other.json", &public.to_string());
    homes
        .run("public import other.json --home college")
        .failed(2, &["the home's ledger has another credential definition", &id]);
    homes.run("public import public.json --home ann").succeeded();
}

#[test]
fn what_nothing_answers_is_said_and_nothing_is_written() {
    let homes = Homes::with_a_degree();
    homes
        .run("request new --attribute degree --predicate year>=2030 --output asked.json")
        .succeeded();
    let refused = homes.run("prove asked.json --home ann --output proof.json --yes");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stdout.contains("year"), "{}", refused.stdout);
    assert!(!homes.exists("proof.json"));
}

#[test]
fn without_a_terminal_the_person_cannot_be_asked() {
    let homes = Homes::with_a_degree();
    homes.run("request new --attribute degree --output asked.json").succeeded();
    homes.run("prove asked.json --home ann --output proof.json").failed(2, &["add --yes"]);
    assert!(!homes.exists("proof.json"));
}

#[test]
fn the_holder_decides_what_answers_and_what_is_shown() {
    let homes = Homes::with_a_degree();
    homes.run("request new --attribute who=firstname --self-attested nick=nickname --attribute degree --output asked.json")
        .succeeded();
    homes.run(
        "prove asked.json --home ann --output proof.json --yes --hide who --self-attest nick=Annie",
    )
    .succeeded();
    let proof = &homes.read("proof.json")["presentation"]["requested_proof"];
    assert_eq!(proof["self_attested_attrs"]["nick"], "Annie");
    assert!(proof["unrevealed_attrs"]["who"].is_object(), "{proof}");
    homes.run("verify proof.json").succeeded();

    for (options, code, words) in [
        ("--use who=nothing", 1, "nothing"),
        ("--use whom=x", 2, "the request has no such referent"),
        ("--hide nick --self-attest nick=Annie", 2, "nothing to hide"),
        (
            "--self-attest nick=Annie --link-secret other",
            2,
            "no link secret \"other\"; it has link_secret",
        ),
    ] {
        let refused =
            homes.run(&format!("prove asked.json --home ann --output no.json --yes {options}"));
        assert_eq!(refused.code, Some(code), "{options}: {refused:?}");
        let printed = format!("{}{}", refused.stdout, refused.stderr);
        assert!(printed.contains(words), "{options}: {printed}");
        assert!(!homes.exists("no.json"), "{options}");
    }
}

#[test]
fn a_file_that_is_there_is_not_overwritten() {
    let homes = Homes::with_a_degree();
    homes.write("mine.json", "mine");
    for line in [
        "request new --attribute degree --output mine.json",
        "issue offer --schema degree.json --home ann --output mine.json",
        "public export --home ann --output mine.json",
        "prove degree.json --home ann --output mine.json --yes",
    ] {
        homes.run(line).failed(2, &["mine.json is there already"]);
    }
    assert_eq!(fs::read_to_string(homes.0.path("mine.json")).unwrap(), "mine");
}

#[test]
fn a_template_gets_a_fresh_nonce() {
    let homes = Homes::new();
    homes.run("request new --name club --attribute degree --restrict schema_name=degree --output one.json")
        .succeeded();
    homes
        .run("request new --template one.json --predicate year>2000 --output two.json")
        .succeeded();
    let (one, two) = (homes.read("one.json"), homes.read("two.json"));
    assert_ne!(one["nonce"], two["nonce"]);
    assert_eq!(two["name"], "club");
    assert_eq!(one["requested_attributes"], two["requested_attributes"]);
    assert_eq!(two["requested_predicates"]["year"]["p_value"], 2000);
    for (options, words) in [
        ("", "asks for nothing"),
        ("--template none.json", "cannot read none.json"),
        ("--attribute degree --attribute degree", "asks for \"degree\" twice"),
        ("--predicate year=2000", "write a comparison"),
        ("--attribute degree --restrict schema_name", "write TAG=VALUE"),
    ] {
        homes.run(format!("request new {options}").trim()).failed(2, &[words]);
    }
}

#[test]
fn the_home_of_a_walkthrough_answers_requests_too() {
    let walkthrough = Walkthrough::after_step(5);
    let request = json!({
        "nonce": "12", "name": "n", "version": "1.0",
        "requested_attributes": {"height": {"name": "height"}},
        "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}},
    });
    fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
    let proof = ["prove", "request.json", "--output", "proof.json", "--yes"];
    walkthrough.run_at_home(&proof).succeeded();
    let verified = walkthrough.run(&["verify", "proof.json"]).succeeded();
    assert!(verified.stdout.starts_with("proof: verified"), "{verified:?}");
}

/// Ann and Bob have degrees in one wallet.
fn of_two_persons() -> Homes {
    let homes = Homes::with_a_degree();
    homes.write("bob.json", &VALUES.replace("Ann", "Bob").replace("2024", "2023"));
    homes.run("issue --schema degree.json --values bob.json --home ann --id bob").succeeded();
    homes
}

#[test]
fn what_is_left_open_goes_to_the_credential_that_is_used_anyway() {
    let homes = of_two_persons();
    homes
        .run("request new --attribute firstname --predicate year>=2000 --output asked.json")
        .succeeded();
    homes
        .run("prove asked.json --home ann --output proof.json --yes --use firstname=bob")
        .succeeded();
    let proof = &homes.read("proof.json")["presentation"];
    assert_eq!(proof["identifiers"].as_array().unwrap().len(), 1, "{proof}");
    assert_eq!(proof["requested_proof"]["revealed_attrs"]["firstname"]["raw"], "Bob");
}

#[test]
fn what_is_hidden_can_be_compared() {
    let homes = Homes::with_a_degree();
    homes
        .run("request new --attribute year --predicate late=year>=2000 --output asked.json")
        .succeeded();
    homes.run("prove asked.json --home ann --output proof.json --yes --hide year").succeeded();
    homes.run("verify proof.json").succeeded();
}

#[test]
fn a_group_is_neither_hidden_nor_stated() {
    let homes = Homes::with_a_degree();
    homes.run("request new --group who=firstname,lastname --output asked.json").succeeded();
    for option in ["--hide who", "--self-attest who=Ann"] {
        homes
            .run(&format!("prove asked.json --home ann --yes {option}"))
            .failed(2, &["a group of attributes"]);
    }
}

#[test]
fn a_credential_of_another_link_secret_is_not_used() {
    let homes = of_two_persons();
    homes.write("pass", "correct horse battery\n");
    // Ann's credentials come without their link secret, in which `new` issues one of its own
    for line in [
        "wallet export all.age --home ann --passphrase-file pass",
        "wallet delete bob --home ann --yes",
        "issue --schema degree.json --values bob.json --home new --id own KEY",
        "public export --home ann --output public.json",
        "public import public.json --home new",
        "request new --attribute degree --attribute firstname --output asked.json",
    ] {
        homes.run(line).succeeded();
    }
    assert_eq!(homes.run("wallet import all.age --home new --passphrase-file pass").code, Some(0));
    let proven = homes.run("prove asked.json --home new --output proof.json --yes");
    assert_eq!(proven.code, Some(0), "{proven:?}");
    // whichever was tried first, the answer is from the one that is bound to this home's
    assert!(proven.stdout.contains("From credential own "), "{proven:?}");
    homes.run("verify proof.json").succeeded();
    homes
        .run("prove asked.json --home new --output no.json --yes --use degree=bob")
        .failed(2, &["the credential \"bob\", which --use names", "another link secret"]);
}

#[test]
fn a_text_that_was_altered_is_not_stored_and_the_request_waits() {
    let homes = Homes::with_a_signed_credential();
    let mut credential = homes.read("credential.json");
    credential["values"]["degree"]["raw"] = json!("PhD");
    homes.write("altered.json", &credential.to_string());
    homes
        .run("issue store altered.json --home ann")
        .failed(2, &["cannot store altered.json", "\"degree\"", "--any-encoding"]);
    homes.run("issue store credential.json --home ann").succeeded();
}

#[test]
fn an_offer_of_another_schema_is_refused_by_both_sides() {
    let homes = Homes::with_a_signed_credential();
    let mut offer = homes.read("offer.json");
    offer["schema_id"] = json!("V4SGRU86Z58d6TV7PBUe6f:2:other:1.0");
    homes.write("altered.json", &offer.to_string());
    homes
        .run("issue accept altered.json --home ann")
        .failed(2, &["V4SGRU86Z58d6TV7PBUe6f:2:other"]);
    homes
        .run("issue sign request.json --offer altered.json --values ann.json --home college")
        .failed(2, &["it was altered"]);
}

#[test]
fn no_request_is_made_that_is_refused_everywhere() {
    let homes = Homes::new();
    for (options, words) in [
        ("--group who=name,name", "/requested_attributes/who"),
        ("--attribute =name", "a referent is empty"),
        ("--attribute name --restrict schema_nam=x", "schema_nam"),
    ] {
        homes.run(&format!("request new {options}")).failed(2, &[words]);
    }
    let made = homes.run("request new --attribute name --quiet").succeeded();
    assert!(made.stdout.contains("requested_attributes"), "{}", made.stdout);
}

#[test]
fn a_photo_that_can_be_issued_can_be_moved() {
    let homes = Homes::new();
    fs::write(homes.0.path("photo.jpg"), vec![7; 768 << 10]).unwrap();
    homes.write("pass", "correct horse battery\n");
    homes.write("photo.json", &VALUES.replace("\"MSc\"", r#"{"file": "photo.jpg"}"#));
    for line in [
        "issue --schema degree.json --values photo.json --home ann KEY",
        "wallet export all.age --home ann --passphrase-file pass --link-secret link_secret",
        "wallet import all.age --home moved --passphrase-file pass",
    ] {
        homes.run(line).succeeded();
    }
}
