//! Collecting tests into a file.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vectors::format::{BugType, Group, Note, Source};
use vectors::{Expected, Importance, Kind, Test, VectorFile};

/// A file that grows test by test.
pub struct File {
    name: String,
    kind: Kind,
    content: VectorFile,
    source: Source,
    /// `{"input", "public"}` of each valid test, by its id.
    given: BTreeMap<String, Value>,
    /// The features of each test, by its id.
    features: BTreeMap<String, Vec<String>>,
}

/// What a test expects, and how bad it is if that is not what happens.
pub struct Expect {
    result: Expected,
    reason: Vec<String>,
    cautions: Vec<String>,
    output: Option<Value>,
    flags: Vec<String>,
    features: Vec<String>,
    importance: Importance,
}

impl Expect {
    fn new(result: Expected, importance: Importance) -> Self {
        let (reason, cautions, flags, features) = (vec![], vec![], vec![], vec![]);
        Self { result, reason, cautions, output: None, flags, features, importance }
    }

    pub fn valid() -> Self {
        Self::new(Expected::Valid, Importance::High)
    }

    pub fn acceptable() -> Self {
        Self::new(Expected::Acceptable, Importance::Medium)
    }

    pub fn invalid(reason: &[&str]) -> Self {
        Self { reason: owned(reason), ..Self::new(Expected::Invalid, Importance::High) }
    }

    pub fn undecided(reason: &[&str]) -> Self {
        Self { reason: owned(reason), ..Self::new(Expected::Undecided, Importance::High) }
            .needs(&["undecided"])
    }

    pub fn output(mut self, output: Value) -> Self {
        self.output = Some(output);
        self
    }

    pub fn cautions(mut self, cautions: &[&str]) -> Self {
        self.cautions = owned(cautions);
        self
    }

    pub fn flags(mut self, flags: &[&str]) -> Self {
        self.flags.extend(owned(flags));
        self
    }

    /// Names features that the test needs beside those that its input shows.
    pub fn needs(mut self, features: &[&str]) -> Self {
        self.features.extend(owned(features));
        self
    }

