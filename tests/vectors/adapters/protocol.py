"""What the adapters in Python have in common: the lines of JSON that the runner and an adapter exchange.

`docs/src/vectors.md` describes them. An adapter has a function for each kind of test that it answers.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Callable, Dict, List, Tuple, Type

Answer = Dict[str, Any]


def valid(output: Any = None) -> Answer:
    """Accepts, with what was computed where the kind computes something."""
    return {"verdict": "valid"} if output is None else {"verdict": "valid", "output": output}


def invalid(detail: str) -> Answer:
    return {"verdict": "invalid", "detail": detail}


def unsupported(detail: str) -> Answer:
    return {"verdict": "unsupported", "detail": detail}


def text(given: dict, name: str) -> str:
    """Returns an object as a text of JSON: as it came, where the test is about its writing."""
    return given[f"{name}_json"] if f"{name}_json" in given else json.dumps(given[name])


def serve(
    name: str,
    version: str,
    features: List[str],
    kinds: Dict[str, Callable[[dict], Answer]],
    refusals: Tuple[Type[Exception], ...],
) -> None:
    """Answers tests until there are no more.

    An exception among `refusals` is how the library refuses. Any other ends the adapter, and the runner reports it:
    a mistake here must not count as a right "invalid".
    """
    for line in sys.stdin:
        test = json.loads(line)
        if "start" in test:
            said = {"name": name, "version": version, "features": [*kinds, *features]}
        else:
            said = {"tcId": test["tcId"], **answer(test, kinds, refusals)}
        print(json.dumps(said), flush=True)


def answer(test: dict, kinds: dict, refusals: tuple) -> Answer:
    if test["kind"] not in kinds:
        return unsupported(f"the adapter has no {test['kind']}")
    try:
        return kinds[test["kind"]](test)
    except refusals as error:
        return invalid(f"{type(error).__name__}: {error}"[:500])
