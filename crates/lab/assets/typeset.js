// Formulas with raised exponents and lowered indices.

import { h } from './dom.js'

/** An index after one of the scheme's letters, as in `m̂_age`; or an exponent, as in `S^v̂` and `A'^(ê + c)`. */
const PART = /(^|[^\p{L}\p{N}_^])([murtûRxTA]['\u0302\u0303]*)_([\p{L}\p{N}_]+)|\^(\((?:[^()]|\([^()]*\))*\)|-?[^\s·,:;()=]+)/gu

/**
 * Returns the parts of a formula, or of a text with formulas.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function typeset(text) {
  /** @type {(Node | string)[]} */
  const nodes = []
  let end = 0
  for (const { 0: found, 1: before, 2: letter, 3: index, 4: exponent, index: start } of text.matchAll(PART)) {
    nodes.push(text.slice(end, start))
    if (exponent === undefined) nodes.push(before + letter, h('sub', {}, index))
    else nodes.push(h('sup', {}, ...typeset(exponent.replace(/^\((.*)\)$/, '$1'))))
    end = start + found.length
  }
  return [...nodes, text.slice(end)]
}
