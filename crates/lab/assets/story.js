// The actions of the tutorial as a story: what each does, what it makes, where that is afterwards, and
// what is sent.

/** @typedef {'issuer' | 'holder' | 'verifier' | 'ledger'} Party */
/**
 * Something that an action leaves with a party, or sends to it.
 * @typedef {object} Item
 * @property {string} id
 * @property {string} title
 * @property {Party} at where it is
 * @property {Party} [from] who sent it; for what is read from the ledger, the ledger
 * @property {boolean} [wallet] it is in the party's wallet, and not only in its program's memory
 * @property {boolean} [secret] its value is not in this page
 * @property {string} note what it is for
 * @property {string} [member] the member of the action's value; all of it if there is none
 * @property {any} [shows] another value than the action's, in which "$schemas" and the like stand for public data
 */
/** @typedef {{action: number | string, step: number, label: string, value: any}} Action */

/** The names of the parties. @type {Record<Party, string>} */
export const PARTIES = { issuer: 'Issuer', holder: 'Holder', verifier: 'Verifier', ledger: 'Ledger' }

/** What each party is in this story. @type {Record<Party, string>} */
export const ROLES = {
  issuer: 'certifies what it knows about Alex',
  holder: 'Alex, who keeps the credential',
  verifier: 'wants to know name and age of majority',
  ledger: 'public: anyone can read it',
}

/** The same in a scenario. @type {Record<Party, string>} */
export const OWN_ROLES = { issuer: 'certifies', holder: 'keeps credentials', verifier: 'asks, and checks', ledger: 'public: anyone can read it' }

/**
 * The parts of the timeline: title, and the first and last action of each.
 * @type {[title: string, first: number, last: number][]}
 */
export const PARTS = [
  ['Identities', 1, 7],
  ['Schema and key', 8, 11],
  ['Credential', 12, 17],
  ['Request', 18, 19],
  ['Proof', 20, 20],
  ['Verdict', 21, 24],
]

