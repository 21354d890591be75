"""The recorded run of the walkthrough, and everything in it that can be computed again.

The run is that of the lab, `crates/lab/assets/case.js`, which has no secrets. Each equation of a picture is computed
here; a run in which one does not hold gives no pictures. The names are those of `crates/cl/src/notes.rs`.
"""

import hashlib
import json
from pathlib import Path

CASE = Path(__file__).parents[2] / "crates" / "lab" / "assets" / "case.js"
E_START = 1 << 596


def to_bytes(number):
    """Returns a number as big-endian bytes without leading zeros."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def hashed(numbers):
    """Returns the SHA-256 hash of numbers that follow each other without lengths or separators."""
    return int.from_bytes(hashlib.sha256(b"".join(map(to_bytes, numbers))).digest(), "big")


def encode(raw):
    """Returns the integer that is signed for a text."""
    if raw.isdigit() and int(raw) < 1 << 31:
        return int(raw)
    return int.from_bytes(hashlib.sha256(raw.encode()).digest(), "big")


class Key:
    """An issuer's public key."""

    def __init__(self, primary):
        self.n, self.s, self.z, self.rctxt = (int(primary[name]) for name in ["n", "s", "z", "rctxt"])
        self.r = {name: int(base) for name, base in primary["r"].items()}

    def product(self, *powers):
        """Returns the product of powers `(base, exponent)` modulo `n`; exponents may be negative."""
        result = 1
        for base, exponent in powers:
            result = result * pow(base, exponent, self.n) % self.n
        return result


class Recorded:
    """The run: its messages, and the numbers that the pictures show."""

    def __init__(self):
        text = CASE.read_text()
        run = json.loads(text.split("export const RECORDED = ", 1)[1])
        self.actions = {str(action["action"]): action["value"] for action in run["actions"]}
        alex = run["alex"]
        self.request, self.presentation = alex["presentation_request"], alex["presentation"]
        self.schema = self.actions["8"]["Schema"]
        (self.cred_def,) = alex["cred_defs"].values()
        self.key = Key(self.cred_def["value"]["primary"])
        self.offer = self.actions["14"]["Credential Offer"]
        self.credential_request = self.actions["15"]["Credential Request"]
        self.values = self.actions["16"]["Credential"]["values"]
        self.verdict = self.actions["21"]["Verdict"]
        self.candidates = {
            name.removeprefix("Prover credential for "): value
            for name, value in self.actions["19"].items()
            if name.startswith("Prover credential for ")
        }
        self.issuer = self.actions["5"]["Trust anchor DID"]
        (sub_proof,) = self.presentation["proof"]["proofs"]
        self.equality = sub_proof["primary_proof"]["eq_proof"]
        (self.predicate,) = sub_proof["primary_proof"]["ge_proofs"]
        self.aggregated = self.presentation["proof"]["aggregated_proof"]
        self.challenge = int(self.aggregated["c_hash"])
        self._check_names()
        self._check_issuance()
        self._recompute_proof()

    def _check_names(self):
        schema = self.schema
        steward = self.actions["4"]["Steward DID"]
        assert schema["id"] == f"{steward}:2:{schema['name']}:{schema['version']}"
        self.schema_number = self.actions["10"]["Schema response"]["result"]["txnMetadata"]["seqNo"]
        assert self.cred_def["id"] == f"{self.issuer}:3:CL:{self.schema_number}:{self.cred_def['tag']}"
        for value in self.values.values():
            assert encode(value["raw"]) == int(value["encoded"])

    def _check_issuance(self):
        key = self.key
        # the key is well formed
        proof = self.offer["key_correctness_proof"]
        bases = [(key.r[name], int(response)) for name, response in proof["xr_cap"]]
        c = int(proof["c"])
        masks = [key.product((base, -c), (key.s, response)) for base, response in [(key.z, int(proof["xz_cap"])), *bases]]
        assert hashed([key.z, *(base for base, _ in bases), *masks]) == c
        # the holder knows the blinded link secret
        blinded, proof = (self.credential_request[name] for name in ["blinded_ms", "blinded_ms_correctness_proof"])
        u, c = int(blinded["u"]), int(proof["c"])
        self.blinded_mask = key.product(
            (u, -c),
            (key.s, int(proof["v_dash_cap"])),
            (key.r["master_secret"], int(proof["m_caps"]["master_secret"])),
        )
        assert hashed([u, self.blinded_mask, int(self.offer["nonce"])]) == c

    def _recompute_proof(self):
        key, c, eq, ge = self.key, self.challenge, self.equality, self.predicate
        a_prime = int(eq["a_prime"])
        t = key.product(
            (a_prime, int(eq["e"]) + c * E_START),
            *((key.r[name], c * int(value)) for name, value in eq["revealed_attrs"].items()),
            *((key.r[name], int(response)) for name, response in eq["m"].items()),
            (key.s, int(eq["v"])),
            (key.rctxt, int(eq["m2"])),
            (key.z, -c),
        )
        assert ge["predicate"]["p_type"] == "GE" and ge["mj"] == eq["m"]["age"]
        roots = [[int(ge[name][str(i)]) for name in ["t", "u", "r"]] for i in range(4)]
        delta, r_delta = int(ge["t"]["DELTA"]), int(ge["r"]["DELTA"])
        commitments = [key.product((t_i, -c), (key.z, u_i), (key.s, r_i)) for t_i, u_i, r_i in roots]
        difference = key.product(
            (key.z, -c * ge["predicate"]["value"]), (delta, -c), (key.z, int(ge["mj"])), (key.s, r_delta)
        )
        squares = key.product((delta, -c), (key.s, int(ge["alpha"])), *((t_i, u_i) for t_i, u_i, _ in roots))
        sent = [a_prime, *(t_i for t_i, _, _ in roots), delta]
        assert [bytes(value) for value in self.aggregated["c_list"]] == [to_bytes(number) for number in sent]
        names = ["T", "T_{0}", "T_{1}", "T_{2}", "T_{3}", "T_{Δ}", "Q"]
        self.recomputed = dict(zip(names, [t, *commitments, difference, squares]))
        self.sent = dict(zip(["A′", "t_{0}", "t_{1}", "t_{2}", "t_{3}", "t_{Δ}"], sent))
        numbers = [*self.recomputed.values(), *sent, int(self.request["nonce"])]
        assert hashed(numbers) == c, "the numbers do not hash to the challenge"
        self.hashed_bytes = sum(len(to_bytes(number)) for number in numbers)
