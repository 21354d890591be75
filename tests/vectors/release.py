#!/usr/bin/env python3
"""Writes the archive of the vectors: the files, their schemas, licence, templates and checksums.

    tests/vectors/release.py DIRECTORY    writes DIRECTORY/cl-proof-vectors-VERSION.tar.gz, and prints its path

The same files give the same bytes: they are sorted, and times and owners are left out.
"""

import gzip
import hashlib
import io
import pathlib
import re
import sys
import tarfile

HERE = pathlib.Path(__file__).parent
CONTENTS = [
    "*.json",
    "schemas/*.json",
    "README.md",
    "LICENSE",
    "adapters/template.*",
    "adoption/*/*.py",
    "adoption/*/*.rs",
    "adoption/*/*.ts",
]


def version() -> str:
    """Returns the version of the workspace."""
    manifest = (HERE / "../../Cargo.toml").read_text(encoding="utf-8")
    return re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)[1]


def archive(name: str) -> bytes:
    paths = [path for pattern in CONTENTS for path in HERE.glob(pattern) if path.is_file()]
    files = {path.relative_to(HERE).as_posix(): path.read_bytes() for path in sorted(paths)}
    sums = [f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in files.items()]
    files["SHA256SUMS"] = "".join(sums).encode()
    written = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=written, mode="wb", mtime=0) as compressed:
        with tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for path, data in files.items():
                member = tarfile.TarInfo(f"{name}/{path}")
                member.size = len(data)
                member.mode = 0o755 if data.startswith(b"#!") else 0o644
                tar.addfile(member, io.BytesIO(data))
    return written.getvalue()


def main(directory: pathlib.Path) -> None:
    name = f"cl-proof-vectors-{version()}"
    path = directory / f"{name}.tar.gz"
    directory.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive(name))
    print(path)


main(pathlib.Path(sys.argv[1]))
