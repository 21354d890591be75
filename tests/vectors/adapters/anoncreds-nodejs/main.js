// The npm package `@hyperledger/anoncreds-nodejs` as an adapter: what Credo and other wallets in Node use. It reads the
// form of AnonCreds 1.0.

const readline = require('node:readline')
const { Presentation, PresentationRequest } = require('@hyperledger/anoncreds-shared')
require('@hyperledger/anoncreds-nodejs')
const { version } = require('@hyperledger/anoncreds-nodejs/package.json')

// What it can do; `docs/src/vectors.md` has the meanings.
const FEATURES = [
  'verify',
  'predicates',
  'groups',
  'multi-credential',
  'self-attested',
  'unrevealed',
  'restrictions',
  'intervals',
  'revocation',
  'encoding',
  'structure',
  'ids-legacy',
  'ids-did-indy',
  'ids-did-cheqd',
  'ids-did-webvh',
  'ids-https',
]

// Returns the overrides of a test in the form of the package.
function overrides(given) {
  return Object.entries(given ?? {}).flatMap(([registry, times]) =>
    Object.entries(times).map(([asked, used]) => ({
      revocationRegistryDefinitionId: registry,
      requestedFromTimestamp: Number(asked),
      overrideRevocationStatusListTimestamp: used,
    }))
  )
}

function verify({ input, public: { anoncreds: objects } }) {
  if (!objects) return { verdict: 'unsupported', detail: 'there is no public data in this form' }
  const lists = Object.values(objects.rev_status_lists ?? {}).flatMap((times) => Object.values(times))
  const handles = []
  try {
    const load = (type, name) => {
      const object = type.fromJson(input[`${name}_json`] ?? input[name])
      handles.push(object.handle)
      return object
    }
    const isVerified = load(Presentation, 'presentation').verify({
      presentationRequest: load(PresentationRequest, 'presentation_request'),
      schemas: objects.schemas ?? {},
      credentialDefinitions: objects.cred_defs ?? {},
      revocationRegistryDefinitions: objects.rev_reg_defs,
      revocationStatusLists: lists.length ? lists : undefined,
      nonRevokedIntervalOverrides: overrides(input.nonrevoked_interval_override),
    })
    return isVerified ? { verdict: 'valid' } : { verdict: 'invalid', detail: 'the proof does not verify' }
  } catch (error) {
    // how the library refuses; any other error ends the adapter, and the runner reports it
    if (error.constructor.name !== 'AnoncredsError') throw error
    return { verdict: 'invalid', detail: error.message }
  } finally {
    for (const handle of handles) handle.clear()
  }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const test = JSON.parse(line)
  let said
  if (test.start) said = { name: 'anoncreds-nodejs', version, features: FEATURES }
  else if (test.kind !== 'verify') said = { tcId: test.tcId, verdict: 'unsupported', detail: 'it is asked to verify only' }
  else said = { tcId: test.tcId, ...verify(test) }
  process.stdout.write(`${JSON.stringify(said)}\n`)
})
