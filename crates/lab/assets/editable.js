// Which values of a message can be changed, and where they are in the case: a change there has an effect
// that the page computes. For the others it is said why not.

/**
 * @typedef {object} Place
 * @property {string} [pointer] where the value is in the case
 * @property {string} [why] why it cannot be changed
 */

/** The parts of a case that a change can be in. */
export const ROOTS = ['presentation_request', 'presentation', 'schemas', 'cred_defs', 'offer', 'credential_request']

const NO_CHECK = 'no check that this page computes reads it'
const SCHEMA = '/schemas/$schema'
const DEFINITION = '/cred_defs/$cred_def'

/**
 * By message: patterns of pointers, each with where the value is in the case, or the reason that it cannot be changed.
 * @type {Record<string, [pattern: RegExp, place: string, why?: string][]>}
 */
const RULES = {
  request: [
    [/^\/(name|version)$/, '', NO_CHECK],
    [/^(.*)$/, '/presentation_request$1'],
  ],
  presentation: [[/^(.*)$/, '/presentation$1']],
  offer: [[/^(.*)$/, '/offer$1']],
  'credential-request': [
    [/^\/(nonce|prover_did)$/, '', 'it counts for the signature, which the issuer makes with its private key: the page cannot compute that'],
    [/^\/(blinded_ms\/ur|blinded_ms_correctness_proof\/r_caps.*|blinded_ms\/committed_attributes.*)$/, '', 'it is only for credentials that can be revoked, or commit to values'],
    [/^(.*)$/, '/credential_request$1'],
  ],
  'schema-entry': [
    [/^\/result\/txn\/data\/data\/attr_names(\/\d+)$/, `${SCHEMA}/attrNames$1`],
    [/^\/result\/txnMetadata\/seqNo$/, `${SCHEMA}/seqNo`],
    [/^/, '', NO_CHECK],
  ],
  'cred-def-entry': [
    [/^\/result\/txn\/data\/data(\/primary\/.*)$/, `${DEFINITION}/value$1`],
    [/^\/result\/txn\/data\/ref$/, `${DEFINITION}/schemaId`],
    [/^/, '', NO_CHECK],
  ],
  'public-data': [
    [/^(\/schemas\/[^/]+\/(?:attrNames\/\d+|seqNo))$/, '$1'],
    [/^(\/cred_defs\/[^/]+\/(?:value\/primary\/.*|schemaId))$/, '$1'],
    [/^/, '', NO_CHECK],
  ],
}

/** By message: why none of its values can be changed. @type {Record<string, string>} */
const FIXED = {
  schema: "This is the issuer's own copy. Everyone else reads the ledger's, from action 10 on: change it there.",
  'schema-request': "The ledger checks the signature of the request, which this page does not compute. Change the ledger's copy, in action 10.",
  'schema-read': "Change the ledger's copy, in action 10.",
  'cred-def': "This is the issuer's own copy. Everyone else reads the ledger's, from action 11b on: change it there.",
  'key-read': "Change the ledger's copy, in action 11b.",
  nym: 'The ledger checks the signature of the request, which this page does not compute.',
  'nym-request': 'The ledger checks the signature of the request, which this page does not compute.',
  credential: 'The holder checks the signature on these values in action 17. The signature is a secret of the holder and not in this page, so that it cannot compute what a change would do. Change the shown text in the presentation, in action 20.',
}

/**
 * @param {string} item the id of a message
 * @returns {string} why none of its values can be changed; nothing if some can
 */
export function whyFixed(item) {
  return item in RULES ? '' : FIXED[item] ?? 'No check that this page computes reads these values.'
}

/**
 * @param {string} item the id of a message
 * @param {string} pointer a value in it
 * @param {{schema: string, cred_def: string}} ids of the schema and the credential definition
 * @returns {Place}
 */
export function placeOf(item, pointer, ids) {
  const rule = RULES[item]?.find(([pattern]) => pattern.test(pointer))
  if (!rule) return {}
  const [pattern, place, why] = rule
  if (!place) return { why }
  const named = withIds(place, ids)
  return { pointer: pointer.replace(pattern, (_, group = '') => named.replace('$1', () => group)) }
}

/**
 * @param {string} place
 * @param {{schema: string, cred_def: string}} ids
 */
export function withIds(place, ids) {
  return place.replace('$schema', () => escaped(ids.schema)).replace('$cred_def', () => escaped(ids.cred_def))
}

/** @param {string} name */
const escaped = (name) => name.replaceAll('~', '~0').replaceAll('/', '~1')
