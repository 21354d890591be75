// A form for a proof request: what is to be shown, what is to be proved, and which credentials may answer.

import { h } from '../dom.js'

/**
 * @typedef {object} Editing
 * @property {any} request the proof request; the form changes it
 * @property {string[]} names attributes to choose from
 * @property {string[]} restrictions restrictions to choose from, as JSON
 * @property {(structure: boolean) => void} changed called after each change; with `true` where rows come or go
 */

const OPERATORS = ['>=', '>', '<=', '<']

/**
 * Returns the form.
 * @param {Editing} editing
 */
export function requestForm(editing) {
  const { request } = editing
  request.requested_attributes ??= {}
  request.requested_predicates ??= {}
  const lists = [
    h('datalist', { id: 'own-names' }, ...editing.names.map((name) => h('option', { value: name }))),
    h('datalist', { id: 'own-restrictions' }, ...editing.restrictions.map((json) => h('option', { value: json }))),
  ]
  return h(
    'div', { class: 'request-form' },
    ...lists,
    part(editing, 'To be shown', request.requested_attributes, attributeRow, () => ({ name: editing.names[0] ?? '' })),
    part(editing, 'To be proved', request.requested_predicates, predicateRow, () => ({ name: editing.names[0] ?? '', p_type: '>=', p_value: 0 })),
  )
}

/**
 * @param {Editing} editing
 * @param {string} title
 * @param {Record<string, any>} asked by referent
 * @param {(editing: Editing, asked: any, referent: string) => any[]} fields
 * @param {() => any} fresh
 */
function part(editing, title, asked, fields, fresh) {
  const rows = Object.entries(asked).map(([referent, one]) =>
    h(
      'div', { class: 'asked', role: 'group', 'aria-label': referent },
      renaming(editing, asked, referent),
      ...fields(editing, one, referent),
      field('restrictions', { value: one.restrictions ? JSON.stringify(one.restrictions) : '', list: 'own-restrictions', placeholder: 'none: any credential', 'data-own': `${referent}/restrictions` }, (text) => {
        const restrictions = parsed(text)
        if (text.trim() === '') delete one.restrictions
        else one.restrictions = restrictions
        editing.changed(false)
      }),
      h('button', { type: 'button', 'aria-label': `Remove ${referent}`, click: () => { delete asked[referent]; editing.changed(true) } }, '✕'),
    ),
  )
  const add = () => {
    let number = 1
    while (`referent${number}` in editing.request.requested_attributes || `referent${number}` in editing.request.requested_predicates) number++
    asked[`referent${number}`] = fresh()
    editing.changed(true)
  }
  return h('fieldset', {}, h('legend', {}, title), ...rows, h('button', { type: 'button', click: add }, 'Add'))
}

/**
 * @param {Editing} editing
 * @param {Record<string, any>} asked
 * @param {string} referent
 */
function renaming(editing, asked, referent) {
  return field('referent', { value: referent, 'data-own': `${referent}/referent` }, (text) => {
    if (text === '' || text in asked) return
    const entries = Object.entries(asked).map(([name, one]) => [name === referent ? text : name, one])
    for (const name of Object.keys(asked)) delete asked[name]
    Object.assign(asked, Object.fromEntries(entries))
    editing.changed(true)
  }, 'change')
}

/**
 * @param {Editing} editing
 * @param {any} one
 * @param {string} referent
 */
function attributeRow(editing, one, referent) {
  const shown = one.names ? one.names.join(', ') : one.name ?? ''
  return [
    field('attributes', { value: shown, list: 'own-names', 'data-own': `${referent}/name` }, (text) => {
      const names = text.split(',').map((name) => name.trim())
      delete one.name
      delete one.names
      if (names.length > 1) one.names = names.filter((name) => name !== '')
      else one.name = names[0]
      editing.changed(false)
    }),
  ]
}

/**
 * @param {Editing} editing
 * @param {any} one
 * @param {string} referent
 */
function predicateRow(editing, one, referent) {
  const choose = (/** @type {any} */ event) => {
    one.p_type = event.target.value
    editing.changed(false)
  }
  const operators = OPERATORS.map((operator) => h('option', { selected: operator === one.p_type }, operator))
  return [
    field('attribute', { value: one.name ?? '', list: 'own-names', 'data-own': `${referent}/name` }, (text) => {
      one.name = text.trim()
      editing.changed(false)
    }),
    h('label', {}, h('span', {}, 'comparison'), h('select', { change: choose }, ...operators)),
    field('number', { value: one.p_value ?? '', inputmode: 'numeric', 'data-own': `${referent}/value` }, (text) => {
      one.p_value = parsed(text)
      editing.changed(false)
    }),
  ]
}

/**
 * @param {string} label
 * @param {Record<string, any>} properties
 * @param {(text: string) => void} changed
 * @param {'input' | 'change'} event
 */
function field(label, properties, changed, event = 'input') {
  const listen = { [event]: (/** @type {any} */ { target }) => changed(target.value) }
  const input = h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...properties, ...listen })
  return h('label', { class: label === 'restrictions' ? 'wide' : '' }, h('span', {}, label), input)
}

/** Returns what a JSON text means, or the text itself. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
