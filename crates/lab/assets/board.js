// What each party has: a card for each, with what is in its wallet and in its program's memory.

import { fill, h, icon } from './dom.js'
import { ACTIONS, IS_OWN } from './model.js'
import { OWN_ROLES, PARTIES, ROLES, itemsOf } from './story.js'

/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./story.js').Item} Item */
/** @typedef {import('./story.js').Party} Party */
/** @typedef {{item: Item, isNew: boolean}} Held */

/**
 * @param {Model} model
 * @param {(change: Partial<import('./state.js').State>) => void} go
 */
export function renderBoard(model, go) {
  const done = ACTIONS.slice(0, model.state.action)
  for (const party of /** @type {Party[]} */ (Object.keys(PARTIES))) {
    const held = done.flatMap((action, index) =>
      itemsOf(action)
        .filter(({ at }) => at === party)
        .map((item) => ({ item, isNew: index === model.state.action - 1 })),
    )
    const list = (/** @type {Held[]} */ some) => h('ul', {}, ...some.map((each) => itemNode(each, model, go)))
    const parts = party === 'ledger' ? [list(held)] : [
      ...section('Wallet', held.filter(({ item }) => item.wallet), list, party === 'verifier' ? 'none: it needs no secret' : 'none yet'),
      ...section('Memory', held.filter(({ item }) => !item.wallet), list, 'empty'),
    ]
    const element = fill(party, h('h2', {}, PARTIES[party]), h('p', { class: 'role' }, (IS_OWN ? OWN_ROLES : ROLES)[party]), ...parts)
    element.dataset.party = party
  }
}

/**
 * @param {string} title
 * @param {Held[]} held
 * @param {(held: Held[]) => Node} list
 * @param {string} otherwise
 */
function section(title, held, list, otherwise) {
  return [h('h3', { class: 'small' }, title), held.length ? list(held) : h('p', { class: 'empty' }, otherwise)]
}

/**
 * @param {Held} held
 * @param {Model} model
 * @param {(change: Partial<import('./state.js').State>) => void} go
 */
function itemNode({ item, isNew }, model, go) {
  const isChanged = model.differs(CONTENTS[item.id] ?? '')
  const isOpen = model.state.item === item.id
  const marks = [
    item.secret ? h('span', { class: 'mark', title: 'a secret' }, icon('lock'), h('span', { class: 'unseen' }, 'a secret')) : undefined,
    isChanged ? h('span', { class: 'mark changed' }, 'changed') : undefined,
    isNew ? h('span', { class: 'mark new' }, 'new') : undefined,
  ]
  const from = item.from && h('span', { class: 'from', 'data-party': item.from }, h('span', { class: 'unseen' }, 'from the '), h('span', { 'aria-hidden': 'true' }, '← '), PARTIES[item.from])
  const button = h(
    'button',
    {
      type: 'button',
      id: `item-${item.id}`,
      'data-focus': `item-${item.id}`,
      'aria-pressed': String(isOpen),
      class: `item${isNew ? ' is-new' : ''}`,
      click: () => go({ item: item.id }),
    },
    h('span', {}, item.title), from, ...marks,
  )
  return h('li', {}, button)
}

/** By message: what it delivers of the case. @type {Record<string, string>} */
const CONTENTS = {
  offer: '/offer',
  'credential-request': '/credential_request',
  request: '/presentation_request',
  presentation: '/presentation',
  'schema-entry': '/schemas/$schema',
  'cred-def-entry': '/cred_defs/$cred_def',
}
