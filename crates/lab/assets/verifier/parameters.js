// The sizes of the scheme in bits, with the names of the specification's masks and of `cl`.
// `crates/cl/src/parameters.rs` derives them.

/** The challenge `c`: a SHA-256 hash. */
export const CHALLENGE_BITS = 256

/** The longest nonce that is accepted. */
export const MAX_NONCE_BITS = 128

/** The longest modulus: two primes of 1,025 bits. */
export const MAX_MODULUS_BITS = 2050

/** The value of an attribute: a 32-bit number or a hash. */
export const VALUE_BITS = 256

/** The prime `e` of a signature is just above 2^596. */
export const E_START_BITS = 596n

/** The longest responses of an honest prover. */
export const MAX_RESPONSE_BITS = {
  /** `ê`, for `e - 2^596` */
  e: 457,
  /** `v̂`, for `v - e·r` */
  v: 3061,
  /** `m̂_i` and `û_i`, for an attribute, the link secret or a root */
  value: 594,
  /** `m̂_2`, for the credential's context */
  context: 2433,
  /** `r̂_i` and `r̂_Δ`, for the blinding of a commitment */
  r: 2386,
  /** `α̂`, without its sign */
  alpha: 2788,
}

/** The most decimal digits that are read. */
export const MAX_DIGITS = 1300