/** @type {Record<string, {says: string, items: Item[]}>} */
const ACTIONS = {
  1: {
    says: 'The program notes where the ledger is.',
    items: [{ id: 'pool-config', title: 'Pool configuration', at: 'ledger', note: 'Where the ledger is. Here it is inside the program.' }],
  },
  2: {
    says: 'The program connects to the ledger.',
    items: [{ id: 'pool', title: 'Open pool', at: 'ledger', note: 'A connection to the ledger.' }],
  },
  3: {
    says: 'The issuer makes an encrypted file for its keys.',
    items: [{ id: 'issuer-wallet', title: 'Wallet file', at: 'issuer', wallet: true, note: 'An encrypted file for keys. Nothing in it leaves the issuer.' }],
  },
  4: {
    says: 'A steward is known to the ledger from the beginning. Only a steward can bring in others.',
    items: [{ id: 'steward', title: 'Key of the steward', at: 'issuer', wallet: true, note: 'A key pair; the DID is made of the public key. The private key stays in the wallet.' }],
  },
  5: {
    says: 'The issuer makes the identity under which it will certify.',
    items: [{ id: 'anchor', title: 'Key of the trust anchor', at: 'issuer', wallet: true, note: 'A key pair; the DID is made of the public key. The private key stays in the wallet.' }],
  },
  6: {
    says: 'The steward writes a request to the ledger: take up this DID.',
    items: [{ id: 'nym-request', title: 'NYM request', at: 'issuer', member: 'NYM transaction request', note: 'It asks the ledger to take up the DID of the trust anchor.' }],
  },
  7: {
    says: 'The steward signs the request, and the ledger writes it down.',
    items: [{ id: 'nym', title: 'DID of the trust anchor', at: 'ledger', from: 'issuer', member: 'NYM transaction response', note: 'Anyone can look up the key of the issuer.' }],
  },
  8: {
    says: 'A schema says which attributes a credential has. It has no values.',
    items: [{ id: 'schema', title: 'Schema', at: 'issuer', member: 'Schema', note: 'The names of the attributes of a credential.' }],
  },
  9: {
    says: 'The schema is put into a request to the ledger.',
    items: [{ id: 'schema-request', title: 'SCHEMA request', at: 'issuer', member: 'Schema request', note: 'It asks the ledger to take up the schema.' }],
  },
  10: {
    says: 'The ledger writes the schema down, and gives it a number.',
    items: [{ id: 'schema-entry', title: 'Schema', at: 'ledger', from: 'issuer', member: 'Schema response', note: 'Anyone can read the schema.' }],
  },
  11: {
    says: 'The issuer makes a key pair for credentials of this schema: two secret primes, and a public key with one base for each attribute.',
    items: [
      { id: 'schema-read', title: 'Schema, numbered', at: 'issuer', from: 'ledger', shows: '$schema-of-key', note: "The ledger's copy, which has the number that becomes part of the credential definition's id." },
      { id: 'private-key', title: 'Private key', at: 'issuer', wallet: true, secret: true, note: 'The two safe primes whose product is n. With them, anyone can issue. They never leave the wallet, and are not in this page.' },
      { id: 'cred-def', title: 'Credential definition', at: 'issuer', member: 'Credential definition', note: 'The public key for credentials of this schema.' },
    ],
  },
  '11b': {
    says: 'The ledger takes up the public key. The tutorial leaves this out, because its parties share a process.',
    items: [{ id: 'cred-def-entry', title: 'Credential definition', at: 'ledger', from: 'issuer', member: 'Credential definition response', note: 'Holder and verifier take the public key from here, and not from each other.' }],
  },
  12: {
    says: 'Alex makes an encrypted file for credentials.',
    items: [{ id: 'holder-wallet', title: 'Wallet file and DID', at: 'holder', wallet: true, note: 'An encrypted file for credentials.' }],
  },
  13: {
    says: 'Alex draws a random number that will be in every credential, and that no one else will ever see.',
    items: [{ id: 'link-secret', title: 'Link secret', at: 'holder', wallet: true, secret: true, note: 'A random number of 256 bits in all credentials of this holder. It is never shown, and is not in this page.' }],
  },
  14: {
    says: 'The issuer offers a credential, and proves that its public key is made correctly.',
    items: [{ id: 'offer', title: 'Credential offer', at: 'holder', from: 'issuer', member: 'Credential Offer', note: 'What the issuer would certify, with the proof that its key is made correctly. The holder checks that proof in action 15.' }],
  },
  15: {
    says: 'Alex checks the offer, and asks for the credential. The request contains the link secret only blinded, with a proof that Alex knows it.',
    items: [
      { id: 'key-read', title: 'Credential definition', at: 'holder', from: 'ledger', shows: '$cred-def-asked', note: "The ledger's copy of the public key. The holder does not rely on the issuer's." },
      { id: 'request-metadata', title: 'Request metadata', at: 'holder', secret: true, note: "The blinding v', with which the holder unblinds the signature. It stays with the holder, and is not in this page." },
      { id: 'credential-request', title: 'Credential request', at: 'issuer', from: 'holder', member: 'Credential Request', note: 'It contains the link secret, blinded, and a proof that the holder knows it. The issuer checks that proof in action 16.' },
    ],
  },
  16: {
    says: 'The issuer checks the request, and signs the values together with the blinded link secret.',
    items: [{ id: 'credential', title: 'Credential', at: 'holder', from: 'issuer', member: 'Credential', note: 'The values and the signature on them. The signature is left out here: it stays with the holder.' }],
  },
  17: {
    says: 'Alex unblinds the signature, checks it, and keeps the credential.',
    items: [{ id: 'stored', title: 'Stored credential', at: 'holder', wallet: true, note: 'The holder has checked the signature and unblinded it.' }],
  },
  18: {
    says: 'The verifier asks for the name, and for a proof that the age is at least 18, from a credential of this issuer.',
    items: [{ id: 'request', title: 'Proof request', at: 'holder', from: 'verifier', member: 'Proof Request', note: 'What the verifier wants to see and to be proved. The verifier keeps it, and compares the answer with it.' }],
  },
  19: {
    says: 'Alex looks up which credentials answer, and what the verifier would learn.',
    items: [{ id: 'candidates', title: 'Credentials that answer', at: 'holder', note: 'What is in the wallet for each referent, and what the verifier would learn.' }],
  },
  20: {
    says: 'Alex proves: the name is shown, the age is not. The numbers prove that a signed credential with an age of at least 18 exists, and that Alex holds it.',
    items: [{ id: 'presentation', title: 'Presentation', at: 'verifier', from: 'holder', member: 'Proof', note: 'The name, and the proof of everything else. Each number can be opened, and changed.' }],
  },
  21: {
    says: 'The verifier reads the public key from the ledger, recomputes what Alex had committed to, and compares the hash.',
    items: [
      { id: 'public-data', title: 'Schema and public key', at: 'verifier', from: 'ledger', shows: { schemas: '$schemas', cred_defs: '$cred_defs' }, note: 'The verifier knows the issuer from the ledger only.' },
      { id: 'verdict', title: 'Recorded verdict', at: 'verifier', member: 'Verdict', note: 'What the walkthrough printed in the recorded run. The verdict above is computed by this page.' },
    ],
  },
  22: {
    says: 'Wallets and pool are closed.',
    items: [
      { id: 'closed-issuer', title: 'Closed', at: 'issuer', wallet: true, note: "The issuer's wallet is closed." },
      { id: 'closed-holder', title: 'Closed', at: 'holder', wallet: true, note: "The holder's wallet is closed." },
      { id: 'closed-pool', title: 'Pool closed', at: 'ledger', note: 'The connection to the ledger is closed.' },
    ],
  },
  23: {
    says: 'The tutorial deletes the wallets. The recorded run keeps them, to be looked at.',
    items: [
      { id: 'kept-issuer', title: 'Kept', at: 'issuer', wallet: true, note: 'The tutorial deletes the wallet; the recorded run keeps it in a home.' },
      { id: 'kept-holder', title: 'Kept', at: 'holder', wallet: true, note: 'The tutorial deletes the wallet; the recorded run keeps it in a home.' },
    ],
  },
  24: {
    says: 'The tutorial deletes the configuration of the pool. The recorded run keeps it.',
    items: [{ id: 'kept-pool', title: 'Pool kept', at: 'ledger', note: 'The tutorial deletes the configuration; the recorded run keeps it.' }],
  },
}

