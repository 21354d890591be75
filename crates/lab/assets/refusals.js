// What holder and issuer check before a credential is issued. Each refuses what fails.

import { Rejection } from './verifier/check.js'
import { KEY_CHECK, SECRET_CHECK, traceKeyProof, traceSecretProof } from './verifier/issuance.js'
import { readKey } from './verifier/read.js'

/** @typedef {import('./verifier/issuance.js').ProofTrace} ProofTrace */
/**
 * The answer of a party to a message that it got.
 * @typedef {object} Answer
 * @property {import('./story.js').Party} party
 * @property {string} accepts what it says when it accepts
 * @property {{check: string, message: string} | undefined} refusal
 * @property {ProofTrace | undefined} trace the numbers, where they can be computed
 */

/** The action in which the holder checks the offer. */
export const OFFER_ACTION = 15

/** The action in which the issuer checks the credential request. */
export const REQUEST_ACTION = 16

/**
 * @param {import('./story.js').Party} party
 * @param {string} accepts
 * @param {string} check
 * @param {() => ProofTrace} compute
 * @returns {Answer}
 */
function answer(party, accepts, check, compute) {
  try {
    const trace = compute()
    const refusal = trace.recomputed === trace.claimed ? undefined : { check, message: 'the recomputed numbers hash to something else than the challenge of the proof' }
    return { party, accepts, refusal, trace }
  } catch (error) {
    const name = error instanceof Rejection ? error.check : check
    return { party, accepts, refusal: { check: name, message: error instanceof Error ? error.message : String(error) }, trace: undefined }
  }
}

/**
 * Returns the holder's answer to the credential offer.
 * @param {any} presented the case
 * @returns {Answer}
 */
export function answerToOffer({ offer, cred_defs: definitions, schemas }) {
  const accepts = "The holder accepts the offer: the issuer's public key is made correctly."
  return answer('holder', accepts, KEY_CHECK, () => {
    const definition = definitions[offer.cred_def_id]
    if (!definition) throw new Rejection('public-data', `the ledger has no credential definition ${offer.cred_def_id}`)
    const schema = schemas[offer.schema_id]
    if (!schema) throw new Rejection('public-data', `the ledger has no schema ${offer.schema_id}`)
    return traceKeyProof(offer, readKey(definition))
  })
}

/**
 * Returns the issuer's answer to the credential request.
 * @param {any} presented the case
 * @param {any} definition the issuer's own credential definition
 * @param {any} sent the offer as the issuer has sent it
 * @returns {Answer}
 */
export function answerToRequest({ credential_request: request, offer }, definition, sent) {
  const accepts = 'The issuer accepts the request: its author knows the blinded link secret.'
  return answer('issuer', accepts, SECRET_CHECK, () => {
    if (request.cred_def_id !== definition.id) {
      throw new Rejection('public-data', `the request is for the credential definition ${request.cred_def_id}, but ${definition.id} was offered`)
    }
    if (offer.nonce !== sent.nonce) {
      throw new Rejection(SECRET_CHECK, 'the holder has answered another nonce than the one that the issuer had sent')
    }
    return traceSecretProof(request, readKey(definition), sent.nonce)
  })
}
