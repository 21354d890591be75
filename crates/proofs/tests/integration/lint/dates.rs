//! Findings about predicates on attributes that hold dates.

use proofs::lint::{Date, Linter, Severity};
use serde_json::{Value, json};

use super::{ISSUER, short};

fn predicate(name: &str, p_type: &str, p_value: i32) -> Value {
    json!({"name": name, "p_type": p_type, "p_value": p_value, "restrictions": {"issuer_did": ISSUER}})
}

fn request(predicates: &[Value]) -> Value {
    let predicates = predicates.iter().enumerate();
    let predicates: serde_json::Map<_, _> =
        predicates.map(|(index, predicate)| (format!("p{index}"), predicate.clone())).collect();
    json!({
        "nonce": "822341096514423177893041", "name": "r", "version": "1",
        "requested_predicates": predicates,
    })
}

fn linter() -> Linter<'static> {
    Linter::new().on(Date::parse("2026-11-28").unwrap())
}

#[test]
fn a_bound_that_is_no_date_or_says_nothing_is_a_warning() {
    for (name, p_type, p_value, rule) in [
        ("birthdate_dateint", ">=", 18, "date-bound-not-a-date"),
        ("birthdate_dateint", "<=", 18, "date-bound-not-a-date"),
        ("birthdate_dateint", "<=", 20_081_332, "date-bound-not-a-date"),
        ("Birthdate DateInt", "<=", 20_080_230, "date-bound-not-a-date"),
        ("expiry_dateint", ">", 2_026, "date-bound-not-a-date"),
        ("expiry_dateint", ">", 1_795_824_000, "date-bound-not-a-date"),
        ("birthdate_dateint", ">=", 18_500_101, "date-bound-always"),
        ("birthdate_dateint", "<=", 20_261_128, "date-bound-always"),
        ("date_of_birth_dateint", "<", 20_300_101, "date-bound-always"),
        ("birthdate_dateint", "<=", 18_500_101, "date-bound-never"),
        ("birthdate_dateint", ">", 20_261_128, "date-bound-never"),
        ("birthdate_dateint", ">=", 20_071_127, "date-bound-direction"),
        ("dob_dateint", ">", 20_081_128, "date-bound-direction"),
    ] {
        let request = request(&[predicate(name, p_type, p_value)]);
        let findings = linter().lint(&request);
        assert_eq!(
            short(&findings),
            [(rule, Severity::Warning, "/requested_predicates/p0/p_value")],
            "{request}"
        );
    }
}

#[test]
fn a_bound_that_proves_an_age_is_taken() {
    for sound in [
        predicate("birthdate_dateint", "<=", 20_081_128),
        predicate("birthdate_dateint", "<", 20_081_129),
        predicate("expiry_dateint", ">=", 20_261_128),
        predicate("expiry_dateint", ">=", 20_991_231),
        predicate("age", ">=", 18),
        predicate("dateint_count", ">=", 18),
    ] {
        assert_eq!(short(&linter().lint(&request(std::slice::from_ref(&sound)))), [], "{sound}");
    }
    let between = [
        predicate("birthdate_dateint", ">=", 19_611_128),
        predicate("birthdate_dateint", "<=", 20_081_128),
    ];
    assert_eq!(short(&linter().lint(&request(&between))), []);
}

#[test]
fn a_finding_says_which_bound_is_meant() {
    let said = |linter: Linter<'_>, p_type: &str, p_value: i32| {
        let request = request(&[predicate("birthdate_dateint", p_type, p_value)]);
        let finding = linter.lint(&request).listed.remove(0);
        (finding.found, finding.remedy)
    };
    assert_eq!(
        said(linter(), ">=", 18),
        (
            "\"birthdate_dateint\" >= 18, which is not a date; it is true of every date".to_owned(),
            "for an age of at least 18 on 2026-11-28 write `<= 20081128`".to_owned(),
        )
    );
    let (found, remedy) = said(linter(), ">=", 20_071_127);
    assert!(found.ends_with("someone of 19 years or younger on 2026-11-28"), "{found}");
    assert!(remedy.contains("`<= 20071127`"), "{remedy}");
    let (found, remedy) = said(Linter::new(), ">=", 18);
    assert!(found.ends_with("it is true of every date"), "{found}");
    assert!(remedy.contains("YYYYMMDD"), "{remedy}");
}

#[test]
fn without_a_day_nothing_is_compared_with_it() {
    let of = |p_type: &str, p_value: i32| {
        let request = request(&[predicate("birthdate_dateint", p_type, p_value)]);
        Linter::new().lint(&request).warnings()
    };
    assert_eq!(of("<=", 20_300_101), 0);
    assert_eq!(of(">=", 20_071_127), 1);
    assert_eq!(of(">=", 18), 1);
}
