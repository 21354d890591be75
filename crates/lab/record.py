#!/usr/bin/env python3
"""Writes assets/case.js: what one run of the walkthrough shows, and the cases of two holders.

    crates/lab/record.py PROGRAM    PROGRAM is a path of `negotiate-proof`

What is secret is left out: the signature of the credential, and all that is only in wallets. An object that is also in
the case is replaced with a text such as "$presentation".
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = Path(__file__).parent / "assets" / "case.js"
# what only the holder may see: with it, anyone who also has the link secret could make presentations
SECRET = {"signature", "signature_correctness_proof"}
LEFT_OUT = "left out: a secret of the holder"


def without_secrets(value):
    if isinstance(value, dict):
        return {name: LEFT_OUT if name in SECRET else without_secrets(member) for name, member in value.items()}
    if isinstance(value, list):
        return [without_secrets(element) for element in value]
    return value


def shortened(value, known):
    for name, other in known.items():
        if value == other:
            return f"${name}"
    if isinstance(value, dict):
        return {name: shortened(member, known) for name, member in value.items()}
    return value


def in_order(value, names):
    """Returns an object with some members first, as a reader would take them."""
    return {**{name: value[name] for name in names}, **value}


def main(program):
    cases, runs = [], []
    with tempfile.TemporaryDirectory() as directory:
        for name in ["alex", "bea"]:
            home = f"{directory}/{name}"
            run = subprocess.run([program, "--json", "--home", home], check=True, capture_output=True, text=True)
            runs.append([json.loads(line) for line in run.stdout.splitlines()])
            case = subprocess.run([program, "case", "--home", home], check=True, capture_output=True, text=True)
            cases.append(json.loads(case.stdout))
            presentation = in_order(cases[-1]["presentation"], ["requested_proof", "proof", "identifiers"])
            presentation["proof"] = in_order(presentation["proof"], ["proofs", "aggregated_proof"])
            cases[-1]["presentation"] = presentation
    alex, bea = cases
    known = {name: alex[name] for name in ["presentation_request", "presentation"]}
    known["cred_def"] = next(iter(alex["cred_defs"].values()))
    known["key"] = known["cred_def"]["value"]["primary"]
    actions = [
        {name: shortened(without_secrets(line[name]), known) for name in ["action", "step", "label", "value"]}
        for line in runs[0]
        if "action" in line
    ]
    members = ["presentation_request", "presentation", "schemas", "cred_defs"]
    data = {
        "actions": actions,
        "alex": {name: alex[name] for name in members},
        "bea": {name: bea[name] for name in members},
    }
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in data.items())
    TARGET.write_text(f"// Written by record.py.\n\n/** @type {{any}} */\nexport const RECORDED = {{\n{lines}\n}}\n")


main(*sys.argv[1:])
