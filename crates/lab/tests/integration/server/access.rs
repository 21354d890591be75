//! Only a browser that was given the address gets anything, and all that it gets is from here.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::json;

use super::lab::Lab;

#[test]
fn without_the_token_there_is_nothing() {
    let lab = Lab::start(&[]);
    assert_eq!(lab.get("").status, 200);
    let token = lab.learners.trim_matches('/').to_owned();
    let shortened = format!("/{}/", &token[..token.len() - 1]);
    for path in ["/", "/page.js", "/teacher", "/x/", "//", &shortened, &format!("/{token}")] {
        let answer = lab.get_at(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains(&token) && !answer.body.contains("<html"), "{answer:?}");
    }
    // the learners' token does not open the teacher's page, and the other way round
    assert_eq!(lab.get("teacher").status, 404);
    assert_eq!(lab.get("api/homes").status, 404);
    let teacher = lab.teacher.trim_end_matches("teacher").to_owned();
    assert_eq!(lab.get_at(&format!("{teacher}teacher")).status, 200);
    assert_eq!(lab.get_at(&teacher).status, 404);
    let begun = lab.send("POST", &format!("{teacher}api/sessions"), "host: 127.0.0.1\r\n", b"{}");
    assert_eq!(begun.status, 405);
}

#[test]
fn another_name_than_the_address_is_refused() {
    let lab = Lab::start(&[]);
    for host in ["evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", ""] {
        let answer = lab.send("GET", &lab.learners, &format!("host: {host}\r\n"), b"");
        assert_eq!(answer.status, 421, "{host}");
    }
    let two = "host: 127.0.0.1\r\nhost: evil.example\r\n";
    assert!(matches!(lab.send("GET", &lab.learners, two, b"").status, 400 | 421));
    for host in ["localhost:1", "127.0.0.1", "[::1]:80"] {
        let answer = lab.send("GET", &lab.learners, &format!("host: {host}\r\n"), b"");
        assert_eq!(answer.status, 200, "{host}");
    }
}

#[test]
fn every_answer_keeps_the_browser_here() {
    let lab = Lab::start(&[]);
    for answer in [
        lab.get(""),
        lab.get("page.js"),
        lab.get("nothing.js"),
        lab.get("api/lab"),
        lab.get_at("/"),
        lab.get_at(&lab.teacher),
    ] {
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
        ] {
            assert!(answer.head.contains(header), "{header} is not in {}", answer.head);
        }
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
        // the policy allows no script in the page
        assert!(!answer.body.contains("<script>"), "{}", answer.body);
    }
}

#[test]
fn all_that_a_page_imports_is_served_as_it_is() {
    let lab = Lab::start(&[]);
    let teacher = lab.teacher.trim_end_matches("teacher").to_owned();
    for (root, page) in [(&lab.learners, ""), (&teacher, "teacher")] {
        let html = lab.get_at(&format!("{root}{page}")).body;
        let named = |attribute: &str| -> Vec<String> {
            let parts = html.split(attribute).skip(1);
            parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let mut open: Vec<String> = named("src=\"").into_iter().chain(named("href=\"")).collect();
        open.retain(|path| path.ends_with(".js") || path.ends_with(".css"));
        assert!(open.len() >= 3, "{html}");
        let mut seen = BTreeSet::new();
        while let Some(path) = open.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let answer = lab.get_at(&format!("{root}{path}"));
            assert_eq!(answer.status, 200, "{path}");
            let kind = if path.ends_with(".css") { "text/css" } else { "text/javascript" };
            assert!(answer.head.contains(&format!("content-type: {kind}")), "{path}");
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(&path);
            assert!(answer.body == fs::read_to_string(source).unwrap(), "{path} is as it is");
            let imports = answer.body.lines().filter(|line| line.starts_with("import "));
            for import in imports {
                let file = import.rsplit('\'').nth(1).unwrap();
                let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
                let path = match file.strip_prefix("../") {
                    Some(file) => file.to_owned(),
                    None => format!("{directory}/{}", file.trim_start_matches("./")),
                };
                open.push(path.trim_start_matches('/').to_owned());
            }
        }
        assert!(seen.contains("case.js") && seen.contains("story.js"), "{seen:?}");
    }
}

#[test]
fn what_is_not_there_is_said_to_be_so() {
    let lab = Lab::start(&[]);
    for path in [
        "x",
        "served/x.js",
        "../Cargo.toml",
        "verifier/../case.js",
        "api/",
        "api/x",
        "run/a/1/0/case.js",
    ] {
        assert_eq!(lab.get(path).status, 404, "{path}");
    }
    let answer = lab.work("none", "lint", &json!({}));
    assert_eq!(answer.status, 404);
    assert!(answer.body.contains("this session has ended; reload the page"), "{answer:?}");
    assert_eq!(lab.send("POST", &lab.learners, "host: localhost\r\n", b"").status, 405);
}

#[test]
fn an_address_beyond_this_machine_is_used_with_a_warning_only() {
    let lab = Lab::start(&["--listen", "0.0.0.0:0"]);
    assert_eq!(lab.get("").status, 200);
    let run = |arguments: &[&str]| {
        let program = env!("CARGO_BIN_EXE_negotiate-proof-lab");
        let output = std::process::Command::new(program).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run(&["--listen", "example.org:80"]);
    assert!(code == Some(2) && said.contains("write it as IP:PORT"), "{said}");
    let (code, said) = run(&["--listen", "192.0.2.1:80"]);
    assert!(code == Some(2) && said.contains("choose another address"), "{said}");
    let (code, said) = run(&["--homes", "/nonexistent"]);
    assert!(code == Some(2) && said.contains("there is no directory"), "{said}");
}
