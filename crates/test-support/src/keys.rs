//! Issuer keys made in advance, as JSON and as the paths of their files. They are public: never use them
//! outside tests.

/// A key for the attributes of the tutorial's schema: age, height, name, sex.
pub const GVT: &str = include_str!("../fixtures/TEST-KEY-gvt.json");

/// The file of [`GVT`].
pub const GVT_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/TEST-KEY-gvt.json");

/// A key for a degree: First Name, Last Name, degree, year.
pub const DEGREE: &str = include_str!("../fixtures/TEST-KEY-degree.json");

/// The file of [`DEGREE`].
pub const DEGREE_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/TEST-KEY-degree.json");
