#!/usr/bin/env python3
"""Writes the pictures of the book's page `picture-story.md`, from the recorded run of the lab, and those of terminals in
the README, from the sessions in `tour.md`.

    docs/pictures/main.py            writes them to docs/src/images
    docs/pictures/main.py --check    fails if those that are there differ

A new record (`crates/lab/record.py`) and a changed session need new pictures.
"""

import sys
from pathlib import Path

import story
import terminal
from recorded import Recorded

IMAGES = Path(__file__).parents[1] / "src" / "images"


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    run = Recorded()
    pictures = [draw(run) for draw in story.PICTURES] + [draw() for draw in terminal.PICTURES]
    different = []
    for picture in pictures:
        path, svg = IMAGES / f"{picture.name}.svg", picture.svg()
        if not arguments:
            path.write_text(svg)
        elif not path.exists() or path.read_text() != svg:
            different.append(path.name)
    if different:
        sys.exit(f"{', '.join(different)}: not what docs/pictures/main.py writes; run it")


main(sys.argv[1:])
