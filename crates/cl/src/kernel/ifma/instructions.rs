//! The instructions of AVX-512 IFMA, and all `unsafe` code of the crate.
//!
//! # How a product is computed
//!
//! The product of two numbers of `L` limbs is added up in `2·L` columns of 64 bits. Column `i + j`
//! receives the lower half of limb `i` times limb `j`, and column `i + j + 1` the upper half,
//! without carries between columns: a column receives at most `2·L` halves from the product, and as
//! many from the multiple of `n` that makes it divisible by `R`. For `L = 40` that is
//! `160·2^52 < 2^60`.
//!
//! The limbs of one factor are processed in blocks of [`BLOCK`], which stay in registers while
//! [`sweep`] runs along the other factor: four columns are in registers too, and each limb that is
//! read is an operand of eight instructions. The multiples of `n` are added in the same blocks, by
//! Montgomery's method: the lowest four columns determine which multiple makes them zero
//! ([`quotients`]).
//!
//! All loops have fixed lengths, and no branch depends on a number.
#![allow(unsafe_code)]

use std::arch::x86_64::*;
use std::sync::atomic::{Ordering, compiler_fence};

use super::{LANES, LIMB_MASK, Moduli, Residue, Row, Vector, ZERO};

/// The number of limbs of a factor that are in registers at a time. Four leave room for four
/// columns and for the operands of several iterations of a loop; five, eight and ten are not
/// faster.
const BLOCK: usize = 4;

/// The right to use the instructions: a value exists only where the processor has them.
pub(super) struct Instructions(());

impl Instructions {
    /// Returns `None` if the processor or the operating system does not support the instructions.
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

    /// Puts one number into each lane.
    pub(super) fn side_by_side<const L: usize>(&self, numbers: [&Residue<L>; LANES]) -> Vector<L> {
        let mut vector = Vector([ZERO; L]);
        // SAFETY: `self` exists, so `detect` has found the features that the function needs.
        unsafe { transpose(numbers, &mut vector) }
        vector
    }

    /// Puts one entry of a table, given by its index, into each lane, and reads all entries.
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
        // SAFETY: as above.
        unsafe { wipe(&mut found) }
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
    let mut columns = [[ZERO; L]; 2];
    let columns = columns.as_flattened_mut();
    for (block, limbs) in by.0.as_chunks::<BLOCK>().0.iter().enumerate() {
        sweep(&mut columns[block * BLOCK..], &load_block(limbs), &into.0);
    }
    reduce(into, columns, moduli);
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn square<const L: usize>(into: &mut Vector<L>, moduli: &Moduli<L>) {
    let mut columns = [[ZERO; L]; 2];
    let columns = columns.as_flattened_mut();
    // The products of different limbs occur twice: they are added once, and doubled.
    for (block, limbs) in into.0.as_chunks::<BLOCK>().0.iter().enumerate() {
        let (from, end) = (block * BLOCK, (block + 1) * BLOCK);
        let limbs = load_block(limbs);
        triangle(&mut columns[2 * from..], &limbs);
        sweep(&mut columns[from + end..], &limbs, &into.0[end..]);
    }
    for (pair, limb) in columns.as_chunks_mut::<2>().0.iter_mut().zip(&into.0) {
        let [lower, upper] = [load(&pair[0]), load(&pair[1])];
        let [lower, upper] = [_mm512_add_epi64(lower, lower), _mm512_add_epi64(upper, upper)];
        let limb = load(limb);
        store(&mut pair[0], _mm512_madd52lo_epu64(lower, limb, limb));
        store(&mut pair[1], _mm512_madd52hi_epu64(upper, limb, limb));
    }
    reduce(into, columns, moduli);
}

/// `into ← columns/R`, by adding the multiple of `n` that makes the lower half of the columns zero.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn reduce<const L: usize>(into: &mut Vector<L>, columns: &mut [Row], moduli: &Moduli<L>) {
    let n = &moduli.n.0;
    let n0 = load(&moduli.n0);
    let mut current = quotients(columns, n, n0);
    for block in 1..L / BLOCK {
        // Each quotient depends on the previous one, which takes time. The next four are therefore
        // computed as early as possible: as soon as their columns are complete, while the processor
        // is still busy with all columns above.
        let columns = &mut columns[block * BLOCK..];
        corner(columns, n, &current);
        sweep(columns, &current, &n[BLOCK..2 * BLOCK]);
        let next = quotients(columns, n, n0);
        sweep(&mut columns[BLOCK..], &current, &n[2 * BLOCK..]);
        current = next;
    }
    let last = &mut columns[L..];
    corner(last, n, &current);
    sweep(last, &current, &n[BLOCK..]);
    carry(&mut into.0, last);
}

