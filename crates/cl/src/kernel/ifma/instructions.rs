//! The instructions of AVX-512 IFMA, and all `unsafe` code of the crate.
//!
//! # How a product is computed
//!
//! A product of two numbers of `L` limbs is summed up in `2·L` columns of 64 bits, column `i + j` taking
//! the lower half of limb `i` times limb `j`, and column `i + j + 1` the upper half. Nothing is carried
//! from column to column meanwhile: a column takes at most `2·L` halves from the product, and as many
//! from the multiple of `n` that makes it divisible by `R`. For `L = 40` that is `160·2^52 < 2^60`.
//!
//! The limbs of one factor are taken in blocks of [`BLOCK`], which stay in registers while [`sweep`] goes
//! along the other factor: four columns are in registers too, and each limb that is read feeds eight
//! instructions. The multiples of `n` follow in the same blocks, as Montgomery found: the lowest four
//! columns say which multiple makes them zero ([`quotients`]).
//!
//! All loops have fixed lengths and nothing branches upon a number.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use zeroize::Zeroize;

use super::{LANES, LIMB_MASK, Moduli, Residue, Row, Vector, ZERO};

/// How many limbs of a factor are in registers at a time. Four leave registers free for four columns and
/// for the operands of several rounds of a loop; five, eight and ten turned out to be no faster.
const BLOCK: usize = 4;

/// The right to use the instructions: a value exists only where the processor has them.
pub(super) struct Instructions(());

impl Instructions {
    /// `None` if the processor, or the operating system, does not know the instructions.
    pub(super) fn detect() -> Option<Self> {
        let known = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512ifma");
        known.then_some(Self(()))
    }

    /// `into ← into·by/R`, below `2n` for factors below `4n`.
    pub(super) fn multiply<const L: usize>(
        &self,
        into: &mut Vector<L>,
        by: &Vector<L>,
        moduli: &Moduli<L>,
    ) {
        // SAFETY: `self` exists, so `detect` has found the features that the function needs.
        unsafe { multiply(into, by, moduli) }
    }

    /// `into ← into²/R`, below `2n` for a number below `4n`.
    pub(super) fn square<const L: usize>(&self, into: &mut Vector<L>, moduli: &Moduli<L>) {
        // SAFETY: `self` exists, so `detect` has found the features that the function needs.
        unsafe { square(into, moduli) }
    }

    /// `into ← 2·into` in the lanes whose bit is set.
    pub(super) fn double<const L: usize>(&self, into: &mut Vector<L>, lanes: u8) {
        // SAFETY: `self` exists, so `detect` has found the features that the function needs.
        unsafe { double(into, lanes) }
    }

    /// One number for each lane.
    pub(super) fn side_by_side<const L: usize>(&self, numbers: [&Residue<L>; LANES]) -> Vector<L> {
        let mut vector = Vector([ZERO; L]);
        // SAFETY: `self` exists, so `detect` has found the features that the function needs.
        unsafe { transpose(numbers, &mut vector) }
        vector
    }

