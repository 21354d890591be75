//! The page is whole, needs nothing from elsewhere, and has no secrets.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use serde_json::Value;

fn page() -> String {
    lab::page().unwrap()
}

fn assets() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/assets"))
}

#[test]
fn the_page_has_all_modules() {
    let page = page();
    for directory in ["", "verifier"] {
        for entry in fs::read_dir(assets().join(directory)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".js") {
                let path = Path::new(directory).join(name).to_str().unwrap().to_owned();
                assert!(page.contains(&format!("// ---- {path}\n")), "{path} is not in the page");
            }
        }
    }
}

#[test]
fn the_page_refers_to_nothing_outside_it() {
    let page = page();
    for outside in ["http:", "https:", "//cdn", "url(", "@import", "import(\"", "fetch(", " src="] {
        assert!(!page.contains(outside), "{outside} is in the page");
    }
    let links: Vec<&str> = page.split("href=\"").skip(1).collect();
    for link in links {
        assert!(link.starts_with('#') || link.starts_with("data:,\""), "{}", &link[..40]);
    }
}

/// Returns the names of all members of a value and of those in it.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.insert(name.clone());
                names(member, found);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| names(element, found)),
        _ => {}
    }
}

#[test]
fn the_recorded_run_has_no_secrets() {
    let text = fs::read_to_string(assets().join("case.js")).unwrap();
    let (_, data) = text.split_once("export const RECORDED = ").unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    let mut found = BTreeSet::new();
    names(&data, &mut found);
    assert!(found.contains("key_correctness_proof") && found.contains("c_list"));
    // members of private keys, link secrets, request metadata, signatures and wallets
    for secret in [
        "p_key",
        "r_key",
        "p",
        "q",
        "ms",
        "link_secret",
        "vr_prime",
        "v_prime",
        "p_credential",
        "master_secret_blinding_data",
        "link_secret_blinding_data",
        "seed",
        "key",
    ] {
        assert!(!found.contains(secret), "there is a member {secret}");
    }
    for action in data["actions"].as_array().unwrap() {
        let credential = &action["value"]["Credential"];
        for secret in ["signature", "signature_correctness_proof"] {
            if !credential.is_null() {
                assert_eq!(credential[secret], "left out: a secret of the holder");
            }
        }
    }
}

#[test]
fn the_recorded_run_has_all_actions() {
    let text = fs::read_to_string(assets().join("case.js")).unwrap();
    for action in (1..=24).map(|action| action.to_string()).chain(["\"11b\"".to_owned()]) {
        assert!(text.contains(&format!("{{\"action\":{action},")), "no action {action}");
    }
}

#[cfg(unix)]
#[test]
fn an_export_replaces_a_file_and_writes_into_what_is_none() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let directory = tempfile::tempdir().unwrap();
    let export = |file: &str| {
        let mut lab = Command::new(env!("CARGO_BIN_EXE_negotiate-proof-lab"));
        lab.args(["--export", file]).current_dir(directory.path()).output().unwrap()
    };
    let path = |name: &str| directory.path().join(name);
    fs::write(path("lab.html"), "before").unwrap();
    symlink("lab.html", path("link.html")).unwrap();
    for file in ["lab.html", "link.html", "new.html"] {
        assert_eq!(export(file).status.code(), Some(0), "{file}");
        assert_eq!(fs::read_to_string(path(file)).unwrap(), page(), "{file}");
        let mode = fs::metadata(path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o700, 0o600, "{file}");
    }
    assert!(fs::symlink_metadata(path("link.html")).unwrap().is_symlink());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 3, "nothing else is left");
    assert_eq!(export("/dev/stdout").stdout, page().into_bytes());
    let refused = export(&format!("none/{}", "long-name-".repeat(10)));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains("; name a file in a directory that exists and can be written: "),
        "{said}"
    );
}
