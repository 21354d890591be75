// What the page shows, as a value and as the part of a link after `#`.

import { ROOTS } from './editable.js'
import { set } from './pointer.js'

/**
 * @typedef {object} State
 * @property {number} action how many actions are done
 * @property {string} item the message that is open, by id; none if empty
 * @property {string} experiment by id; none if empty
 * @property {[pointer: string, value: any][]} edits changes of the case, in their order
 */

/** @returns {State} */
export function initial() {
  return { action: 1, item: '', experiment: '', edits: [] }
}

/**
 * @param {State} state
 * @param {string[]} numbers those of all actions, as they are printed: 11b comes after 11
 * @returns {string}
 */
export function toHash({ action, item, experiment, edits }, numbers) {
  const parts = new URLSearchParams({ action: numbers[action - 1] })
  if (item) parts.set('item', item)
  if (experiment) parts.set('experiment', experiment)
  for (const edit of edits) parts.append('edit', JSON.stringify(edit))
  return `#${parts}`
}

/**
 * Reads a link. What it cannot mean is left out; an action that is not there is the last one before it.
 * @param {string} hash
 * @param {string[]} numbers those of all actions
 * @returns {State}
 */
export function fromHash(hash, numbers) {
  const parts = new URLSearchParams(hash.slice(1))
  const wanted = parts.get('action') ?? ''
  const before = numbers.filter((number) => parseInt(number, 10) <= Number(wanted)).length
  return {
    action: numbers.indexOf(wanted) + 1 || before || 1,
    item: parts.get('item') ?? '',
    experiment: parts.get('experiment') ?? '',
    edits: parts.getAll('edit').flatMap(readEdit),
  }
}

/**
 * @param {string} text
 * @returns {[string, any][]}
 */
function readEdit(text) {
  try {
    const edit = JSON.parse(text)
    const isEdit = Array.isArray(edit) && edit.length === 2 && ROOTS.some((root) => String(edit[0]).startsWith(`/${root}/`))
    return isEdit ? [[String(edit[0]), edit[1]]] : []
  } catch {
    return []
  }
}

/**
 * Sets the values of edits in a case. An edit of a value that does not exist does nothing.
 * @param {any} presented
 * @param {State['edits']} edits
 */
export function applyEdits(presented, edits) {
  for (const [pointer, value] of edits) set(presented, pointer, value)
}
