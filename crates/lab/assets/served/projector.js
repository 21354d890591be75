// The projector: one action at a time, in large type.

import { RECORDED } from '../case.js'
import { byId, fill, h } from '../dom.js'
import { PARTIES, itemsOf } from '../story.js'

/** @type {any[]} */
const ACTIONS = RECORDED.actions

/** How many actions there are. */
export const COUNT = ACTIONS.length

/**
 * Shows an action.
 * @param {number} number counted from 1
 */
export function showAction(number) {
  const action = ACTIONS[number - 1]
  const items = itemsOf(action).map(({ title, at, from, note }) =>
    h(
      'div', { class: 'item', 'data-party': from ?? at },
      h('p', { class: 'way' }, from ? `${PARTIES[from]} → ${PARTIES[at]}` : PARTIES[at]),
      h('p', { class: 'title' }, title),
      h('p', { class: 'note' }, note),
    ),
  )
  fill('projected', h('p', { class: 'label' }, `Step ${action.step} · action ${action.action}`), h('h2', {}, action.label), ...items)
  byId('previous').disabled = number === 1
  byId('following').disabled = number === COUNT
}
