// The recorded case is verified; each experiment, and a change of each value that can be changed, is not.

import assert from 'node:assert/strict'
import { RECORDED } from '../assets/case.js'
import { describe } from '../assets/describe.js'
import { placeOf } from '../assets/editable.js'
import { EXPERIMENTS } from '../assets/experiments.js'
import { ACTIONS, HONEST, IDS, Model } from '../assets/model.js'
import { at } from '../assets/pointer.js'
import { answerToOffer, answerToRequest } from '../assets/refusals.js'
import { applyEdits, fromHash, toHash } from '../assets/state.js'
import { itemsOf, mainItemOf, meaningOf } from '../assets/story.js'
import { verdictOf } from '../assets/verdict.js'

const failed = (presented) => verdictOf(presented).failures.map(({ check }) => check)
const answers = (presented) =>
  [answerToOffer(presented), answerToRequest(presented, RECORDED.alex.cred_defs[IDS.cred_def], HONEST.offer)].flatMap(({ refusal }) => refusal?.check ?? [])

assert.deepEqual(failed(RECORDED.alex), [])
assert.deepEqual(failed(RECORDED.bea), [])
assert.deepEqual(answers(HONEST), [])

const expected = {
  'changed-raw': ['encoding'],
  'wrong-nonce': ['mathematics'],
  'another-issuer': ['restrictions'],
  'false-predicate': ['predicates'],
  'hidden-value': ['restrictions'],
  'two-holders': ['same-holder'],
}
for (const { id, change } of EXPERIMENTS) {
  const presented = change(structuredClone(RECORDED.alex), structuredClone(RECORDED.bea))
  assert.deepEqual(failed(presented), expected[id], id)
}
assert.equal(EXPERIMENTS.length, Object.keys(expected).length)

/** Another value of the same kind. */
function changed(value) {
  if (Array.isArray(value)) return [...value.slice(0, -1), value.at(-1) ^ 1]
  if (typeof value === 'number') return value + 1
  if (typeof value === 'string' && /^[0-9]+$/.test(value)) return String(BigInt(value) + 1n)
  return typeof value === 'string' ? `${value}x` : '1'
}

// Every value that the page lets a reader change is at its place in the case, and a change of it is noticed.
const model = new Model()
model.state.action = ACTIONS.length
const editable = new Map()
for (const action of ACTIONS) {
  assert.ok(meaningOf(action, false) && mainItemOf(action), `action ${action.action}`)
  for (const item of itemsOf(action)) {
    const root = model.valueOf(item, action)
    if (root === undefined) continue
    for (const { pointer, value } of describe(root)) {
      const { pointer: place } = placeOf(item.id, pointer, IDS)
      if (place === undefined) continue
      // the ledger's transaction writes numbers where the object has texts
      assert.equal(JSON.stringify(at(HONEST, place)), JSON.stringify(value), `${item.id} ${pointer} is not ${place}`)
      editable.set(place, value)
    }
  }
}
assert.ok(editable.size > 80, `${editable.size} values`)
for (const [place, value] of editable) {
  const presented = structuredClone(HONEST)
  applyEdits(presented, [[place, changed(value)]])
  const isEarly = /^\/(offer|credential_request)\//.test(place)
  const noticed = isEarly ? answers(presented) : failed(presented)
  assert.notDeepEqual(noticed, [], `a change of ${place} is not noticed`)
}

// a link brings back the state
const state = { action: 21, item: 'presentation', experiment: '', edits: [['/presentation/proof/aggregated_proof/c_hash', '1&#=é'], ['/offer/nonce', '1']] }
const numbers = [...Array(11).keys()].map((index) => String(index + 1)).concat('11b', '12', '18.1', '18.2')
const link = { ...state, action: 12 }
assert.match(toHash(link, numbers), /^#action=11b&/)
assert.deepEqual(fromHash(toHash(link, numbers), numbers), link)
// an action that is not there is the last one before it
for (const [action, position] of [['12', 13], ['18.2', 15], ['17', 13], ['99', 15], ['0', 1], ['', 1]]) assert.equal(fromHash(`#action=${action}`, numbers).action, position, action)
assert.deepEqual(fromHash('#action=x&edit=1&edit={&edit=["/__proto__/x",1]', numbers), { action: 1, item: '', experiment: '', edits: [] })

console.log(`${EXPERIMENTS.length} experiments and changes of ${editable.size} values fail as they should`)