/// Four limbs of each lane.
type Block = [__m512i; BLOCK];

#[inline]
#[target_feature(enable = "avx512f")]
fn load_block(rows: &[Row; BLOCK]) -> Block {
    [load(&rows[0]), load(&rows[1]), load(&rows[2]), load(&rows[3])]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store_block(rows: &mut [Row; BLOCK], block: Block) {
    for (row, value) in rows.iter_mut().zip(block) {
        store(row, value);
    }
}

/// Adds the product of a block and a number, whose length is a multiple of the block's, to the
/// columns.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn sweep(columns: &mut [Row], block: &Block, by: &[Row]) {
    let columns = columns.as_chunks_mut::<BLOCK>().0;
    let by = by.as_chunks::<BLOCK>().0;
    let columns = &mut columns[..by.len() + 1];
    let [mut c0, mut c1, mut c2, mut c3] = load_block(&columns[0]);
    for (j, limbs) in by.iter().enumerate() {
        let [mut c4, mut c5, mut c6, mut c7] = load_block(&columns[j + 1]);
        accumulate([&mut c0, &mut c1, &mut c2, &mut c3, &mut c4], block, &limbs[0]);
        accumulate([&mut c1, &mut c2, &mut c3, &mut c4, &mut c5], block, &limbs[1]);
        accumulate([&mut c2, &mut c3, &mut c4, &mut c5, &mut c6], block, &limbs[2]);
        accumulate([&mut c3, &mut c4, &mut c5, &mut c6, &mut c7], block, &limbs[3]);
        store_block(&mut columns[j], [c0, c1, c2, c3]);
        [c0, c1, c2, c3] = [c4, c5, c6, c7];
    }
    store_block(&mut columns[by.len()], [c0, c1, c2, c3]);
}

/// Adds the product of a block and one limb to five columns.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn accumulate(columns: [&mut __m512i; BLOCK + 1], block: &Block, limb: &Row) {
    let limb = load(limb);
    let [c0, c1, c2, c3, c4] = columns;
    *c0 = _mm512_madd52lo_epu64(*c0, block[0], limb);
    *c1 = _mm512_madd52lo_epu64(*c1, block[1], limb);
    *c2 = _mm512_madd52lo_epu64(*c2, block[2], limb);
    *c3 = _mm512_madd52lo_epu64(*c3, block[3], limb);
    *c1 = _mm512_madd52hi_epu64(*c1, block[0], limb);
    *c2 = _mm512_madd52hi_epu64(*c2, block[1], limb);
    *c3 = _mm512_madd52hi_epu64(*c3, block[2], limb);
    *c4 = _mm512_madd52hi_epu64(*c4, block[3], limb);
}

/// Returns the four multipliers of `n` that make the lowest four columns zero, and adds the carry
/// out of these to the column above. The four columns themselves are not updated, because they are
/// not read again.
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
        // Adding the lower half of q·n[0] would make the lowest 52 bits of the column zero, with a
        // carry of 1 unless they are zero already: the carry is the column divided by 2^52, rounded
        // up.
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

/// Adds the part of the product of the quotients and the lowest limbs of `n` that lies above the
/// lowest four columns, without the carry. `columns` begin above these four.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn corner(columns: &mut [Row], n: &[Row], quotients: &Block) {
    let [_, n1, n2, n3] = load_block(&[n[0], n[1], n[2], n[3]]);
    let [q0, q1, q2, q3] = *quotients;
    let [mut c0, mut c1, mut c2, mut c3] =
        load_block(&[columns[0], columns[1], columns[2], columns[3]]);
    // Quotient i times limb j belongs to columns i + j - 4 and i + j - 3.
    for (q, n) in [(q1, n3), (q2, n2), (q3, n1)] {
        c0 = _mm512_madd52lo_epu64(c0, q, n);
        c1 = _mm512_madd52hi_epu64(c1, q, n);
    }
    for (q, n) in [(q2, n3), (q3, n2)] {
        c1 = _mm512_madd52lo_epu64(c1, q, n);
        c2 = _mm512_madd52hi_epu64(c2, q, n);
    }
    c2 = _mm512_madd52lo_epu64(c2, q3, n3);
    c3 = _mm512_madd52hi_epu64(c3, q3, n3);
    // Only the upper halves for i + j = 3; that of q3·n[0] is part of the carry.
    for (q, n) in [(q0, n3), (q1, n2), (q2, n1)] {
        c0 = _mm512_madd52hi_epu64(c0, q, n);
    }
    let column = [c0, c1, c2, c3];
    for (row, value) in columns.iter_mut().zip(column) {
        store(row, value);
    }
}

