// The verdict on a case: the checks of the verifier, and those around it that the tutorial's case needs:
// public data, raw values, restrictions.

import { factsOf, holds } from './restrictions.js'
import { CHECKS, Rejection } from './verifier/check.js'
import { encode } from './verifier/encode.js'
import { LINK_SECRET, fold, readKey, readPresentation, readRequest } from './verifier/read.js'
import { trace } from './verifier/verify.js'

/** @typedef {import('./verifier/verify.js').Trace} Trace */
/** @typedef {import('./verifier/read.js').Key} Key */
/** @typedef {import('./verifier/read.js').ProofRequest} ProofRequest */
/** @typedef {import('./verifier/read.js').Presentation} Presentation */
/** @typedef {{check: string, message: string, equation?: string}} Failure */
/** @typedef {{meaning: string, check?: string, outcome: 'passed' | 'failed' | 'not reached'}} Outcome */
/**
 * @typedef {object} Verdict
 * @property {Failure[]} failures nothing for what is verified
 * @property {Outcome[]} checks
 * @property {Trace | undefined} trace the numbers, where they can be computed
 * @property {number} milliseconds
 */

/**
 * Verifies a case.
 * @param {any} presented request, presentation and public data
 * @returns {Verdict}
 */
export function verdictOf(presented) {
  const start = performance.now()
  /** @type {Failure[]} */
  const failures = []
  /** @type {Outcome[]} */
  const checks = []
  /** @type {Trace | undefined} */
  let numbers
  /**
   * @param {string} meaning
   * @param {string} name the name of the check, if the error does not say it
   * @param {() => void} check
   * @returns {boolean}
   */
  const run = (meaning, name, check) => {
    try {
      check()
      checks.push({ meaning, outcome: 'passed' })
      return true
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const known = error instanceof Rejection ? error : undefined
      const failed = known?.check ?? name
      failures.push({ check: failed, message, equation: known?.equation })
      checks.push({ meaning, check: failed, outcome: 'failed' })
      return false
    }
  }
  const skip = (/** @type {string} */ meaning) => void checks.push({ meaning, outcome: 'not reached' })

  /** @type {{arguments?: [ProofRequest, Presentation, Key[]]}} */
  const read = {}
  let goesOn = run('The ledger has the schemas and keys that the presentation names.', 'public-data', () => checkPublicData(presented))
  const form = 'Request and presentation are in their form.'
  if (!goesOn) skip(form)
  else goesOn = run(form, 'number-form', () => {
    const presentation = readPresentation(presented.presentation)
    const keys = presentation.credentialDefinitions.map((id) => readKey(presented.cred_defs[id]))
    read.arguments = [readRequest(presented.presentation_request), presentation, keys]
  })
  const given = read.arguments
  for (const [meaning, check] of CHECKS) {
    if (goesOn && given) goesOn = run(meaning, '', () => check(...given))
    else skip(meaning)
  }
  for (const [meaning, name, check] of AROUND) {
    if (goesOn) run(meaning, name, () => check(presented))
    else skip(meaning)
  }
  const meaning = 'The recomputed values hash to the challenge.'
  if (goesOn && given) {
    run(meaning, 'mathematics', () => {
      numbers = trace(...given)
      if (numbers.recomputed !== numbers.claimed) {
        throw new Rejection('mathematics', 'the recomputed numbers hash to something else than the challenge of the proof')
      }
    })
  } else {
    skip(meaning)
    // The numbers are of interest all the same, if there are any.
    try {
      if (given) numbers = trace(...given)
    } catch {
      numbers = undefined
    }
  }
  return { failures, checks, trace: numbers, milliseconds: performance.now() - start }
}

/** @type {[string, string, (presented: any) => void][]} */
const AROUND = [
  ['Every revealed text encodes to the value that is proved.', 'encoding', checkEncodings],
  ['Each key is for the schema that the presentation names, and has a base for each of its attributes.', 'schema-of-cred-def', checkSchemas],
  ['Each restriction holds for the credential that answers.', 'restrictions', checkRestrictions],
]

