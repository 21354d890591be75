// The actions of the tutorial as a story: what each makes, where it is afterwards, and what is sent.

/** @typedef {'issuer' | 'holder' | 'verifier' | 'ledger'} Party */
/**
 * Something that an action leaves with a party, or sends to it.
 * @typedef {object} Item
 * @property {string} id
 * @property {string} title
 * @property {Party} at where it is
 * @property {Party} [from] who sent it
 * @property {string} note what it is for
 * @property {string} [member] the member of the action's value; all of it if there is none
 * @property {'request' | 'presentation'} [editable]
 */
/** @typedef {{action: number | string, step: number, label: string, value: any}} Action */

/** The names of the parties. @type {Record<Party, string>} */
export const PARTIES = { issuer: 'Issuer', holder: 'Holder', verifier: 'Verifier', ledger: 'Ledger' }

/**
 * By action, in the spelling of the walkthrough.
 * @type {Record<string, Item[]>}
 */
const ITEMS = {
  1: [{ id: 'pool-config', title: 'Pool configuration', at: 'ledger', note: 'Where the ledger is. Here it is inside the program.' }],
  2: [{ id: 'pool', title: 'Open pool', at: 'ledger', note: 'A connection to the ledger.' }],
  3: [{ id: 'issuer-wallet', title: 'Wallet', at: 'issuer', note: 'An encrypted file for keys. Nothing in it leaves the issuer.' }],
  4: [{ id: 'steward', title: 'DID of the steward', at: 'issuer', note: 'The steward may write to the ledger from the beginning.' }],
  5: [{ id: 'anchor', title: 'DID of the trust anchor', at: 'issuer', note: 'The issuer acts under this DID.' }],
  6: [{ id: 'nym-request', title: 'NYM request', at: 'issuer', note: 'It asks the ledger to take up the new DID.' }],
  7: [{ id: 'nym', title: 'DID of the trust anchor', at: 'ledger', from: 'issuer', note: 'Anyone can look up the key of the issuer.' }],
  8: [{ id: 'schema', title: 'Schema', at: 'issuer', member: 'Schema', note: 'The names of the attributes of a credential.' }],
  9: [{ id: 'schema-request', title: 'SCHEMA request', at: 'issuer', note: 'It asks the ledger to take up the schema.' }],
  10: [{ id: 'schema-entry', title: 'Schema', at: 'ledger', from: 'issuer', note: 'Anyone can read the schema.' }],
  11: [
    {
      id: 'cred-def', title: 'Credential definition', at: 'issuer', member: 'Credential definition',
      note: 'The public key for credentials of this schema. The private key stays in the wallet.',
    },
  ],
  '11b': [
    {
      id: 'cred-def-entry', title: 'Credential definition', at: 'ledger', from: 'issuer',
      note: 'The verifier takes the key from here, and not from the holder.',
    },
  ],
  12: [{ id: 'holder-wallet', title: 'Wallet and DID', at: 'holder', note: 'An encrypted file for credentials.' }],
  13: [{ id: 'link-secret', title: 'Link secret', at: 'holder', note: 'A random number that is in all credentials of the holder. It is never shown; only its name is here.' }],
  14: [{ id: 'offer', title: 'Credential offer', at: 'holder', from: 'issuer', member: 'Credential Offer', note: 'What the issuer would certify, with the proof that its key is made correctly.' }],
  15: [{ id: 'credential-request', title: 'Credential request', at: 'issuer', from: 'holder', member: 'Credential Request', note: 'It contains the link secret, blinded, and a proof that the holder knows it.' }],
  16: [{ id: 'credential', title: 'Credential', at: 'holder', from: 'issuer', member: 'Credential', note: 'The values and the signature on them. The signature is left out here: it stays with the holder.' }],
  17: [{ id: 'stored', title: 'Stored credential', at: 'holder', note: 'The holder has checked the signature and unblinded it.' }],
  18: [{ id: 'request', title: 'Proof request', at: 'holder', from: 'verifier', member: 'Proof Request', editable: 'request', note: 'What the verifier wants to see and to be proved.' }],
  19: [{ id: 'candidates', title: 'Credentials that answer', at: 'holder', note: 'What is in the wallet for each referent, and what the verifier would learn.' }],
  20: [{ id: 'presentation', title: 'Presentation', at: 'verifier', from: 'holder', member: 'Proof', editable: 'presentation', note: 'The name, and the proof of everything else.' }],
  21: [{ id: 'verdict', title: 'Verdict', at: 'verifier', member: 'Verdict', note: 'What the walkthrough printed in the recorded run.' }],
  22: [{ id: 'closed', title: 'Closed', at: 'holder', note: 'Wallets and pool are closed.' }],
  23: [{ id: 'kept', title: 'Kept wallets', at: 'holder', note: 'The tutorial deletes the wallets; the recorded run keeps them in a home.' }],
  24: [{ id: 'kept-pool', title: 'Kept pool', at: 'ledger', note: 'The tutorial deletes the configuration; the recorded run keeps it.' }],
}

/**
 * Returns what an action leaves and sends. The actions of a scenario may be repeated: 8.1, 8.2.
 * @param {Action} action
 * @returns {Item[]}
 */
export function itemsOf({ action, value }) {
  const [number, repetition] = String(action).split('.')
  const items = ITEMS[number] ?? []
  if (!repetition) return items
  const subject = [value.Issuer, value.Holder, value.Credential].find((name) => typeof name === 'string') ?? repetition
  return items.map((item) => ({ ...item, id: `${item.id}-${repetition}`, title: `${item.title} (${subject})` }))
}
