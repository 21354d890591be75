//! What is expected of each exercise.

/// What the verifier learns of a person, in any order; `None` if the person must not be able to
/// answer.
pub(super) type Learned = Option<&'static [&'static str]>;

/// The people who are asked in an exercise, and what is expected of each.
type Expected = &'static [(&'static str, Learned)];

const EXERCISES: &[(&str, Expected)] = &[
    (
        "ask_predicate",
        &[("Mia", Some(&["the net_salary is at least 2500"])), ("Tom", None), ("Ann", None)],
    ),
    (
        "ask_group",
        &[
            ("Mia", Some(&["the first_name is Mia", "the last_name is Moss"])),
            ("Tom", Some(&["the first_name is Tom", "the last_name is Twig"])),
        ],
    ),
    (
        "ask_restriction",
        &[
            ("Mia", Some(&["the birthdate_dateint is at most 20081128"])),
            ("Ann", Some(&["the birthdate_dateint is at most 20081128"])),
            ("Tom", None),
            ("Eve", None),
        ],
    ),
    (
        "ask_two_credentials",
        &[
            ("Mia", Some(&["the last_name is Moss", "the net_salary is greater than 2000"])),
            ("Tom", None),
            ("Ann", None),
            ("Eve", None),
            ("Bob", None),
            ("Zoe", None),
        ],
    ),
    (
        "answer_unrevealed",
        &[(
            "Mia",
            Some(&[
                "the last_name is Moss",
                "the prover holds the attribute address and does not show it",
            ]),
        )],
    ),
    (
        "answer_self_attested",
        &[(
            "Mia",
            Some(&[
                "the last_name is Moss",
                "the prover says, without a credential, that the phone is \"555 0137\"",
            ]),
        )],
    ),
    (
        "ask_own_schema",
        &[(
            "Kim",
            Some(&["the categories is \"A, B\"", "the expires_dateint is greater than 20261128"]),
        )],
    ),
];

/// Returns what is expected of an exercise; `None` if it is not one of this part.
pub(super) fn of(exercise: &str) -> Option<Expected> {
    EXERCISES.iter().find(|(name, _)| *name == exercise).map(|(_, expected)| *expected)
}
