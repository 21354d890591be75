// What the server adds to the page, as far as it needs no browser: plans, clock, times, and files of a scenario.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readFiles } from '../assets/served/files.js'
import { ago } from '../assets/served/homes.js'
import { PLANS } from '../assets/served/plans.js'
import { elapsed, partAt } from '../assets/served/schedule.js'

// a plan has the minutes that it is called by
for (const [minutes, parts] of Object.entries(PLANS)) {
  assert.equal(parts.reduce((sum, part) => sum + part.minutes, 0), Number(minutes))
}

// the clock in the lab is that of the book's plans
const book = readFileSync(new URL('../../../docs/src/teaching.md', import.meta.url), 'utf8')
const tables = book.split('| minutes | the class |').slice(1).map((table) => [...table.split('\n\n')[0].matchAll(/^\| (\d+) \|/gm)].map((row) => Number(row[1])))
assert.deepEqual(tables, Object.values(PLANS).map((parts) => parts.map((part) => part.minutes)))

// a clock that is paused stands still, and the last part does not end
const MINUTE = 60_000
assert.equal(elapsed({ elapsed: 5, since: null }, 100), 5)
assert.equal(elapsed({ elapsed: 5, since: 90 }, 100), 15)
const parts = [{ minutes: 5 }, { minutes: 10 }]
assert.deepEqual(partAt(parts, 0), { index: 0, begin: 0, end: 5 * MINUTE })
assert.equal(partAt(parts, 5 * MINUTE - 1).index, 0)
assert.equal(partAt(parts, 5 * MINUTE).index, 1)
assert.equal(partAt(parts, 60 * MINUTE).index, 1)

const now = Date.parse('2026-11-28T12:00:00Z')
for (const [time, text] of [['2026-11-28T11:59:58Z', '2 s ago'], ['2026-11-28T11:30:00Z', '30 min ago'], ['2026-11-28T09:00:00Z', '3 h ago'], ['2026-11-25T12:00:00Z', '3 days ago'], [undefined, '']]) {
  assert.equal(ago(time, now), text)
}

const chosen = (path, text) => ({ path, file: new File([text], path.split('/').at(-1)) })

// a directory is taken from where its kinds of files are, without hidden files
const directory = await readFiles([
  chosen('loan/issuers/bank.json', '{}'), chosen('loan/photos/kim.png', 'x'), chosen('loan/.git/config', 'x'), chosen('loan/requests/r.json', '{}'),
])
assert.deepEqual(directory, { 'issuers/bank.json': '{}', 'photos/kim.png': { base64: 'eA==' }, 'requests/r.json': '{}' })

// a request and values become a scenario
const request = { name: 'job', version: '1.0', nonce: '1', requested_attributes: { a: { name: 'degree' } }, requested_predicates: {} }
const made = await readFiles([
  chosen('request.json', JSON.stringify({ proof_request: request })), chosen('ann.json', '{"name": "Ann", "photo": {"file": "x/ann.png"}}'), chosen('ann.png', 'x'),
])
const read = (path) => JSON.parse(made[path])
assert.deepEqual(read('issuers/issuer.json').schemas, [{ name: 'own', version: '1.0', attributes: ['name', 'photo'] }])
assert.deepEqual(read('requests/request.json'), { holder: 'holder', proof_request: request })
assert.deepEqual(read('credentials/credential.json').values.photo, { file: 'files/ann.png' })
assert.deepEqual(made['files/ann.png'], { base64: 'eA==' })

// a schema and values: the request asks for the first attribute
const schema = await readFiles([chosen('degree.json', '{"name": "degree", "version": "2.0", "attributes": ["grade"]}'), chosen('ann.json', '{"grade": 2}')])
assert.equal(JSON.parse(schema['requests/request.json']).proof_request.requested_attributes.value.restrictions.cred_def_id, '${cred_def.issuer.degree}')
await assert.rejects(readFiles([chosen('x.png', 'x')]), /neither a proof request nor/)
