"""The program `negotiate-proof`, with a home of its own for each party."""

from __future__ import annotations

import json
import pathlib
import subprocess


class Ours:
    """A party that uses `negotiate-proof`. What it is given and what it makes are files in its directory."""

    def __init__(self, program: pathlib.Path, directory: pathlib.Path):
        self.program = program
        self.directory = directory
        self.home = directory / "home"
        directory.mkdir()

    def write(self, name: str, value: object) -> str:
        path = self.directory / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return str(path)

    def run(self, *arguments: str) -> str:
        """Returns what a command prints. It must succeed."""
        done = subprocess.run(
            [self.program, *arguments], capture_output=True, text=True, cwd=self.directory
        )
        if done.returncode != 0:
            command = " ".join(arguments)
            raise SystemExit(
                f"interop: negotiate-proof {command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def make(self, name: str, *arguments: str) -> dict:
        """Returns the object that a command writes to a file."""
        path = self.directory / name
        path.unlink(missing_ok=True)
        self.run(*arguments, "--output", str(path))
        return json.loads(path.read_text(encoding="utf-8"))

    # as an issuer

    def prepare_key(self, attributes: list) -> dict:
        path = self.directory / "key.json"
        self.run("prepare-key", str(path), "--attributes", ",".join(attributes))
        return json.loads(path.read_text(encoding="utf-8"))

    def offer(self, schema: dict, key: dict, issuer: str) -> dict:
        files = ["--schema", self.write("schema.json", schema), "--prepared-key", self.write("key.json", key)]
        return self.make("offer.json", "issue", "offer", *files, "--issuer", issuer, "--home", str(self.home))

    def public(self) -> dict:
        return self.make("public.json", "public", "export", "--home", str(self.home))

    def sign(self, request: dict, offer: dict, values: dict) -> dict:
        given = [self.write("request.json", request), "--offer", self.write("offer.json", offer)]
        given += ["--values", self.write("values.json", values)]
        return self.make("credential.json", "issue", "sign", *given, "--home", str(self.home))

    # as a holder

    def take_in(self, public: dict) -> None:
        self.run("public", "import", self.write("taken.json", public), "--home", str(self.home))

    def accept(self, offer: dict) -> dict:
        offered = self.write("offered.json", offer)
        return self.make("asked.json", "issue", "accept", offered, "--home", str(self.home))

    def store(self, credential: dict) -> None:
        self.run("issue", "store", self.write("received.json", credential), "--home", str(self.home))

    def prove(self, request: dict) -> dict:
        asked = self.write("proof-request.json", request)
        return self.make("answer.json", "prove", asked, "--home", str(self.home), "--bare", "--yes")

    # as a verifier

    def verify(self, case: dict) -> None:
        said = json.loads(self.run("verify", self.write("case.json", case), "--json"))
        if said["verdict"] != "verified":
            raise SystemExit(f"interop: negotiate-proof says {said['verdict']} of {case['id']}: {said}")

    # between the forms

    def convert(self, value: dict, to: str, **more: object) -> dict:
        """Returns an object in another form. Each of `more` is an option: a number, a text, or an object in a file."""
        options = []
        for name, given in more.items():
            text = self.write(f"{name}.json", given) if isinstance(given, dict) else str(given)
            options += [f"--{name.replace('_', '-')}", text]
        return json.loads(self.run("convert", "--to", to, self.write("object.json", value), *options))
