//! Both kernels, compared with each other and with the big integers of `dashu-int`.

use super::ifma::{self, Ifma};
use super::portable::{self, Portable};
use super::*;
use dashu_base::BitTest;
use proptest::prelude::*;

type Wide = Portable<{ portable::LIMBS }>;
type Narrow = Portable<{ portable::PRIME_LIMBS }>;
type WideIfma = Ifma<{ ifma::LIMBS }>;
type NarrowIfma = Ifma<{ ifma::PRIME_LIMBS }>;

/// Returns whether the machine can run the tests of [`Ifma`], and prints a line if it cannot.
fn ifma_runs() -> bool {
    if !ifma::available() {
        println!("SKIPPED: no AVX-512 IFMA on this machine");
    }
    ifma::available()
}

fn power_of_two(exponent: usize) -> UBig {
    UBig::ONE << exponent
}

/// Odd moduli of at most `bits` bits with regular or extreme bit patterns.
fn edge_moduli(bits: usize) -> Vec<UBig> {
    let mut moduli = vec![
        UBig::from(3u8),
        UBig::from(5u8),
        UBig::from(u64::MAX),
        (UBig::ONE << 52) - UBig::ONE,
        (UBig::ONE << 52) + UBig::ONE,
    ];
    for length in [bits, bits - 1, bits - 2, bits / 2] {
        let top = power_of_two(length - 1);
        moduli.extend([
            // All ones; nearly all zeros; the lowest limb all ones and the others zeros, and the
            // reverse.
            power_of_two(length) - UBig::ONE,
            &top + UBig::ONE,
            &top + UBig::from(u64::MAX),
            &top + power_of_two(52) - UBig::ONE,
            power_of_two(length) - power_of_two(64) + UBig::ONE,
            power_of_two(length) - power_of_two(52) + UBig::ONE,
            &top + power_of_two(length / 2) - UBig::ONE,
        ]);
    }
    moduli
}

/// Numbers near the boundaries of a modulus, of limbs, and of the capacity of a kernel.
fn edge_values(n: &UBig) -> Vec<UBig> {
    vec![
        UBig::ZERO,
        UBig::ONE,
        UBig::from(2u8),
        n - UBig::ONE,
        n.clone(),
        n + UBig::ONE,
        n * UBig::from(2u8) - UBig::ONE,
        power_of_two(2050) - UBig::ONE,
        power_of_two(2112) - UBig::ONE,
        power_of_two(n.bit_len() / 2) - UBig::ONE,
    ]
}

/// The number in each lane, both in the kernel and as a big integer.
struct Model<K: Kernel> {
    kernel: K,
    moduli: Vec<UBig>,
    vector: K::Vector,
    values: Vec<UBig>,
}

impl<K: Kernel> Model<K> {
    /// Puts `values` into the lanes of a kernel with the given moduli, both repeated as often as
    /// needed.
    fn new(moduli: &[UBig], values: &[UBig]) -> Self {
        let moduli: Vec<UBig> = moduli.iter().cycle().take(K::LANES).cloned().collect();
        let values: Vec<UBig> = values.iter().cycle().take(K::LANES).cloned().collect();
        let kernel = K::with_moduli(&moduli).expect("odd moduli");
        let vector = Self::load(&kernel, &moduli, &values);
        let values = values.iter().zip(&moduli).map(|(x, n)| x % n).collect();
        Self { kernel, moduli, vector, values }
    }

    /// A kernel enters numbers only modulo its first modulus, so that this uses a kernel for each
    /// lane.
    fn load(kernel: &K, moduli: &[UBig], values: &[UBig]) -> K::Vector {
        let residues: Vec<K::Residue> = moduli
            .iter()
            .zip(values)
            .map(|(n, value)| K::new(n).expect("an odd modulus").enter(value))
            .collect();
        kernel.pick(&residues.iter().collect::<Vec<_>>())
    }

    fn multiply(&mut self, by: &[UBig]) {
        let by: Vec<UBig> = by.iter().cycle().take(K::LANES).cloned().collect();
        let vector = Self::load(&self.kernel, &self.moduli, &by);
        self.kernel.multiply(&mut self.vector, &vector);
        for ((value, by), n) in self.values.iter_mut().zip(&by).zip(&self.moduli) {
            *value = &*value * by % n;
        }
    }

