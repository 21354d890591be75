//! The equations of a verifier, which recompute the prover's `T`, `T_i`, `T_Δ` and `Q` from the
//! responses and the challenge.
//!
//! The challenge occurs in negative exponents, so that each value is a fraction of two products of
//! powers. All products of all sub-proofs are evaluated together, and all denominators are inverted
//! together, with a single modular inversion.

use dashu_base::{Sign, UnsignedAbs};
use dashu_int::fast_div::ConstDivisor;
use dashu_int::{IBig, UBig};

use crate::kernel::Kernel;
use crate::number::Exponent;
use crate::parameters::E_START_BITS;
use crate::prepared::{EngineTables, KeyTables, PreparedKey};
use crate::presentation::{PredicateProof, SubProof};
use crate::product::{Product, Secrecy, Table, evaluate};
use crate::rejection::{Equation, ProofPart, Rejection};

/// A sub-proof whose numbers have been checked, its index, and the challenge of the presentation.
#[derive(Clone, Copy)]
pub(crate) struct Task<'p> {
    pub(crate) index: usize,
    pub(crate) sub_proof: &'p SubProof,
    pub(crate) challenge: &'p UBig,
}

/// The recomputed value of one equation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recomputed {
    /// The predicate to which the equation belongs, if any.
    pub(crate) predicate: Option<usize>,
    pub(crate) equation: Equation,
    pub(crate) value: UBig,
}

/// Returns the values of each task, in the order of hashing. All tasks are under one key.
///
/// The result of a task is [`Rejection::NotInvertible`] if a denominator shares a factor with the
/// modulus.
pub(crate) fn recompute(
    key: &PreparedKey,
    tasks: &[Task<'_>],
) -> Vec<Result<Vec<Recomputed>, Rejection>> {
    match &key.tables {
        EngineTables::Portable(tables) => recompute_with(tables, tasks),
        EngineTables::Ifma(tables) => recompute_with(tables, tasks),
    }
}

fn recompute_with<K: Kernel>(
    tables: &KeyTables<K>,
    tasks: &[Task<'_>],
) -> Vec<Result<Vec<Recomputed>, Rejection>> {
    let mut fractions = Fractions::new(tables);
    let ends: Vec<usize> = tasks
        .iter()
        .map(|task| {
            fractions.add(task);
            fractions.names.len()
        })
        .collect();
    let values = fractions.evaluate();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    tasks
        .iter()
        .zip(starts.zip(&ends))
        .map(|(task, (start, end))| {
            fractions.names[start..*end]
                .iter()
                .zip(&values[start..*end])
                .map(|(&(predicate, equation), value)| match value {
                    Some(value) => Ok(Recomputed { predicate, equation, value: value.clone() }),
                    None => Err(Rejection::NotInvertible {
                        part: ProofPart { sub_proof: task.index, predicate },
                        equation,
                    }),
                })
                .collect()
        })
        .collect()
}

/// One of the two products of a fraction.
#[derive(Clone, Copy)]
enum Part {
    Numerator = 0,
    Denominator = 1,
}

/// Numerator and denominator; the indices are those of [`Part`].
type Fraction<'t, K> = [Product<'t, K>; 2];

/// The fractions of all values.
struct Fractions<'t, K: Kernel> {
    tables: &'t KeyTables<K>,
    names: Vec<(Option<usize>, Equation)>,
    /// The numerator and the denominator of each value in turn.
    products: Vec<Product<'t, K>>,
    /// Powers that are factors of two products, with the indices of these.
    shared: Vec<(Product<'t, K>, [usize; 2])>,
}

impl<'t, K: Kernel> Fractions<'t, K> {
    fn new(tables: &'t KeyTables<K>) -> Self {
        Self { tables, names: Vec::new(), products: Vec::new(), shared: Vec::new() }
    }

    fn add(&mut self, task: &Task<'_>) {
        let equality = self.equality(task.sub_proof, task.challenge);
        self.push(None, Equation::T, equality);
        for (index, proof) in task.sub_proof.predicates.iter().enumerate() {
            self.add_predicate(index, proof, task.challenge);
        }
    }

    fn push(&mut self, predicate: Option<usize>, equation: Equation, fraction: Fraction<'t, K>) {
        self.names.push((predicate, equation));
        self.products.extend(fraction);
    }

    /// `T = A'^(ê + c·2^596) · Π R_revealed^(c·m) · Π R_hidden^m̂ · S^v̂ · Rctxt^m̂2 / Z^c`
    fn equality(&self, proof: &SubProof, challenge: &UBig) -> Fraction<'t, K> {
        let tables = self.tables;
        let exponent = &proof.e + (challenge << E_START_BITS);
        let mut fraction = [
            Product::default()
                .power(tables.kernel.enter(&proof.a_prime), Exponent::public(&exponent))
                .table(&tables.s, Exponent::public(&proof.v))
                .table(&tables.rctxt, Exponent::public(&proof.m2)),
            Product::default().table(&tables.z, Exponent::public(challenge)),
        ];
        for (attribute, table) in &tables.r {
            if let Some(value) = proof.revealed.get(attribute) {
                fraction = times(
                    fraction,
                    Part::Numerator,
                    table,
                    &(IBig::from(challenge.clone()) * value),
                );
            } else if let Some(response) = proof.m.get(attribute) {
                fraction[Part::Numerator as usize].fixed.push((table, Exponent::public(response)));
            }
        }
        fraction
    }

    fn add_predicate(&mut self, index: usize, proof: &PredicateProof, challenge: &UBig) {
        let tables = self.tables;
        let name = Some(index);
        let commitments = proof.t.each_ref().map(|t| tables.kernel.enter(t));
        // T_i = Z^û_i · S^r̂_i / t_i^c
        for (root, commitment) in commitments.iter().enumerate() {
            let fraction = [
                Product::default()
                    .table(&tables.z, Exponent::public(&proof.u[root]))
                    .table(&tables.s, Exponent::public(&proof.r[root])),
                Product::default().power(commitment.clone(), Exponent::public(challenge)),
            ];
            self.push(name, Equation::Root(root), fraction);
        }
        // T_Δ = Z^m̂_j · S^(a·r̂_Δ) / (Z^(c·D') · t_Δ^(c·a)) with a = ±1
        let a = if proof.predicate.operator.is_less() { Sign::Negative } else { Sign::Positive };
        let mut difference = Fraction::default();
        difference[Part::Numerator as usize].fixed.push((&tables.z, Exponent::public(&proof.mj)));
        let r_delta = IBig::from_parts(a, proof.r_delta.clone());
        difference = times(difference, Part::Numerator, &tables.s, &r_delta);
        let bound = IBig::from(proof.predicate.bound()) * IBig::from(challenge.clone());
        difference = times(difference, Part::Denominator, &tables.z, &bound);
        let difference_with_t_delta = self.products.len()
            + match a {
                Sign::Positive => Part::Denominator as usize,
                Sign::Negative => Part::Numerator as usize,
            };
        self.push(name, Equation::Difference, difference);
        // Q = S^α̂ · Π t_i^û_i / t_Δ^c
        let mut squares = times(Fraction::default(), Part::Numerator, &tables.s, &proof.alpha);
        for (commitment, response) in commitments.into_iter().zip(&proof.u) {
            squares[Part::Numerator as usize].powers.push((commitment, Exponent::public(response)));
        }
        let squares_with_t_delta = self.products.len() + Part::Denominator as usize;
        self.push(name, Equation::Squares, squares);
        // t_Δ^c is a factor of both fractions.
        self.shared.push((
            Product::default()
                .power(tables.kernel.enter(&proof.t_delta), Exponent::public(challenge)),
            [difference_with_t_delta, squares_with_t_delta],
        ));
    }

    /// Returns the values; `None` where a denominator is not invertible.
    fn evaluate(&mut self) -> Vec<Option<UBig>> {
        let KeyTables { kernel, n, .. } = self.tables;
        let count = self.products.len();
        let mut products = std::mem::take(&mut self.products);
        let (shared, uses): (Vec<_>, Vec<_>) = self.shared.drain(..).unzip();
        products.extend(shared);
        let mut values = evaluate(kernel, &products, Secrecy::Public);
        let shared = values.split_off(count);
        for (power, uses) in shared.iter().zip(uses) {
            for index in uses {
                values[index] = multiply(kernel, &values[index], power);
            }
        }
        let (numerators, denominators): (Vec<_>, Vec<_>) =
            values.chunks_exact(2).map(|fraction| (&fraction[0], &fraction[1])).unzip();
        numerators
            .iter()
            .zip(invert_all(kernel, n, &denominators))
            .map(|(numerator, inverse)| {
                inverse.map(|inverse| kernel.leave(&multiply(kernel, numerator, &inverse)))
            })
            .collect()
    }
}

