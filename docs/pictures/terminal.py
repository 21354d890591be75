"""Pictures of a terminal, from sessions in the book, which a test runs."""

import re
from pathlib import Path
from xml.sax.saxutils import escape

from drawing import MONO

PAGE = Path(__file__).parents[1] / "src" / "tour.md"
COLUMN, LINE, SIZE = 8.4, 20, 14
MARGIN, BAR = 18, 34
BACKGROUND, BAR_COLOUR, TEXT, COMMAND = "#14202b", "#243443", "#d5dde5", "#ffffff"
GOOD, BAD, PALE = "#7fd18a", "#ff9389", "#93a4b5"

# what is coloured in an output, as the programs colour it, or so that one sees it
COLOURS = [
    (r"\brejected\b|✗.*", BAD),
    (r"\bverified\b|✓", GOOD),
    (r"^\s\s(shows|proves)", GOOD),
    (r"^\s\s(hides|reveals)|^\s{4}(expected|found|do)(?=\s)|^\s\s\d.*", PALE),
]


class Terminal:
    """Commands on a page, and what they print there."""

    def __init__(self, name, title, *commands):
        self.name, self.title = f"terminal-{name}", title
        page = PAGE.read_text()
        self.lines = [line for command in commands for line in session(page, command)]

    def svg(self):
        columns = max(92, *map(len, self.lines))
        width = 2 * MARGIN + columns * COLUMN
        height = BAR + MARGIN + len(self.lines) * LINE + 8
        dots = "".join(
            f'<circle cx="{MARGIN + 4 + 18 * index}" cy="{BAR / 2:g}" r="5.5" fill="{PALE}"/>' for index in range(3)
        )
        rows = "\n    ".join(
            f'<text x="{MARGIN}" y="{BAR + MARGIN + index * LINE + 8}" {fitted(line)}>{coloured(line)}</text>'
            for index, line in enumerate(self.lines)
            if line
        )
        return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="title desc">
  <!-- written by docs/pictures/main.py -->
  <title id="title">{escape(self.title)}</title>
  <desc id="desc">{escape(" ".join(" ".join(self.lines).split()))}</desc>
  <rect width="{width:g}" height="{height:g}" rx="10" fill="{BACKGROUND}"/>
  <path d="M0 {BAR}V10Q0 0 10 0H{width - 10:g}Q{width:g} 0 {width:g} 10V{BAR}z" fill="{BAR_COLOUR}"/>
  {dots}
  <g font-family="{MONO}" font-size="{SIZE}" fill="{TEXT}">
    {rows}
  </g>
</svg>
"""


def session(page, command):
    """Returns the lines of a command on a page, and of its output."""
    lines = page.splitlines()
    begin = lines.index(f"$ {command}")
    end = next(index for index in range(begin + 1, len(lines)) if lines[index].startswith(("$ ", "```")))
    return lines[begin:end]


def fitted(line):
    """Returns the attributes that give a line its columns in whatever font there is."""
    return f'textLength="{len(line) * COLUMN:g}" lengthAdjust="spacingAndGlyphs"'


def coloured(line):
    # blanks that no renderer joins
    line = line.replace(" ", "\u00a0")
    if line.startswith("$"):
        return f'<tspan fill="{GOOD}">$</tspan>\u00a0<tspan fill="{COMMAND}">{escape(line[2:])}</tspan>'
    for pattern, colour in COLOURS:
        found = re.search(pattern, line)
        if found:
            before, match, after = line[: found.start()], found.group(), line[found.end() :]
            return f'{escape(before)}<tspan fill="{colour}">{escape(match)}</tspan>{escape(after)}'
    return escape(line)


PICTURES = [
    lambda: Terminal(
        "disclose",
        "What the verifier would learn, before the proof is made",
        "negotiate-proof disclose request.json --home alex",
    ),
    lambda: Terminal(
        "rejected",
        "A changed text is rejected, with what was expected, what was found, and what to do",
        "negotiate-proof case --home alex > alex.json",
        """sed 's/"raw":"Alex"/"raw":"Mallory"/' alex.json | negotiate-proof verify -""",
    ),
]
