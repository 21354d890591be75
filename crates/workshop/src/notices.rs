//! What a learner should notice once an exercise is done.

/// By exercise.
const NOTICES: &[(&str, &str)] = &[
    (
        "step2_issuance",
        "Sixteen calls, and only three objects have left a wallet that matter later: schema, credential definition and \
         credential. The link secret is in none of them: the issuer has signed it without seeing it.",
    ),
    (
        "step3_request",
        "The search answers by referent, and so will the proof. The wallet found the same credential for both, and nothing has \
         been sent yet: \"What the verifier would learn\" is the last moment at which the holder can still say no.",
    ),
    (
        "step4_proof",
        "The age is nowhere in the presentation: look for 28 in the output of `negotiate-proof`. What is there are the numbers by \
         which the verifier can check that the age is at least 18, and the name.",
    ),
    (
        "step5_verdict",
        "The tutorial ends with `true`. The table below it says what that means: twenty checks, of which the mathematics is the \
         last. Most wrong presentations fail before it.",
    ),
    (
        "ask_predicate",
        "The bank learned one bit. It does not learn by how much Mia is above the bound, and asking again with another bound is a \
         new request, which Mia sees and can refuse.",
    ),
    (
        "ask_group",
        "A group is a demand on the holder's wallet, not on the mathematics: one sub-proof for all names.",
    ),
    (
        "ask_restriction",
        "Eve's proof was mathematically perfect. A signature says who signed; only a restriction says whose signature counts. \
         `negotiate-proof lint` warns of a request without one.",
    ),
    (
        "ask_two_credentials",
        "The verifier knows that one holder has both credentials, because the proof uses one link secret for both, and it has seen \
         no number that would identify the holder.",
    ),
    (
        "answer_unrevealed",
        "\"Holds the attribute and does not show it\" is an answer to the request. If the value is needed, the verifier must not \
         accept it: that is a decision of the verifier, not of the mathematics.",
    ),
    (
        "answer_self_attested",
        "The presentation is verified, and the number is still only what Mia says. A program that shows a verified answer must \
         keep the two apart, as the clause of the verdict does.",
    ),
    (
        "ask_own_schema",
        "The issuer decides on the day of the schema what verifiers can ask for years later. A date as text can be shown, and \
         never compared.",
    ),
    (
        "break_text",
        "Both engines accept this presentation, and they are right: it proves the number. The text beside the number is not \
         part of the mathematics. So a verifier must encode the text itself and compare, which no engine does for it.",
    ),
    (
        "break_nonce",
        "No number of the presentation is wrong. It was made for another nonce, and its challenge is a hash with that nonce \
         in it. So a presentation cannot be sent again, as long as a verifier never uses a nonce twice: the check \
         `nonce-fresh` is for that, and needs a memory.",
    ),
    (
        "break_issuer",
        "A proof shows that some issuer signed; which issuers count is for the request to say. Without restrictions, anyone \
         can issue what you accept. `negotiate-proof lint` reports such a request before it is sent. (`indy-credx` would \
         refuse the restricted one too: it checks restrictions before the mathematics.)",
    ),
    (
        "break_predicate",
        "The bound stands in three places: in the request, in the presentation, and in the equation of T_Δ, where the \
         verifier puts it itself. The first two are compared; changing both makes the third fail. A prover cannot make \
         new numbers for 30 either, for 28 - 30 is negative and not a sum of squares.",
    ),
    (
        "break_hidden",
        "The value was true, and the wallet knows it, but a verifier can only count on what is shown or proved. To demand \
         a value, ask to be shown it. `negotiate-proof lint` reports a demand on a hidden value as `value-not-shown`.",
    ),
    (
        "break_holders",
        "Each sub-proof is correct, and each was signed. Only the response for the link secret shows that two persons made \
         them. Here the hash does not fit either, because the proofs were made apart; two people who make them together \
         can bring it to fit, and then this check alone finds it.",
    ),
    (
        "numbers_encode",
        "\"007\" and \"7\" become the same number, and so do \"+5\" and \"5\": the signature does not tell which was written. \
         A verifier passes such a text with the caution `text-not-canonical`. A number of more than 32 bits \
         becomes a hash, in which nothing of its size is left.",
    ),
    (
        "numbers_challenge",
        "The nonce and all commitments go through one hash, so none can be exchanged for another afterwards. A presentation \
         carries the commitments a second time, in `c_list`. A verifier checks that this list is exactly that of the \
         sub-proofs (the check `challenge-binding`): otherwise the hash would cover numbers that are in no equation.",
    ),
    (
        "numbers_equation",
        "A changed number gives another T, and so another hash; which number it was, the hash does not tell. The proof for \
         another nonce has the right T and still fails. With 8 bits of challenge, one forgery of 256 holds by chance: \
         that is why a challenge has 256 bits.",
    ),
    (
        "numbers_find",
        "A check that compares two numbers names a pair, not the one of them that is wrong. The numbers that stand there \
         twice join the parts of a presentation: predicate to credential, text to proof, credential to holder. All others, \
         such as v, are only covered by the hash, which says \"something is wrong\" and no more.",
    ),
];

/// Returns what to notice; `None` if there is no such exercise.
pub(crate) fn notice(exercise: &str) -> Option<&'static str> {
    NOTICES.iter().find(|(name, _)| *name == exercise).map(|(_, text)| *text)
}
