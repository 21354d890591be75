// One value: its field, the change of it, and its computation.

import { h, number, shortened } from './dom.js'
import { typeset } from './typeset.js'

/** @typedef {import('./computations.js').Computation} Computation */
/**
 * A value that can be changed.
 * @typedef {object} Field
 * @property {string} name
 * @property {any} value
 * @property {string} place where it is in the case
 * @property {boolean} isChanged whether it is another one than in the recorded run
 * @property {boolean} isEdited whether it is by an edit, and not by an experiment
 * @property {any} before the value without the edit
 * @property {any} recorded the value of the recorded run
 * @property {import('./inspector.js').Edit} edit
 */

/**
 * Returns a field in which a value can be changed.
 * @param {Field} field
 */
export function editor({ name, value, place, isChanged, isEdited, before, recorded, edit }) {
  const shown = textOf(value)
  const take = (/** @type {any} */ element) => {
    const written = element.value
    if (written.trim() !== shown.trim()) edit(place, typeof before === 'string' || typeof value === 'string' ? written : parsed(written))
  }
  const isLong = shown.length > 40
  const properties = {
    'data-focus': place,
    'aria-label': `${name}, can be changed`,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    inputmode: /^-?[0-9]+$/.test(shown) ? 'numeric' : undefined,
    change: (/** @type {any} */ event) => take(event.target),
    keydown: (/** @type {any} */ event) => {
      if (event.key === 'Escape') event.target.value = shown
      if (event.key === 'Enter' || event.key === 'Escape') {
        event.preventDefault()
        event.target.blur()
      }
    },
  }
  const next = successor(value)
  const addOne = next !== undefined && h('button', { type: 'button', class: 'mini', 'data-focus': `next-${place}`, 'aria-label': `+1: change the last digit of ${name}`, click: () => edit(place, next) }, '+1')
  const field = isLong ? h('textarea', { ...properties, rows: '1' }, shown) : h('input', { ...properties, value: shown })
  const reset = h('button', { type: 'button', class: 'mini', 'data-focus': `reset-${place}`, 'aria-label': `Reset ${name}`, click: () => edit(place, undefined) }, 'Reset')
  return h(
    'div', { class: 'field' },
    field,
    addOne || undefined,
    isEdited || isChanged ? h('p', { class: 'was' }, isEdited ? 'sent: ' : 'in the recorded run: ', h('code', {}, shortened(textOf(isEdited ? before : recorded))), ' ', isEdited ? reset : undefined) : undefined,
  )
}

/** @param {any} value */
export function textOf(value) {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing'
}

/** Returns a number with another last digit. @param {any} value */
function successor(value) {
  if (typeof value === 'number') return value + 1
  if (Array.isArray(value)) return [...value.slice(0, -1), (value[value.length - 1] + 1) % 256]
  if (typeof value === 'string' && /^(0|[1-9][0-9]*)$/.test(value)) return String(BigInt(value) + 1n)
  return undefined
}

/** Returns what a JSON text means, or the text itself. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** @param {Computation} computation */
export function computationNode({ lines, holds }) {
  const nodes = lines.map((line) => h('p', {}, ...line.flatMap((part) => (typeof part === 'bigint' ? [number(String(part))] : typeset(part)))))
  const sign = holds === undefined ? undefined : h('p', { class: 'outcome' }, holds ? '✓ the same' : '✗ NOT the same')
  return h('div', { class: `computation${holds === undefined ? '' : holds ? ' right' : ' wrong'}` }, ...nodes, sign)
}
