//! What a learner should notice once an exercise is done.

/// By exercise.
const NOTICES: &[(&str, &str)] = &[
    (
        "step2_issuance",
        "Sixteen calls, and only three objects have left a wallet that matter later: schema, credential definition and\n\
         credential. The link secret is in none of them: the issuer has signed it without seeing it.",
    ),
    (
        "step3_request",
        "The search answers by referent, and so will the proof. The wallet found the same credential for both, and nothing has\n\
         been sent yet: \"What the verifier would learn\" is the last moment at which the holder can still say no.",
    ),
    (
        "step4_proof",
        "The age is nowhere in the presentation: look for 28 in the output of `negotiate-proof`. What is there are the numbers by\n\
         which the verifier can check that the age is at least 18, and the name.",
    ),
    (
        "step5_verdict",
        "The tutorial ends with `true`. The table below it says what that means: twenty checks, of which the mathematics is the\n\
         last. Most wrong presentations fail before it.",
    ),
    (
        "ask_predicate",
        "The bank learned one bit. It does not learn by how much Mia is above the bound, and asking again with another bound is a\n\
         new request, which Mia sees and can refuse.",
    ),
    (
        "ask_group",
        "A group is a demand on the holder's wallet, not on the mathematics: one sub-proof for all names.",
    ),
    (
        "ask_restriction",
        "Eve's proof was mathematically perfect. A signature says who signed; only a restriction says whose signature counts.\n\
         `negotiate-proof lint` warns of a request without one.",
    ),
    (
        "ask_two_credentials",
        "The verifier knows that one holder has both credentials, because the proof uses one link secret for both, and it has seen\n\
         no number that would identify the holder.",
    ),
    (
        "answer_unrevealed",
        "\"Holds the attribute and does not show it\" is an answer to the request. If the value is needed, the verifier must not\n\
         accept it: that is a decision of the verifier, not of the mathematics.",
    ),
    (
        "answer_self_attested",
        "The presentation is verified, and the number is still only what Mia says. A program that shows a verified answer must\n\
         keep the two apart, as the clause of the verdict does.",
    ),
    (
        "ask_own_schema",
        "The issuer decides on the day of the schema what verifiers can ask for years later. A date as text can be shown, and\n\
         never compared.",
    ),
];

/// Returns what to notice; `None` if there is no such exercise.
pub(crate) fn notice(exercise: &str) -> Option<&'static str> {
    NOTICES.iter().find(|(name, _)| *name == exercise).map(|(_, text)| *text)
}