/** @param {any} presented */
function checkPublicData({ presentation, schemas, cred_defs: definitions }) {
  for (const { schema_id: schema, cred_def_id: definition, rev_reg_id: registry, timestamp } of presentation?.identifiers ?? []) {
    if (!Object.hasOwn(schemas, schema)) throw new Rejection('public-data', `the ledger has no schema ${schema}`)
    if (!Object.hasOwn(definitions, definition)) throw new Rejection('public-data', `the ledger has no credential definition ${definition}`)
    if ((registry ?? timestamp ?? null) !== null && !definitions[definition].value?.revocation) throw new Rejection('non-revocation', `${definition} is for credentials that cannot be revoked, but a registry or a time is named`)
  }
}

/** @param {any} presented */
function checkSchemas({ presentation, schemas, cred_defs: definitions }) {
  for (const { schema_id: id, cred_def_id: definition } of presentation.identifiers) {
    const { schemaId, value } = definitions[definition]
    const { seqNo, attrNames } = schemas[id]
    if (String(seqNo) !== String(schemaId)) {
      throw new Rejection('schema-of-cred-def', `${definition} is for the schema with the number ${schemaId}, but ${id} has the number ${seqNo}`)
    }
    const [bases, expected] = [Object.keys(value.primary.r), [...attrNames.map(fold), LINK_SECRET]].map((names) => names.sort().join(', '))
    if (bases !== expected) throw new Rejection('hidden-set', `${definition} has bases for ${bases}, but schema and link secret need ${expected}`)
  }
}

/** @param {any} presented */
function checkEncodings({ presentation }) {
  const { revealed_attrs: single, revealed_attr_groups: groups } = presentation.requested_proof
  const grouped = Object.entries(groups ?? {}).flatMap(([referent, { values }]) => Object.values(values).map((value) => [referent, value]))
  for (const [referent, answer] of [...Object.entries(single ?? {}), ...grouped]) {
    const { raw, encoded } = /** @type {any} */ (answer)
    if (typeof raw !== 'string' || String(encode(raw)) !== encoded) {
      throw new Rejection('encoding', `${referent}: the text ${JSON.stringify(raw)} does not encode to the number that is proved`)
    }
  }
}

/** @param {any} presented */
function checkRestrictions(presented) {
  const { presentation_request: request, presentation } = presented
  const { revealed_attrs: revealed, revealed_attr_groups: groups, unrevealed_attrs: unrevealed, predicates } = presentation.requested_proof
  const answers = { ...revealed, ...groups, ...unrevealed, ...predicates }
  const asked = { ...request.requested_attributes, ...request.requested_predicates }
  for (const [referent, { restrictions }] of Object.entries(/** @type {Record<string, any>} */ (asked))) {
    if (!restrictions) continue
    const facts = factsOf(presented, answers[referent]?.sub_proof_index)
    const result = holds(restrictions, facts)
    if (result) continue
    const why = result === false ? 'the credential that answers is another' : 'it is about a value that is hidden'
    throw new Rejection('restrictions', `${referent}: ${JSON.stringify(restrictions)} does not hold: ${why}`)
  }
}

/**
 * What the verifier learns of a presentation that is verified.
 * @typedef {object} Learned
 * @property {{name: string, raw: string}[]} shown
 * @property {string[]} proved
 * @property {string[]} hidden
 */

/**
 * @param {any} presented a case that is verified
 * @returns {Learned}
 */
export function learnedFrom({ presentation_request: request, presentation, schemas }) {
  const { revealed_attrs: single, revealed_attr_groups: groups } = presentation.requested_proof
  const shown = [
    ...Object.entries(single ?? {}).map(([referent, answer]) => ({ name: String(request.requested_attributes[referent]?.name), raw: String(/** @type {any} */ (answer).raw) })),
    ...Object.values(groups ?? {}).flatMap(({ values }) => Object.entries(values).map(([name, value]) => ({ name, raw: String(/** @type {any} */ (value).raw) }))),
  ]
  const predicates = /** @type {any[]} */ (Object.values(request.requested_predicates ?? {}))
  const proved = predicates.map(({ name, p_type: operator, p_value: bound }) => `${name} ${operator.replace('>=', '≥').replace('<=', '≤')} ${bound}`)
  const names = presentation.identifiers.flatMap((/** @type {any} */ { schema_id: id }) => schemas[id].attrNames)
  return { shown, proved, hidden: names.filter((/** @type {string} */ name) => !shown.some((each) => each.name === name)) }
}
