// The equations, the hash and the checks of a verification, as elements.

import { symbol } from './computations.js'
import { h, number } from './dom.js'
import { typeset } from './typeset.js'
import { bitLength } from './verifier/numbers.js'

/** @typedef {import('./verdict.js').Verdict} Verdict */
/** @typedef {import('./verifier/verify.js').Recomputed} Recomputed */
/** @typedef {import('./verifier/verify.js').HashInput} HashInput */

/**
 * The numbers of the honest run: what the prover had committed to.
 * @typedef {Map<string, bigint>} Honest
 */

/** @param {{name: string, subProof?: number, predicate?: number}} input */
const keyOf = ({ name, subProof, predicate }) => [name, subProof, predicate].join('/')

/**
 * @param {Verdict} verdict
 * @returns {Honest}
 */
export function honestNumbers({ trace }) {
  return new Map((trace?.hashInputs ?? []).map((input) => [keyOf(input), input.number]))
}

const SIGNS = { passed: '✓', failed: '✗', 'not reached': '–' }

/**
 * Shows a verification.
 * @param {Verdict} verdict
 * @param {Honest} honest
 * @returns {Node[]}
 */
export function computation({ checks, trace, milliseconds }, honest) {
  const list = checks.map(({ meaning, outcome }) =>
    h('li', { class: outcome.replace(' ', '-'), 'data-sign': SIGNS[outcome] }, `${meaning} (${outcome})`),
  )
  const seconds = h('p', { class: 'meaning' }, `This took ${Math.round(milliseconds)} ms.`)
  const nodes = [h('div', { class: 'columns' }, h('ul', { class: 'checks' }, ...list)), seconds]
  if (!trace) return [...nodes, h('p', {}, 'No numbers can be computed from this presentation.')]
  nodes.push(
    h('h3', {}, 'The equations'),
    h('p', { class: 'meaning' }, 'Each gives again what the prover had committed to, if the responses are right. That the values can be compared with the honest run is only so on this page: a verifier has nothing but the hash.'),
    ...trace.equations.map((equation) => equationNode(equation, honest)),
    h('h3', {}, 'The hash'),
    h('p', { class: 'meaning' }, 'c = SHA-256 of all these numbers, one after the other as bytes.'),
    hashTable(trace.hashInputs, honest),
    h(
      'div',
      { class: trace.recomputed === trace.claimed ? 'right' : 'wrong' },
      'The hash is ', number(String(trace.recomputed)), ' the challenge of the presentation is ', number(String(trace.claimed)),
      trace.recomputed === trace.claimed ? ' They are equal.' : ' They differ.',
    ),
  )
  return nodes
}

/**
 * @param {{name: string, subProof?: number, predicate?: number}} input
 * @param {bigint} value
 * @param {Honest} honest
 */
function comparison(input, value, honest) {
  const expected = honest.get(keyOf(input))
  if (expected === undefined) return h('span', { class: 'meaning' }, 'not in the honest run')
  if (expected === value) return h('span', { class: 'right' }, '✓ as in the honest run')
  return h('span', { class: 'wrong' }, '✗ another number than in the honest run')
}

/**
 * @param {Recomputed} equation
 * @param {Honest} honest
 */
function equationNode(equation, honest) {
  const { name, subProof, predicate, formula, meaning, factors, value } = equation
  const part = predicate === undefined ? `sub-proof ${subProof}` : `predicate ${predicate} of sub-proof ${subProof}`
  const rows = factors.map(({ symbol: letter, base, power, exponent }) =>
    h(
      'tr', {},
      h('th', { scope: 'row', class: 'formula' }, ...typeset(`${letter}^(${power})`)),
      h('td', {}, number(String(base))),
      h('td', {}, number(String(exponent))),
      h('td', {}, `${bitLength(exponent)} bits`),
    ),
  )
  return h(
    'details', { class: 'equation' },
    h('summary', {}, h('span', { class: 'formula' }, ...typeset(symbol(name))), ` of ${part}: `, ...typeset(meaning), '. ', comparison(equation, value, honest)),
    h('p', {}, h('span', { class: 'formula' }, ...typeset(formula))),
    table(['power', 'base', 'exponent', 'length'], rows),
    h('p', {}, `Their product modulo n, ${bitLength(value)} bits: `, number(String(value))),
  )
}

/**
 * @param {HashInput[]} inputs
 * @param {Honest} honest
 */
function hashTable(inputs, honest) {
  const rows = inputs.map((input) =>
    h(
      'tr', {},
      h('th', { scope: 'row' }, h('span', { class: 'formula' }, ...typeset(symbol(input.name)))),
      h('td', {}, input.computed ? 'recomputed' : input.name === 'nonce' ? 'from the request' : 'from the presentation'),
      h('td', {}, `${bitLength(input.number)} bits`),
      h('td', { class: 'value' }, number(String(input.number))),
      h('td', {}, comparison(input, input.number, honest)),
    ),
  )
  return table(['number', 'where from', 'length', 'value', 'comparison'], rows)
}

/**
 * Returns a table that scrolls by itself.
 * @param {string[]} headings
 * @param {Node[]} rows
 */
export function table(headings, rows) {
  const head = h('tr', {}, ...headings.map((heading) => h('th', { scope: 'col' }, heading)))
  return h('div', { class: 'table', tabindex: '0', role: 'group', 'aria-label': 'Table' }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)))
}
