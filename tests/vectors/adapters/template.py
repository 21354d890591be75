#!/usr/bin/env python3
"""A template of an adapter: it says that it can do nothing yet, and runs. Fill in what your implementation does."""

import json
import sys

NAME, VERSION = "my-implementation", "0.1.0"
# Tests that need anything else are skipped. The kind `verify` is one; docs/src/vectors.md lists all.
FEATURES = ["verify", "ids-legacy"]


def verify(request: dict, presentation: dict, public: dict) -> bool:
    """Returns whether your implementation accepts a presentation. `public` has `schemas` and `cred_defs` by id."""
    raise NotImplementedError("call your implementation here")


def answer(test: dict) -> dict:
    if test["kind"] != "verify":
        return {"verdict": "unsupported", "detail": f"there is no {test['kind']} here"}
    given, public = test["input"], test["public"]["anoncreds"]  # or "indy": the same in Indy's own form
    try:
        is_valid = verify(given["presentation_request"], given["presentation"], public)
    except NotImplementedError as error:
        return {"verdict": "unsupported", "detail": str(error)}
    except ValueError as error:  # the exceptions with which your implementation refuses, and no others
        return {"verdict": "invalid", "detail": str(error)}
    return {"verdict": "valid" if is_valid else "invalid"}


for line in sys.stdin:
    test = json.loads(line)
    if "start" in test:
        said = {"name": NAME, "version": VERSION, "features": FEATURES}
    else:
        said = {"tcId": test["tcId"], **answer(test)}
    print(json.dumps(said), flush=True)
