//! Importing wallets of other programs, as `tests/peers/wallets` makes them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    walkthrough::Walkthrough,
    wallet_export::{EXPORT, IMPORT, at, with},
};

/// The keys of the fixtures.
pub const PASSPHRASE: &str = "TEST KEY of the fixtures";
const RAW_KEY: &str = "GfwU1DC7gEZNs3w41tjBiZYj7BNToDoFEqKY6wZXqs1A";

pub fn fixture(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/wallets/fixtures");
    fixtures.join(name).canonicalize().unwrap()
}

/// A file with the key of the fixtures.
fn with_key(key: &str) -> Walkthrough {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("key"), key).unwrap();
    walkthrough
}

/// Returns the names of the files beside a fixture.
fn beside(fixture: &Path) -> Vec<String> {
    let entries = fs::read_dir(fixture.parent().unwrap()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_wallet_of_acapy_is_imported_and_stays_as_it_is() {
    let walkthrough = with_key(PASSPHRASE);
    let store = fixture("acapy-askar.db");
    let before = (fs::read(&store).unwrap(), beside(&store));
    let path = store.to_str().unwrap();
    let import = ["wallet", "import", path, "--askar-key-file", "key"];
    let run = walkthrough.run_at_home(&import).succeeded();
    assert_eq!(
        run.stdout,
        "2 credentials imported; there already: 0.\n\
         1 link secret imported; there already: 0.\n\
         1 DID imported; there already: 0.\n\
         Skipped: DIDs without a private key (1), attribute-mime-types (2), connection (1), \
         keys without a DID (1).\n\
         The store has other profiles: tenant; import one with --profile.\n\
         The wallet held 0 credentials, 0 link secrets and 0 DIDs.\n\
         It holds 2 credentials, 1 link secret and 1 DID now.\n"
    );
    let again = walkthrough.run_at_home(&with(&import, &["--json"])).succeeded().last_line();
    assert_eq!(again["credentials"], json!({"imported": 0, "skipped": 2}));
    assert_eq!(again["before"], again["after"]);
    let tenant = walkthrough.run_at_home(&with(&import, &["--profile", "tenant", "--json"]));
    assert_eq!(tenant.succeeded().last_line()["credentials"], json!({"imported": 0, "skipped": 0}));
    assert_eq!((fs::read(&store).unwrap(), beside(&store)), before);
    assert_eq!(walkthrough.left_behind(), Vec::<PathBuf>::new());
}

#[test]
fn a_store_that_cannot_be_opened_is_refused_with_true_advice() {
    let walkthrough = with_key("another key");
    let (askar, libindy) = (fixture("acapy-askar.db"), fixture("libindy-raw.db"));
    let (askar, libindy) = (askar.to_str().unwrap(), libindy.to_str().unwrap());
    let import = |store: &str, more: &[&str]| {
        let arguments = ["wallet", "import", store, "--askar-key-file", "key"];
        walkthrough.run_at_home(&with(&arguments, more))
    };
    let import_libindy = |store: &str, more: &[&str]| {
        let arguments = ["wallet", "import-libindy", store, "--key-file", "key"];
        walkthrough.run_at_home(&with(&arguments, more))
    };
    import(askar, &[]).failed(2, &["the key does not open", "acapy-askar.db"]);
    import_libindy(libindy, &["--kdf", "raw"]).failed(2, &["does not open", "--kdf names another"]);
    import_libindy(libindy, &[]).failed(2, &["does not open", "--kdf names another"]);
    fs::write(walkthrough.path("key"), PASSPHRASE).unwrap();
    let unknown = import(askar, &["--profile", "bob"]);
    unknown.failed(2, &["no profile `bob`; it has: ", "tenant", "--profile"]);
    import(libindy, &[]).failed(2, &["it is a wallet of indy-sdk", "wallet import-libindy"]);
    import_libindy(askar, &[])
        .failed(2, &["it is an Askar store", "`negotiate-proof wallet import`"]);
    import("missing.db", &[]).failed(2, &["cannot read missing.db", "name a file"]);
    import_libindy("missing.db", &[]).failed(2, &["cannot read missing.db"]);
    fs::write(walkthrough.path("text.db"), "hello").unwrap();
    import("text.db", &[]).failed(2, &["text.db is not an Askar store", "--askar-key-file"]);
    import_libindy("text.db", &[])
        .failed(2, &["text.db is not a wallet", "not an SQLite database"]);
    let cut = &fs::read(askar).unwrap()[..5_000];
    fs::write(walkthrough.path("cut.db"), cut).unwrap();
    import("cut.db", &[]).failed(2, &["cut.db is damaged"]);
    let other = walkthrough.path("other.db");
    make_database(&other);
    import("other.db", &[]).failed(2, &["is not an Askar store", "a database of something else"]);
    let keyless = walkthrough.run_at_home(&["wallet", "import", askar]);
    keyless.failed(2, &["the key of the Askar store is needed", "--askar-key-file"]);
    let url = "postgres://alice:hunter2@localhost:1/store";
    let server = import(url, &[]).failed(2, &["alice@localhost:1"]);
    assert!(!server.stderr.contains("hunter2"), "{}", server.stderr);
    assert!(!walkthrough.home().exists(), "nothing was imported, so no home was made");
    assert_eq!(walkthrough.left_behind(), Vec::<PathBuf>::new());
}

/// Makes an SQLite database of something else: a wallet whose tables have other names.
fn make_database(path: &Path) {
    let fixture = fs::read(fixture("acapy-askar.db")).unwrap();
    let renamed: Vec<u8> = replace(&fixture, b"profiles", b"profilez");
    fs::write(path, renamed).unwrap();
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = bytes.to_vec();
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if &bytes[at..at + from.len()] == from {
            replaced[at..at + to.len()].copy_from_slice(to);
        }
    }
    replaced
}

#[test]
fn a_wallet_of_indy_sdk_is_imported_and_stays_as_it_is() {
    for (name, key, kdf) in [
        ("libindy-raw.db", RAW_KEY, &["--kdf", "raw"][..]),
        ("libindy-argon2i-mod.db", PASSPHRASE, &[]),
        ("libindy-argon2i-int.db", PASSPHRASE, &["--kdf", "argon2i-int"]),
    ] {
        let walkthrough = with_key(key);
        let wallet = fixture(name);
        let before = (fs::read(&wallet).unwrap(), beside(&wallet));
        let arguments = ["wallet", "import-libindy", wallet.to_str().unwrap(), "--key-file", "key"];
        let run = walkthrough.run_at_home(&with(&arguments, kdf)).succeeded();
        assert_eq!(
            run.stdout,
            "2 credentials imported; there already: 0.\n\
             1 link secret imported; there already: 0.\n\
             1 DID imported; there already: 0.\n\
             Skipped: Indy::TheirDid (1), config (1).\n\
             The wallet held 0 credentials, 0 link secrets and 0 DIDs.\n\
             It holds 2 credentials, 1 link secret and 1 DID now.\n"
        );
        let again = with(&with(&arguments, kdf), &["--json"]);
        let again = walkthrough.run_at_home(&again).succeeded().last_line();
        for kind in ["credentials", "link_secrets", "dids"] {
            assert_eq!(again[kind]["imported"], 0, "{again}");
            assert_eq!(again[kind]["skipped"], again["after"][kind], "{again}");
        }
        assert_eq!((fs::read(&wallet).unwrap(), beside(&wallet)), before);
        assert_eq!(walkthrough.left_behind(), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_wallet_of_another_home_is_a_store_like_others() {
    let walkthrough = Walkthrough::after_step(2);
    let store = walkthrough.home_file("wallets/prover_wallet.sqlite");
    fs::write(walkthrough.path("key"), "prover_wallet_key").unwrap();
    let import = ["wallet", "import", store.to_str().unwrap(), "--askar-key-file", "key", "--json"];
    let report = at(&walkthrough, "other", &import).succeeded().last_line();
    assert_eq!(report["credentials"], json!({"imported": 1, "skipped": 0}));
    assert_eq!(report["link_secrets"], json!({"imported": 1, "skipped": 0}));
    assert_eq!(report["left"], json!({}), "what belongs to its search is not counted");
}

#[test]
fn a_wallet_of_credo_keeps_the_names_of_its_link_secrets() {
    let walkthrough = with_key(RAW_KEY);
    let store = fixture("credo.db");
    let import = ["wallet", "import", store.to_str().unwrap(), "--askar-key-file", "key"];
    let report = walkthrough.run_at_home(&with(&import, &["--json"])).succeeded().last_line();
    assert_eq!(report["credentials"], json!({"imported": 2, "skipped": 0}));
    let shown = walkthrough.run_at_home(&["wallet", "show", "credo-1", "--json"]).succeeded();
    assert_eq!(shown.last_line()["link_secret"], "ls-credo");
    let listed = walkthrough.run_at_home(&["wallet", "list", "--json"]).succeeded().lines();
    let dids: Vec<&Value> = listed.iter().filter(|line| line["kind"] == "did").collect();
    assert_eq!(dids.len(), 2, "{dids:?}");
    // an export keeps them too
    fs::write(walkthrough.path("phrase"), "correct horse\n").unwrap();
    walkthrough.run_at_home(&with(&EXPORT, &["--link-secret", "ls-credo"])).succeeded();
    at(&walkthrough, "other", &IMPORT).succeeded();
    let shown = at(&walkthrough, "other", &["wallet", "show", "credo-1", "--json"]).succeeded();
    assert_eq!(shown.last_line()["link_secret"], "ls-credo");
    // under a new name the credential names it so
    let renaming = with(&IMPORT, &["--rename-link-secret", "ls-credo=mine"]);
    at(&walkthrough, "third", &renaming).succeeded();
    let shown = at(&walkthrough, "third", &["wallet", "show", "credo-1", "--json"]).succeeded();
    assert_eq!(shown.last_line()["link_secret"], "mine");
}
