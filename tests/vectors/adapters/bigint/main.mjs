// The verifier of the lab, `crates/lab/assets/verifier`, as an adapter: the mathematics alone, as in `cl`. It reads
// Indy's own form.

import readline from 'node:readline'
import { Rejection } from '../../../../crates/lab/assets/verifier/check.js'
import { encode } from '../../../../crates/lab/assets/verifier/encode.js'
import { Malformed, readKey, readPresentation, readRequest } from '../../../../crates/lab/assets/verifier/read.js'
import { verify } from '../../../../crates/lab/assets/verifier/verify.js'

// What it can do; `docs/src/vectors.md` has the meanings.
const FEATURES = [
  'verify',
  'encode',
  'predicates',
  'groups',
  'multi-credential',
  'self-attested',
  'unrevealed',
  'ids-legacy',
  'ids-did-indy',
  'ids-did-cheqd',
  'ids-did-webvh',
  'ids-https',
]

const KINDS = {
  verify({ input, public: objects }) {
    const request = readRequest(input.presentation_request)
    const presentation = readPresentation(input.presentation)
    const definitions = objects?.indy?.cred_defs ?? {}
    verify(request, presentation, presentation.credentialDefinitions.map((id) => readKey(definitions[id])))
    return { verdict: 'valid' }
  },
  encode({ input: { raw } }) {
    return { verdict: 'valid', output: { encoded: String(encode(raw)) } }
  },
}

function answer(test) {
  if (!(test.kind in KINDS)) return { verdict: 'unsupported', detail: `it has no ${test.kind}` }
  try {
    return KINDS[test.kind](test)
  } catch (error) {
    // how it refuses; any other error ends the adapter, and the runner reports it
    if (!(error instanceof Rejection || error instanceof Malformed)) throw error
    return { verdict: 'invalid', detail: error.message }
  }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const test = JSON.parse(line)
  const said = test.start
    ? { name: 'bigint', version: '1.0.0', features: FEATURES }
    : { tcId: test.tcId, ...answer(test) }
  process.stdout.write(`${JSON.stringify(said)}\n`)
})
