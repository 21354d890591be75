// How the values of a message can be recomputed, with the numbers.

import { fromBase58, toBase58 } from './base58.js'
import { at } from './pointer.js'
import { encode } from './verifier/encode.js'
import { fromBytes } from './verifier/numbers.js'

/** A part of a line; numbers are shown in short. @typedef {string | bigint} Part */
/**
 * @typedef {object} Computation
 * @property {Part[][]} lines
 * @property {boolean} [holds] whether it gives the value; nothing if it is only an explanation
 */
/**
 * What computations need besides the message.
 * @typedef {object} Context
 * @property {import('./verdict.js').Verdict} [verdict] on the case
 * @property {import('./refusals.js').Answer} [offer] the holder's answer
 * @property {import('./refusals.js').Answer} [request] the issuer's answer
 * @property {Record<string, bigint>} [signed] the values in the credential, which only holder and issuer know
 */
/** @typedef {(given: {root: any, value: any, groups: string[], pointer: string, context: Context}) => Computation | undefined} Compute */

/** @param {string} text */
const isNumber = (text) => typeof text === 'string' && /^-?[0-9]+$/.test(text)

/** @type {Compute} */
function encoding({ root, value, pointer }) {
  const raw = at(root, pointer.replace(/encoded$/, 'raw'))
  if (typeof raw !== 'string') return undefined
  const number = encode(raw)
  const isItself = String(number) === raw
  const how = isItself ? ['a whole number of 32 bits is encoded as itself: ', number] : ['SHA-256(', JSON.stringify(raw), ') = ', number]
  return { lines: [how], holds: String(number) === value }
}

/** What stands in a sub-proof must be the encoding that is shown beside the text. @type {Compute} */
function revealed({ root, value, groups: [, name] }) {
  const answers = Object.values(root.requested_proof?.revealed_attrs ?? {})
  const answer = /** @type {any} */ (answers.find((/** @type {any} */ { encoded }) => encoded === value))
  return { lines: [[answer ? `the encoded value that the answers show, for the text ${JSON.stringify(answer.raw)}` : `no answer shows this number for ${name}`]], holds: Boolean(answer) }
}

/** A response with a value that this page knows from the credential. @type {Compute} */
function response({ root, value, groups: [, name], context }) {
  if (!isNumber(value)) return undefined
  const [c, m] = [root.proof?.aggregated_proof?.c_hash, context.signed?.[name]]
  if (name === 'master_secret') return { lines: [['m is the link secret, which only the holder has: m̃ = m̂ - c·m cannot be computed here']] }
  if (!isNumber(c) || m === undefined) return undefined
  return {
    lines: [
      ['m̂ = m̃ + c·m, where m̃ is a random number of 592 bits that hides m'],
      ['the credential of action 16 has m = ', m, ', so that m̃ was m̂ - c·m = ', BigInt(value) - BigInt(c) * m],
      ['the verifier knows neither m nor m̃'],
    ],
  }
}

/** @type {Compute} */
function link({ root, value, pointer }) {
  const attribute = at(root, pointer.replace(/mj$/, 'predicate/attr_name'))
  const other = at(root, pointer.replace(/ge_proofs\/.*$/, `eq_proof/m/${attribute}`))
  return { lines: [[`the response m̂_${attribute} of the sub-proof: so the predicate is about the signed ${attribute}`]], holds: other === value }
}

/** The difference between an attribute and the bound as a sum of squares. @type {Compute} */
function squares({ value, root, pointer, context }) {
  const attribute = at(root, pointer.replace(/(p_value|value)$/, '')?.replace(/\/$/, '') + (pointer.endsWith('p_value') ? '/name' : '/attr_name'))
  const signed = context.signed?.[attribute]
  if (typeof value !== 'number' || !Number.isInteger(value) || signed === undefined) return undefined
  const difference = Number(signed) - value
  if (difference < 0) return { lines: [[`the credential says ${signed}: Δ = ${signed} - ${value} = ${difference} is negative, and so is no sum of squares: it cannot be proved`]] }
  const roots = fourSquares(difference)
  if (!roots) return undefined
  return { lines: [[`the credential says ${signed}: Δ = ${signed} - ${value} = ${difference} = ${roots.map((root) => `${root}²`).join(' + ')}, for example`], ['every number that is not negative is a sum of four squares, and no negative one is']] }
}

/** @param {number} number */
function fourSquares(number) {
  for (let a = Math.floor(Math.sqrt(number)); a >= 0 && number < 1e6; a--) {
    for (let b = Math.min(a, Math.floor(Math.sqrt(number - a * a))); b >= 0; b--) {
      for (let c = Math.min(b, Math.floor(Math.sqrt(number - a * a - b * b))); c >= 0; c--) {
        const d = Math.sqrt(number - a * a - b * b - c * c)
        if (Number.isInteger(d) && d <= c) return [a, b, c, d]
      }
    }
  }
  return undefined
}

/** The value that a number of the presentation is used for, by an equation. @param {string} name @returns {Compute} */
const equation = (name) => ({ context, pointer }) => {
  const [, subProof, , predicate] = /proofs\/(\d+)\/primary_proof\/(ge_proofs\/(\d+))?/.exec(pointer) ?? []
  const found = context.verdict?.trace?.equations.find((each) => each.name === name && String(each.subProof) === subProof && (predicate === undefined || String(each.predicate) === predicate))
  if (!found) return undefined
  return { lines: [[found.formula], [`modulo n: ${symbol(name)} = `, found.value, ', which goes into the hash']] }
}

