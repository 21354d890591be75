// The recorded case is verified; each experiment, and a change of each value, is not.

import assert from 'node:assert/strict'
import { RECORDED } from '../assets/case.js'
import { describe } from '../assets/describe.js'
import { EXPERIMENTS } from '../assets/experiments.js'
import { applyEdits, fromHash, toHash } from '../assets/state.js'
import { verdictOf } from '../assets/verdict.js'

const failed = (presented) => verdictOf(presented).failures.map(({ check }) => check)

assert.deepEqual(failed(RECORDED.alex), [])
assert.deepEqual(failed(RECORDED.bea), [])

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

// one digit more in any number of the proof
const { presentation } = RECORDED.alex
for (const { pointer, value } of describe(presentation)) {
  if (!pointer.startsWith('/proof/') || typeof value !== 'string' || !/^[0-9]+$/.test(value)) continue
  const presented = structuredClone(RECORDED.alex)
  applyEdits(presented, [[`/presentation${pointer}`, String(BigInt(value) + 1n)]])
  assert.notDeepEqual(failed(presented), [], pointer)
}

// a link brings back the state
const state = { action: 21, item: 'presentation', experiment: '', edits: [['/presentation/proof/aggregated_proof/c_hash', '1&#=é']] }
assert.deepEqual(fromHash(toHash(state), 25), state)
assert.deepEqual(fromHash('#action=x&edit=1&edit={', 25), { action: 1, item: '', experiment: '', edits: [] })
