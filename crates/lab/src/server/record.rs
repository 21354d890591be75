//! A run in the form that the page shows: the module `case.js`, as `record.py` writes it for the
//! tutorial's own run.
//!
//! A page shows the run of one request. Of actions 18 to 21, which are repeated for each request,
//! it has those of its own. Of what is repeated before, for each issuer, schema, holder and
//! credential, those actions get the tutorial's plain numbers that lead to the first credential in
//! the answer; the others keep theirs, such as 8.2.

use serde_json::{Value, json};

use super::files::Files;

/// What only the holder may see: with it, anyone who also has the link secret could make
/// presentations.
const SECRETS: [&str; 2] = ["signature", "signature_correctness_proof"];
const LEFT_OUT: &str = "left out: a secret of the holder";

/// The first number of the actions that are repeated for each request, and the last.
const ANSWER: std::ops::RangeInclusive<u64> = 18..=21;

/// The lines of a run.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// Actions 1 to 17.
    pub issuance: Vec<Value>,
    /// Actions 18 to 21 of each request, in the order of the requests.
    pub answers: Vec<Vec<Value>>,
    /// Actions 22 to 24.
    pub end: Vec<Value>,
    /// How each request ended.
    pub outcomes: Vec<Value>,
}

impl Lines {
    /// Sorts the lines that the program has printed for this number of requests.
    pub fn parse(output: &str, requests: usize) -> Self {
        let mut lines = Self { answers: vec![Vec::new(); requests], ..Self::default() };
        for line in output.lines() {
            let Ok(mut line) = serde_json::from_str::<Value>(line) else { continue };
            if line["action"].is_null() {
                // a path of the server's
                line.as_object_mut().and_then(|outcome| outcome.remove("home"));
                lines.outcomes.push(line);
                continue;
            }
            leave_out_secrets(&mut line);
            let (number, repetition) = number_of(&line["action"]);
            match number {
                Some(number) if ANSWER.contains(&number) => {
                    if let Some(answer) = lines.answers.get_mut(repetition.unwrap_or(1) - 1) {
                        line["action"] = json!(number);
                        answer.push(line);
                    }
                }
                Some(number) if number > *ANSWER.end() => lines.end.push(line),
                _ => lines.issuance.push(line),
            }
        }
        lines
    }

    /// Takes from an earlier run in the same home what was not played again.
    pub fn after(mut self, earlier: &Self) -> Self {
        if self.issuance.is_empty() {
            self.issuance.clone_from(&earlier.issuance);
        }
        for (answer, before) in self.answers.iter_mut().zip(&earlier.answers) {
            if answer.is_empty() {
                answer.clone_from(before);
            }
        }
        if self.end.is_empty() {
            self.end.clone_from(&earlier.end);
        }
        self
    }

    /// Returns whether the run has come to its end.
    pub fn is_whole(&self) -> bool {
        !self.issuance.is_empty()
            && !self.end.is_empty()
            && self.outcomes.len() == self.answers.len()
            && self.answers.iter().all(|answer| !answer.is_empty())
    }

    /// Returns the module for the page of a request: its case, if it has an answer, and what the
    /// page says of the run.
    pub fn module(
        &self,
        request: usize,
        case: Option<&Value>,
        files: &Files,
        own: &Value,
    ) -> String {
        let holder = self.outcomes.get(request).and_then(|outcome| outcome["holder"].as_str());
        let chain = self.chain(case, holder.unwrap_or_default(), files);
        let answer = self.answers.get(request).into_iter().flatten();
        let presented =
            [("$presentation_request", "presentation_request"), ("$presentation", "presentation")];
        let actions = self.issuance.iter().chain(answer).chain(&self.end).map(|line| {
            let mut value = line["value"].clone();
            for (placeholder, member) in presented {
                if let (Some(case), Some(shown)) = (case, value.as_object_mut()) {
                    for shown in shown.values_mut().filter(|shown| **shown == case[member]) {
                        *shown = json!(placeholder);
                    }
                }
            }
            json!({
                "action": chain.plain(&line["action"]),
                "step": line["step"],
                "label": line["label"],
                "value": value,
            })
        });
        let actions: Value = actions.collect();
        let asked = answer_value(self.answers.get(request), "Proof Request");
        let alex = match case {
            Some(case) => case_in_order(case, &chain),
            // there is no answer: public data is that of the credential that the page is about
            None => json!({
                "presentation_request": asked,
                "schemas": by_id(self.value(8, chain.schema, "Schema")),
                "cred_defs": by_id(self.value(11, chain.schema, "Credential definition")),
            })
            .to_string(),
        };
        let data = object(&[
            ("actions", actions.to_string()),
            ("alex", alex),
            ("bea", Value::Null.to_string()),
            ("own", own.to_string()),
        ]);
        // as text, so that no name in it means anything to JavaScript
        format!(
            "/** @type {{any}} */\nexport const RECORDED = JSON.parse({})\n",
            Value::String(data)
        )
    }
}

