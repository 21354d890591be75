//! Crashes and interruptions: a home can be continued after any of them.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use crate::scene::{ACTIONS, Running, Scene};

/// Interrupt a process as Ctrl-C does.
pub fn interrupt(process: u32) {
    send("INT", process);
}

/// Send a signal to a process. One that has ended already does not mind.
fn send(signal: &str, process: u32) {
    let kill = format!("kill -{signal} {process}");
    let kill = Command::new("sh")
        .args(["-c", &kill])
        .stderr(Stdio::null())
        .status();
    kill.unwrap();
}

fn at_home(scene: &Scene) -> Command {
    let mut program = scene.program();
    program.arg("--json").arg("--home").arg(scene.home());
    program
}

/// Run at home, and kill the process when it has told of this action.
fn kill_after(scene: &Scene, action: &str) {
    let mut running = Running::start(at_home(scene));
    running.read_up_to(action);
    running.child.kill().unwrap();
    let status = running.child.wait().unwrap();
    // near the end of the walkthrough it may be there first
    assert!(status.signal() == Some(9) || status.success(), "{status}");
}

/// Run to the end: what is finished stays as it is, and what is not is done.
#[track_caller]
fn goes_on_to_the_end(scene: &Scene) {
    let finished = scene.finished_steps();
    let states = |scene: &Scene| -> BTreeMap<u8, Vec<u8>> {
        let read = |&step: &u8| (step, fs::read(scene.state_path(step)).unwrap());
        finished.iter().map(read).collect()
    };
    let before = states(scene);

    let outcome = scene.run_at_home(&["--json"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.last_line()["verdict"], "verified");
    assert_eq!(states(scene), before);
    let first = match finished.last() {
        None => Some("1"),
        Some(2) => Some("18"),
        Some(3) => Some("20"),
        Some(4) => Some("21"),
        Some(_) => None,
    };
    assert_eq!(outcome.actions().first().map(String::as_str), first);
    let expected = ACTIONS.map(|(number, _)| number);
    let begin = expected
        .iter()
        .position(|&number| Some(number) == first)
        .unwrap_or(expected.len());
    assert_eq!(outcome.actions(), expected[begin..]);
}

#[test]
fn after_a_kill_in_step_2_the_walkthrough_goes_on() {
    for action in ["1", "2", "3", "5", "7", "10", "11b", "13", "16", "17"] {
        let scene = Scene::new();
        kill_after(&scene, action);
        goes_on_to_the_end(&scene);
    }
}

#[test]
fn after_a_kill_in_a_later_step_the_finished_steps_stay_as_they_are() {
    for (finished, action) in [
        (2, "18"),
        (2, "19"),
        (3, "20"),
        (4, "21"),
        (4, "22"),
        (4, "24"),
    ] {
        let scene = Scene::after_step(finished);
        kill_after(&scene, action);
        assert!(scene.finished_steps().starts_with(&[2]));
        goes_on_to_the_end(&scene);
    }
}

#[test]
fn a_home_survives_one_kill_after_another() {
    let scene = Scene::new();
    for action in [
        "3", "5", "7", "10", "11", "11b", "12", "13", "14", "15", "16", "16", "19",
    ] {
        kill_after(&scene, action);
    }
    goes_on_to_the_end(&scene);
    goes_on_to_the_end(&scene);
}

#[test]
fn a_home_survives_kills_at_any_moment() {
    let scene = Scene::new();
    // the moments differ from machine to machine; what must hold does not
    for milliseconds in [1, 3, 10, 30, 100, 150, 200, 300, 450, 600, 700, 800, 900] {
        let mut program = at_home(&scene);
        program.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = program.spawn().unwrap();
        thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    goes_on_to_the_end(&scene);
}

/// How a run that was interrupted may end: it may have finished a moment before.
#[track_caller]
fn is_interrupted_or_finished(running: Running) {
    let end = running.finish();
    let end = (end.0, end.1.as_str());
    assert!(
        [(Some(130), "error: interrupted\n"), (Some(0), "")].contains(&end),
        "{end:?}"
    );
}

#[test]
fn ctrl_c_between_actions_names_the_home_and_how_to_go_on() {
    for enters in [0, 6, 17, 19] {
        let scene = Scene::new();
        let mut program = at_home(&scene);
        program.arg("--pause");
        let mut running = Running::start_with_open_input(program);
        for (action, _) in &ACTIONS[..enters] {
            running.read_up_to(action);
            running.press_enter();
        }
        running.read_up_to(ACTIONS[enters].0);
        interrupt(running.child.id());
        let (code, stderr) = running.finish();
        assert_eq!(code, Some(130), "{stderr}");
        let home = scene.home().canonicalize().unwrap();
        let advice = format!("go on with `negotiate-proof --home {}`", home.display());
        assert!(stderr.contains("\nerror: interrupted\n"), "{stderr}");
        assert!(stderr.contains(&advice), "{stderr}");
        goes_on_to_the_end(&scene);
    }
}

#[test]
fn after_ctrl_c_within_an_action_the_walkthrough_goes_on() {
    for action in ["2", "3", "10", "11b", "15", "19"] {
        let scene = Scene::new();
        let mut running = Running::start(at_home(&scene));
        running.read_up_to(action);
        interrupt(running.child.id());
        let (code, stderr) = running.finish();
        assert!(matches!(code, Some(130 | 0)), "{stderr}");
        goes_on_to_the_end(&scene);
    }
}

#[test]
fn ctrl_c_during_the_search_for_primes_ends_it() {
    for generator in ["own", "library"] {
        let scene = Scene::new();
        let mut program = scene.program_without_key();
        program.args(["--json", "--key-generator", generator]);
        let mut running = Running::start(program);
        running.read_up_to("10");
        interrupt(running.child.id());
        is_interrupted_or_finished(running);
        assert_eq!(scene.left_behind(), Vec::<&Path>::new(), "{generator}");
    }
}

#[test]
fn ctrl_c_leaves_nothing_of_a_temporary_home() {
    for action in ["1", "2", "3", "7", "11b", "15", "19", "21", "22"] {
        let scene = Scene::new();
        let mut program = scene.program();
        program.arg("--json");
        let mut running = Running::start(program);
        running.read_up_to(action);
        interrupt(running.child.id());
        is_interrupted_or_finished(running);
        assert_eq!(scene.left_behind(), Vec::<&Path>::new(), "{action}");
    }
}

#[test]
fn ctrl_c_at_any_moment_leaves_nothing_of_a_temporary_home() {
    let scene = Scene::new();
    for attempt in 0..40 {
        let mut program = scene.program();
        program
            .args(["--quiet", "--until", "2"])
            .stderr(Stdio::null());
        let mut child = program.spawn().unwrap();
        thread::sleep(Duration::from_micros(500 * attempt));
        interrupt(child.id());
        child.wait().unwrap();
        assert_eq!(
            scene.left_behind(),
            Vec::<&Path>::new(),
            "attempt {attempt}"
        );
    }
}

#[test]
fn ctrl_c_leaves_no_half_of_a_prepared_key() {
    let scene = Scene::new();
    let mut program = scene.program_without_key();
    program
        .args(["prepare-key", "key.json"])
        .stderr(Stdio::piped());
    let child = program.spawn().unwrap();
    while !scene.path("key.json").exists() {
        thread::sleep(Duration::from_millis(1));
    }
    interrupt(child.id());
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        return; // the key was there first
    }
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(output.stderr, b"error: interrupted\n");
    assert!(!scene.path("key.json").exists());
}

#[test]
fn a_torn_last_line_is_told_when_step_2_is_continued_too() {
    let scene = Scene::new();
    kill_after(&scene, "10");
    let path = scene.home_file("pool/pool/transactions.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 10]).unwrap();

    let outcome = scene.run_at_home(&[]).succeeded();
    assert!(
        outcome.stdout.contains("last line was incomplete"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("\nVerified: "));
}

#[test]
fn kill_ends_it_as_ctrl_c_does() {
    let scene = Scene::new();
    let mut running = Running::start(at_home(&scene));
    running.read_up_to("3");
    send("TERM", running.child.id());
    let status = running.child.wait().unwrap();
    assert!(status.code() == Some(130) || status.success(), "{status}");
    goes_on_to_the_end(&scene);
}