/** Where a scenario's story differs from that of Alex. @type {Record<string, string>} */
const OWN = {
  18: 'The verifier asks for attributes and predicates, from credentials of its choice.',
  20: 'The holder answers: what was asked for is shown or proved, and everything else stays hidden.',
}

/** @param {Action['action']} action such as 8, `"11b"`, or in a scenario `"8.2"` */
export const numberOf = (action) => String(action).split('.')[0]

/**
 * Returns what an action leaves and sends. The actions of a scenario may be repeated: 8.1, 8.2.
 * @param {Action} action
 * @returns {Item[]}
 */
export function itemsOf({ action, value }) {
  const [number, repetition] = String(action).split('.')
  const items = ACTIONS[number]?.items ?? []
  if (!repetition) return items
  const subject = [value.Issuer, value.Holder, value.Credential].find((name) => typeof name === 'string') ?? repetition
  return items.map((item) => ({ ...item, id: `${item.id}-${repetition}`, title: `${item.title} (${subject})` }))
}

/**
 * Returns what an action does, in a sentence or two.
 * @param {Action} action
 * @param {boolean} isOwn whether it is one of a scenario, and not of the tutorial
 * @returns {string}
 */
export function meaningOf({ action }, isOwn) {
  const number = numberOf(action)
  const says = ACTIONS[number]?.says ?? ''
  if (!isOwn) return says
  return OWN[number] ?? says.replace(/(^|[.:] )Alex\b/g, '$1The holder').replace(/\bAlex\b/g, 'the holder')
}

/**
 * Returns the item of an action that is opened with it: the last one that is sent, or the last one.
 * @param {Action} action
 * @returns {Item | undefined}
 */
export function mainItemOf(action) {
  const items = itemsOf(action)
  return items.findLast(({ from }) => from && from !== 'ledger') ?? items.findLast(({ secret }) => !secret) ?? items.at(-1)
}
