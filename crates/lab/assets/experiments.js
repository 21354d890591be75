// Six ways to produce a wrong presentation, as in the chapter "Break it" of the book.

/**
 * @typedef {object} Experiment
 * @property {string} id
 * @property {string} title
 * @property {string} text what is done, and what to notice
 * @property {'request' | 'presentation'} opens what is changed
 * @property {(alex: any, bea: any) => any} change makes the wrong case of two right ones, which are copies
 */

/**
 * Returns what a ledger has that both issuers wrote to.
 * @param {any} alex
 * @param {any} bea
 */
const publicDataOf = (alex, bea) => ({ schemas: { ...alex.schemas, ...bea.schemas }, cred_defs: { ...alex.cred_defs, ...bea.cred_defs } })

/** @type {Experiment[]} */
export const EXPERIMENTS = [
  {
    id: 'changed-raw',
    opens: 'presentation',
    title: 'Change what people read',
    text: 'The text “Alex” becomes “Mallory”. The mathematics holds: it proves the number, and the text beside it is not part of it. A verifier compares the text itself.',
    change(alex) {
      alex.presentation.requested_proof.revealed_attrs.attr1_referent.raw = 'Mallory'
      return alex
    },
  },
  {
    id: 'wrong-nonce',
    opens: 'request',
    title: 'Answer another request',
    text: 'The verifier has asked with another nonce. All equations give the numbers of the honest run, but their hash with this nonce is not the challenge.',
    change(alex) {
      alex.presentation_request.nonce = String(BigInt(alex.presentation_request.nonce) + 1n)
      return alex
    },
  },
  {
    id: 'another-issuer',
    opens: 'presentation',
    title: 'Take another issuer’s word',
    text: 'Bea’s presentation answers the request to Alex. Her issuer did sign, so the mathematics holds. The restrictions want another issuer.',
    change: (alex, bea) => ({ ...bea, ...publicDataOf(alex, bea), presentation_request: alex.presentation_request }),
  },
  {
    id: 'false-predicate',
    opens: 'request',
    title: 'Prove what is not true',
    text: 'The request asks for an age of at least 30, and gets the old answer, which proves 18.',
    change(alex) {
      alex.presentation_request.requested_predicates.predicate1_referent.p_value = 30
      return alex
    },
  },
  {
    id: 'hidden-value',
    opens: 'request',
    title: 'Demand a value that is not revealed',
    text: 'The predicate is restricted to credentials with the sex “male”, which nothing in the presentation shows.',
    change(alex) {
      const { restrictions } = alex.presentation_request.requested_predicates.predicate1_referent
      restrictions['attr::sex::value'] = 'male'
      return alex
    },
  },
  {
    id: 'two-holders',
    opens: 'presentation',
    title: 'Put two people together',
    text: 'One presentation with the proofs of Alex and of Bea. Two people have two link secrets, and so two responses.',
    change(alex, bea) {
      const [{ presentation, presentation_request: request }, other] = [alex, bea.presentation]
      presentation.proof.proofs.push(...other.proof.proofs)
      presentation.proof.aggregated_proof.c_list.push(...other.proof.aggregated_proof.c_list)
      presentation.identifiers.push(...other.identifiers)
      const name = other.requested_proof.revealed_attrs.attr1_referent
      presentation.requested_proof.revealed_attrs.other_name = { ...name, sub_proof_index: 1 }
      presentation.requested_proof.predicates.other_adult = { sub_proof_index: 1 }
      request.requested_attributes.other_name = { name: 'name' }
      request.requested_predicates.other_adult = { name: 'age', p_type: '>=', p_value: 18 }
      return { ...alex, ...publicDataOf(alex, bea) }
    },
  },
]