    fn square(&mut self) {
        self.kernel.square(&mut self.vector);
        for (value, n) in self.values.iter_mut().zip(&self.moduli) {
            *value = &*value * &*value % n;
        }
    }

    fn double(&mut self, lanes: u8) {
        self.kernel.double(&mut self.vector, lanes);
        for (lane, (value, n)) in self.values.iter_mut().zip(&self.moduli).enumerate() {
            if lanes >> lane & 1 == 1 {
                *value = &*value * UBig::from(2u8) % n;
            }
        }
    }

    fn check(&self) {
        let mut ones = 0;
        for (lane, (value, n)) in self.values.iter().zip(&self.moduli).enumerate() {
            let own = K::new(n).expect("an odd modulus");
            let found = own.leave(&self.kernel.extract(&self.vector, lane));
            assert_eq!(found, *value, "lane {lane} modulo {n}");
            ones |= u8::from(value.is_one()) << lane;
        }
        assert_eq!(self.kernel.is_one(&self.vector), ones);
    }
}

/// Executes the operations that the bits of `choices` select.
fn chain<K: Kernel>(moduli: &[UBig], values: &[UBig], choices: &[u8]) {
    let mut model = Model::<K>::new(moduli, values);
    model.check();
    for choice in choices {
        match choice % 4 {
            0 => model.multiply(values),
            1 => model.square(),
            2 => {
                model.square();
                model.double(choice.rotate_right(2));
            }
            _ => {
                model.multiply(&values[values.len() / 2..]);
                model.double(choice >> 2);
                model.check();
                model.multiply(&values[values.len() / 3..]);
                model.double(0xFF);
            }
        }
        model.check();
        if choice % 4 > 1 {
            // A doubled number may go into one multiplication or squaring.
            model.square();
        }
    }
    model.check();
}

fn edges<K: Kernel>(bits: usize) {
    let moduli = edge_moduli(bits);
    for n in &moduli {
        chain::<K>(std::slice::from_ref(n), &edge_values(n), &[2, 0xFF, 1, 0]);
    }
    for (start, n) in moduli.iter().enumerate().step_by(3) {
        let moduli: Vec<UBig> = moduli.iter().cycle().skip(start).take(K::LANES).cloned().collect();
        chain::<K>(&moduli, &edge_values(n), &[0xFF, 0x56, 1, 0]);
    }
}

#[test]
fn edge_cases_agree_with_big_integers() {
    edges::<Wide>(2050);
    edges::<Narrow>(1025);
    if ifma_runs() {
        edges::<WideIfma>(2050);
        edges::<NarrowIfma>(1025);
    }
}

/// Multiplies -1, doubled to the largest allowed value, modulo a number whose bits are all ones:
/// the sums in the columns are the largest possible ones.
fn full<K: Kernel>(bits: usize, radix: usize) {
    let n = power_of_two(bits) - UBig::ONE;
    // The residue whose Montgomery form is n - 1.
    let ring = dashu_int::fast_div::ConstDivisor::new(n.clone());
    let inverse = ring.reduce(power_of_two(radix)).inv().expect("odd");
    let value = (inverse * ring.reduce(&n - UBig::ONE)).residue();
    chain::<K>(std::slice::from_ref(&n), &[value], &[0xFF, 2, 0, 1, 0xFF]);
}

#[test]
fn full_columns_do_not_overflow() {
    full::<Wide>(2050, 60 * portable::LIMBS);
    full::<Narrow>(1025, 60 * portable::PRIME_LIMBS);
    if ifma_runs() {
        full::<WideIfma>(2050, 52 * ifma::LIMBS);
        full::<NarrowIfma>(1025, 52 * ifma::PRIME_LIMBS);
    }
}

