//! A class on one server.

use std::{sync::Barrier, thread};

use serde_json::Value;

use super::lab::Lab;

/// How many learners there are.
const LEARNERS: usize = 30;

#[test]
fn thirty_learners_play_at_once_each_their_own_scenario() {
    let lab = Lab::start(&[]);
    let together = Barrier::new(LEARNERS);
    thread::scope(|scope| {
        for learner in 0..LEARNERS {
            let (lab, together) = (&lab, &together);
            scope.spawn(move || {
                let session = lab.begin();
                together.wait();
                assert_eq!(lab.get("page.js").status, 200);
                let mut files = lab.template(&session, "gvt");
                let name = format!("Learner {learner}");
                let path = "credentials/alex.json";
                files[path] = files[path].as_str().unwrap().replace("Alex", &name).into();
                assert_eq!(lab.work(&session, "lint", &files).json()["code"], 0);
                let run = lab.work(&session, "run", &files).json();
                assert_eq!(run["outcomes"][0]["verdict"], "verified", "{run}");
                let recorded = lab.recorded(&session, &run["run"], 0);
                let raw = "/alex/presentation/requested_proof/revealed_attrs/attr1_referent/raw";
                assert_eq!(recorded.pointer(raw), Some(&Value::from(name)));
            });
        }
    });
}
