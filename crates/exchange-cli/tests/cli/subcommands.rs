//! Help, version, manual page and completions.

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
fn completions_are_made_for_shells() {
    let session = Session::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = session.run(&["completions", shell]).succeeded().stdout;
        for word in ["proof-exchange", "respond", "registry"] {
            assert!(script.contains(word), "{shell}");
        }
    }
}

#[test]
fn the_manual_page_is_roff_and_names_every_option() {
    let page = Session::new().run(&["man"]).succeeded().stdout;
    assert!(page.contains(".TH proof-exchange 1"), "{page}");
    for option in ["home", "registry", "context", "json", "quiet", "wallet", "genesis"] {
        assert!(page.contains(&format!("\\-\\-{option}\\fR")), "{option}");
    }
    assert!(page.contains("Exit codes:"));
}

#[test]
fn an_unknown_subcommand_or_option_is_named() {
    let session = Session::new();
    session.run(&["reply"]).failed(2, &["unrecognized subcommand 'reply'"]);
    session.run(&["holder", "--hom", "x"]).failed(2, &["similar argument exists: '--home'"]);
}
