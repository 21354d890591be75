//! Numbers as sums of four squares, which show that a difference is not negative.

/// Returns four numbers whose squares add up to `number`, which is at most 2^33. By Lagrange's
/// theorem every number has such a decomposition.
///
/// The first number is the largest one that leaves a sum of three squares (by Legendre's theorem: a
/// remainder that is not of the form `4^a·(8b + 7)`), the second the largest one that leaves a sum
/// of two. The remainders shrink to about the square root and the fourth root of the number, so
/// that the search takes microseconds.
///
/// **Not constant time:** the time depends on the number, which is the secret distance between an
/// attribute and the value of a predicate. An attacker who measures it to the microsecond may learn
/// something about it.
pub(super) fn four_squares(number: u64) -> [u64; 4] {
    let mut first = number.isqrt();
    while !is_sum_of_three(number - first * first) {
        // Stops above 0: if the number is not a sum of three squares, it is a sum of four positive
        // ones, and the loop ends at the first of these at the latest.
        first -= 1;
    }
    let rest = number - first * first;
    for second in (0..=rest.isqrt()).rev() {
        if let Some((third, fourth)) = two_squares(rest - second * second) {
            return [first, second, third, fourth];
        }
    }
    // Unreachable by Legendre's theorem.
    [0; 4]
}

fn is_sum_of_three(number: u64) -> bool {
    if number == 0 {
        return true;
    }
    let without_fours = number >> (number.trailing_zeros() & !1);
    without_fours % 8 != 7
}

/// Returns two numbers whose squares add up to `number`, the larger one first, if there are any.
fn two_squares(number: u64) -> Option<(u64, u64)> {
    for large in (0..=number.isqrt()).rev() {
        let rest = number - large * large;
        if rest > large * large {
            return None;
        }
        let small = rest.isqrt();
        if small * small == rest {
            return Some((large, small));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(roots: [u64; 4]) -> u64 {
        roots.iter().map(|root| root * root).sum()
    }

    #[test]
    fn every_small_number_is_a_sum_of_four_squares() {
        for number in 0..20_000 {
            assert_eq!(sum(four_squares(number)), number);
        }
    }

    #[test]
    fn hard_cases_are_sums_of_four_squares() {
        for shift in 0..30 {
            for number in [7u64 << shift, (1 << (shift + 3)) - 1, (1 << shift) + 1] {
                assert_eq!(sum(four_squares(number)), number);
            }
        }
        for number in (1 << 31) - 10..=1 << 31 {
            assert_eq!(sum(four_squares(number)), number);
        }
        for number in (1 << 33) - 10..=1 << 33 {
            assert_eq!(sum(four_squares(number)), number);
        }
    }

    proptest! {
        #[test]
        fn any_number_is_a_sum_of_four_squares(number in 0u64..=1 << 33) {
            prop_assert_eq!(sum(four_squares(number)), number);
        }
    }
}
