"""Revocation registries of one library, in the form of the other: what `negotiate-proof convert` makes of them.

The issuer has one library, and the holder the other. A presentation of the holder shows that a change was converted
rightly: it is verified by both libraries and by ours.
"""

from __future__ import annotations

import os

import anoncreds
import indy_credx

from ours import Ours
from wheels import DID, REGISTRY_SIZE, AnonCreds, Credx, Issuer

#: The credential's index, those that are revoked one after the other, and when.
INDEX, REVOKED = 3, [5, 6]
MADE, CHANGED = 1_704_067_200, 1_704_153_600


def delta_to_list(ours: Ours, credx: Credx, rs: AnonCreds, issuer: Issuer, given: dict, tails: str) -> None:
    """A registry of indy-credx: its changes become a status list, with which anoncreds makes a presentation."""
    registry, private, entry, delta = indy_credx.RevocationRegistryDefinition.create(
        DID, issuer.cred_def, "changes", "CL_ACCUM", REGISTRY_SIZE, tails_dir_path=tails
    )
    modern_registry = ours.convert(registry.to_dict(), "anoncreds")
    config = indy_credx.CredentialRevocationConfig(registry, private, entry, INDEX, [INDEX])
    offer = credx.offer(issuer)
    request, metadata = rs.request(offer, given["modern"]["cred_defs"][issuer.cred_def_id])
    credential = credx.issue(issuer, offer, request, given["values"], config)
    credential = rs.process(
        credential, metadata, given["modern"]["cred_defs"][issuer.cred_def_id], modern_registry
    )
    changes = [entry.revoke_credential(issuer.cred_def, registry, private, it) for it in REVOKED]
    beginning = {"registry": registry.to_dict()}
    delta.update_with(changes[0])
    earlier = ours.convert(delta.to_dict(), "anoncreds", **beginning, timestamp=MADE)
    status_list = ours.convert(changes[1].to_dict(), "anoncreds", earlier=earlier, timestamp=CHANGED)
    revoked = [index for index, bit in enumerate(status_list["revocationList"]) if bit]
    assert revoked == REVOKED, status_list
    delta.update_with(changes[1])
    whole = ours.convert(delta.to_dict(), "anoncreds", **beginning, timestamp=CHANGED)
    assert whole == status_list, "the changes one by one, and together"

    state = anoncreds.CredentialRevocationState.create(
        anoncreds.RevocationRegistryDefinition.load(modern_registry),
        anoncreds.RevocationStatusList.load(status_list),
        INDEX,
        path_in(tails, registry.tails_hash),
    )
    asked = given["request"]
    presentation = rs.present(asked, credential, given["modern"], CHANGED, state)
    case = {"presentation_request": asked, "presentation": presentation}
    verify_both_forms(
        ours,
        rs,
        credx,
        {
            **case,
            **given["modern"],
            "rev_reg_defs": {registry.id: modern_registry},
            "rev_status_lists": {registry.id: {str(CHANGED): status_list}},
        },
        {
            **case,
            **given["public"],
            "rev_reg_defs": {registry.id: registry.to_dict()},
            "rev_regs": {registry.id: {str(CHANGED): entry.to_dict()}},
        },
    )


def list_to_delta(ours: Ours, credx: Credx, rs: AnonCreds, issuer: Issuer, given: dict, tails: str) -> None:
    """A registry of anoncreds: its status lists become changes, with which indy-credx makes a presentation."""
    registry_id = f"{DID}:4:{issuer.cred_def_id}:CL_ACCUM:lists"
    registry, private = anoncreds.RevocationRegistryDefinition.create(
        issuer.cred_def_id, issuer.cred_def, DID, "lists", "CL_ACCUM", REGISTRY_SIZE, tails_dir_path=tails
    )
    old_registry = ours.convert(registry.to_dict(), "indy", id=registry_id)
    first = anoncreds.RevocationStatusList.create(
        issuer.cred_def, registry_id, registry, private, DID, True, MADE
    )
    config = anoncreds.CredentialRevocationConfig(registry, private, first, INDEX)
    old_definition = given["old"]["cred_defs"][issuer.cred_def_id]
    offer = rs.offer(issuer)
    request, metadata = credx.request(offer, old_definition)
    credential = rs.issue(issuer, offer, request, given["values"], config)
    credential = credx.process(credential, metadata, old_definition, old_registry)
    lists = [first]
    for index, time in zip(REVOKED, (CHANGED - 1, CHANGED)):
        lists.append(lists[-1].update(issuer.cred_def, registry, private, None, [index], time))
    written = [it.to_dict() for it in lists]
    changes = [
        ours.convert(later, "indy", earlier=earlier) for earlier, later in zip(written, written[1:])
    ]
    assert [change["value"]["revoked"] for change in changes] == [[it] for it in REVOKED], changes
    whole = ours.convert(written[-1], "indy")
    merged = indy_credx.RevocationRegistryDelta.load(changes[0])
    merged.update_with(changes[1])
    merged = merged.to_dict()["value"]
    assert sorted(merged["revoked"]) == sorted(whole["value"]["revoked"]) == REVOKED, merged
    assert merged["accum"] == whole["value"]["accum"], "the changes one by one, and together"

    state = indy_credx.CredentialRevocationState.create(
        old_registry, whole, INDEX, CHANGED, path_in(tails, registry.tails_hash)
    )
    asked = given["request"]
    presentation = credx.present(asked, credential, given["old"], CHANGED, state)
    case = {"presentation_request": asked, "presentation": presentation}
    entry = {"ver": "1.0", "value": {"accum": whole["value"]["accum"]}}
    verify_both_forms(
        ours,
        rs,
        credx,
        {
            **case,
            **given["public"],
            "rev_reg_defs": {registry_id: registry.to_dict()},
            "rev_status_lists": {registry_id: {str(CHANGED): written[-1]}},
        },
        {
            **case,
            **given["old"],
            "rev_reg_defs": {registry_id: old_registry},
            "rev_regs": {registry_id: {str(CHANGED): entry}},
        },
    )


def path_in(tails: str, name: str) -> str:
    return os.path.join(tails, name)


def verify_both_forms(ours: Ours, rs: AnonCreds, credx: Credx, modern: dict, old: dict) -> None:
    """Has a case verified in both forms, by the library of the form and by ours."""
    assert rs.verify(modern), "anoncreds does not verify"
    ours.verify({"id": "status-lists", **modern})
    assert credx.verify(old), "indy-credx does not verify"
    ours.verify({"id": "entries", **old})
