//! The exercises beside the tutorial and the book. What they do when they run,
//! `tests/exercises/run` tries.

use std::{collections::BTreeSet, fs};

use regex::Regex;
use workspace_tests::root;

use crate::sources::read;

/// An exercise as `exercises/info.toml` has it.
struct Exercise {
    name: String,
    directory: String,
    hint: String,
}

impl Exercise {
    /// Returns the text of the exercise or of its solution.
    fn text(&self, kind: &str) -> String {
        read(
            &root()
                .join("exercises")
                .join(kind)
                .join(&self.directory)
                .join(format!("{}.rs", self.name)),
        )
    }

    /// Returns how long it takes, as its first line says.
    fn minutes(&self) -> String {
        let minutes = Regex::new(r"^//! .* \((\d+) minutes\)\n").unwrap();
        let text = self.text("exercises");
        let found = minutes.captures(&text);
        found.unwrap_or_else(|| panic!("{} says no minutes", self.name))[1].to_owned()
    }
}

fn exercises() -> Vec<Exercise> {
    let entry = Regex::new(
        "(?s)\\[\\[exercises\\]\\]\nname = \"(\\w+)\"\ndir = \"(\\w+)\"\ntest = false\n\
         hint = (?:\"\"\"|''')\n(.*?)(?:\"\"\"|''')\n",
    )
    .unwrap();
    let text = read(&root().join("exercises/info.toml"));
    let found: Vec<Exercise> = entry
        .captures_iter(&text)
        .map(|parts| Exercise {
            name: parts[1].to_owned(),
            directory: parts[2].to_owned(),
            hint: parts[3].to_owned(),
        })
        .collect();
    assert_eq!(found.len(), text.matches("[[exercises]]").count(), "an entry of another form");
    found
}

#[test]
fn each_exercise_has_minutes_a_hint_a_notice_and_a_row_in_the_book() {
    let notices = read(&root().join("crates/workshop/src/notices.rs"));
    let page = read(&root().join("docs/src/exercises.md"));
    let exercises = exercises();
    assert!(exercises.len() >= 16, "{} exercises", exercises.len());
    for exercise in exercises {
        let name = &exercise.name;
        assert_eq!(exercise.hint.trim().split("\n\n").count(), 3, "paragraphs of {name}'s hint");
        assert!(notices.contains(&format!("\"{name}\",")), "{name} has no notice");
        let row = format!("| `{name}` | {} |", exercise.minutes());
        assert!(page.contains(&row), "docs/src/exercises.md has no row that begins with {row}");
    }
}

/// The solution of a step is the step crate, so that the tutorial and its exercises say the same.
#[test]
fn the_solutions_of_the_steps_are_the_step_crates() {
    for (exercise, step) in [
        ("step2_issuance", "step2-issuance"),
        ("step3_request", "step3-proof-request"),
        ("step4_proof", "step4-create-proof"),
        ("step5_verdict", "step5-verify-proof"),
    ] {
        let solution = format!("exercises/solutions/01_steps/{exercise}.rs");
        let solution = code(&read(&root().join(&solution)));
        let crate_code = code(&read(&root().join(format!("crates/{step}/src/lib.rs"))));
        let body =
            |text: &str| text.split_once("async fn run").expect("a function `run`").1.to_owned();
        let (solution, crate_body) = (body(&solution), body(&crate_code));
        assert!(solution.starts_with(crate_body.trim_end()), "{exercise} differs from {step}");
    }
}

/// Returns the lines that are no comments.
fn code(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Sources that were vendored for the tutorial are enough for the exercises.
#[test]
fn the_exercises_lock_no_package_that_the_workspace_does_not() {
    let packages = |path: &str| -> BTreeSet<String> {
        let text = fs::read_to_string(root().join(path)).unwrap();
        let package = Regex::new("name = \"([^\"]+)\"\nversion = \"([^\"]+)\"").unwrap();
        package.captures_iter(&text).map(|parts| format!("{} {}", &parts[1], &parts[2])).collect()
    };
    let own = packages("exercises/Cargo.lock");
    let more: Vec<_> = own.difference(&packages("Cargo.lock")).cloned().collect();
    assert_eq!(more, ["exercises 0.0.0"], "run `cp Cargo.lock exercises/` and build there");
}
