// The open message with its values, each of which is shown, explained, recomputed and, where that has
// an effect, changed.

import { describe } from './describe.js'
import { fill, h, number } from './dom.js'
import { placeOf, whyFixed } from './editable.js'
import { HONEST, IDS } from './model.js'
import { at } from './pointer.js'
import { PARTIES } from './story.js'
import { typeset } from './typeset.js'
import { computationNode, editor } from './value-view.js'

/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./story.js').Item} Item */
/** @typedef {import('./describe.js').Described} Described */
/** @typedef {(pointer: string, value: any) => void} Edit changes a value; `undefined` takes the change back */

/**
 * What is changed.
 * @typedef {object} Changes
 * @property {any} unedited the case without edits
 * @property {Set<string>} edited the places of the edits
 * @property {Edit} edit
 */

/** Groups that a reader has opened or closed. @type {Map<string, boolean>} */
const groupsOpen = new Map()

/**
 * @param {Model} model
 * @param {Edit} edit
 */
export function renderInspector(model, edit) {
  const found = model.find()
  if (!found) {
    fill('inspector-heading', 'Open a message')
    fill('message', h('p', { class: 'meaning' }, 'Press anything on the board to see its values.'))
    return
  }
  const { action, item } = found
  const value = model.valueOf(item, action)
  fill('inspector-heading', item.title, ' ', wayNode(item))
  if (value === undefined) {
    fill('message', h('p', {}, item.note))
    return
  }
  const described = describe(value, model.context)
  /** @type {Changes} */
  const changes = { unedited: model.unedited(), edited: new Set(model.state.edits.map(([place]) => place)), edit }
  const fixed = whyFixed(item.id)
  const groups = grouped(described)
  const isMany = described.length > 12
  const nodes = [...groups].map(([title, values], index) => {
    const rows = values.map((each) => valueNode(each, item, changes))
    const list = h('ul', { class: 'values' }, ...rows)
    if (groups.size === 1) return list
    const key = `${item.id}/${title}`
    const isChanged = rows.some((row) => row.classList.contains('changed'))
    const isOpen = groupsOpen.get(key) ?? (index < 2 || !isMany || isChanged)
    return h(
      'details', { class: 'group', open: isOpen, toggle: (/** @type {any} */ event) => groupsOpen.set(key, event.target.open) },
      h('summary', { 'data-focus': key }, h('h3', {}, title || 'General'), ' ', h('span', { class: 'meaning' }, values.length === 1 ? '1 value' : `${values.length} values`)),
      list,
    )
  })
  const json = JSON.stringify(value, null, 2)
  fill(
    'message',
    h('p', {}, item.note, ' ', h('span', { class: 'meaning' }, `${described.length === 1 ? '1 value' : `${described.length} values`}, ${JSON.stringify(value).length.toLocaleString('en')} bytes of JSON.`)),
    fixed ? h('p', { class: 'hint' }, 'Nothing here can be changed. ', fixed) : h('p', { class: 'hint' }, `Change any value in a frame: ${effectOf(item)}.`),
    ...nodes,
    h('details', { class: 'group' }, h('summary', {}, h('h3', {}, 'The message as JSON')), h('pre', { tabindex: '0', role: 'group', 'aria-label': 'The message as JSON' }, json)),
  )
}

/**
 * What a change of a message does.
 * @param {Item} item
 */
function effectOf({ id, at: where }) {
  if (id === 'request') return 'the verifier compares the answer with what you write'
  if (id === 'public-data' || where === 'ledger') return 'all who read the ledger get what you write'
  return `the ${PARTIES[where].toLowerCase()} gets what you write`
}

/** @param {Item} item */
function wayNode({ from, at: where, wallet }) {
  const party = (/** @type {import('./story.js').Party} */ name) => h('span', { class: 'tag', 'data-party': name }, PARTIES[name])
  if (from) return h('span', { class: 'way' }, party(from), ' → ', party(where))
  return h('span', { class: 'way' }, party(where), wallet ? ' in the wallet' : '')
}

/**
 * @param {Described[]} described
 * @returns {Map<string, Described[]>}
 */
function grouped(described) {
  /** @type {Map<string, Described[]>} */
  const groups = new Map()
  for (const each of described) groups.set(each.group, [...(groups.get(each.group) ?? []), each])
  return groups
}

/**
 * @param {Described} described
 * @param {Item} item
 * @param {Changes} changes
 * @returns {HTMLElement}
 */
function valueNode(described, item, { unedited, edited, edit }) {
  const { pointer, name, meaning, size, source, value, computation } = described
  const { pointer: place, why } = placeOf(item.id, pointer, IDS)
  const isChanged = place !== undefined && JSON.stringify(at(HONEST, place)) !== JSON.stringify(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return h(
    'li', { class: isChanged ? 'value changed' : 'value' },
    h(
      'div', { class: 'what' },
      h('strong', { class: 'name', title: pointer }, ...typeset(name)), ' ',
      source && h('span', { class: 'source', 'data-party': source }, `from the ${PARTIES[source].toLowerCase()}`),
      meaning && h('p', {}, ...typeset(meaning)),
      size && h('p', { class: 'size' }, size),
    ),
    h(
      'div', { class: 'data' },
      place === undefined ? number(text) : editor({ name, value, place, isChanged, isEdited: edited.has(place), before: at(unedited, place), recorded: at(HONEST, place), edit }),
      why && h('p', { class: 'why' }, `Not to be changed: ${why}.`),
      computation && computationNode(computation),
    ),
  )
}