/// Adds the products of different limbs of a block to the columns.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn triangle(columns: &mut [Row], block: &Block) {
    for i in 0..BLOCK {
        for j in i + 1..BLOCK {
            let lower = _mm512_madd52lo_epu64(load(&columns[i + j]), block[i], block[j]);
            store(&mut columns[i + j], lower);
            let upper = _mm512_madd52hi_epu64(load(&columns[i + j + 1]), block[i], block[j]);
            store(&mut columns[i + j + 1], upper);
        }
    }
}

/// Carries from column to column, so that these become limbs. The last column has no carry, because
/// the number is below `2n`.
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

/// Transposes eight numbers into lanes, four limbs of each number at a time: a register takes those
/// of two numbers, and sixteen limbs change places among four registers.
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
        store(&mut rows[0], _mm512_permutex2var_epi64(even01, lower, even23));
        store(&mut rows[1], _mm512_permutex2var_epi64(odd01, lower, odd23));
        store(&mut rows[2], _mm512_permutex2var_epi64(even01, upper, even23));
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

/// `found ← table[digit]`, or 0 if there is no such entry. Every entry is read in full and masked,
/// so that neither time nor cache accesses depend on the digit.
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn select<const L: usize>(table: &[Residue<L>], digit: usize, found: &mut Residue<L>) {
    /// The number of limbs that are selected at a time, in five registers of eight.
    const WIDE: usize = 5 * LANES;
    let digit = _mm512_set1_epi64(digit as i64);
    let one = _mm512_set1_epi64(1);
    let (wide, rest) = found.0.as_chunks_mut::<WIDE>();
    for (part, found) in wide.iter_mut().enumerate() {
        let zero = _mm512_setzero_si512();
        let (mut f0, mut f1, mut f2, mut f3, mut f4) = (zero, zero, zero, zero, zero);
        let mut index = zero;
        for entry in table {
            #[cfg(test)]
            crate::kernel::reads::scanned();
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
        for (found, value) in found.as_chunks_mut::<LANES>().0.iter_mut().zip([f0, f1, f2, f3, f4])
        {
            // SAFETY: the pointer comes from an exclusive reference to 64 bytes; they need no
            // alignment.
            unsafe { _mm512_storeu_si512(found.as_mut_ptr().cast(), value) }
        }
    }
    let done = L - rest.len();
    for (part, found) in rest.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let mut value = _mm256_setzero_si256();
        let mut index = _mm512_setzero_si512();
        for entry in table {
            #[cfg(test)]
            crate::kernel::reads::scanned();
            let mask = _mm512_movm_epi64(_mm512_cmpeq_epi64_mask(index, digit));
            let limbs = load_part(&entry.0[done..].as_chunks::<4>().0[part]);
            let mask = _mm512_castsi512_si256(mask);
            value = _mm256_ternarylogic_epi64::<0xEA>(mask, limbs, value);
            index = _mm512_add_epi64(index, one);
        }
        // SAFETY: the pointer comes from an exclusive reference to 32 bytes; they need no
        // alignment.
        unsafe { _mm256_storeu_si256(found.as_mut_ptr().cast(), value) }
    }
}

/// Overwrites numbers with zeros, as `zeroize` does, but eight limbs at a time, because every scan
/// does this.
#[target_feature(enable = "avx512f")]
fn wipe<const L: usize>(numbers: &mut [Residue<L>; LANES]) {
    let zero = _mm512_setzero_si512();
    for number in numbers {
        let first: *mut __m512i = (&raw mut *number).cast();
        for part in 0..size_of::<Residue<L>>() / size_of::<__m512i>() {
            // SAFETY: the number is aligned to 64 bytes, so that its size is a multiple of 64, and
            // the part lies inside it. The write is volatile, so that the compiler does not remove
            // it.
            unsafe { first.add(part).write_volatile(zero) }
        }
    }
    compiler_fence(Ordering::SeqCst);
}
