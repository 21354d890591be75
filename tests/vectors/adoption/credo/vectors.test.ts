// Credo's verifier on the test vectors: `packages/anoncreds/src/anoncreds-rs/__tests__/vectors.test.ts`, with the archive
// in `vectors` beside it. For vitest with its globals, or jest.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { anoncredsNodeJS as anoncreds } from '@hyperledger/anoncreds-nodejs'
import { AnonCredsRsVerifierService } from '../AnonCredsRsVerifierService'

const FEATURES = `verify predicates groups multi-credential self-attested unrevealed restrictions intervals revocation
  encoding structure ids-legacy ids-did-indy ids-did-cheqd ids-did-webvh ids-https`.split(/\s+/)
// what is answered otherwise, and why: by a test's id or one of its flags
const KNOWN: Record<string, string> = {
  RAW_CHANGED: 'the text of a value is compared elsewhere',
  'restrictions::marker': 'attr::<name>::marker of a revealed attribute',
  'forms::without-predicates': 'a request without requested_predicates',
}
const ENTRIES = 'in-interval entry-at-the-beginning entry-at-the-end entry-at-the-only-moment interval-without-a-beginning'
for (const name of `${ENTRIES} interval-without-an-end`.split(' '))
  KNOWN[`nonrevocation::${name}`] = 'restrictions as an object, beside an interval'
const vectors = join(__dirname, 'vectors')
const files = readdirSync(vectors).filter((name) => name.startsWith('verify_'))
const groups = files.flatMap((name) => JSON.parse(readFileSync(join(vectors, name), 'utf8')).testGroups)
const agentContext = { config: { logger: { debug: () => undefined } } } as never

describe('test vectors', () => {
  test('the library is there', () => expect(anoncreds.version()).toBeTruthy())
  for (const { public: { anoncreds: objects }, tests } of groups) {
    const registries = Object.entries<object>(objects.rev_reg_defs ?? {}).map(([id, definition]) => {
      return [id, { definition, revocationStatusLists: objects.rev_status_lists?.[id] ?? {} }]
    })
    for (const { id, comment, flags, features, input, result } of tests) {
      if (!features.every((feature: string) => FEATURES.includes(feature))) continue
      if (input.nonrevoked_interval_override) continue // Credo looks for the registry itself
      test(`${id}: ${comment}`, async () => {
        const options = {
          proofRequest: input.presentation_request,
          proof: input.presentation,
          schemas: objects.schemas,
          credentialDefinitions: objects.cred_defs,
          revocationRegistries: Object.fromEntries(registries),
        }
        const isVerified = await new AnonCredsRsVerifierService()
          .verifyProof(agentContext, options)
          .catch(() => false)
        const isRight = result === 'acceptable' || isVerified === (result === 'valid')
        expect(isRight).toBe(![id, ...flags].some((name) => name in KNOWN))
      })
    }
  }
})
