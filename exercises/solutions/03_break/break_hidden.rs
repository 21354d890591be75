//! Break it, 5: demand a value that is not revealed (10 minutes)
//!
//! Goal: see which values a restriction can count on.
//!
//! A restriction may demand a value: `"attr::sex::value": "male"` holds for a credential in which
//! the attribute `sex` is "male". Alex's presentation shows the name and hides everything else,
//! `sex` among it, and Alex *is* male.
//!
//! What to do: add such a demand to the restrictions of the predicate. Predict which check fails,
//! and for which referent. Then demand, of the referent for the name, the name that is shown, and
//! predict again.

use std::process::ExitCode;

use workshop::{
    break_it::{self, Check, Value, json},
    outcome::finish,
};

// A verifier sees nothing about a hidden value, and cannot take the prover's word for it.
const HIDDEN: Check = Check::Restrictions;
const REFERENT: &str = "predicate1_referent";

// A shown value is proved, and can be compared.
const SHOWN: Option<Check> = None;

/// Changes Alex's case: the predicate is to be proved of a credential with the sex "male".
fn demand_hidden(case: &mut Value) {
    let request = &mut case["presentation_request"];
    let predicate = &mut request["requested_predicates"]["predicate1_referent"];
    let restrictions = &mut predicate["restrictions"];
    // The attribute's name stands in the middle. The demand comes beside that for the issuer.
    restrictions["attr::sex::value"] = json!("male");
}

/// Changes Alex's case: the name is to be shown from a credential with the name "Alex".
fn demand_shown(case: &mut Value) {
    let request = &mut case["presentation_request"];
    let attribute = &mut request["requested_attributes"]["attr1_referent"];
    let restrictions = &mut attribute["restrictions"];
    restrictions["attr::name::value"] = json!("Alex");
}

fn main() -> ExitCode {
    let outcome = break_it::hidden((HIDDEN, REFERENT, demand_hidden), (SHOWN, demand_shown));
    finish("break_hidden", outcome)
}
