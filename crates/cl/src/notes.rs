//! The equations of AnonCreds 1.0, each with the function that computes it.
//!
//! These notes explain why the scheme works, step by step; modular arithmetic (`a ≡ b (mod n)`) is
//! all that a reader needs to follow a verification by hand.
//! `cargo doc -p negotiate-cl --document-private-items` shows this page with links. `x^` is a
//! *response* (hat), `x~` a *mask*, a random number that hides something (tilde). All powers and
//! products are modulo the issuer's `n` unless stated otherwise. [`crate::parameters`] has the
//! lengths of all numbers.
//!
//! # 1. The key
//!
//! The issuer draws two primes `p', q'` such that `p = 2p'+1` and `q = 2q'+1` are primes too
//! ([`crate::primes`]), and publishes `n = p·q`. The squares modulo `n` are a group of `p'·q'`
//! elements. Only the issuer knows the size of the group, and taking roots requires it. The issuer
//! chooses a generator `S` of the group, and the powers
//!
//! ```text
//! Z = S^xz    R_i = S^xr_i  (one for each attribute and one for the link secret)    Rctxt = S^xc
//! ```
//!
//! ([`crate::keys::generate`]). A holder must be sure that `Z` and the `R_i` are powers of `S`:
//! with an `R_i` outside the group, an issuer could recognise holders by their presentations.
//! Therefore a **key correctness proof** accompanies each key. The issuer draws `xz~` and `xr~_i`,
//! and computes
//!
//! ```text
//! z~ = S^xz~      r~_i = S^xr~_i
//! c  = SHA-256(Z | R_i ... | z~ | r~_i ...)       numbers as big-endian bytes, without separators
//! xz_cap = c·xz + xz~          xr_cap_i = c·xr_i + xr~_i
//! ```
//!
//! A holder does not know `z~`, but can recompute it: `S^xz_cap = S^(c·xz + xz~) = Z^c · z~`, so
//! `z~ = Z^-c · S^xz_cap`; each `r~_i` likewise. If the hash of these numbers is `c`, the issuer
//! knows the exponents ([`crate::keys::check_correctness_proof`]): an issuer who did not know `xz`
//! would have to know `c` before the numbers of which `c` is the hash.
//!
//! # 2. The credential
//!
//! A credential on attributes `m_i` (the link secret among them) and context `m2` is `(A, e, v)`
//! with
//!
//! ```text
//! A^e · S^v · Π R_i^m_i · Rctxt^m2 ≡ Z                       (1)
//! ```
//!
//! where `e` is a prime just above `2^596`. `A` is an `e`-th root, which only the issuer can take,
//! who knows `p'·q'`. A holder checks equation (1) with [`crate::ProvingKey::check_signature`].
//!
//! # 3. A presentation shows knowledge of (1), but not `A`, `e`, `v` or the hidden attributes
//!
//! **Blinding.** The prover draws `r` and sends `A' = A·S^r`. With `v' = v - e·r`, equation (1)
//! holds for `(A', e, v')` as well, and `A'` is a random element: two presentations have nothing in
//! common.
//!
//! **Commitment.** The prover draws a mask for each hidden number and computes
//!
//! ```text
//! T = A'^e~ · Π_hidden R_i^m~_i · S^v~ · Rctxt^m2~           (2)
//! ```
//!
//! **Challenge.** `c = SHA-256(T ... | A' ... | nonce)`, over all sub-proofs
//! ([`crate::challenge`]): a prover cannot know `c` before choosing `T`, and cannot reuse `c` for a
//! verifier with another nonce.
//!
//! **Responses.**
//!
//! ```text
//! e^ = e~ + c·(e - 2^596)      v^ = v~ + c·v'      m^_i = m~_i + c·m_i      m2^ = m2~ + c·m2
//! ```
//!
//! Each of these masks is longer than the product of `c` and its secret by at least 80 bits: the
//! response says nothing about the secret, except with a probability of `2^-80`.
//! [`crate::verify()`] enforces the lengths that follow from this. All sub-proofs have the same
//! `m~` for the link secret, and therefore the same response; two different link secrets would have
//! different responses.
//!
//! **Verification.** The verifier recomputes `T` from the responses ([`crate::equations`]):
//!
//! ```text
//! T' = A'^(e^ + c·2^596) · Π_hidden R_i^m^_i · S^v^ · Rctxt^m2^ · Π_revealed R_i^(c·m_i) · Z^-c  (3)
//! ```
//!
//! With the responses inserted into (3), and ordered by powers with and without `c`:
//!
//! ```text
//! T' = [A'^e~ · Π R_i^m~_i · S^v~ · Rctxt^m2~] · [A'^e · Π_all R_i^m_i · S^v' · Rctxt^m2 · Z^-1]^c
//!    =                  T                      ·                 1^c            by (2), and (1) for A'
//! ```
//!
//! So `T' = T`, and the hash of the recomputed numbers is `c`. A prover who does not know a
//! solution of (1) would have to find a `T` whose hash fits responses chosen beforehand, which is
//! as hard as inverting the hash.
//!
//! # 4. Predicates: a difference is not negative because it is a sum of four squares
//!
//! For `m >= D` let `Δ = m - D'` with `D' = D`, and for `m > D` with `D' = D + 1`. For `m <= D` let
//! `Δ = D' - m` with `D' = D`, and for `m < D` with `D' = D - 1` ([`crate::Predicate::bound`]). By
//! Lagrange's theorem, there are roots with `Δ = u0² + u1² + u2² + u3²` if and only if `Δ >= 0`
//! ([`crate::prove()`] finds them). The prover commits to the roots and to `Δ`,
//!
//! ```text
//! T_i = Z^u_i · S^r_i   (i = 0..3)            T_Δ = Z^Δ · S^r_Δ                                  (4)
//! ```
//!
//! which hides them, because `S^r` is a random element, and proves three statements with the same
//! challenge.
//!
//! *The prover knows `u_i` and `r_i`.* With `T~_i = Z^u~_i · S^r~_i` and responses
//! `u^_i = u~_i + c·u_i`, `r^_i = r~_i + c·r_i`, the verifier recomputes
//!
//! ```text
//! T~_i = T_i^-c · Z^u^_i · S^r^_i
//! ```
//!
//! *The `Δ` in `T_Δ` is the difference between the credential's attribute and the bound.* Let
//! `a = 1` for bounds from below and `a = -1` for bounds from above. Then `D' + a·Δ = m`, and
//! `Z^D' · T_Δ^a = Z^m · S^(a·r_Δ)`. So with **the same response `m^` as in (3)**,
//!
//! ```text
//! T~_Δ = (Z^D' · T_Δ^a)^-c · Z^m^ · S^(a·r^_Δ)
//! ```
//!
//! This response binds the predicate to the credential: [`crate::verify()`] compares it with the
//! one in (3).
//!
//! *`Δ` is the sum of the squares.* `Π T_i^u_i = Z^(Σ u_i²) · S^(Σ u_i·r_i) = T_Δ · S^-α` with
//! `α = r_Δ - Σ u_i·r_i`. With `Q~ = S^α~ · Π T_i^u~_i` and `α^ = α~ + c·α`,
//!
//! ```text
//! Q~ = T_Δ^-c · S^α^ · Π T_i^u^_i
//! ```
//!
//! `α^` is the only response that can be negative. The prover knows the exponents in the `T_i`, and
//! computes `Q~` as `S^(α~ + Σ r_i·u~_i) · Z^(Σ u_i·u~_i)`.
//!
//! # 5. The challenge
//!
//! ```text
//! c = SHA-256( per sub-proof: T, per predicate: T~_0 T~_1 T~_2 T~_3 T~_Δ Q~
//!            | per sub-proof: A', per predicate: T_0 T_1 T_2 T_3 T_Δ
//!            | nonce )
//! ```
//!
//! Numbers are big-endian bytes without leading zeros, lengths or separators. The presentation
//! contains the second line as `c_list`. If a verifier hashed `c_list` without a check, the hash
//! would cover numbers that occur in no equation; so [`crate::verify()`] requires that it consists
//! of exactly the numbers in the sub-proofs.
//!
//! The hash covers all numbers at once: if one equation does not hold, a verifier only sees that
//! `c` is wrong. Therefore a rejection names an equation only if a check before the hash finds the
//! fault, and [`crate::trace()`] lists every recomputed number for comparison with the prover's.
//!
//! # 6. Why it is fast
//!
//! *Combs.* `S`, `Z`, `R_i` and `Rctxt` belong to the key. [`crate::product::tables`] arranges an
//! exponent of `200·b` bits in `b` blocks of 8 rows and 25 columns and stores, for each block, the
//! products of all 256 choices of rows. A power then takes 25 multiplications for each block and no
//! squarings of its own.
//!
//! *One inversion.* All factors with `-c` in the exponent are collected as denominators, multiplied
//! together, inverted once, and separated again (Montgomery's trick).
//!
//! *Lanes.* The powers of a proof do not depend on each other. [`crate::product::evaluate`] gives
//! the kernel eight at a time, which it multiplies in parallel ([`crate::kernel`]).
//!
//! *No comparison at the end of a multiplication.* With `R > 2^14·n`, a Montgomery product of two
//! numbers below `4n`, `(a·b + m·n)/R < 16n²/R + n`, is below `2n`, and can be an operand of the
//! next multiplication without a correction.
