// The recorded run, the state of the page, and what is computed from both.

import { RECORDED } from './case.js'
import { withIds } from './editable.js'
import { EXPERIMENTS } from './experiments.js'
import { honestNumbers } from './numbers-view.js'
import { at } from './pointer.js'
import { answerToOffer, answerToRequest } from './refusals.js'
import { applyEdits, fromHash, initial } from './state.js'
import { itemsOf, numberOf } from './story.js'
import { verdictOf } from './verdict.js'

/** @typedef {import('./story.js').Action} Action */
/** @typedef {import('./story.js').Item} Item */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./verdict.js').Verdict} Verdict */
/** @typedef {import('./refusals.js').Answer} Answer */
/**
 * What is computed from one case.
 * @typedef {object} Computed
 * @property {string} key what the case is made of
 * @property {any} presented
 * @property {Verdict} [verdict]
 * @property {Answer} [offer]
 * @property {Answer} [request]
 */

/** @type {Action[]} */
export const ACTIONS = RECORDED.actions

/** The numbers of the actions, as they are printed. */
export const NUMBERS = ACTIONS.map(({ action }) => String(action))

/** Whether the run is one of a scenario, which the server has played, and not of the tutorial. */
export const IS_OWN = Boolean(RECORDED.own)

/**
 * Returns how many actions are done after the one with this number; more than there are, if there is none.
 * @param {number | string} action
 */
export const after = (action) => 1 + ACTIONS.findIndex((each) => numberOf(each.action) === String(action)) || Infinity

/** The experiments that the run has cases for. */
export const TRIED = RECORDED.bea ? EXPERIMENTS : []

/** @param {any} objects */
const onlyOne = (objects) => (Object.keys(objects).length === 1 ? Object.keys(objects)[0] : '')
export const IDS = { schema: onlyOne(RECORDED.alex.schemas), cred_def: onlyOne(RECORDED.alex.cred_defs) }

/** Returns what an action shows, if it is not one of several. @param {number} action @param {string} member */
const messageOf = (action, member) => ACTIONS.find((each) => each.action === action)?.value[member]

/** What was delivered in the recorded run. */
export const HONEST = {
  ...RECORDED.alex,
  offer: messageOf(14, 'Credential Offer'),
  credential_request: messageOf(15, 'Credential Request'),
}

/** Whether holder and issuer can be asked what they say. */
const HAS_ISSUANCE = Boolean(HONEST.offer && HONEST.credential_request && RECORDED.alex.cred_defs[HONEST.offer.cred_def_id])

/** The number of actions when the verifier has checked the presentation, and so on. */
export const CHECKED = checkedActions()

function checkedActions() {
  const presentation = RECORDED.alex.presentation ? after(21) : Infinity
  return HAS_ISSUANCE ? { offer: after(15), request: after(16), presentation } : { offer: presentation, request: presentation, presentation }
}

/** The values in the credential, as they are signed. @type {Record<string, bigint>} */
const SIGNED = Object.fromEntries(
  Object.entries(messageOf(16, 'Credential')?.values ?? {}).map(([name, value]) => [name, BigInt(/** @type {any} */ (value).encoded)]),
)

/** The state, and what follows from it. */
export class Model {
  constructor() {
    this.state = initial()
    /** @type {Computed} */
    this.computed = { key: '', presented: undefined }
    /** The numbers of the recorded run. @type {import('./numbers-view.js').Honest | undefined} */
    this.honest = undefined
  }

  /** @param {string} hash */
  read(hash) {
    this.state = fromHash(hash, NUMBERS)
  }

  /** Whether anything differs from the recorded run. */
  get isChanged() {
    return this.state.experiment !== '' || this.state.edits.length > 0
  }

  get experiment() {
    return TRIED.find(({ id }) => id === this.state.experiment)
  }

  /** The case that the state is about. @returns {any} */
  get presented() {
    return this.current().presented
  }

  /** @returns {Computed} */
  current() {
    const key = JSON.stringify([this.state.experiment, this.state.edits])
    if (this.computed.key !== key) {
      const made = this.unedited()
      applyEdits(made, this.state.edits)
      this.computed = { key, presented: made }
    }
    return this.computed
  }

  /** The case without the edits. @returns {any} */
  unedited() {
    const [alex, bea] = [structuredClone(HONEST), structuredClone(RECORDED.bea)]
    return { ...alex, ...(this.experiment?.change(alex, bea) ?? {}) }
  }

  /**
   * Whether a value is another one than in the recorded run.
   * @param {string} place in the case, where `$schema` and `$cred_def` stand for ids; nothing differs if it is empty
   */
  differs(place) {
    if (place === '') return false
    const pointer = withIds(place, IDS)
    return JSON.stringify(at(this.presented, pointer)) !== JSON.stringify(at(HONEST, pointer))
  }

