//! What each program runs.

use vectors::Kind;
use vectors::command::Scope;
use vectors::runner::Startable;

#[test]
fn each_kind_of_test_is_one_program_s() {
    let scopes = [Scope::anoncreds(), Scope::exchange(Startable::Ours)];
    for kind in Kind::ALL {
        let programs = scopes.iter().filter(|scope| (scope.kinds)(*kind)).count();
        assert_eq!(programs, 1, "{kind}");
    }
    // both have one of their own under the name in the lists of known failures
    assert!(scopes.iter().all(|scope| scope.built_in[0].0 == "ours"));
}