/// Which repetitions the page is about, counted from 1.
#[derive(Debug, Default)]
struct Chain {
    issuer: usize,
    schema: usize,
    holder: usize,
    credential: usize,
    /// Of the credential.
    cred_def_id: String,
    schema_id: String,
}

impl Chain {
    /// Returns the number of an action, plain if its repetition is the one that the page is about.
    fn plain(&self, action: &Value) -> Value {
        let Some((number, repetition)) = action.as_str().and_then(|text| text.split_once('.'))
        else {
            return action.clone();
        };
        let shown = match number {
            "3" | "4" | "5" | "6" | "7" => self.issuer,
            "12" | "13" => self.holder,
            "14" | "15" | "16" | "17" => self.credential,
            _ => self.schema,
        };
        match repetition == shown.to_string() {
            true => number.parse::<u64>().map_or_else(|_| json!(number), |number| json!(number)),
            false => action.clone(),
        }
    }
}

impl Lines {
    /// Finds the actions that lead to the first credential in an answer, or to the holder's first.
    fn chain(&self, case: Option<&Value>, holder: &str, files: &Files) -> Chain {
        let wanted = case.map(|case| &case["presentation"]["identifiers"][0]["cred_def_id"]);
        let credentials = files.named("credentials");
        let offers = (1..=credentials.len().max(1)).map(|repetition| {
            let offer = self.value(14, repetition, "Credential Offer");
            let of = credentials.get(repetition - 1).and_then(|(_, file)| file["holder"].as_str());
            (repetition, offer, of == Some(holder))
        });
        let offers: Vec<(usize, Value, bool)> = offers.collect();
        let fits = |(_, offer, is_of_holder): &&(usize, Value, bool)| {
            *is_of_holder && wanted.is_none_or(|wanted| *wanted == offer["cred_def_id"])
        };
        let (credential, offer) = match offers.iter().find(fits).or(offers.first()) {
            Some((repetition, offer, _)) => (*repetition, offer.clone()),
            None => (1, Value::Null),
        };
        let text = |name: &str| offer[name].as_str().unwrap_or_default().to_owned();
        let (cred_def_id, schema_id) = (text("cred_def_id"), text("schema_id"));
        let issuer_did = cred_def_id.split(':').next().unwrap_or_default().to_owned();
        let find = |number, name: &str, is: &dyn Fn(&Value) -> bool| {
            let repetitions = self.issuance.iter().filter_map(|line| {
                let (found, repetition) = number_of(&line["action"]);
                (found == Some(number) && is(&line["value"][name])).then(|| repetition.unwrap_or(1))
            });
            repetitions.into_iter().next().unwrap_or(1)
        };
        let holders = files.named("holders");
        Chain {
            issuer: find(5, "Trust anchor DID", &|did| *did == issuer_did),
            schema: find(11, "Credential definition", &|definition| {
                definition["id"] == cred_def_id
            }),
            holder: holders
                .iter()
                .position(|(name, _)| name == holder)
                .map_or(1, |index| index + 1),
            credential,
            cred_def_id,
            schema_id,
        }
    }

    /// Returns what a repetition of an action has shown under a name.
    fn value(&self, number: u64, repetition: usize, name: &str) -> Value {
        let line = self.issuance.iter().find(|line| {
            let (found, of) = number_of(&line["action"]);
            found == Some(number) && of.unwrap_or(1) == repetition
        });
        line.map(|line| line["value"][name].clone()).unwrap_or_default()
    }
}

/// Returns an object by its id.
fn by_id(object: Value) -> Value {
    match object["id"].as_str() {
        Some(id) => json!({id: object}),
        None => json!({}),
    }
}

/// Returns a value of the first action that shows it.
fn answer_value(answer: Option<&Vec<Value>>, name: &str) -> Value {
    let lines = answer.into_iter().flatten();
    lines.map(|line| line["value"][name].clone()).find(|value| !value.is_null()).unwrap_or_default()
}

/// Returns the number of an action, such as 18 or `"18.2"`, and which repetition it is. `"11b"` has
/// none.
fn number_of(action: &Value) -> (Option<u64>, Option<usize>) {
    let Some(text) = action.as_str() else { return (action.as_u64(), None) };
    let (number, repetition) = text.split_once('.').unwrap_or((text, ""));
    // counted from 1
    (number.parse().ok(), repetition.parse().ok().filter(|repetition| *repetition > 0))
}

fn leave_out_secrets(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match SECRETS.contains(&name.as_str()) {
                    true => *member = json!(LEFT_OUT),
                    false => leave_out_secrets(member),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(leave_out_secrets),
        _ => {}
    }
}

