//! Attributes that are requested together, by `names`.

use serde_json::json;
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::{ALEX, ALEX_DEGREE};
use super::change::*;

pub fn file() -> File {
    let mut file = File::new(
        "verify_groups",
        Kind::Verify,
        "AnonCreds CL presentations: attributes requested together",
        &["Groups of attributes, which one credential must answer as a whole."],
    );
    file.note("NORMAL", BugType::Basic, "An honest presentation.", "", &[]);
    file.note(
        "NOT_AS_A_WHOLE",
        BugType::AcceptsInvalid,
        "The group is not answered as a group, or not by its names.",
        "Values of several credentials are taken for those of one, or a value is missing.",
        &[],
    );
    let names = json!({"diploma": {"names": ["First Name", "Last Name", "degree"]}});
    let asked = request("a group", names.clone(), json!({}));
    let normal = || Expect::valid().flags(&["NORMAL"]);
    file.add(
        "three-names",
        "A group of three attributes of one credential.",
        present(&asked, &[(&ALEX_DEGREE, &["diploma"])]),
        normal(),
    );
    let asked = request("a group of one", json!({"one": {"names": ["name"]}}), json!({}));
    file.add(
        "one-name",
        "A group of a single attribute.",
        present(&asked, &[(&ALEX, &["one"])]),
        normal(),
    );
    let asked = request(
        "names spelt otherwise",
        json!({"diploma": {"names": ["LASTNAME", " first name"]}}),
        json!({}),
    );
    file.add(
        "names-spelt-otherwise",
        "Names in another spelling than the schema's, and in another order.",
        present(&asked, &[(&ALEX_DEGREE, &["diploma"])]),
        normal(),
    );
    let asked = request(
        "a group and others",
        json!({"person": {"names": ["name", "sex"]}, "height": {"name": "height"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    file.add(
        "beside-others",
        "A group, an attribute and a predicate of one credential.",
        present(&asked, &[(&ALEX, &["person", "height", "adult"])]),
        normal().cautions(&["one-sided-bound"]),
    );
    let asked = request(
        "two groups",
        json!({"a": {"names": ["name", "age"]}, "b": {"names": ["age", "sex"]}}),
        json!({}),
    );
    file.add(
        "two-groups-with-one-name-in-common",
        "Two groups have an attribute in common.",
        present(&asked, &[(&ALEX, &["a", "b"])]),
        normal(),
    );
    let asked = request(
        "a group and another credential",
        json!({"diploma": {"names": ["degree", "year"]}, "person": {"names": ["name", "age"]}}),
        json!({}),
    );
    file.add(
        "two-groups-of-two-credentials",
        "Two groups, each of a credential of its own.",
        present(&asked, &[(&ALEX_DEGREE, &["diploma"]), (&ALEX, &["person"])]),
        normal(),
    );
    altered(&mut file);
    file
}

fn altered(file: &mut File) {
    let expect = |check: &'static str| Expect::invalid(&[check]).flags(&["NOT_AS_A_WHOLE"]);
    let group = format!("{REQUESTED}/revealed_attr_groups/diploma");
    file.altered(
        "three-names",
        "a-value-missing",
        "One of the group's values is not shown.",
        expect("referents"),
        |given| {
            remove(given, &format!("{group}/values/degree"));
        },
    );
    file.altered(
        "three-names",
        "a-value-too-many",
        "A value is shown that the group does not ask for.",
        expect("referents"),
        |given| {
            set(given, &format!("{group}/values/year"), json!({"raw": "2024", "encoded": "2024"}));
        },
    );
    file.altered(
        "three-names",
        "no-values",
        "The group is answered without a value.",
        expect("referents"),
        |given| set(given, &format!("{group}/values"), json!({})),
    );
    file.altered(
        "three-names",
        "not-answered",
        "The group is not answered.",
        expect("presentation-shape"),
        |given| {
            remove(given, &group);
        },
    );
    file.altered(
        "three-names",
        "as-one-attribute",
        "The group is answered as one attribute.",
        expect("referents"),
        |given| {
            let values = remove(given, &group)["values"].clone();
            let mut answer = values["degree"].clone();
            answer["sub_proof_index"] = json!(0);
            set(given, &format!("{REQUESTED}/revealed_attrs/diploma"), answer);
        },
    );
    file.altered(
        "three-names",
        "another-name-requested",
        "The request has another name in the group.",
        expect("referents"),
        |given| {
            set(given, &format!("{REQUEST}/requested_attributes/diploma/names/2"), json!("year"))
        },
    );
    file.altered(
        "three-names",
        "one-name-more-requested",
        "The request has one more name in the group.",
        expect("referents"),
        |given| {
            at(given, &format!("{REQUEST}/requested_attributes/diploma/names"))
                .as_array_mut()
                .unwrap()
                .push(json!("year"));
        },
    );
    file.altered(
        "three-names",
        "one-name-fewer-requested",
        "The request has one name fewer in the group.",
        expect("referents"),
        |given| {
            remove(given, &format!("{REQUEST}/requested_attributes/diploma/names/2"));
        },
    );
    file.altered(
        "three-names",
        "requested-as-one-attribute",
        "The request asks for one attribute, and a group answers it.",
        expect("referents"),
        |given| {
            set(
                given,
                &format!("{REQUEST}/requested_attributes/diploma"),
                json!({"name": "degree"}),
            )
        },
    );
    file.altered(
        "three-names",
        "values-exchanged",
        "Two values of the group are exchanged, texts and integers.",
        expect("encoding"),
        |given| {
            swap(
                given,
                &format!("{group}/values/First Name"),
                &format!("{group}/values/Last Name"),
            );
        },
    );
    file.altered(
        "three-names",
        "one-value-of-another",
        "The first name is shown for the last name too.",
        expect("encoding"),
        |given| {
            let value = at(given, &format!("{group}/values/First Name")).clone();
            set(given, &format!("{group}/values/Last Name"), value);
        },
    );
    file.altered(
        "two-groups-of-two-credentials",
        "groups-of-each-other",
        "Each group names the other's sub-proof.",
        expect("revealed-set"),
        |given| {
            swap(
                given,
                &format!("{REQUESTED}/revealed_attr_groups/diploma/sub_proof_index"),
                &format!("{REQUESTED}/revealed_attr_groups/person/sub_proof_index"),
            );
        },
    );
    file.altered(
        "three-names",
        "a-sub-proof-that-is-not-there",
        "The group names a sub-proof that is not there.",
        expect("presentation-shape"),
        |given| set(given, &format!("{group}/sub_proof_index"), json!(1)),
    );
}
