"""Makes the cases, or has the library verify those that are there. `run` starts this."""

import argparse
import json
import pathlib
import sys
import tempfile
import time

import anoncreds

from cases import COUNT, make_all
from presenting import is_verified

CASES = pathlib.Path(__file__).parent / "cases"
VERSION = "0.2.3"


def make() -> None:
    """Makes all cases. Nothing is written unless the library verifies each of them."""
    files, ids = {}, set()
    with tempfile.TemporaryDirectory() as tails:
        for case in make_all(tails):
            if case["id"] in ids:
                raise SystemExit(f"peers: there are two cases {case['id']}")
            ids.add(case["id"])
            if not is_verified(case):
                raise SystemExit(f"peers: the library does not verify {case['id']}")
            made_by = {"library": "anoncreds", "version": VERSION, "verified": True}
            line = json.dumps({**case, "made_by": made_by}, ensure_ascii=False, separators=(",", ":"))
            files.setdefault(file_of(case["id"]), []).append(line + "\n")
            print(f"{case['id']}: {len(line):,} bytes", flush=True)
    if len(ids) != COUNT:
        raise SystemExit(f"peers: {len(ids)} cases were made, not {COUNT}")
    CASES.mkdir(exist_ok=True)
    for old in CASES.glob("*.jsonl"):
        old.unlink()
    for name, lines in files.items():
        (CASES / name).write_text("".join(lines), encoding="utf-8")
    print(f"{len(ids)} cases made and verified, in {len(files)} files")


def file_of(case_id: str) -> str:
    """Returns the file of a case: the part of its id before the slash names it."""
    return case_id.split("/")[0] + ".jsonl"


def check() -> None:
    """Has the library verify all cases as they are written."""
    count = 0
    for path in sorted(CASES.glob("*.jsonl")):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                case = json.loads(line)
                if not is_verified(case):
                    raise SystemExit(f"peers: the library does not verify {case['id']}")
                count += 1
    if count != COUNT:
        raise SystemExit(f"peers: there are {count} cases, not {COUNT}")
    print(f"{count} cases verified by anoncreds {VERSION}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/peers/run", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only verify the cases that are there")
    options = parser.parse_args()
    if anoncreds.library_version() != VERSION:
        raise SystemExit(f"peers: anoncreds {VERSION} is needed, not {anoncreds.library_version()}")
    started = time.monotonic()
    check() if options.check else make()
    print(f"in {time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