/** @type {Compute} */
const rootEquation = (given) => equation(`T${given.groups[1]}`)(given)

/** @type {Compute} */
function challenge({ context, value }) {
  const trace = context.verdict?.trace
  if (!trace) return undefined
  const names = trace.hashInputs.map(({ name }) => symbol(name))
  return { lines: [[`SHA-256( ${names.join(' ‖ ')} )`], ['= ', trace.recomputed]], holds: String(trace.recomputed) === value }
}

/**
 * Returns the symbol of a number that is hashed.
 * @param {string} name as the verifier calls it
 */
export function symbol(name) {
  return name.replace('TDELTA', 'TΔ').replace('a_prime', "A'").replace('t.DELTA', 't_Δ').replace(/^t\./, 't_')
}

/** @type {Compute} */
function commitmentBytes({ root, value }) {
  if (!Array.isArray(value)) return undefined
  const number = String(fromBytes(value))
  const match = commitments(root).find(([, other]) => other === number)
  return { lines: [[match ? `the bytes of ${match[0]}` : 'the bytes of no commitment in the sub-proofs']], holds: Boolean(match) }
}

/**
 * @param {any} root
 * @returns {[string, any][]}
 */
function commitments(root) {
  return (root?.proof?.proofs ?? []).flatMap((/** @type {any} */ { primary_proof: proof }) => [
    ["A'", proof?.eq_proof?.a_prime],
    ...(proof?.ge_proofs ?? []).flatMap((/** @type {any} */ { t }) =>
      Object.entries(t ?? {}).map(([name, number]) => [`t_${name === 'DELTA' ? 'Δ' : name}`, number]),
    ),
  ])
}

/** A proof of an offer or of a request for a credential. @param {'offer' | 'request'} which @returns {Compute} */
const proofChallenge = (which) => ({ context, value }) => {
  const trace = context[which]?.trace
  if (!trace) return undefined
  const commitmentLines = trace.commitments.map(({ name, formula, value: number }) => [`${name} = ${formula} mod n = `, number])
  return {
    lines: [...commitmentLines, [`SHA-256( ${trace.hashInputs.map(({ name }) => name).join(' ‖ ')} )`], ['= ', trace.recomputed]],
    holds: String(trace.recomputed) === value,
  }
}

/** A DID is the first half of its key. @param {string} keyName @returns {Compute} */
const didOf = (keyName) => ({ root, value, pointer }) => {
  const bytes = fromBase58(String(at(root, pointer.replace(/[^/]*$/, keyName))))
  if (bytes?.length !== 32) return undefined
  const did = toBase58(bytes.slice(0, 16))
  // the steward's comes from the ledger's beginning, and may have been chosen otherwise
  return { lines: [[`the first 16 of the 32 bytes of the verkey, in base58: ${did}`]], holds: did === value }
}

/** @type {Compute} */
function publicId({ value }) {
  if (typeof value !== 'string') return undefined
  const schema = /^([^:]+):2:([^:]+):([^:]+)$/.exec(value)
  if (schema) return { lines: [[`DID ${schema[1]}, 2 for a schema, name ${schema[2]}, version ${schema[3]}`]] }
  const definition = /^([^:]+):3:CL:([^:]+):([^:]+)$/.exec(value)
  if (definition) return { lines: [[`DID ${definition[1]}, 3 for a credential definition, CL signatures, schema number ${definition[2]}, tag ${definition[3]}`]] }
  return undefined
}

/** @type {Compute} */
function time({ value }) {
  return typeof value === 'number' ? { lines: [[new Date(value * 1000).toISOString().replace('T', ' ').slice(0, 19), ' UTC']] } : undefined
}

/** @type {[RegExp, Compute][]} */
const COMPUTATIONS = [
  [/\/encoded$/, encoding],
  [/eq_proof\/revealed_attrs\/(.*)$/, revealed],
  [/eq_proof\/m\/(.*)$/, response],
  [/eq_proof\/a_prime$/, equation('T')],
  [/ge_proofs\/\d+\/mj$/, link],
  [/ge_proofs\/\d+\/t\/DELTA$/, equation('TDELTA')],
  [/ge_proofs\/\d+\/t\/(\d)$/, rootEquation],
  [/ge_proofs\/\d+\/alpha$/, equation('Q')],
  [/(p_value|predicate\/value)$/, squares],
  [/aggregated_proof\/c_hash$/, challenge],
  [/c_list\/\d+$/, commitmentBytes],
  [/^\/key_correctness_proof\/c$/, proofChallenge('offer')],
  [/^\/blinded_ms_correctness_proof\/c$/, proofChallenge('request')],
  [/\/Steward DID$/, didOf('Steward Verkey')],
  [/\/Trust anchor DID$/, didOf('Trust anchor Verkey')],
  [/\/dest$/, didOf('verkey')],
  [/(^|\/)(id|txnId|schema_id|cred_def_id)$/, publicId],
  [/txnTime$/, time],
]

/**
 * @param {any} root the message
 * @param {string} pointer
 * @param {any} value
 * @param {Context} context
 * @returns {Computation | undefined}
 */
export function computationOf(root, pointer, value, context) {
  for (const [pattern, compute] of COMPUTATIONS) {
    const groups = pattern.exec(pointer)
    if (groups) return compute({ root, value, groups, pointer, context })
  }
  return undefined
}
