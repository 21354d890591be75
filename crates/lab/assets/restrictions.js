// Restrictions of a request: which credentials may answer a referent. Identifiers are those of
// Indy's first form, as in the tutorial.

/** @typedef {Record<string, string>} Facts what a verifier knows of a credential */

/**
 * Returns what the public data and a presentation show of the credential of a sub-proof.
 * @param {any} presented the case: schemas, presentation
 * @param {number} index
 * @returns {Facts}
 */
export function factsOf(presented, index) {
  const { cred_def_id: definition, schema_id: id } = presented.presentation.identifiers[index]
  const schema = presented.schemas[id] ?? {}
  /** @type {Facts} */
  const facts = {
    cred_def_id: definition,
    issuer_did: definition.split(':')[0],
    schema_id: id,
    schema_issuer_did: id.split(':')[0],
    schema_name: schema.name,
    schema_version: schema.version,
  }
  for (const name of schema.attrNames ?? []) facts[`attr::${name}::marker`] = '1'
  const { requested_attributes: attributes } = presented.presentation_request
  for (const [referent, answer] of Object.entries(presented.presentation.requested_proof.revealed_attrs ?? {})) {
    const { raw, sub_proof_index: from } = /** @type {any} */ (answer)
    if (from === index && attributes?.[referent]?.name) facts[`attr::${attributes[referent].name}::value`] = raw
  }
  for (const { values, sub_proof_index: from } of Object.values(presented.presentation.requested_proof.revealed_attr_groups ?? {})) {
    if (from === index) for (const [name, value] of Object.entries(values)) facts[`attr::${name}::value`] = value.raw
  }
  return facts
}

/**
 * Returns whether a restriction holds; nothing if that cannot be known, because a value is hidden.
 * @param {any} restriction
 * @param {Facts} facts
 * @returns {boolean | undefined}
 */
export function holds(restriction, facts) {
  if (Array.isArray(restriction)) return any(restriction.map((each) => holds(each, facts)))
  return all(Object.entries(restriction).map(([name, operand]) => member(name, operand, facts)))
}

/**
 * @param {string} name
 * @param {any} operand
 * @param {Facts} facts
 * @returns {boolean | undefined}
 */
function member(name, operand, facts) {
  if (name === '$and') return all(operand.map((/** @type {any} */ each) => holds(each, facts)))
  if (name === '$or') return any(operand.map((/** @type {any} */ each) => holds(each, facts)))
  if (name === '$not') return not(holds(operand, facts))
  if (typeof operand === 'object') {
    const [[operator, value]] = Object.entries(operand)
    if (operator === '$neq') return not(member(name, value, facts))
    if (operator === '$in') return any(value.map((/** @type {any} */ each) => member(name, each, facts)))
    return undefined
  }
  return name in facts ? facts[name] === operand : undefined
}

/** @param {boolean | undefined} value */
const not = (value) => (value === undefined ? undefined : !value)

/** @param {(boolean | undefined)[]} values */
const all = (values) => (values.includes(false) ? false : values.includes(undefined) ? undefined : true)

/** @param {(boolean | undefined)[]} values */
const any = (values) => (values.includes(true) ? true : values.includes(undefined) ? undefined : false)
