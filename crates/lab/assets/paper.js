// The page for paper: all actions with their messages, and the verdict. It is made when it is printed.

import { describe } from './describe.js'
import { byId, fill, h, shortened } from './dom.js'
import { ACTIONS, IS_OWN } from './model.js'
import { computation } from './numbers-view.js'
import { PARTS, itemsOf, meaningOf } from './story.js'
import { whereOf } from './timeline.js'
import { typeset } from './typeset.js'
import { textOf } from './value-view.js'

/** @typedef {import('./model.js').Model} Model */

/** Values of a message beyond these are left out on paper. */
const MAX_VALUES = 60

/** @param {Model} model */
function renderPaper(model) {
  const parts = PARTS.map(([title, first, last]) => {
    const actions = ACTIONS.filter(({ action }) => parseInt(String(action), 10) >= first && parseInt(String(action), 10) <= last)
    return h('div', {}, h('h2', {}, title), ...actions.map((action) => actionNode(model, action)))
  })
  const { verdict } = model.current()
  const numbers = verdict && model.honest ? [h('h2', {}, 'What the verifier computes'), ...computation(verdict, model.honest)] : []
  for (const node of numbers) if (node instanceof HTMLDetailsElement) node.open = true
  fill('paper', ...parts, ...numbers)
}

/**
 * @param {Model} model
 * @param {import('./model.js').Action} action
 */
function actionNode(model, action) {
  const items = itemsOf(action).map((item) => {
    const value = model.valueOf(item, action)
    const isAlreadyThere = item.from === 'ledger' || item.id === 'cred-def' || item.id === 'verdict'
    const described = value === undefined || isAlreadyThere ? [] : describe(value).slice(0, MAX_VALUES)
    const rows = described.map(({ name, meaning, size, value: each }) =>
      h('tr', {}, h('th', { scope: 'row' }, ...typeset(name)), h('td', {}, ...typeset(meaning)), h('td', {}, size), h('td', { class: 'number' }, shortened(textOf(each)))),
    )
    return h('div', {}, h('p', {}, h('strong', {}, item.title), ` (${whereOf(item)}). ${item.note}`), rows.length ? h('table', {}, h('tbody', {}, ...rows)) : undefined)
  })
  return h('div', { class: 'paper-action' }, h('h3', {}, `${action.action}. ${action.label}`), h('p', {}, meaningOf(action, IS_OWN)), ...items)
}

/** @param {Model} model */
export function startPaper(model) {
  const print = matchMedia('print')
  const make = () => renderPaper(model)
  window.addEventListener('beforeprint', make)
  print.addEventListener('change', ({ matches }) => (matches ? make() : byId('paper').replaceChildren()))
  window.addEventListener('afterprint', () => byId('paper').replaceChildren())
}
