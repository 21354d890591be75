// The actions in a row, each a button that goes there; and what the current action does.

import { fill, h } from './dom.js'
import { ACTIONS, CHECKED, IS_OWN } from './model.js'
import { PARTIES, PARTS, itemsOf, meaningOf } from './story.js'

/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./story.js').Item} Item */
/** @typedef {(change: Partial<import('./state.js').State>) => void} Go */

/**
 * @param {Model} model
 * @param {(action: number) => void} goTo
 */
export function renderTimeline(model, goTo) {
  const parts = PARTS.map(([title, first, last]) => {
    const steps = ACTIONS.flatMap(({ action }, index) => {
      const number = parseInt(String(action), 10)
      return number >= first && number <= last ? [h('li', {}, stepButton(model, index + 1, goTo))] : []
    })
    return h('li', { class: 'part', style: `--actions: ${steps.length}` }, h('span', { class: 'part-title' }, title), h('ol', {}, ...steps))
  })
  fill('timeline', h('ol', { class: 'parts' }, ...parts))
}

/**
 * @param {Model} model
 * @param {number} position
 * @param {(action: number) => void} goTo
 */
function stepButton(model, position, goTo) {
  const { action: current } = model.state
  const { action, label } = ACTIONS[position - 1]
  const outcome = position <= current ? outcomeOf(model, position) : ''
  const classes = [position < current ? 'done' : position === current ? 'current' : '', outcome].filter(Boolean).join(' ')
  return h(
    'button',
    {
      type: 'button',
      class: classes,
      title: `${action}. ${label}`,
      'aria-label': `Action ${action}: ${label}${outcome ? `, ${outcome}` : ''}`,
      'aria-current': position === current ? 'step' : undefined,
      'data-focus': `action-${position}`,
      click: () => goTo(position),
    },
    String(action),
  )
}

/**
 * @param {Model} model
 * @param {number} position
 */
function outcomeOf(model, position) {
  const { offer, request, verdict } = model.current()
  if (position === CHECKED.offer && offer?.refusal) return 'refused'
  if (position === CHECKED.request && request?.refusal) return 'refused'
  if (position === CHECKED.presentation && verdict) return verdict.failures.length ? 'refused' : 'accepted'
  return ''
}

/**
 * Shows the current action, and what it has changed.
 * @param {Model} model
 * @param {Go} go
 */
export function renderAction(model, go) {
  const action = ACTIONS[model.state.action - 1]
  const changes = itemsOf(action).map((item) => h('li', { 'data-party': item.from ?? item.at }, ...changeParts(item, go)))
  fill(
    'action',
    h('h2', {}, h('span', { class: 'ordinal' }, String(action.action)), ` ${action.label}`),
    h('p', {}, meaningOf(action, IS_OWN)),
    h('h3', { class: 'small' }, 'What changed in this action'),
    h('ul', { class: 'changes' }, ...changes),
  )
  fill('count', h('span', { class: 'wide' }, 'Action '), h('strong', {}, String(action.action)), ' of 24')
}

/**
 * Returns where an item has appeared.
 * @param {Item} item
 */
export function whereOf({ from, at, wallet }) {
  if (from === 'ledger') return `${PARTIES.ledger} → ${PARTIES[at]}, read`
  if (from) return `${PARTIES[from]} → ${PARTIES[at]}, sent`
  if (at === 'ledger') return PARTIES.ledger
  return `${PARTIES[at]}, ${wallet ? 'in the wallet' : 'in memory'}`
}

/**
 * @param {Item} item
 * @param {Go} go
 */
function changeParts(item, go) {
  const open = h('button', { type: 'button', class: 'link', 'data-focus': `change-${item.id}`, click: () => go({ item: item.id }) }, item.title)
  return [h('span', { class: 'plus', 'aria-hidden': 'true' }, '+'), h('span', { class: 'where' }, whereOf(item)), ' ', open, ' ', h('span', { class: 'meaning' }, item.note)]
}