fn rejects<K: Kernel>(bits: usize) {
    for n in [
        UBig::ZERO,
        UBig::ONE,
        UBig::from(2u8),
        power_of_two(bits - 1),
        power_of_two(bits) - UBig::from(2u8),
        power_of_two(2112) - UBig::ONE,
        power_of_two(9000) + UBig::ONE,
    ] {
        assert!(K::new(&n).is_none(), "{n}");
        assert!(K::with_moduli(std::slice::from_ref(&n)).is_none(), "{n}");
        // One bad modulus among good ones.
        let mut moduli = vec![UBig::from(7u8); K::LANES];
        moduli[K::LANES - 1] = n;
        assert!(K::with_moduli(&moduli).is_none());
    }
    assert!(K::new(&(power_of_two(bits) - UBig::ONE)).is_some());
    assert!(K::with_moduli(&[]).is_none());
    assert!(K::with_moduli(&vec![UBig::from(7u8); K::LANES]).is_some());
    assert!(K::with_moduli(&vec![UBig::from(7u8); K::LANES + 1]).is_none());
}

#[test]
fn bad_moduli_are_rejected() {
    rejects::<Wide>(2050);
    rejects::<Narrow>(1025);
    if ifma_runs() {
        rejects::<WideIfma>(2050);
        rejects::<NarrowIfma>(1025);
    }
}

/// Checks that lanes without a modulus of their own repeat the first one.
fn repeats_the_first<K: Kernel>() {
    let (first, second) = (UBig::from(101u8), UBig::from(103u8));
    let moduli = [first.clone(), second.clone()];
    let kernel = K::with_moduli(&moduli[..K::LANES.min(2)]).expect("odd moduli");
    let mut sixteen = kernel.one();
    for _ in 0..4 {
        kernel.double(&mut sixteen, 0xFF);
        kernel.multiply(&mut sixteen, &kernel.one());
    }
    // 16^4 is 88 modulo 101, and 28 modulo 103.
    kernel.square(&mut sixteen);
    kernel.square(&mut sixteen);
    for lane in 0..K::LANES {
        let (n, expected) = if lane == 1 { (&second, 28u8) } else { (&first, 88) };
        let own = K::new(n).expect("an odd modulus");
        let found = own.leave(&kernel.extract(&sixteen, lane));
        assert_eq!(found, UBig::from(expected), "lane {lane}");
    }
}

#[test]
fn remaining_lanes_repeat_the_first_modulus() {
    repeats_the_first::<Wide>();
    if ifma_runs() {
        repeats_the_first::<WideIfma>();
    }
}

/// Checks that entries come out of tables and lanes unchanged, and that a scan reads every entry of
/// every table, each in `parts` parts.
fn round_trips<K: Kernel>(n: &UBig, values: &[UBig], digits: &[usize], parts: usize) {
    let kernel = K::new(n).expect("an odd modulus");
    let entries: Vec<K::Residue> = values.iter().map(|value| kernel.enter(value)).collect();
    let length = values.len() / K::LANES;
    let tables: Vec<&[K::Residue]> = entries.chunks(length).take(K::LANES).collect();
    let digits: Vec<usize> = digits.iter().cycle().take(K::LANES).copied().collect();
    let (scanned, reads) = reads::during(|| kernel.scan(&tables, &digits));
    let entries: usize = tables.iter().map(|table| table.len()).sum();
    assert_eq!(reads, reads::Reads { scanned: entries * parts, indexed: 0 });
    let zero = kernel.enter(&UBig::ZERO);
    let picked: Vec<&K::Residue> = tables
        .iter()
        .zip(&digits)
        .map(|(table, digit)| table.get(*digit).unwrap_or(&zero))
        .collect();
    let picked = kernel.pick(&picked);
    let mut inserted = kernel.one();
    for lane in 0..K::LANES {
        let residue = kernel.extract(&picked, lane);
        kernel.insert(&mut inserted, lane, &residue);
    }
    for lane in 0..K::LANES {
        let expected = match values[lane * length..][..length].get(digits[lane]) {
            Some(value) => value % n,
            None => UBig::ZERO,
        };
        for vector in [&scanned, &picked, &inserted] {
            let found = kernel.leave(&kernel.extract(vector, lane));
            assert_eq!(found, expected, "lane {lane}, entry {}", digits[lane]);
        }
    }
    let mut wiped = scanned.clone();
    wiped.zeroize();
    let mut residue = kernel.extract(&scanned, 0);
    residue.zeroize();
    assert_eq!(kernel.leave(&residue), UBig::ZERO);
    assert_eq!(kernel.leave(&kernel.extract(&wiped, K::LANES - 1)), UBig::ZERO);
}

