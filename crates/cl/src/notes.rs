//! Why it works: the equations of AnonCreds 1.0, each step with the function that computes it.
//!
//! To read on paper beside the code; `cargo doc -p cl --document-private-items` shows this page with
//! links. Someone who knows what `a ≡ b (mod n)` means can follow a verification by hand here.
//! `x^` is a *response* (hat), `x~` a random number that hides something (tilde); all powers and products
//! are modulo the issuer's `n` unless said otherwise.
//!
//! # 1. The key
//!
//! The issuer draws two primes `p', q'` such that `p = 2p'+1` and `q = 2q'+1` are primes too
//! ([`crate::primes`]), and publishes `n = p·q`. The squares modulo `n` are a group of `p'·q'` elements
//! whose size nobody else knows; whoever does not know it cannot take roots there. In it the issuer
//! chooses a generator `S`, and powers of it
//!
//! ```text
//! Z = S^xz        R_i = S^xr_i   (one for each attribute and one for the link secret)        Rctxt = S^xc
//! ```
//!
//! ([`crate::keys::generate`]). A holder must be sure that `Z` and the `R_i` are powers of `S`:
//! an `R_i` outside the group could make credentials tell holders apart. So a **key correctness proof** comes
//! with each key. The issuer draws `xz~, xr~_i`, and computes
//!
//! ```text
//! z~ = S^xz~      r~_i = S^xr~_i
//! c  = SHA-256(Z | R_i ... | z~ | r~_i ...)          numbers as big-endian bytes, nothing between them
//! xz_cap = c·xz + xz~          xr_cap_i = c·xr_i + xr~_i
//! ```
//!
//! The receiver does not know `z~`, but can recompute it, since
//! `S^xz_cap = S^(c·xz + xz~) = Z^c · z~`, so `z~ = Z^-c · S^xz_cap`; likewise each `r~_i`. If hashing these
//! gives `c` again, the issuer knew the exponents ([`crate::keys::check_correctness_proof`]): to choose
//! `xz_cap` without knowing `xz` one would have to know `c` before the numbers that go into its hash.
//!
//! # 2. The credential
//!
//! A credential on attributes `m_i` (the link secret among them) and context `m2` is `(A, e, v)` with
//!
//! ```text
//! A^e · S^v · Π R_i^m_i · Rctxt^m2 ≡ Z                       (1)
//! ```
//!
//! where `e` is a prime just above `2^596`. Only who knows `p'·q'` can take the `e`-th root that makes `A`.
//!
//! # 3. A presentation shows knowledge of (1) and does not show `A`, `e`, `v` or hidden attributes
//!
//! **Blinding.** The prover draws `r` and sends `A' = A·S^r`. With `v' = v - e·r`, equation (1) holds for
//! `(A', e, v')` as well, and `A'` is a random element: two presentations have nothing in common.
//!
//! **Commitment.** For all that stays hidden the prover draws tildes and computes
//!
//! ```text
//! T = A'^e~ · Π_hidden R_i^m~_i · S^v~ · Rctxt^m2~           (2)
//! ```
//!
//! **Challenge.** `c = SHA-256(T ... | A' ... | nonce)`, over all sub-proofs ([`crate::challenge`]): the prover
//! cannot know `c` before `T`, and cannot use `c` again for a verifier with another nonce.
//!
//! **Responses.**
//!
//! ```text
//! e^ = e~ + c·(e - 2^596)      v^ = v~ + c·v'      m^_i = m~_i + c·m_i      m2^ = m2~ + c·m2
//! ```
//!
//! Each tilde is longer than its product with `c` by 80 bits: the response tells nothing of the secret
//! beyond a chance of one in 2^80. The lengths that follow from this are the bounds that
//! [`crate::verify()`] enforces. The link secret's `m~` is the same in all sub-proofs, so its response is; two
//! different link secrets would need two different responses.
//!
//! **Verification.** The verifier recomputes `T` from the responses ([`crate::verify()`]):
//!
//! ```text
//! T' = A'^(e^ + c·2^596) · Π_hidden R_i^m^_i · S^v^ · Rctxt^m2^ · Π_revealed R_i^(c·m_i) · Z^-c      (3)
//! ```
//!
//! Put the responses into (3) and sort by `c`:
//!
//! ```text
//! T' = [A'^e~ · Π R_i^m~_i · S^v~ · Rctxt^m2~] · [A'^e · Π_all R_i^m_i · S^v' · Rctxt^m2 · Z^-1]^c
//!    =                  T                      ·                      1^c            by (2), and (1) for A'
//! ```
//!
//! So `T' = T`, and the hash of the recomputed numbers is `c` again. A prover who does not know a solution of
//! (1) would have to find `T` such that its hash fits responses chosen before: as hard as inverting the
//! hash.
//!
//! # 4. Predicates: a difference is not negative because it is a sum of four squares
//!
//! For `m >= D` let `Δ = m - D'` with `D' = D`; for `m > D`, `D' = D + 1`; for `m <= D` and `m < D`,
//! `Δ = D' - m` with `D' = D` and `D' = D - 1` ([`crate::Predicate::bound`]). By Lagrange's theorem
//! `Δ = u0² + u1² + u2² + u3²` exactly if `Δ >= 0` ([`crate::prove()`] finds the four). The prover commits to them
//! and to `Δ`,
//!
//! ```text
//! T_i = Z^u_i · S^r_i   (i = 0..3)            T_Δ = Z^Δ · S^r_Δ                                      (4)
//! ```
//!
//! which hides them, since `S^r` is a random element; and proves three things with the same challenge.
//!
//! *The prover knows `u_i` and `r_i`.* With `T~_i = Z^u~_i · S^r~_i` and responses `u^_i = u~_i + c·u_i`,
//! `r^_i = r~_i + c·r_i`, the verifier recomputes
//!
//! ```text
//! T~_i = T_i^-c · Z^u^_i · S^r^_i
//! ```
//!
//! *The `Δ` in `T_Δ` is the difference to the attribute of the credential.* `Z^D' · T_Δ^a = Z^m · S^(a·r_Δ)` where
//! `a = 1` for bounds from below and `-1` for bounds from above, because `D' + a·Δ = m`. So with
//! **the same response `m^` as in (3)**,
//!
//! ```text
//! T~_Δ = (Z^D' · T_Δ^a)^-c · Z^m^ · S^(a·r^_Δ)
//! ```
//!
//! This link is what ties a predicate to the credential: [`crate::verify()`] compares the two responses.
//!
//! *`Δ` is the sum of the squares.* `Π T_i^u_i = Z^(Σ u_i²) · S^(Σ u_i·r_i) = T_Δ · S^-α` with
//! `α = r_Δ - Σ u_i·r_i`. With `Q~ = S^α~ · Π T_i^u~_i` and `α^ = α~ + c·α`,
//!
//! ```text
//! Q~ = T_Δ^-c · S^α^ · Π T_i^u^_i
//! ```
//!
//! `α` may be negative; it is the only response that may. The prover, who knows what the `T_i` are powers of, computes the
//! same as `S^(α~ + Σ r_i·u~_i) · Z^(Σ u_i·u~_i)`.
//!
//! # 5. The challenge
//!
//! ```text
//! c = SHA-256( per sub-proof: T, per predicate: T~_0 T~_1 T~_2 T~_3 T~_Δ Q~
//!            | per sub-proof: A', per predicate: T_0 T_1 T_2 T_3 T_Δ
//!            | nonce )
//! ```
//!
//! Numbers are minimal big-endian bytes without lengths or separators. The second line is sent along as
//! `c_list`; a verifier that took it as it comes would hash numbers that no equation mentions, so
//! [`crate::verify()`] demands that it is exactly what the sub-proofs hold.
//!
//! The hash covers everything at once. Where one equation is off, only `c` as a whole is seen to be wrong; that is why
//! a rejection names an equation only where a comparison before the hash tells, and why
//! [`crate::trace()`] lists every recomputed number for a reader to compare with the prover's.
//!
//! # 6. Why it is fast
//!
//! *Combs.* `S, Z, R_i, Rctxt` belong to the key. [`crate::product::tables`] lays an exponent of `200·b` bits
//! out in `b` blocks of 8 rows and 25 columns and keeps, for each block, the products of all 256 choices of rows. A power then
//! takes 25 multiplications a block and no squarings of its own.
//!
//! *One inversion.* All factors with `-c` in the exponent are collected as denominators, multiplied together,
//! inverted once, and taken apart again (Montgomery's trick).
//!
//! *Lanes.* The powers of a proof do not depend on each other. [`crate::product::evaluate`] gives the kernel eight at a
//! time, which it multiplies side by side ([`crate::kernel`]).
//!
//! *No comparison at the end of a multiplication.* With `R > 2^14·n` a Montgomery product of two numbers below `4n`,
//! `(a·b + m·n)/R < 16n²/R + n`, is below `2n`, and goes straight into the next.
