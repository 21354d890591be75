// The equations: each value that the prover hashed is recomputed from the responses and the
// challenge. `crates/cl/src/notes.rs` explains why they hold.

import { inverse, productOfPowers } from './numbers.js'
import { E_START_BITS } from './parameters.js'

/** @typedef {import('./read.js').Key} Key */
/** @typedef {import('./read.js').SubProof} SubProof */
/** @typedef {import('./read.js').Predicate} Predicate */
/** @typedef {import('./read.js').PredicateProof} PredicateProof */
/**
 * One power in an equation.
 * @typedef {object} Factor
 * @property {string} symbol the base, as the equation writes it
 * @property {bigint} base
 * @property {string} power the exponent, as the equation writes it
 * @property {bigint} exponent negative for a factor of the denominator
 */
/**
 * @typedef {object} Equation
 * @property {string} name `T`, `T0` … `T3`, `TDELTA`, `Q`
 * @property {number} subProof
 * @property {number | undefined} predicate
 * @property {string} formula
 * @property {string} meaning
 * @property {Factor[]} factors
 */

/**
 * Returns the equations of a sub-proof in the order in which their values are hashed.
 * @param {number} index
 * @param {SubProof} proof
 * @param {Key} key
 * @param {bigint} c the challenge
 * @returns {Equation[]}
 */
export function equationsOf(index, proof, key, c) {
  const predicates = proof.predicates.flatMap((predicate, number) =>
    predicateEquations(predicate, key, c).map((equation) => ({ ...equation, subProof: index, predicate: number })),
  )
  return [{ ...equality(proof, key, c), subProof: index, predicate: undefined }, ...predicates]
}

/**
 * @param {string} symbol
 * @param {bigint} base
 * @param {string} power
 * @param {bigint} exponent
 * @returns {Factor}
 */
const factor = (symbol, base, power, exponent) => ({ symbol, base, power, exponent })

/**
 * @param {SubProof} proof
 * @param {Key} key
 * @param {bigint} c
 */
function equality(proof, key, c) {
  const factors = [factor("A'", proof.aPrime, 'ê + c·2^596', proof.e + (c << E_START_BITS))]
  for (const [name, base] of key.r) {
    const [value, response] = [proof.revealed.get(name), proof.m.get(name)]
    if (value !== undefined) factors.push(factor(`R_${name}`, base, `c·m_${name}`, c * value))
    else if (response !== undefined) factors.push(factor(`R_${name}`, base, `m̂_${name}`, response))
  }
  factors.push(
    factor('S', key.s, 'v̂', proof.v),
    factor('Rctxt', key.rctxt, 'm̂_2', proof.m2),
    factor('Z', key.z, '-c', -c),
  )
  return {
    name: 'T',
    formula: "T = A'^(ê + c·2^596) · Π R_revealed^(c·m) · Π R_hidden^m̂ · S^v̂ · Rctxt^m̂_2 · Z^-c",
    meaning: 'the issuer has signed the credential',
    factors,
  }
}

/**
 * Returns `D'`, the value from which the difference of a predicate is counted.
 * @param {Predicate} predicate
 */
export function bound({ operator, value }) {
  return BigInt(value) + { GE: 0n, LE: 0n, GT: 1n, LT: -1n }[operator]
}

/**
 * @param {PredicateProof} proof
 * @param {Key} key
 * @param {bigint} c
 */
function predicateEquations(proof, key, c) {
  const { operator } = proof.predicate
  const a = operator === 'LE' || operator === 'LT' ? -1n : 1n
  const roots = proof.t.map((t, i) => ({
    name: `T${i}`,
    formula: `T${i} = t_${i}^-c · Z^û_${i} · S^r̂_${i}`,
    meaning: `the prover knows the root u_${i} in the commitment t_${i}`,
    factors: [
      factor(`t_${i}`, t, '-c', -c),
      factor('Z', key.z, `û_${i}`, proof.u[i]),
      factor('S', key.s, `r̂_${i}`, proof.r[i]),
    ],
  }))
  const difference = {
    name: 'TDELTA',
    formula: "TΔ = (Z^D' · t_Δ^a)^-c · Z^m̂_j · S^(a·r̂_Δ)",
    meaning: 'the commitment t_Δ contains the difference between attribute and bound',
    factors: [
      factor('Z', key.z, "-c·D'", -c * bound(proof.predicate)),
      factor('t_Δ', proof.tDelta, '-c·a', -c * a),
      factor('Z', key.z, 'm̂_j', proof.mj),
      factor('S', key.s, 'a·r̂_Δ', a * proof.rDelta),
    ],
  }
  const squares = {
    name: 'Q',
    formula: 'Q = t_Δ^-c · S^α̂ · Π t_i^û_i',
    meaning: 'the difference is a sum of four squares, and so not negative',
    factors: [
      factor('t_Δ', proof.tDelta, '-c', -c),
      factor('S', key.s, 'α̂', proof.alpha),
      ...proof.t.map((t, i) => factor(`t_${i}`, t, `û_${i}`, proof.u[i])),
    ],
  }
  return [...roots, difference, squares]
}

/**
 * Returns the value of an equation: a fraction, because the challenge is in negative exponents.
 * @param {Equation} equation
 * @param {bigint} n
 * @returns {bigint | undefined} nothing if the denominator has no inverse
 */
export function valueOf({ factors }, n) {
  const positive = factors.filter(({ exponent }) => exponent >= 0n)
  const negative = factors.filter(({ exponent }) => exponent < 0n)
  const denominator = productOfPowers(
    negative.map(({ base, exponent }) => ({ base, exponent: -exponent })),
    n,
  )
  const inverted = inverse(denominator, n)
  return inverted === undefined ? undefined : (productOfPowers(positive, n) * inverted) % n
}
