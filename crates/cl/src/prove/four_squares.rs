//! Numbers as sums of four squares: what shows that a difference is not negative.

/// Four numbers whose squares add up to `number`, which is at most 2^33. By Lagrange's theorem there are
/// some for every number.
///
/// The first is the largest one whose rest is a sum of three squares (by Legendre's theorem: not of the
/// form `4^a·(8b + 7)`), the second the largest one that leaves a sum of two. So the rests shrink to the
/// square root of the number and to its fourth root, and the search takes microseconds.
///
/// **Not constant time:** how long it takes depends on the number, the secret distance from an attribute
/// to a predicate's value. Whoever times a prover to the microsecond may learn something about it.
pub(super) fn four_squares(number: u64) -> [u64; 4] {
    let mut first = number.isqrt();
    while !is_sum_of_three(number - first * first) {
        // Does not pass 0: there the rest is the number. If that is no sum of three squares, it is one of
        // four of which none is 0, and the search has ended at the first of those.
        first -= 1;
    }
    let rest = number - first * first;
    for second in (0..=rest.isqrt()).rev() {
        if let Some((third, fourth)) = two_squares(rest - second * second) {
            return [first, second, third, fourth];
        }
    }
    // Legendre's theorem says that this place is not reached.
    [0; 4]
}

fn is_sum_of_three(number: u64) -> bool {
    if number == 0 {
        return true;
    }
    let without_fours = number >> (number.trailing_zeros() & !1);
    without_fours % 8 != 7
}

/// Two numbers whose squares add up to `number`, the larger first.
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
    fn powers_of_four_times_seven_and_the_ends_of_the_range_are_too() {
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
