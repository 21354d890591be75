//! The two classes of credentials that the tests use.

use test_support::{
    credentials::{Class, Parties, schema},
    keys,
};

pub const GOVERNMENT: &str = "NcYxiDXkpYi6ov5FcYDi1e";
pub const UNIVERSITY: &str = "Th7MpTaRZVRYnPiabds81Y";

/// The tutorial's Alex.
pub const ALEX: [(&str, &str); 4] =
    [("sex", "male"), ("name", "Alex"), ("height", "175"), ("age", "28")];

/// Alex's degree.
pub const MASTER: [(&str, &str); 4] =
    [("First Name", "Alex"), ("Last Name", "Ho"), ("degree", "MSc"), ("year", "2020")];

/// Defines the tutorial's class: age, sex, height, name.
pub async fn define_gvt(parties: &Parties) -> Class {
    let attributes = ["age", "sex", "height", "name"];
    let schema = schema(GOVERNMENT, "gvt", 15, &attributes);
    parties.define(GOVERNMENT, schema, keys::GVT).await
}

/// Defines a class whose attribute names have spaces and capitals.
pub async fn define_degree(parties: &Parties) -> Class {
    let attributes = ["First Name", "Last Name", "degree", "year"];
    let schema = schema(UNIVERSITY, "degree", 21, &attributes);
    parties.define(UNIVERSITY, schema, keys::DEGREE).await
}
