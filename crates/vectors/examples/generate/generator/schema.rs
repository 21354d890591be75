//! The JSON Schemas of the files: the same frame for every kind, around what its tests give and ask
//! for.

use serde_json::{Value, json};
use vectors::Kind;

/// What is particular to a kind of test.
pub struct KindSchema {
    pub kind: Kind,
    /// What an input is, in a sentence, and its schema.
    pub input: Value,
    /// The schema of what is to be computed, for kinds that compute something.
    pub output: Option<Value>,
    /// Whether the groups have public data.
    pub has_public: bool,
}

impl KindSchema {
    /// Returns the file's name and text.
    pub fn written(&self) -> (String, String) {
        let name = format!("schemas/{}_schema.json", self.kind.name().replace('-', "_"));
        (name, serde_json::to_string_pretty(&self.document()).unwrap() + "\n")
    }

    fn document(&self) -> Value {
        let text = json!({"type": "string", "minLength": 1});
        let texts = json!({"type": "array", "items": text});
        let name = self.kind.name();
        let mut group = object(
            json!({
                "type": {"const": name},
                "source": object(json!({"name": text, "version": text}), &["name", "version"]),
                "comment": text,
                "tests": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/test"}},
            }),
            &["type", "source", "tests"],
        );
        if self.has_public {
            group["properties"]["public"] = object(
                json!({
                    "indy": {"$ref": "#/$defs/indy"},
                    "anoncreds": {"$ref": "#/$defs/anoncreds"},
                }),
                &["indy", "anoncreds"],
            );
            group["required"].as_array_mut().unwrap().push(json!("public"));
        }
        let mut test = object(
            json!({
                "tcId": {"type": "integer", "minimum": 1, "description": "the number in this file; it may change"},
                "id": {"type": "string", "pattern": "^[a-z0-9_]+::[a-z0-9_.-]+$", "description": "the permanent name"},
                "comment": text,
                "flags": texts,
                "features": texts,
                "importance": {"enum": ["low", "medium", "high"]},
                "input": {"$ref": "#/$defs/input"},
                "result": {"enum": ["valid", "invalid", "acceptable", "undecided"]},
                "reason": texts,
                "cautions": texts,
                "base": text,
                "patch": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/operation"}},
            }),
            &["tcId", "id", "comment", "flags", "features", "importance", "input", "result"],
        );
        let mut definitions = json!({
            "note": object(
                json!({
                    "bugType": {"enum": [
                        "BASIC", "EDGE_CASE", "ACCEPTS_INVALID", "REFUSES_VALID", "INCOMPATIBLE", "DENIAL_OF_SERVICE",
                    ]},
                    "description": text,
                    "effect": text,
                    "links": {"type": "array", "items": {"type": "string", "format": "uri"}},
                }),
                &["bugType", "description"],
            ),
            "operation": object(
                json!({
                    "op": {"enum": ["add", "remove", "replace", "move", "copy", "test"]},
                    "path": {"type": "string"},
                    "from": {"type": "string"},
                    "value": true,
                }),
                &["op", "path"],
            ),
            "input": self.input,
        });
        if let Some(output) = &self.output {
            test["properties"]["output"] = json!({"$ref": "#/$defs/output"});
            definitions["output"] = output.clone();
        }
        if self.has_public {
            let objects = json!({"type": "object", "additionalProperties": {"type": "object"}});
            let by_time = json!({"type": "object", "additionalProperties": objects});
            let members = |registries: &str| {
                let mut members =
                    json!({"schemas": objects, "cred_defs": objects, "rev_reg_defs": objects});
                members[registries] = by_time.clone();
                object(members, &["schemas", "cred_defs"])
            };
            definitions["indy"] = members("rev_regs");
            definitions["anoncreds"] = members("rev_status_lists");
        }
        definitions["test"] = test;
        definitions["group"] = group;
        let mut document = object(
            json!({
                "algorithm": text,
                "schema": {"const": format!("{}_schema.json", name.replace('-', "_"))},
                "license": {"const": "0BSD"},
                "header": texts,
                "numberOfTests": {"type": "integer", "minimum": 1},
                "notes": {"type": "object", "additionalProperties": {"$ref": "#/$defs/note"}},
                "testGroups": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/group"}},
            }),
            &["algorithm", "schema", "license", "header", "numberOfTests", "notes", "testGroups"],
        );
        document["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        document["title"] = json!(format!("Test vectors of the kind {name}"));
        document["$defs"] = definitions;
        document
    }
}

/// Returns the schema of an object with these members and no others.
pub fn object(properties: Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