#[test]
fn a_digit_beyond_the_table_gives_zero() {
    let n = power_of_two(2050) - UBig::ONE;
    let values: Vec<UBig> = (1..=24u8).map(UBig::from).collect();
    for digits in [[0, 1, 2, 3, 4, 5, 6, 7], [usize::MAX, 24, 32, 2, 1 << 52, 1, 0, 3]] {
        round_trips::<Wide>(&n, &values, &digits, 1);
        if ifma_runs() {
            round_trips::<WideIfma>(&n, &values, &digits, 1);
        }
    }
}

#[test]
fn engines_have_names_and_agree() {
    assert_eq!(Engine::Portable.to_string(), "portable");
    assert_eq!(Engine::Ifma.to_string(), "AVX-512 IFMA");
    assert_eq!(Engine::available().last(), Some(&Engine::detect()));
    let modulus = [0xFF; 256];
    let expected = repeated_square(Engine::Portable, &modulus, &[7], 2000);
    assert!(expected.is_some());
    for engine in Engine::available() {
        assert_eq!(repeated_square(engine, &modulus, &[7], 2000), expected, "{engine}");
        assert_eq!(repeated_square(engine, &[12], &[7], 1), None);
        assert_eq!(repeated_square(engine, &[101], &[3], 2), Some(vec![81]));
    }
    if !ifma_runs() {
        assert_eq!(repeated_square(Engine::Ifma, &modulus, &[7], 1), None);
    }
}

/// Random bytes, or long runs of equal bytes.
fn bytes(max: usize) -> impl Strategy<Value = Vec<u8>> {
    let run = (prop_oneof![Just(0u8), Just(0xFF), any::<u8>()], 1..40usize);
    let runs = proptest::collection::vec(run, 0..20).prop_map(move |runs| {
        let mut bytes: Vec<u8> =
            runs.iter().flat_map(|(byte, times)| vec![*byte; *times]).collect();
        bytes.truncate(max);
        bytes
    });
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..=max), runs]
}

fn number(bytes: &[u8]) -> UBig {
    UBig::from_le_bytes(bytes)
}

fn modulus(bytes: &[u8]) -> UBig {
    (number(bytes) << 1) + UBig::from(3u8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn chains_agree_with_big_integers(
        moduli in proptest::collection::vec(bytes(256), 1..=8),
        values in proptest::collection::vec(bytes(264), 1..=12),
        choices in bytes(12),
    ) {
        let moduli: Vec<UBig> = moduli.iter().map(|n| modulus(n)).collect();
        let short: Vec<UBig> = moduli.iter().map(|n| modulus(&(n >> 1026).to_le_bytes())).collect();
        let values: Vec<UBig> = values.iter().map(|value| number(value)).collect();
        chain::<Wide>(&moduli, &values, &choices);
        chain::<Narrow>(&short, &values, &choices);
        if ifma_runs() {
            chain::<WideIfma>(&moduli, &values, &choices);
            chain::<NarrowIfma>(&short, &values, &choices);
        }
    }

    #[test]
    fn tables_return_their_entries(
        n in bytes(256),
        values in proptest::collection::vec(bytes(256), 8..=8 * 33),
        digits in proptest::collection::vec(0..40usize, 8),
    ) {
        let values: Vec<UBig> = values.iter().map(|value| number(value)).collect();
        round_trips::<Wide>(&modulus(&n), &values, &digits, 1);
        round_trips::<Narrow>(&modulus(&n[..n.len() / 2]), &values, &digits, 1);
        if ifma_runs() {
            round_trips::<WideIfma>(&modulus(&n), &values, &digits, 1);
            round_trips::<NarrowIfma>(&modulus(&n[..n.len() / 2]), &values, &digits, 5);
        }
    }
}
