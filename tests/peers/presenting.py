"""Requests, the presentations that answer them, and cases of both with the public data."""

from __future__ import annotations

from typing import Dict, List, Optional

import anoncreds
from anoncreds import bindings

from parties import Entry, Held, Holder, by_id, revocation_state


class Overrides(list):
    """A list whose `count` is its length."""

    @property
    def count(self) -> int:
        return len(self)


# Version 0.2.3 of the wrapper takes `count` of the list of overrides for its length, which is a method, and so
# fails for any that is not empty. The library below it works.
verify_presentation = bindings.verify_presentation
bindings.verify_presentation = lambda *given: verify_presentation(*given[:-1], Overrides(given[-1]))


class Exchange:
    """A request that grows together with its answer: each call asks for something, and answers it."""

    def __init__(
        self,
        id: str,
        ver: Optional[str] = "2.0",
        non_revoked: Optional[dict] = None,
        states: Optional[Dict[Held, Entry]] = None,
        overrides: Optional[Dict[str, Dict[str, int]]] = None,
    ):
        self.id = id
        self.request = {
            "nonce": anoncreds.generate_nonce(),
            "name": id,
            "version": "1.0",
            "requested_attributes": {},
            "requested_predicates": {},
        }
        if ver is not None:
            self.request["ver"] = ver
        if non_revoked is not None:
            self.request["non_revoked"] = non_revoked
        #: The status list that the holder proves each revocable credential with.
        self.states = states or {}
        self.overrides = overrides or {}
        self.answer = anoncreds.PresentCredentials()
        self.texts: Dict[str, str] = {}
        self.used: List[Held] = []

    def attribute(self, referent: str, held: Held, name: str, reveal=True, **more) -> Exchange:
        return self._attribute(referent, held, {"name": name, **more}, reveal)

    def group(self, referent: str, held: Held, names: List[str], **more) -> Exchange:
        return self._attribute(referent, held, {"names": names, **more}, True)

    def predicate(self, referent: str, held: Held, statement: str, **more) -> Exchange:
        """Asks for a predicate, as in "age >= 18"."""
        name, p_type, p_value = statement.rsplit(" ", 2)
        asked = {"name": name, "p_type": p_type, "p_value": int(p_value), **more}
        self.request["requested_predicates"][referent] = asked
        self.answer.add_predicates(held.credential, referent, **self._revocation(held))
        return self

    def self_attested(self, referent: str, name: str, text: str, **more) -> Exchange:
        self.request["requested_attributes"][referent] = {"name": name, **more}
        self.texts[referent] = text
        return self

    def _attribute(self, referent: str, held: Held, asked: dict, reveal: bool) -> Exchange:
        self.request["requested_attributes"][referent] = asked
        self.answer.add_attributes(
            held.credential, referent, reveal=reveal, **self._revocation(held)
        )
        return self

    def _revocation(self, held: Held) -> dict:
        is_new = held not in self.used
        if is_new:
            self.used.append(held)
        entry = self.states.get(held)
        if entry is None:
            return {}
        # one state serves all referents
        state = revocation_state(held, entry) if is_new else None
        return {"timestamp": entry.timestamp, "rev_state": state}

    def case(self, holder: Holder) -> dict:
        """Returns the case: what a verifier has, in the forms that the library writes."""
        definitions = list({held.definition.id: held.definition for held in self.used}.values())
        presentation = anoncreds.Presentation.create(
            self.request,
            self.answer,
            self.texts,
            holder.link_secret,
            by_id(definitions, "schema"),
            by_id(definitions, "cred_def"),
        )
        case = {
            "id": self.id,
            "presentation_request": self.request,
            "presentation": presentation.to_dict(),
            "schemas": {it.schema_id: it.schema.to_dict() for it in definitions},
            "cred_defs": {it.id: it.cred_def.to_dict() for it in definitions},
        }
        for entry in self.states.values():
            registry = entry.registry
            case.setdefault("rev_reg_defs", {})[registry.id] = registry.rev_reg_def.to_dict()
            lists = case.setdefault("rev_status_lists", {}).setdefault(registry.id, {})
            lists[str(entry.timestamp)] = entry.list.to_dict()
        if self.overrides:
            case["nonrevoked_interval_override"] = self.overrides
        return case


def is_verified(case: dict) -> bool:
    """Returns what the library says of a case, as it is written."""
    lists = case.get("rev_status_lists", {})
    overrides = [
        anoncreds.NonrevokedIntervalOverride(registry, int(asked), given)
        for registry, times in case.get("nonrevoked_interval_override", {}).items()
        for asked, given in times.items()
    ]
    return anoncreds.Presentation.load(case["presentation"]).verify(
        case["presentation_request"],
        case["schemas"],
        case["cred_defs"],
        case.get("rev_reg_defs"),
        [it for times in lists.values() for it in times.values()],
        overrides,
    )