/// Returns the parts of a case, those of the presentation in the order in which a reader would take
/// them, and the public data of the page's credential first.
fn case_in_order(case: &Value, chain: &Chain) -> String {
    let first = |objects: &Value, id: &str| {
        let mut objects: Vec<(&str, String)> = objects
            .as_object()
            .into_iter()
            .flatten()
            .map(|(id, object)| (id.as_str(), object.to_string()))
            .collect();
        objects.sort_by_key(|(other, _)| *other != id);
        object(&objects)
    };
    let presentation = &case["presentation"];
    let proof = &presentation["proof"];
    let part = |value: &Value, name: &'static str| (name, value[name].to_string());
    let proof = object(&[part(proof, "proofs"), part(proof, "aggregated_proof")]);
    let presentation = object(&[
        part(presentation, "requested_proof"),
        ("proof", proof),
        part(presentation, "identifiers"),
    ]);
    object(&[
        part(case, "presentation_request"),
        ("presentation", presentation),
        ("schemas", first(&case["schemas"], &chain.schema_id)),
        ("cred_defs", first(&case["cred_defs"], &chain.cred_def_id)),
    ])
}

/// Returns an object whose members, which are JSON, stay in their order.
fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, json)| format!("{}:{json}", json!(name))).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(action: Value, value: Value) -> String {
        json!({"action": action, "step": 2, "label": "x", "value": value}).to_string()
    }

    #[test]
    fn the_lines_of_each_request_are_kept_apart_under_plain_numbers() {
        let output = [
            line(json!("11b.2"), json!({})),
            line(json!("18.1"), json!({"Request": "a"})),
            line(json!("18.2"), json!({"Request": "b"})),
            line(json!("18.0"), json!({"Request": "none"})),
            line(json!(24), json!({})),
            json!({"request": "a", "verdict": "verified"}).to_string(),
            json!({"request": "b", "verdict": "verified"}).to_string(),
        ];
        let lines = Lines::parse(&output.join("\n"), 2);
        assert!(lines.is_whole());
        assert_eq!(lines.answers[1][0]["action"], 18);
        assert_eq!(lines.answers[1][0]["value"]["Request"], "b");

        // a request that has changed is played again, and the rest is from the first run
        let again = [line(json!("18.2"), json!({"Request": "c"})), line(json!(24), json!({}))];
        let again = Lines::parse(&again.join("\n"), 2).after(&lines);
        assert_eq!(again.issuance.len(), 1);
        let shown = |index: usize| again.answers[index][0]["value"]["Request"].clone();
        assert_eq!((shown(0), shown(1)), (json!("a"), json!("c")));
    }

    #[test]
    fn the_actions_that_lead_to_the_answers_credential_get_plain_numbers() {
        let offer = |id: &str| json!({"Credential Offer": {"cred_def_id": id, "schema_id": "s"}});
        let output = [
            line(json!("5.1"), json!({"Trust anchor DID": "A"})),
            line(json!("5.2"), json!({"Trust anchor DID": "B"})),
            line(json!("11.1"), json!({"Credential definition": {"id": "A:1"}})),
            line(json!("11.2"), json!({"Credential definition": {"id": "B:2"}})),
            line(json!("11b.2"), json!({})),
            line(json!(12), json!({})),
            line(json!("14.1"), offer("A:1")),
            line(json!("14.2"), offer("B:2")),
            json!({"request": "r", "holder": "kim"}).to_string(),
        ];
        let lines = Lines::parse(&output.join("\n"), 1);
        let files = json!({"files": {
            "holders/kim.json": "{}",
            "credentials/one.json": r#"{"holder": "kim"}"#,
            "credentials/two.json": r#"{"holder": "kim"}"#,
        }});
        let files = Files::read(files.to_string().as_bytes()).expect("files");
        let case = json!({"presentation": {"identifiers": [{"cred_def_id": "B:2"}]}});
        let chain = lines.chain(Some(&case), "kim", &files);
        let numbers: Vec<Value> =
            lines.issuance.iter().map(|line| chain.plain(&line["action"])).collect();
        let expected = json!(["5.1", 5, "11.1", 11, "11b", 12, "14.1", 14]);
        assert_eq!(Value::from(numbers), expected);
    }

    #[test]
    fn what_only_the_holder_has_is_left_out() {
        let credential = json!({"Credential": {
            "signature": {"p_credential": 1},
            "signature_correctness_proof": {"se": 1},
            "values": {"name": {"raw": "Alex"}},
        }});
        let lines = Lines::parse(&line(json!(16), credential), 1);
        let module = lines.module(0, None, &Files::default(), &json!({}));
        assert!(!module.contains("p_credential") && !module.contains("\\\"se\\\""), "{module}");
        assert!(module.contains("left out: a secret of the holder") && module.contains("Alex"));
    }
}
