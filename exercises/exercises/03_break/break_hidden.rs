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
    break_it::{self, Check, Value},
    outcome::finish,
};

// TODO: "male" is demanded, and `sex` is hidden: which check will fail, and for which referent?
const HIDDEN: Check = Check::Size;
const REFERENT: &str = "";

// TODO: "Alex" is demanded, and `name` is shown: which check will fail? `None` if none does.
const SHOWN: Option<Check> = Some(Check::Size);

/// Changes Alex's case: the predicate is to be proved of a credential with the sex "male".
fn demand_hidden(case: &mut Value) {
    let request = &mut case["presentation_request"];
    let predicate = &mut request["requested_predicates"]["predicate1_referent"];
    let restrictions = &mut predicate["restrictions"];
    // TODO: add a member to the restrictions. They are an object: a credential must satisfy all its
    // members.
    todo!("demand the sex \"male\" beside {restrictions}");
}

/// Changes Alex's case: the name is to be shown from a credential with the name "Alex".
fn demand_shown(case: &mut Value) {
    let request = &mut case["presentation_request"];
    let attribute = &mut request["requested_attributes"]["attr1_referent"];
    let restrictions = &mut attribute["restrictions"];
    // TODO: the same for the name.
    todo!("demand the name \"Alex\" beside {restrictions}");
}

fn main() -> ExitCode {
    let outcome = break_it::hidden((HIDDEN, REFERENT, demand_hidden), (SHOWN, demand_shown));
    finish("break_hidden", outcome)
}
