"""Draws a picture as SVG: the parties, a message between two of them, values, equations."""

import re
from xml.sax.saxutils import escape

WIDTH = 860
INK, PALE, LEDGER, SECRET, SHOWN = "#1b2733", "#566677", "#1d5a8a", "#8a3b12", "#2b6a2a"
PARTIES = ["Ledger", "Issuer", "Holder", "Verifier"]
PARTY_WIDTH, PARTY_GAP, PARTY_TOP, PARTY_HEIGHT = 130, 97, 56, 40
MARGIN = 24
ROW = 25
SANS = "'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
MONO = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"


def shortened(number):
    """Returns a long number as the walkthrough prints it, without its length."""
    text = str(number)
    return text if len(text) <= 24 else f"{text[:12]}…{text[-6:]}"


def digits(number):
    return f"{len(str(number).lstrip('-')):,} digits"


def parts_of(text):
    """Splits text with `^{…}` and `_{…}` into triples: mark, words, and what is raised or lowered in these."""
    found, begun, at = [], 0, 0
    while at < len(text):
        if text[at : at + 2] not in ("^{", "_{"):
            at += 1
            continue
        found.append(("", text[begun:at]))
        mark, depth, end = text[at], 1, at + 2
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found.append((mark, text[at + 2 : end - 1]))
        begun = at = end
    return [(mark, words) for mark, words in [*found, ("", text[begun:])] if words]


def marked_up(text):
    """Returns text with `^{…}` and `_{…}` raised and lowered, also in each other."""
    result, now = "", 0

    def add(text, level, size):
        nonlocal result, now
        for mark, words in parts_of(text):
            if mark:
                add(words, level + {"^": -6, "_": 4}[mark] * (0.75 if level else 1), size * 0.76)
                continue
            by = f' dy="{level - now:g}"' if level != now else ""
            smaller = f' font-size="{size:.0%}"' if level else ""
            result += f"<tspan{by}{smaller}>{escape(words)}</tspan>" if by or smaller else escape(words)
            now = level

    add(text, 0, 1)
    return result


def plain(text):
    """Returns marked-up text as it is read aloud."""
    words = {"": "{}", "^": "^({})", "_": "_{}"}
    spoken = "".join(words[mark].format(plain(part) if mark else part) for mark, part in parts_of(text))
    return re.sub(r" +", " ", spoken)


class Picture:
    """A picture that grows downwards."""

    def __init__(self, number, name, title):
        self.name = f"proof-{number:02}-{name}"
        self.title = title
        self.description = []
        self.parts = []
        self.y = PARTY_TOP + PARTY_HEIGHT + 22
        self.text(MARGIN, 36, f"{number}  {title}", size=18, weight="bold")

    def text(self, x, y, words, size=13, fill=INK, anchor="start", weight="normal", font=None):
        attributes = f'x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" xml:space="preserve"'
        if anchor != "start":
            attributes += f' text-anchor="{anchor}"'
        if weight != "normal":
            attributes += f' font-weight="{weight}"'
        if font:
            attributes += f' font-family="{font}"'
        self.parts.append(f"<text {attributes}>{marked_up(words)}</text>")

    def box(self, x, y, width, height, fill="#fff", stroke=INK, radius=6):
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius}" fill="{fill}" stroke="{stroke}"/>'
        )

    def say(self, sentence):
        """Adds a sentence to the description."""
        self.description.append(plain(sentence))

    def message(self, sender, receiver, what, action, names=None):
        """Draws the parties, and what one of them sends to the next, or does alone."""
        names = names or {}
        left = lambda party: MARGIN + PARTIES.index(party) * (PARTY_WIDTH + PARTY_GAP)
        for party in PARTIES:
            is_active = party in (sender, receiver)
            fill, stroke = ("#fff", INK) if is_active else ("#f1f2f3", "#c3cad1")
            if party == "Ledger" and is_active:
                fill, stroke = "#e8f1f8", LEDGER
            self.box(left(party), PARTY_TOP, PARTY_WIDTH, PARTY_HEIGHT, fill, stroke)
            self.text(
                left(party) + PARTY_WIDTH / 2, PARTY_TOP + 25, names.get(party, party), 15,
                INK if is_active else PALE, "middle", "bold" if is_active else "normal",
            )
        if sender == receiver:
            self.say(f"The {names.get(sender, sender).lower()}: {what}, {action}.")
            return
        forwards = PARTIES.index(sender) < PARTIES.index(receiver)
        start = left(sender) + (PARTY_WIDTH if forwards else 0)
        end = left(receiver) + (0 if forwards else PARTY_WIDTH)
        middle, line = (start + end) / 2, PARTY_TOP + PARTY_HEIGHT / 2
        tip = end - 2 if forwards else end + 2
        self.parts.append(f'<path d="M{start:g} {line:g}H{tip:g}" stroke="{INK}" stroke-width="1.5" marker-end="url(#head)"/>')
        self.text(middle, line - 8, what, 12.5, anchor="middle")
        self.text(middle, line + 18, action, 12, PALE, "middle")
        self.say(f"{names.get(sender, sender)} to {names.get(receiver, receiver).lower()}: {what}, {action}.")

    def rows(self, heading, rows, fill="#fff", stroke="#c3cad1"):
        """Draws a table of values: name, value, length, meaning, and how it is known."""
        height = 34 + ROW * len(rows)
        self.box(MARGIN, self.y, WIDTH - 2 * MARGIN, height, fill, stroke)
        self.text(MARGIN + 14, self.y + 21, heading, 13.5, PALE, weight="bold")
        y = self.y + 46
        for name, value, length, meaning, *kind in rows:
            colour = {"secret": SECRET, "shown": SHOWN}.get(*kind, INK) if kind else INK
            # a label of a request is longer than the column
            self.text(MARGIN + 14, y, name, 14 if len(name) < 19 else 11, colour, weight="bold")
            self.text(150, y, value, 12.5, colour, font=None if kind == ["secret"] else MONO)
            self.text(390, y, length, 12.5, PALE)
            self.text(480, y, meaning, 13, colour if kind else INK)
            self.say(f"{name}: {', '.join(part for part in [value, length, meaning] if part)}.")
            y += ROW
        self.y += height + 14

    def equations(self, lines, fill="#e8f1f8", stroke="#a9c6dc", colour=LEDGER):
        """Draws equations, and what was found when they were computed."""
        height = 16 + 27 * len(lines)
        self.box(MARGIN, self.y, WIDTH - 2 * MARGIN, height, fill, stroke)
        y = self.y + 26
        for line in lines:
            is_check = line.startswith("✓")
            self.text(MARGIN + 14, y, line, 13.5 if is_check else 14.5, SHOWN if is_check else colour)
            self.say(f"{line}.")
            y += 27
        self.y += height + 14

    def svg(self):
        height = self.y + 10
        body = "\n  ".join(self.parts)
        description = escape(" ".join(self.description))
        return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}" role="img" aria-labelledby="title desc" \
font-family="{SANS}" fill="{INK}">
  <!-- written by docs/pictures/main.py -->
  <title id="title">{escape(self.title)}</title>
  <desc id="desc">{description}</desc>
  <defs>
    <marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">\
<path d="M0 0 10 5 0 10z" fill="{INK}"/></marker>
  </defs>
  <rect width="{WIDTH}" height="{height:g}" rx="10" fill="#fbfaf6"/>
  {body}
</svg>
"""