  /** What must be computed before all can be shown. @returns {('verdict' | 'offer' | 'request')[]} */
  get missing() {
    const { action, item, edits } = this.state
    const computed = this.current()
    const isEarlier = edits.some(([pointer]) => /^\/(offer|credential_request|schemas|cred_defs)\//.test(pointer))
    /** @type {('verdict' | 'offer' | 'request')[]} */
    const missing = []
    const near = action < after(18)
    if (HAS_ISSUANCE && !computed.offer && action >= CHECKED.offer && (near || isEarlier || item === 'offer')) missing.push('offer')
    if (HAS_ISSUANCE && !computed.request && action >= CHECKED.request && (near || isEarlier || item === 'credential-request')) missing.push('request')
    if ((!computed.verdict || !this.honest) && action >= CHECKED.presentation) missing.push('verdict')
    return missing
  }

  /** Computes what is missing; takes some tenths of a second. */
  compute() {
    const computed = this.current()
    for (const part of this.missing) {
      if (part === 'offer') computed.offer = answerToOffer(computed.presented)
      if (part === 'request') computed.request = answerToRequest(computed.presented, RECORDED.alex.cred_defs[HONEST.offer.cred_def_id], HONEST.offer)
      if (part === 'verdict') {
        computed.verdict = verdictOf(computed.presented)
        this.honest ??= honestNumbers(this.isChanged ? verdictOf(RECORDED.alex) : computed.verdict)
      }
    }
  }

  /** What computations of values need. @returns {import('./computations.js').Context} */
  get context() {
    const { verdict, offer, request } = this.current()
    return { verdict, offer, request, signed: SIGNED }
  }

  /**
   * Finds what is open, or what has an id.
   * @param {string} [id]
   * @returns {{action: Action, item: Item} | undefined}
   */
  find(id = this.state.item) {
    for (const action of ACTIONS.slice(0, this.state.action)) {
      const item = itemsOf(action).find((each) => each.id === id)
      if (item) return { action, item }
    }
    return undefined
  }

  /**
   * The value of an item, as its receiver gets it.
   * @param {Item} item
   * @param {Action} action
   * @param {any} [presented] the case
   * @returns {any}
   */
  valueOf(item, action, presented = this.presented) {
    if (item.secret) return undefined
    if (item.id === 'offer') return presented.offer
    if (item.id === 'credential-request') return presented.credential_request
    if (item.shows) return publicData(item.shows, action, presented)
    // The issuer's own copies are those of the recorded run.
    const value = resolve(item.member ? action.value[item.member] : action.value, presented, item.at === 'issuer' ? HONEST : presented)
    if (item.id === 'schema-entry' && IDS.schema) return withSchema(value, presented.schemas[IDS.schema])
    if (item.id === 'cred-def-entry' && IDS.cred_def) value.result.txn.data.ref = presented.cred_defs[IDS.cred_def].schemaId
    return value
  }
}

/**
 * What a party has read from the ledger.
 * @param {any} shows
 * @param {Action} action
 * @param {any} presented
 * @returns {any} nothing if the page does not have it
 */
function publicData(shows, { value }, { presentation, schemas, cred_defs: definitions }) {
  if (shows === '$cred-def-asked') return definitions[value['Credential Request']?.cred_def_id]
  if (shows === '$schema-of-key') {
    const definition = value['Credential definition'] === '$cred_def' ? HONEST.cred_defs[IDS.cred_def] : value['Credential definition']
    return Object.values(schemas).find((/** @type {any} */ { seqNo }) => String(seqNo) === String(definition?.schemaId)) ?? schemas[IDS.schema]
  }
  const named = (/** @type {string} */ member) => (presentation?.identifiers ?? []).map((/** @type {any} */ identifier) => identifier[member])
  const some = (/** @type {any} */ objects, /** @type {string[]} */ ids) => Object.fromEntries(Object.entries(objects).filter(([id]) => ids.includes(id)))
  return { schemas: some(schemas, named('schema_id')), cred_defs: some(definitions, named('cred_def_id')) }
}

/**
 * Puts objects of the case in for what stands for them.
 * @param {any} value
 * @param {any} presented
 * @param {any} ledger the case whose public data is shown
 * @returns {any}
 */
function resolve(value, presented, ledger) {
  const definition = ledger.cred_defs[IDS.cred_def]
  if (value === '$presentation') return presented.presentation
  if (value === '$presentation_request') return presented.presentation_request
  if (value === '$cred_def') return definition
  if (value === '$key') return definition.value.primary
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member, presented, ledger)]))
}

/**
 * The transaction of a schema, with what the ledger has.
 * @param {any} transaction
 * @param {any} schema
 */
function withSchema(transaction, { attrNames, seqNo }) {
  transaction.result.txn.data.data = { ...transaction.result.txn.data.data, attr_names: attrNames }
  transaction.result.txnMetadata = { ...transaction.result.txnMetadata, seqNo }
  return transaction
}
