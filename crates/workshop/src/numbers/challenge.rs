//! The challenge of a proof: a hash of many numbers.

use dashu_int::UBig;

use super::{
    decimal,
    recorded::{Recorded, TWO, broken},
    sha256,
};
use crate::{
    break_it::{ALEX, BEA},
    gap::fill,
    outcome::{NotYet, Outcome},
};

/// A number as big-endian bytes, with zeros before it up to a fixed length, as many libraries write
/// it.
pub type Padded = [u8; PADDED];

/// The length of padded numbers, in bytes: those of a proof have at most 256.
const PADDED: usize = 260;

/// A way to write a number as bytes.
type Form = fn(&Padded) -> Vec<u8>;

/// Checks a learner's challenge, with the numbers of recorded proofs: the values that a verifier
/// recomputes, the commitments, and the nonce.
///
/// # Errors
///
/// The first proof of which the hash is not the challenge, and, where it can be told, what was
/// hashed instead.
pub fn challenge(learners: impl Fn(&[Padded], &[Padded], &Padded) -> [u8; 32]) -> Outcome {
    for (name, text) in
        [("Alex's proof", ALEX), ("Bea's proof", BEA), ("The proof with two credentials", TWO)]
    {
        let trace = Recorded::read(text)?.trace().map_err(|reason| broken(&reason))?;
        let numbers = |is: fn(bool, bool) -> bool| {
            let inputs = trace.hash_inputs.iter();
            let chosen = inputs.filter(move |one| is(one.part.is_some(), one.equation.is_some()));
            chosen.map(|input| padded(&input.number)).collect::<Option<Vec<_>>>()
        };
        let too_long = || broken("a number has more than 260 bytes");
        let t_values = numbers(|_, equation| equation).ok_or_else(too_long)?;
        let commitments = numbers(|part, equation| part && !equation).ok_or_else(too_long)?;
        let nonce = numbers(|part, _| !part).ok_or_else(too_long)?;
        let [nonce] = nonce.as_slice() else {
            return Err(broken("there is no nonce, or there are several"));
        };
        let hash = fill(|| learners(&t_values, &commitments, nonce))
            .map_err(|gap| NotYet::new(gap.to_string()))?;
        if UBig::from_be_bytes(&hash) == trace.claimed_challenge {
            continue;
        }
        let hashed = match what_was_hashed(&hash, &t_values, &commitments, nonce) {
            Some(what) => format!("\n\nYou hashed {what}."),
            None => String::new(),
        };
        return Err(NotYet::new(format!(
            "{name} has another challenge:\n  c_hash    {}\n  your hash {}{hashed}",
            trace.claimed_challenge,
            decimal(&hash)
        )));
    }
    Ok(())
}

/// Returns the bytes of a number, with zeros before them; `None` if there are too many.
fn padded(number: &UBig) -> Option<Padded> {
    let bytes = number.to_be_bytes();
    let mut padded = [0; PADDED];
    padded.get_mut(PADDED.checked_sub(bytes.len())?..)?.copy_from_slice(&bytes);
    Some(padded)
}

/// Returns what has this hash, if it is the given lists in some order, or some of them, or their
/// numbers in another form.
fn what_was_hashed(
    hash: &[u8; 32],
    t_values: &[Padded],
    commitments: &[Padded],
    nonce: &Padded,
) -> Option<String> {
    let lists = [
        ("T", t_values),
        ("the commitments", commitments),
        ("the nonce", std::slice::from_ref(nonce)),
    ];
    let forms: [(&str, Form); 3] = [
        ("with the zeros before each number", |number| number.to_vec()),
        ("without the zeros before each number", |number| without_zeros(number).to_vec()),
        ("each number in decimal", |number| decimal(number).into_bytes()),
    ];
    for order in orders() {
        for (form, bytes_of) in forms {
            let numbers = order.iter().flat_map(|index| lists[*index].1);
            let bytes: Vec<u8> = numbers.flat_map(bytes_of).collect();
            if sha256(&bytes) == *hash {
                let names: Vec<&str> = order.iter().map(|index| lists[*index].0).collect();
                let names = match names.as_slice() {
                    [] => "nothing".to_owned(),
                    names => format!("{}, {form}", names.join(", then ")),
                };
                return Some(names);
            }
        }
    }
    None
}

/// Returns every choice of some of three lists, in every order.
fn orders() -> Vec<Vec<usize>> {
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    let mut last = orders.clone();
    for _ in 0..3 {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            let others = (0..3).filter(|index| !order.contains(index)).collect::<Vec<_>>();
            others.into_iter().map(move |next| [order.as_slice(), &[next]].concat())
        };
        last = last.iter().flat_map(longer).collect();
        orders.extend(last.iter().cloned());
    }
    orders
}

fn without_zeros(number: &Padded) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}
