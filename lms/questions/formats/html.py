"""HTML of other programs as plain text: cleaned, then flattened so that lines, lists, tables and pictures keep their meaning."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import nh3

from lms.questions.formats.pictures import LONGEST_ALT, UNNAMED

LONGEST = 200_000
TAGS = {
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "sup",
    "sub",
    "img",
    "table",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "pre",
}
LINES = {"p", "div", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "pre"}
SPACES = re.compile(r"[ \t\n]+")
BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)*[ \t]*")
DEEPEST = 200
OPENING = re.compile(r"<[a-zA-Z]")


class _Flat(HTMLParser):
    """Collects the text; a picture becomes the place that `[[picture:name]]` marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or tag in LINES:
            self.pieces.append("\n")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in ("sup", "sub"):
            self.pieces.append("^" if tag == "sup" else "_")
        elif tag in ("td", "th"):
            self.pieces.append("\t" if self.cells else "")
            self.cells += 1
        elif tag == "img":
            self.pieces.append(_picture(dict(attrs)))
        if tag == "tr":
            self.cells = 0

    def handle_endtag(self, tag: str) -> None:
        if tag in LINES:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(SPACES.sub(" ", data))


def _picture(given: dict[str, str | None]) -> str:
    return f"[[picture:{_name(given) or given.get('alt') or '?'}]]"


def _name(given: dict[str, str | None]) -> str:
    """The name of a picture by its address, in which signs may stand as %20."""
    name = unquote((given.get("src") or "").split("?", 1)[0].rsplit("/", 1)[-1])
    return UNNAMED.sub("", name)[:120]


class _Alts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img" and (alt := SPACES.sub(" ", given.get("alt") or "").strip()):
            self.found.setdefault(_name(given), alt[:LONGEST_ALT])


def alts_in(text: str) -> dict[str, str]:
    """What the pictures of a piece of HTML show, by their names; of a name that stands there twice the first."""
    if "<img" not in (text := text[:LONGEST]).lower():
        return {}
    parser = _Alts()
    parser.feed(text)
    parser.close()
    return parser.found


def flat(text: str) -> str:
    """The text of a piece of HTML. Scripts and styles are nothing; what is longer or deeper than people write is cut."""
    text = text[:LONGEST]
    if len(OPENING.findall(text)) > 5_000:  # no question: cleaning it would take longer than it is worth
        text = re.sub(r"<[^<>]{0,2000}>", " ", text)
    clean = nh3.clean(text, tags=TAGS, attributes={"img": {"src", "alt"}}, url_schemes=set(), link_rel=None)
    parser = _Flat()
    parser.feed(clean)
    parser.close()
    found = BLANK_LINES.sub("\n", "".join(parser.pieces)).replace("\xa0", " ")
    return found.strip("\n ")


def marked_up(text: str) -> str:
    """A plain text as HTML that `flat` turns into the same."""
    text = html.escape(text, quote=False).replace("  ", " \xa0").replace("\n ", "\n\xa0")
    return "<br>".join(text.split("\n"))
