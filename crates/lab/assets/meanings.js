// What the values of messages are called, what they mean, and who they come from, by their pointers.

/** @typedef {import('./story.js').Party | ''} Source */

const HOLDER = 'holder'
const ISSUER = 'issuer'
const VERIFIER = 'verifier'
const LEDGER = 'ledger'

/**
 * By pointer: name, meaning, source. `$1` is the first group of the pattern, `$0` the first value beside this one; a name that is empty
 * is the value's path.
 * @type {[RegExp, string, string, Source][]}
 */
export const MEANINGS = [
  // the presentation
  [/eq_proof\/a_prime$/, "A'", "the blinded signature, A' = A·S^r: the signature A itself shows in no presentation", HOLDER],
  [/eq_proof\/e$/, 'ê', 'response for the exponent of the signature: ê = ẽ + c·(e - 2^596)', HOLDER],
  [/eq_proof\/v$/, 'v̂', "response for the blinding of the signature: v̂ = ṽ + c·v'", HOLDER],
  [/eq_proof\/m\/master_secret$/, 'm̂_master_secret', 'response for the link secret: m̂ = m̃ + c·m, the same in all sub-proofs of one holder', HOLDER],
  [/eq_proof\/m\/(.*)$/, 'm̂_$1', 'response for the hidden attribute $1: m̂ = m̃ + c·m', HOLDER],
  [/eq_proof\/m2$/, 'm̂_2', 'response for the context of the credential: m̂_2 = m̃_2 + c·m_2', HOLDER],
  [/eq_proof\/revealed_attrs\/(.*)$/, 'm_$1', 'the revealed value of $1 as the integer that is signed', ISSUER],
  [/ge_proofs\/\d+\/u\/(\d)$/, 'û_$1', 'response for the root u_$1: û = ũ + c·u', HOLDER],
  [/ge_proofs\/\d+\/r\/DELTA$/, 'r̂_Δ', 'response for the blinding of t_Δ: r̂ = r̃ + c·r', HOLDER],
  [/ge_proofs\/\d+\/r\/(\d)$/, 'r̂_$1', 'response for the blinding of t_$1: r̂ = r̃ + c·r', HOLDER],
  [/ge_proofs\/\d+\/t\/DELTA$/, 't_Δ', 'commitment to the difference between attribute and bound, Z^Δ·S^r_Δ', HOLDER],
  [/ge_proofs\/\d+\/t\/(\d)$/, 't_$1', 'commitment to a root of the difference, Z^u_$1·S^r_$1', HOLDER],
  [/ge_proofs\/\d+\/mj$/, 'm̂_j', 'response for the attribute of the predicate', HOLDER],
  [/ge_proofs\/\d+\/alpha$/, 'α̂', 'response for r_Δ - Σ u_i·r_i', HOLDER],
  [/ge_proofs\/\d+\/predicate\/attr_name$/, 'attribute', 'the attribute of the predicate that is proved', VERIFIER],
  [/ge_proofs\/\d+\/predicate\/p_type$/, 'operator', 'the operator of the predicate: GE is ≥', VERIFIER],
  [/ge_proofs\/\d+\/predicate\/value$/, 'bound', 'the bound of the predicate', VERIFIER],
  [/c_hash$/, 'c', 'the challenge: a hash of what the prover had committed to, and of the nonce', HOLDER],
  [/c_list\/(\d+)$/, 'c_list $1', 'a commitment as bytes, for the hash', HOLDER],
  [/identifiers\/\d+\/(schema_id|cred_def_id)$/, '$1', 'which public data the verifier takes from the ledger', HOLDER],
  [/identifiers\/\d+\/(.*)$/, '$1', 'for revocation; these credentials cannot be revoked', HOLDER],
  [/revealed_attrs\/([^/]*)\/raw$/, '$1, raw', 'the text that people read; only its encoding is signed', HOLDER],
  [/revealed_attrs\/([^/]*)\/encoded$/, '$1, encoded', 'the integer of the text', HOLDER],
  [/([^/]*)\/sub_proof_index$/, '$1, sub_proof_index', 'which sub-proof answers the referent', HOLDER],
  [/non_revoc_proof$/, 'non_revoc_proof', 'the proof of non-revocation; these credentials cannot be revoked', HOLDER],
  // the proof request
  [/restrictions\/(.*)$/, 'restriction $1', 'which credentials may answer', VERIFIER],
  [/^\/nonce$/, 'nonce', 'a number that is used once, so that no message can be sent twice', ''],
  [/requested_attributes\/([^/]*)\/name$/, '$1, name', 'an attribute to be revealed', VERIFIER],
  [/requested_predicates\/([^/]*)\/name$/, '$1, name', 'the attribute of a predicate', VERIFIER],
  [/requested_predicates\/([^/]*)\/p_type$/, '$1, p_type', 'the operator of a predicate', VERIFIER],
  [/requested_predicates\/([^/]*)\/p_value$/, '$1, p_value', 'the bound of a predicate', VERIFIER],
  // the public key
  [/primary\/n$/, 'n', 'the modulus, a product of two safe primes that only the issuer knows', ISSUER],
  [/primary\/s$/, 'S', 'a square that generates the group', ISSUER],
  [/primary\/z$/, 'Z', 'the right side of the equation of every signature', ISSUER],
  [/primary\/rctxt$/, 'Rctxt', 'the base of the context of a credential', ISSUER],
  [/primary\/r\/(.*)$/, 'R_$1', 'the base of $1: the exponent of this number is the value that is signed', ISSUER],
  // the offer, the request for a credential, the credential
  [/key_correctness_proof\/c$/, 'c', "the challenge of the proof that the key is made correctly", ISSUER],
  [/xz_cap$/, 'x̂_Z', 'response: the issuer knows x_Z with Z = S^x_Z', ISSUER],
  [/xr_cap\/(\d+)\/0$/, 'name $1', 'the attribute that the next response is about; the link secret too has a base', ISSUER],
  [/xr_cap\/(\d+)\/1$/, 'x̂_$0', 'response: the issuer knows x_$0 with R_$0 = S^x_$0', ISSUER],
  [/blinded_ms\/u$/, 'U', "the link secret m, blinded: U = R_master_secret^m·S^v'", HOLDER],
  [/hidden_attributes\/\d+$/, 'hidden', 'what the holder does not tell the issuer', HOLDER],
  [/v_dash_cap$/, "v̂'", "response for the blinding: v̂' = ṽ' + c·v'", HOLDER],
  [/m_caps\/(.*)$/, 'm̂_$1', 'response for $1, in the proof that the holder knows it: m̂ = m̃ + c·m', HOLDER],
  [/blinded_ms_correctness_proof\/c$/, 'c', 'the challenge of the proof that the holder knows what is blinded', HOLDER],
  [/^\/prover_did$/, 'prover_did', 'a name of the holder for the issuer', HOLDER],
  [/values\/([^/]*)\/raw$/, '$1, raw', 'the value as a text', ISSUER],
  [/values\/([^/]*)\/encoded$/, '$1, encoded', 'the value as the integer that is signed', ISSUER],
  [/signature(_correctness_proof)?$/, '', 'the signature: with it and the link secret, anyone could make presentations', ISSUER],
  // the ledger
  [/(Steward|Trust anchor) DID$/, 'DID', 'an identifier that is made of the public key', ISSUER],
  [/(Steward|Trust anchor) Verkey$/, 'verkey', 'the public key, of Ed25519, in base58', ISSUER],
  [/operation\/dest$|data\/dest$/, 'dest', 'the DID that the ledger takes up', ISSUER],
  [/verkey$/, 'verkey', 'the public key of the DID, of Ed25519, in base58', ISSUER],
  [/role$/, 'role', '101 is a trust anchor, who may write schemas and keys', ISSUER],
  [/operation\/type$|txn\/type$/, 'type', '1 is NYM, 101 is SCHEMA, 102 is CRED_DEF', ISSUER],
  [/^\/identifier$|metadata\/from$|values\/\d+\/from$/, 'author', 'the DID of who asks, and signs', ISSUER],
  [/reqSignature\/values\/\d+\/value$/, 'signature', 'of the author on the request, of Ed25519, in base58', ISSUER],
  [/reqId$/, 'reqId', 'a number that tells requests apart', ISSUER],
  [/metadata\/digest$/, 'digest', 'SHA-256 of the signed request', LEDGER],
  [/metadata\/payloadDigest$/, 'payloadDigest', 'SHA-256 of the request without its signature', LEDGER],
  [/txnMetadata\/seqNo$/, 'seqNo', 'the number that the ledger gives to what it writes', LEDGER],
  [/txnMetadata\/txnId$/, 'txnId', 'what it can be looked up by', LEDGER],
  [/txnMetadata\/txnTime$/, 'txnTime', 'when it was written, in seconds since 1970', LEDGER],
  [/data\/ref$/, 'ref', 'the number of the schema', ISSUER],
  [/seqNo$/, 'seqNo', 'the number that the ledger gave to the schema', LEDGER],
  [/attr_?[nN]ames\/(\d+)$/, 'attribute $1', 'the name of an attribute', ISSUER],
  [/(schema_id|cred_def_id)$/, '$1', 'which public data it is about', ISSUER],
  [/^\/id$|\/(schemas|cred_defs)\/[^/]*\/id$/, 'id', 'what it can be looked up by', ISSUER],
  [/schemaId$/, 'schemaId', 'the number of the schema on the ledger', LEDGER],
  [/\/tag$/, 'tag', 'tells the keys of one issuer for one schema apart', ISSUER],
  [/Link Secret name$/, 'name', 'what the wallet calls the link secret', HOLDER],
  [/Prover DID$/, 'DID', 'a name of the holder for the issuer', HOLDER],
  [/Credential id$/, 'id', 'what the wallet calls the credential', HOLDER],
  [/protocolVersion$/, '', 'the version of the protocol of ledgers', ISSUER],
  [/^\/op$/, '', 'the kind of the answer: REPLY means that it is written', LEDGER],
  [/reqSignature\/type$/, '', 'the kind of the signature', ISSUER],
  [/(^|\/)ver$/, '', 'the version of the form', ''],
  [/(signature_type|cred_defs\/.*\/type|^\/type)$/, '', 'the kind of the signatures: CL, by Camenisch and Lysyanskaya', ISSUER],
  [/(^|\/)version$/, 'version', '', ''],
  // what the holder finds
  [/cred_info\/referent$/, 'credential', 'what the wallet calls the credential', HOLDER],
  [/(cred_rev_id|rev_reg_id|interval|rev_reg|witness)$/, '', 'for revocation; these credentials cannot be revoked', ''],
  [/considered\/\d+\/candidates$/, 'candidates', 'how many credentials answer the referent', HOLDER],
  [/considered\/\d+\/credentials$/, 'credentials', 'how many were looked at', HOLDER],
  [/considered\/\d+\/more$/, 'more', 'whether there are more that were not looked at', HOLDER],
  [/would learn\/credentials\/\d+\/hidden\/\d+$/, 'hidden', 'what stays hidden', HOLDER],
  [/would learn\/credentials\/\d+\/credential$/, 'credential', 'which credential would be used; the verifier does not learn this id', HOLDER],
  [/Requested Credentials/, '', 'which credential answers which referent', HOLDER],
  [/cred_info\/attrs\/(.*)$/, '$1', 'a value in the credential, before it is decided what is shown', HOLDER],
]

