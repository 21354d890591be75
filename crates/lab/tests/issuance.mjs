// The two proofs before a credential is issued, on the corpus' tests of keys and of credential requests.

import { readFileSync } from 'node:fs'
import { Rejection } from '../assets/verifier/check.js'
import { traceKeyProof, traceSecretProof } from '../assets/verifier/issuance.js'
import { Malformed, readKey } from '../assets/verifier/read.js'

const KINDS = {
  key_correctness: (input, key) => traceKeyProof(input, key),
  credential_request: ({ request, offer }, key) => traceSecretProof(request, key, offer.nonce),
}

function verdict(compute, input) {
  try {
    const { recomputed, claimed } = compute(input, readKey(input.cred_def))
    return recomputed === claimed ? 'valid' : 'invalid'
  } catch (error) {
    if (!(error instanceof Rejection || error instanceof Malformed)) throw error
    return 'invalid'
  }
}

const wrong = []
let right = 0
for (const [kind, compute] of Object.entries(KINDS)) {
  const { testGroups } = JSON.parse(readFileSync(new URL(`../../../tests/vectors/${kind}.json`, import.meta.url)))
  for (const { tcId, comment, input, result } of testGroups.flatMap(({ tests }) => tests)) {
    const said = verdict(compute, input)
    if (said === result || result === 'acceptable') right++
    else wrong.push(`${kind} ${tcId} (${comment}): ${said} instead of ${result}`)
  }
}
console.log(`${right} right, ${wrong.length} wrong`)
for (const line of wrong) console.log(line)
// that the corpus is there
process.exit(wrong.length > 0 || right < 80 ? 1 : 0)
