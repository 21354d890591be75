//! Attribute names compare without spaces and without case.
//!
//! A schema may say `First Name` where a request says `firstname`. AnonCreds 1.0 signs under the
//! folded name, so the two are one attribute: what libindy writes as *N(x)*, the "attribute common
//! view".

/// Folds an attribute name: spaces (U+0020, and no other white space) removed, then lower case.
///
/// Folding a folded name changes nothing.
///
/// ```
/// assert_eq!(negotiate_proofs::names::fold("First Name"), "firstname");
/// ```
pub fn fold(name: &str) -> String {
    name.replace(' ', "").to_lowercase()
}

/// Returns whether two names mean the same attribute.
pub fn same(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

/// Returns whether an attribute holds a date, written as the number YYYYMMDD: by convention, one
/// whose name ends in `_dateint` does.
///
/// ```
/// assert!(negotiate_proofs::names::holds_date("Birthdate_DateInt"));
/// ```
pub fn holds_date(name: &str) -> bool {
    fold(name).ends_with("dateint")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_case_do_not_count() {
        assert_eq!(fold(" First  NAME "), "firstname");
        assert!(same("First Name", "FIRSTNAME"));
        assert!(same("Größe", "GRÖßE"));
    }

    #[test]
    fn other_white_space_and_punctuation_count() {
        assert!(!same("first\tname", "firstname"));
        assert!(!same("first_name", "firstname"));
        assert!(!same("first\u{a0}name", "firstname"));
    }
}