/**
 * By pointer: what the values belong to.
 * @type {[RegExp, string][]}
 */
export const GROUPS = [
  [/^\/requested_proof\//, 'The answers'],
  [/^\/proof\/proofs\/(\d+)\/primary_proof\/eq_proof\//, 'Sub-proof $1: the credential is signed'],
  [/^\/proof\/proofs\/(\d+)\/primary_proof\/ge_proofs\//, 'Sub-proof $1: the predicate holds'],
  [/^\/proof\/proofs\/(\d+)\//, 'Sub-proof $1: revocation'],
  [/^\/proof\/aggregated_proof\//, 'The challenge, and what is hashed'],
  [/^\/identifiers\/(\d+)\//, 'Public data of sub-proof $1'],
  [/^\/requested_attributes\//, 'To be revealed'],
  [/^\/requested_predicates\//, 'To be proved'],
  [/key_correctness_proof\//, 'The key is made correctly'],
  [/blinded_ms_correctness_proof\//, 'The holder knows the blinded link secret'],
  [/^\/schemas\//, 'The schema'],
  [/primary\//, 'The public key'],
  [/^\/cred_defs\//, 'The credential definition'],
  [/^\/values\//, 'The values'],
  [/^\/checks\//, 'The checks'],
  [/^\/cautions\//, 'Cautions'],
  [/^\/learned\//, 'What the verifier has learned'],
  [/^\/What the verifier would learn\//, 'What the verifier would learn'],
  [/^\/Prover credential for ([^/]*)\//, 'For $1'],
  [/^\/result\/reqSignature\//, 'The signature'],
  [/^\/result\/txnMetadata\//, 'Where it is on the ledger'],
]