/// Multiplies one part of a fraction by a power of a prepared base; if the exponent is negative,
/// the other part.
fn times<'t, K: Kernel>(
    mut fraction: Fraction<'t, K>,
    part: Part,
    table: &'t Table<K>,
    exponent: &IBig,
) -> Fraction<'t, K> {
    let side = match exponent.sign() {
        Sign::Positive => part as usize,
        Sign::Negative => 1 - part as usize,
    };
    fraction[side].fixed.push((table, Exponent::public(&exponent.clone().unsigned_abs())));
    fraction
}

fn multiply<K: Kernel>(kernel: &K, a: &K::Residue, b: &K::Residue) -> K::Residue {
    let mut product = kernel.pick(&vec![a; K::LANES]);
    kernel.multiply(&mut product, &kernel.pick(&vec![b; K::LANES]));
    kernel.extract(&product, 0)
}

/// Returns the inverses of all values with one modular inversion (Montgomery's trick): with
/// `p_i = d_0 · … · d_i`, `1/d_i = p_(i-1) / p_i` and `1/p_(i-1) = d_i / p_i`.
fn invert_all<K: Kernel>(kernel: &K, n: &UBig, values: &[&K::Residue]) -> Vec<Option<K::Residue>> {
    let mut before = Vec::with_capacity(values.len());
    let mut product = kernel.extract(&kernel.one(), 0);
    for value in values {
        let next = multiply(kernel, &product, value);
        before.push(std::mem::replace(&mut product, next));
    }
    let Some(mut inverse) = invert(kernel, n, &product) else {
        // A value has no inverse: invert one by one to find out which.
        return values.iter().map(|value| invert(kernel, n, value)).collect();
    };
    let mut inverses: Vec<Option<K::Residue>> = values
        .iter()
        .zip(before)
        .rev()
        .map(|(value, before)| {
            let own = multiply(kernel, &inverse, &before);
            inverse = multiply(kernel, &inverse, value);
            Some(own)
        })
        .collect();
    inverses.reverse();
    inverses
}

fn invert<K: Kernel>(kernel: &K, n: &UBig, value: &K::Residue) -> Option<K::Residue> {
    let ring = ConstDivisor::new(n.clone());
    let inverse = ring.reduce(kernel.leave(value)).inv()?;
    Some(kernel.enter(&inverse.residue()))
}
