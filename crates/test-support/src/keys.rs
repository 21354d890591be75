//! Issuer keys made in advance, as JSON and as the paths of their files. They are public: never use
//! them outside tests.

/// A key for the attributes of the tutorial's schema: age, height, name, sex.
pub const GVT: &str = include_str!("../fixtures/TEST-KEY-gvt.json");

/// The file of [`GVT`].
pub const GVT_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/TEST-KEY-gvt.json");

/// A key for a degree: First Name, Last Name, degree, year.
pub const DEGREE: &str = include_str!("../fixtures/TEST-KEY-degree.json");

/// The file of [`DEGREE`].
pub const DEGREE_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/TEST-KEY-degree.json");

/// The file of a key for the identity of the scenario `payslip`: first_name, last_name,
/// birthdate_dateint, address.
pub const IDENTITY_PATH: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/TEST-KEY-identity.json");

/// The file of a key for the payslip of the same scenario: employee, employer, month, net_salary,
/// permanent.
pub const PAYSLIP_PATH: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/TEST-KEY-payslip.json");

/// The file of a key for the scenario `licence`: name, birthdate_dateint, categories,
/// expires_dateint, photo.
pub const LICENCE_PATH: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/TEST-KEY-licence.json");

/// The file of a key for the scenario `passport-or-licence`: name, birthdate_dateint, number,
/// expires_dateint.
pub const DOCUMENT_PATH: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/TEST-KEY-document.json");