    /// For each lane one entry of a table, given by its index, where all entries are read.
    pub(super) fn scan<const L: usize>(
        &self,
        tables: [(&[Residue<L>], usize); LANES],
    ) -> Vector<L> {
        let mut vector = Vector([ZERO; L]);
        let mut found: [Residue<L>; LANES] = std::array::from_fn(|_| Residue([0; L]));
        for (found, (table, digit)) in found.iter_mut().zip(tables) {
            // SAFETY: `self` exists, so `detect` has found the features that the function needs.
            unsafe { select(table, digit, found) }
        }
        // SAFETY: as above.
        unsafe { transpose(found.each_ref(), &mut vector) }
        found.zeroize();
        vector
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(row: &Row) -> __m512i {
    // SAFETY: the pointer comes from a reference to 64 bytes, aligned to 64.
    unsafe { _mm512_load_si512(row.0.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(row: &mut Row, value: __m512i) {
    // SAFETY: the pointer comes from an exclusive reference to 64 bytes, aligned to 64.
    unsafe { _mm512_store_si512(row.0.as_mut_ptr().cast(), value) }
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn multiply<const L: usize>(into: &mut Vector<L>, by: &Vector<L>, moduli: &Moduli<L>) {
    let n = &moduli.n.0;
    let n0 = load(&moduli.n0);
    let mut columns = [[ZERO; L]; 2];
    let columns = columns.as_flattened_mut();
    for (block, limbs) in by.0.as_chunks::<BLOCK>().0.iter().enumerate() {
        let limbs = load_block(limbs);
        let (_, columns) = columns.split_at_mut(block * BLOCK);
        // The lowest columns must be complete before the quotients are known. These take their time one
        // after the other, which the processor fills with the sweep that does not depend upon them.
        sweep(columns, &limbs, &into.0[..BLOCK]);
        let quotients = quotients(columns, n, n0);
        sweep(&mut columns[BLOCK..], &limbs, &into.0[BLOCK..]);
        corner(&mut columns[BLOCK..], n, &quotients);
        sweep(&mut columns[BLOCK..], &quotients, &n[BLOCK..]);
    }
    carry(&mut into.0, &columns[L..]);
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn square<const L: usize>(into: &mut Vector<L>, moduli: &Moduli<L>) {
    let n = &moduli.n.0;
    let n0 = load(&moduli.n0);
    let mut columns = [[ZERO; L]; 2];
    let columns = columns.as_flattened_mut();
    // The products of different limbs occur twice. They are summed up once, in columns of their own, and
    // doubled when a column is complete.
    let mut mixed = [[ZERO; L]; 2];
    let mixed = mixed.as_flattened_mut();
    for block in 0..L / BLOCK {
        let (below, from) = (block * BLOCK, (block + 1) * BLOCK);
        let limbs = load_block(&into.0.as_chunks::<BLOCK>().0[block]);
        triangle(&mut columns[2 * below..], &mut mixed[2 * below..], &limbs);
        // All products that belong to the lowest four columns are there: of two limbs whose positions
        // add up to less than `from`, the lower one is in this block at the latest.
        add_twice(&mut columns[below..from], &mixed[below..from]);
        let quotients = quotients(&mut columns[below..], n, n0);
        sweep(&mut mixed[below + from..], &limbs, &into.0[from..]);
        corner(&mut columns[from..], n, &quotients);
        sweep(&mut columns[from..], &quotients, &n[BLOCK..]);
    }
    add_twice(&mut columns[L..], &mixed[L..]);
    carry(&mut into.0, &columns[L..]);
}

/// Four limbs of each lane.
type Block = [__m512i; BLOCK];

#[inline]
#[target_feature(enable = "avx512f")]
fn load_block(rows: &[Row; BLOCK]) -> Block {
    [
        load(&rows[0]),
        load(&rows[1]),
        load(&rows[2]),
        load(&rows[3]),
    ]
}

/// Adds the product of a block and a number to the columns.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn sweep(columns: &mut [Row], block: &Block, by: &[Row]) {
    let [b0, b1, b2, b3] = *block;
    let columns = &mut columns[..by.len() + BLOCK];
    let mut c0 = load(&columns[0]);
    let mut c1 = load(&columns[1]);
    let mut c2 = load(&columns[2]);
    let mut c3 = load(&columns[3]);
    for (j, limb) in by.iter().enumerate() {
        let limb = load(limb);
        let mut c4 = load(&columns[j + 4]);
        c0 = _mm512_madd52lo_epu64(c0, b0, limb);
        c1 = _mm512_madd52lo_epu64(c1, b1, limb);
        c2 = _mm512_madd52lo_epu64(c2, b2, limb);
        c3 = _mm512_madd52lo_epu64(c3, b3, limb);
        c1 = _mm512_madd52hi_epu64(c1, b0, limb);
        c2 = _mm512_madd52hi_epu64(c2, b1, limb);
        c3 = _mm512_madd52hi_epu64(c3, b2, limb);
        c4 = _mm512_madd52hi_epu64(c4, b3, limb);
        store(&mut columns[j], c0);
        (c0, c1, c2, c3) = (c1, c2, c3, c4);
    }
    let end = by.len();
    store(&mut columns[end], c0);
    store(&mut columns[end + 1], c1);
    store(&mut columns[end + 2], c2);
    store(&mut columns[end + 3], c3);
}

/// The four multipliers of `n` that make the lowest four columns zero, and the carry out of these into
/// the column above. The columns themselves are left as they are: nobody reads them again.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn quotients(columns: &mut [Row], n: &[Row], n0: __m512i) -> Block {
    let zero = _mm512_setzero_si512();
    let largest = _mm512_set1_epi64(LIMB_MASK as i64);
    let mut column = load_block(&[columns[0], columns[1], columns[2], columns[3]]);
    let mut quotients = [zero; BLOCK];
    for i in 0..BLOCK {
        let quotient = _mm512_madd52lo_epu64(zero, column[i], n0);
        quotients[i] = quotient;
        // Adding the lower half of q·n[0] would make the column's lowest 52 bits zero, and so carry one
        // unless they are zero already: the carry is the column divided by 2^52, rounded up.
        let carry = _mm512_srli_epi64::<52>(_mm512_add_epi64(column[i], largest));
        let carry = _mm512_madd52hi_epu64(carry, quotient, load(&n[0]));
        for above in i + 1..BLOCK {
            let limb = load(&n[above - i]);
            column[above] = _mm512_madd52lo_epu64(column[above], quotient, limb);
            if above + 1 < BLOCK {
                column[above + 1] = _mm512_madd52hi_epu64(column[above + 1], quotient, limb);
            }
        }
        if i + 1 < BLOCK {
            column[i + 1] = _mm512_add_epi64(column[i + 1], carry);
        } else {
            let above = _mm512_add_epi64(load(&columns[BLOCK]), carry);
            store(&mut columns[BLOCK], above);
        }
    }
    quotients
}

/// What the product of the quotients and the lowest limbs of `n` leaves above the lowest four columns, but
/// for the carry: `columns` begin above them.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn corner(columns: &mut [Row], n: &[Row], quotients: &Block) {
    let n = load_block(&[n[0], n[1], n[2], n[3]]);
    let mut column = load_block(&[columns[0], columns[1], columns[2], columns[3]]);
    for i in 0..BLOCK {
        for j in BLOCK - i..BLOCK {
            let to = i + j - BLOCK;
            column[to] = _mm512_madd52lo_epu64(column[to], quotients[i], n[j]);
        }
    }
    for i in 0..BLOCK {
        // The upper half of the last quotient times n[0] is part of the carry.
        for j in BLOCK - i..BLOCK {
            let to = i + j + 1 - BLOCK;
            column[to] = _mm512_madd52hi_epu64(column[to], quotients[i], n[j]);
        }
        if i + 1 < BLOCK {
            let j = BLOCK - 1 - i;
            column[0] = _mm512_madd52hi_epu64(column[0], quotients[i], n[j]);
        }
    }
    for (row, value) in columns.iter_mut().zip(column) {
        store(row, value);
    }
}

/// The products of a block with itself: the squares, and each product of two different limbs once.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn triangle(squares: &mut [Row], mixed: &mut [Row], block: &Block) {
    for i in 0..BLOCK {
        let lower = _mm512_madd52lo_epu64(load(&squares[2 * i]), block[i], block[i]);
        store(&mut squares[2 * i], lower);
        let upper = _mm512_madd52hi_epu64(load(&squares[2 * i + 1]), block[i], block[i]);
        store(&mut squares[2 * i + 1], upper);
        for j in i + 1..BLOCK {
            let lower = _mm512_madd52lo_epu64(load(&mixed[i + j]), block[i], block[j]);
            store(&mut mixed[i + j], lower);
            let upper = _mm512_madd52hi_epu64(load(&mixed[i + j + 1]), block[i], block[j]);
            store(&mut mixed[i + j + 1], upper);
        }
    }
}

/// `columns ← columns + 2·mixed`
#[inline]
#[target_feature(enable = "avx512f")]
fn add_twice(columns: &mut [Row], mixed: &[Row]) {
    for (column, mixed) in columns.iter_mut().zip(mixed) {
        let mixed = load(mixed);
        let sum = _mm512_add_epi64(load(column), _mm512_add_epi64(mixed, mixed));
        store(column, sum);
    }
}

/// Carries from column to column, which makes them limbs. The last column has nothing to carry: the number
/// is below `2n`.
#[inline]
#[target_feature(enable = "avx512f")]
fn carry(into: &mut [Row], columns: &[Row]) {
    let largest = _mm512_set1_epi64(LIMB_MASK as i64);
    let mut carry = _mm512_setzero_si512();
    for (limb, column) in into.iter_mut().zip(columns) {
        let sum = _mm512_add_epi64(load(column), carry);
        store(limb, _mm512_and_si512(sum, largest));
        carry = _mm512_srli_epi64::<52>(sum);
    }
}

#[target_feature(enable = "avx512f")]
fn double<const L: usize>(into: &mut Vector<L>, lanes: u8) {
    let largest = _mm512_set1_epi64(LIMB_MASK as i64);
    let mut carry = _mm512_setzero_si512();
    for row in &mut into.0 {
        let limb = load(row);
        let twice = _mm512_and_si512(_mm512_add_epi64(limb, limb), largest);
        let twice = _mm512_or_si512(twice, carry);
        carry = _mm512_srli_epi64::<51>(limb);
        store(row, _mm512_mask_mov_epi64(limb, lanes, twice));
    }
}

/// Limb by limb, eight numbers' limbs side by side. Four limbs of each number at a time: a register takes
/// them from two numbers, and sixteen limbs change places among four registers.
#[target_feature(enable = "avx512f,avx512dq")]
fn transpose<const L: usize>(numbers: [&Residue<L>; LANES], into: &mut Vector<L>) {
    // Pairs of lanes from two registers, in both halves: lanes 0 and 1 of each half, or 2 and 3.
    let lower = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    let upper = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    for (part, rows) in into.0.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        // Numbers k and k + 4.
        let pair = |k: usize| {
            let low = load_part(&numbers[k].0.as_chunks::<4>().0[part]);
            let high = load_part(&numbers[k + 4].0.as_chunks::<4>().0[part]);
            _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)
        };
        let (p0, p1, p2, p3) = (pair(0), pair(1), pair(2), pair(3));
        // Limbs 0 and 2, and limbs 1 and 3, of numbers 0, 1, 4, 5 and of numbers 2, 3, 6, 7.
        let even01 = _mm512_unpacklo_epi64(p0, p1);
        let odd01 = _mm512_unpackhi_epi64(p0, p1);
        let even23 = _mm512_unpacklo_epi64(p2, p3);
        let odd23 = _mm512_unpackhi_epi64(p2, p3);
        store(
            &mut rows[0],
            _mm512_permutex2var_epi64(even01, lower, even23),
        );
        store(&mut rows[1], _mm512_permutex2var_epi64(odd01, lower, odd23));
        store(
            &mut rows[2],
            _mm512_permutex2var_epi64(even01, upper, even23),
        );
        store(&mut rows[3], _mm512_permutex2var_epi64(odd01, upper, odd23));
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_part(limbs: &[u64; 4]) -> __m256i {
    // SAFETY: the pointer comes from a reference to 32 bytes; they need no alignment.
    unsafe { _mm256_loadu_si256(limbs.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_wide(limbs: &[u64; LANES]) -> __m512i {
    // SAFETY: the pointer comes from a reference to 64 bytes; they need no alignment.
    unsafe { _mm512_loadu_si512(limbs.as_ptr().cast()) }
}

/// `found ← table[digit]`, or 0 if there is no such entry. Every entry is read in full and either kept or
/// wiped by a mask, so that neither time nor cache depend upon the digit.
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn select<const L: usize>(table: &[Residue<L>], digit: usize, found: &mut Residue<L>) {
    /// Limbs that are selected at a time: five registers of eight.
    const WIDE: usize = 5 * LANES;
    let digit = _mm512_set1_epi64(digit as i64);
    let one = _mm512_set1_epi64(1);
    let (wide, rest) = found.0.as_chunks_mut::<WIDE>();
    for (part, found) in wide.iter_mut().enumerate() {
        let zero = _mm512_setzero_si512();
        let (mut f0, mut f1, mut f2, mut f3, mut f4) = (zero, zero, zero, zero, zero);
        let mut index = zero;
        for entry in table {
            let mask = _mm512_movm_epi64(_mm512_cmpeq_epi64_mask(index, digit));
            let limbs = entry.0.as_chunks::<WIDE>().0[part].as_chunks::<LANES>().0;
            // 0xEA: found | (mask & limbs)
            f0 = _mm512_ternarylogic_epi64::<0xEA>(mask, load_wide(&limbs[0]), f0);
            f1 = _mm512_ternarylogic_epi64::<0xEA>(mask, load_wide(&limbs[1]), f1);
            f2 = _mm512_ternarylogic_epi64::<0xEA>(mask, load_wide(&limbs[2]), f2);
            f3 = _mm512_ternarylogic_epi64::<0xEA>(mask, load_wide(&limbs[3]), f3);
            f4 = _mm512_ternarylogic_epi64::<0xEA>(mask, load_wide(&limbs[4]), f4);
            index = _mm512_add_epi64(index, one);
        }
        for (found, value) in found
            .as_chunks_mut::<LANES>()
            .0
            .iter_mut()
            .zip([f0, f1, f2, f3, f4])
        {
            // SAFETY: the pointer comes from an exclusive reference to 64 bytes; they need no alignment.
            unsafe { _mm512_storeu_si512(found.as_mut_ptr().cast(), value) }
        }
    }
    let done = L - rest.len();
    for (part, found) in rest.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let mut value = _mm256_setzero_si256();
        let mut index = _mm512_setzero_si512();
        for entry in table {
            let mask = _mm512_movm_epi64(_mm512_cmpeq_epi64_mask(index, digit));
            let limbs = load_part(&entry.0[done..].as_chunks::<4>().0[part]);
            let mask = _mm512_castsi512_si256(mask);
            value = _mm256_ternarylogic_epi64::<0xEA>(mask, limbs, value);
            index = _mm512_add_epi64(index, one);
        }
        // SAFETY: the pointer comes from an exclusive reference to 32 bytes; they need no alignment.
        unsafe { _mm256_storeu_si256(found.as_mut_ptr().cast(), value) }
    }
}