    pub fn importance(mut self, importance: Importance) -> Self {
        self.importance = importance;
        self
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl File {
    /// Begins a file. `name` is that of the file, without `.json`.
    pub fn new(name: &str, kind: Kind, algorithm: &str, header: &[&str]) -> Self {
        let schema = format!("{}_schema.json", kind.name().replace('-', "_"));
        Self {
            name: name.to_owned(),
            kind,
            content: VectorFile {
                algorithm: algorithm.to_owned(),
                schema,
                license: "0BSD".to_owned(),
                header: owned(header),
                number_of_tests: 0,
                notes: BTreeMap::new(),
                test_groups: Vec::new(),
            },
            source: Source { name: "cl".to_owned(), version: "0.1.0".to_owned() },
            given: BTreeMap::new(),
            features: BTreeMap::new(),
        }
    }

    /// Explains a flag.
    pub fn note(
        &mut self,
        flag: &str,
        bug: BugType,
        description: &str,
        effect: &str,
        links: &[&str],
    ) {
        let effect = (!effect.is_empty()).then(|| effect.to_owned());
        let note = Note {
            bug_type: bug,
            description: description.to_owned(),
            effect,
            links: owned(links),
        };
        self.content.notes.insert(flag.to_owned(), note);
    }

    /// Names the program that made the tests that follow.
    pub fn source(&mut self, name: &str, version: &str) {
        self.source = Source { name: name.to_owned(), version: version.to_owned() };
    }

    /// Adds a test with its `{"input", "public"}`.
    pub fn add(&mut self, name: &str, comment: &str, given: Value, expect: Expect) {
        self.insert(name, comment, given, expect, None);
    }

    /// Adds a test that was made from a valid one by a change of `{"input", "public"}`.
    pub fn altered(
        &mut self,
        base: &str,
        name: &str,
        comment: &str,
        expect: Expect,
        change: impl FnOnce(&mut Value),
    ) {
        let base = self.id(base);
        let before = self.given.get(&base).unwrap_or_else(|| panic!("there is no {base}")).clone();
        let mut given = before.clone();
        change(&mut given);
        let patch = json_patch::diff(&before, &given);
        assert!(!patch.0.is_empty(), "{name} changes nothing");
        self.insert(name, comment, given, expect, Some((base, patch)));
    }

    fn id(&self, name: &str) -> String {
        format!("{}::{name}", self.name.strip_prefix("verify_").unwrap_or(&self.name))
    }

    fn insert(
        &mut self,
        name: &str,
        comment: &str,
        given: Value,
        expect: Expect,
        made_from: Option<(String, json_patch::Patch)>,
    ) {
        let id = self.id(name);
        let of_base = made_from.as_ref().and_then(|(base, _)| self.features.get(base)).cloned();
        let mut features = of_base.unwrap_or_else(|| features(self.kind, &given));
        features.extend(expect.features);
        features.sort();
        features.dedup();
        self.features.insert(id.clone(), features.clone());
        if expect.result == Expected::Valid {
            self.given.insert(id.clone(), given.clone());
        }
        let (base, patch) = made_from.unzip();
        let test = Test {
            tc_id: 0,
            id,
            comment: comment.to_owned(),
            flags: expect.flags,
            features,
            importance: expect.importance,
            input: given["input"].clone(),
            result: expect.result,
            reason: expect.reason,
            cautions: expect.cautions,
            output: expect.output,
            base,
            patch,
        };
        let public = given.get("public").cloned();
        let groups = &mut self.content.test_groups;
        let group =
            groups.iter_mut().find(|group| group.public == public && group.source == self.source);
        match group {
            Some(group) => group.tests.push(test),
            None => groups.push(Group {
                kind: self.kind,
                source: self.source.clone(),
                comment: None,
                public,
                tests: vec![test],
            }),
        }
    }

    /// Returns the file's name and text: one line for each test, so that a change shows where it
    /// is.
    pub fn written(mut self) -> (String, String) {
        let tests = self.content.test_groups.iter_mut().flat_map(|group| &mut group.tests);
        let mut count = 0;
        for test in tests {
            count += 1;
            test.tc_id = count;
        }
        self.content.number_of_tests = count;
        (format!("{}.json", self.name), text(&self.content))
    }
}

/// Writes a file with a line for each test.
fn text(content: &VectorFile) -> String {
    let mut head = serde_json::to_value(content).unwrap();
    head["testGroups"] = json!([]);
    let head = serde_json::to_string_pretty(&head).unwrap();
    let groups: Vec<String> = content
        .test_groups
        .iter()
        .map(|group| {
            let mut head = serde_json::to_value(group).unwrap();
            let members = head.as_object_mut().unwrap();
            members.remove("tests");
            let head = head.to_string();
            let tests: Vec<String> =
                group.tests.iter().map(|test| serde_json::to_string(test).unwrap()).collect();
            format!(
                "    {},\"tests\":[\n      {}\n    ]}}",
                &head[..head.len() - 1],
                tests.join(",\n      ")
            )
        })
        .collect();
    let groups = format!("\"testGroups\": [\n{}\n  ]", groups.join(",\n"));
    head.replace("\"testGroups\": []", &groups) + "\n"
}

/// Returns the features that a test's input shows.
fn features(kind: Kind, given: &Value) -> Vec<String> {
    let mut features = vec![kind.name()];
    if kind != Kind::Verify {
        return owned(&features);
    }
    let input = &given["input"];
    let (request, presentation) = (&input["presentation_request"], &input["presentation"]);
    let each = |member: &str| request[member].as_object().into_iter().flatten();
    let asked = || each("requested_attributes").chain(each("requested_predicates"));
    let is_filled = |value: &Value| match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    let mut when = |feature, condition: bool| features.extend(condition.then_some(feature));
    when("predicates", each("requested_predicates").next().is_some());
    when("groups", asked().any(|(_, one)| one.get("names").is_some()));
    when("restrictions", asked().any(|(_, one)| is_filled(&one["restrictions"])));
    when(
        "intervals",
        request.get("non_revoked").is_some_and(Value::is_object)
            || asked().any(|(_, one)| one["non_revoked"].is_object()),
    );
    let proofs = presentation["proof"]["proofs"].as_array();
    when("multi-credential", proofs.is_some_and(|proofs| proofs.len() > 1));
    when(
        "revocation",
        proofs.into_iter().flatten().any(|proof| proof["non_revoc_proof"].is_object()),
    );
    let requested = &presentation["requested_proof"];
    when("self-attested", is_filled(&requested["self_attested_attrs"]));
    when("unrevealed", is_filled(&requested["unrevealed_attrs"]));
    when("policy", input.get("policy").is_some());
    when("nonce-memory", input.get("used_nonces").is_some());
    when("json-text", input.get("presentation_json").is_some());
    let ids: Vec<&str> = presentation["identifiers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|identifier| identifier["cred_def_id"].as_str())
        .collect();
    for (feature, beginning) in [
        ("ids-did-indy", "did:indy:"),
        ("ids-did-cheqd", "did:cheqd:"),
        ("ids-did-webvh", "did:webvh:"),
        ("ids-https", "https:"),
    ] {
        when(feature, ids.iter().any(|id| id.starts_with(beginning)));
    }
    let is_legacy =
        |id: &&str| id.contains(":3:CL:") && !id.starts_with("did:") && !id.starts_with("creddef:");
    when("ids-legacy", ids.iter().any(is_legacy));
    owned(&features)
}
