"""A YAML text as places that know their line and their name, so that every mistake in it can be named.

Nothing is built from the text but mappings, lists and words: no tag is followed. A place that is wrong is noted, and
reading goes on, so that whoever wrote the text learns of all mistakes at once.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import yaml

from credentials.policies.policy.formats import AS_FIRST

MOST_CHARACTERS = 200_000
MOST_PLACES = 40_000  # an alias counts each time: a text of some lines must not become millions of places
MOST_DEPTH = 24
MOST_MISTAKES = 100
MOST_NAME = 120  # characters of a key
MOST_ENTRIES = 300  # of a list of values, and of what a name is compared with to guess which one is meant
MOST_GUESSES = 20
MOST_MONEY = Decimal(10) ** 9
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONEY = re.compile(r"\d{1,12}(\.\d{1,2})?")
_TRUTH = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
_NOTHING = {"", "~", "null", "unknown", "未知"}
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)
_NULL_TAG = "tag:yaml.org,2002:null"
# What no page, table or database takes, and what turns the direction of the text around it.
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong in a text. `code` says what (see `queries.words`), `values` with what."""

    line: int
    field: str
    code: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class SourceFault(ValueError):
    """A text that cannot be used, with everything that is wrong in it, in the order of its lines."""

    def __init__(self, mistakes: Collection[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda one: (one.line, one.field)))
        super().__init__("; ".join(f"line {one.line}, {one.field}: {one.code}" for one in self.mistakes))


class Source:
    """One text and the mistakes found in it so far."""

    def __init__(self, text: str) -> None:
        self.mistakes: list[Mistake] = []
        self.switches: dict[str, Place] = {}  # what `{switch: NAME}` stands for
        self.reading = AS_FIRST  # until the format that the text is written in is read
        self.is_new = False  # somebody is writing it: more is asked of it than of a text that was published
        self.known: dict[str, Collection[str]] = {}  # the words that a new text may use, by what they name
        self.places = 0
        if len(text) > MOST_CHARACTERS:
            raise SourceFault([Mistake(1, "", "too_long", {"most": MOST_CHARACTERS})])
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise SourceFault([Mistake(mark.line + 1 if mark else 1, "", "no_yaml")]) from error
        except (ValueError, OverflowError) as error:  # a sign or a number beyond what there is
            raise SourceFault([Mistake(1, "", "no_yaml")]) from error
        except RecursionError as error:
            raise SourceFault([Mistake(1, "", "too_deep")]) from error
        if node is None:
            raise SourceFault([Mistake(1, "", "empty")])
        if lines := sorted(set(_unprintable(node))):
            raise SourceFault([Mistake(line, "", "control") for line in lines[:MOST_MISTAKES]])
        self.root = Place(self, node, "")

    def write_anew(self, known: Mapping[str, Collection[str]]) -> None:
        """From here on it is a text that somebody is writing: it uses these words, and tags that mean nothing are noted."""
        self.is_new, self.known = True, dict(known)
        for line, tag in sorted(set(_own_tags(self.root.node)))[:MOST_MISTAKES]:
            self.mistakes.append(Mistake(line, "", "own_tag", {"text": tag[:60]}))

    def begin_again(self) -> None:
        """Look at the text anew, as if nothing had been answered yet; the mistakes stay."""
        self.switches, self.places = {}, 0
        self.root = Place(self, self.root.node, "")

    def note(self, place: Place, code: str, **values: Any) -> None:
        """Note a mistake at a place."""
        mistake = Mistake(place.line, place.name, code, values)
        if mistake not in self.mistakes:  # a place may be read twice
            self.mistakes.append(mistake)
        if len(self.mistakes) >= MOST_MISTAKES:
            raise SourceFault(self.mistakes)

    def count(self, place: Place) -> None:
        """Count a place that is looked at. Raises SourceFault when the text unfolds into too many of them."""
        self.places += 1
        if self.places > MOST_PLACES or place.depth > MOST_DEPTH:
            raise SourceFault([*self.mistakes, Mistake(place.line, place.name, "too_deep")])

    def finish(self) -> None:
        """Raise SourceFault when anything was wrong."""
        if self.mistakes:
            raise SourceFault(self.mistakes)


def _unprintable(root: yaml.Node) -> Iterator[int]:
    """The lines of names and values with characters that cannot be printed, each node looked at once."""
    for node in _nodes(root):
        if isinstance(node, yaml.ScalarNode) and _UNPRINTABLE.search(node.value):
            yield int(node.start_mark.line) + 1


def _own_tags(root: yaml.Node) -> Iterator[tuple[int, str]]:
    """The lines and names of tags that are not those of plain YAML: nothing is done by them."""
    for node in _nodes(root):
        if node.tag not in _PLAIN_TAGS:
            yield int(node.start_mark.line) + 1, str(node.tag)


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Every node of a text, each once."""
    seen, left = {id(root)}, [root]
    while left:
        node = left.pop()
        yield node
        if isinstance(node, yaml.ScalarNode):
            continue
        inner = [each for pair in node.value for each in (pair if isinstance(pair, tuple) else (pair,))]
        left += [each for each in inner if id(each) not in seen]
        seen |= {id(each) for each in inner}


class Place:
    """A value in the text, with the way to it: `benefits.certificate.amounts`."""

    def __init__(self, source: Source, node: yaml.Node, name: str, depth: int = 0) -> None:
        self.source, self.name, self.depth = source, name, depth
        self.node = node
        source.count(self)
        found = self._switched()
        self.node = found.node if found else node

    def _switched(self) -> Place | None:
        """What stands for `{switch: NAME}`; None for any other value."""
        node = self.node
        if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
            return None
        key, value = node.value[0]
        if key.value != "switch" or not isinstance(value, yaml.ScalarNode):
            return None
        found = self.source.switches.get(value.value)
        if found is None:
            self.wrong("no_switch", name=value.value)
        return found

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def wrong(self, code: str, **values: Any) -> None:
        self.source.note(self, code, **values)

    def is_wrong(self) -> bool:
        """Whether a mistake was noted here: what was read is a stand-in, and nothing more is to be said of it."""
        return any((one.line, one.field) == (self.line, self.name) for one in self.source.mistakes)

    # --- What it holds ---------------------------------------------------------------------------------------------

    def is_null(self) -> bool:
        """Nothing is said here: null, an empty value, `unknown`, 未知."""
        return isinstance(self.node, yaml.ScalarNode) and (
            self.node.tag == _NULL_TAG or (self.node.style is None and self.node.value in _NOTHING)
        )

    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def entries(self) -> Iterator[tuple[str, Place]]:
        """The keys and values of a mapping; a key that comes twice is noted."""
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong("no_mapping")
            return
        seen = set()
        for key, value in self.node.value:
            said = key.value if isinstance(key, yaml.ScalarNode) else ""
            name = said[:MOST_NAME]
            inner = Place(self.source, value, f"{self.name}.{name}" if self.name else name, self.depth + 1)
            if len(said) > MOST_NAME:
                inner.wrong("text_too_long", most=MOST_NAME)
            elif not said:
                inner.wrong("no_key")
            elif said in seen:
                inner.wrong("twice", name=said)
            else:
                seen.add(said)
                yield said, inner

    def parts(self, allowed: Collection[str], required: Collection[str] = ()) -> dict[str, Place]:
        """The entries of a mapping of which only some keys are allowed, and some must be there."""
        found = {}
        for key, value in self.entries():
            if key in allowed:
                found[key] = value
            else:
                value.wrong("unknown_key", name=key, meant=self._meant(key, allowed))
        for key in required:
            if key not in found and self.is_mapping():
                self.wrong("missing", name=key)
        return found

    def items(self) -> Iterator[Place]:
        """The values of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong("no_list")
            return
        for number, value in enumerate(self.node.value, start=1):
            yield Place(self.source, value, f"{self.name}[{number}]", self.depth + 1)

    def few(self, most: int = MOST_ENTRIES) -> Place:
        """The same place; that it holds more entries than these is noted."""
        if isinstance(self.node, yaml.CollectionNode) and len(self.node.value) > most:
            self.wrong("too_many", most=most)
        return self

    # --- Single values: each notes a mistake and returns a stand-in, so that reading goes on -------------------------

    def text(self, most: int = 300) -> str:
        """A piece of text in one value."""
        if not isinstance(self.node, yaml.ScalarNode) or self.is_null():
            self.wrong("no_text")
            return ""
        said = self.node.value.strip()
        if len(said) > most:
            self.wrong("text_too_long", most=most)
        return said[:most]

    def choice(self, allowed: Collection[str]) -> str:
        """One of these words; empty after a mistake."""
        if (
            isinstance(self.node, yaml.ScalarNode) and self.node.value in allowed
        ):  # "unknown" may be one of them
            return str(self.node.value)
        said = self.text()
        if said:
            self.not_among(said, allowed)
        return ""

    def not_among(self, said: str, allowed: Collection[str]) -> None:
        """Note that what is said here is none of these words, with the one that was probably meant."""
        named = tuple(allowed)[:MOST_ENTRIES]
        self.wrong("no_choice", text=said[:60], allowed=named, meant=self._meant(said, named))

    def named(self, what: str) -> str:
        """The name of something that is known; in a text that was published before, whatever stands there."""
        known = self.source.known.get(what) if self.source.is_new else None
        return self.text() if known is None else self.choice(known)

    def _meant(self, said: str, allowed: Collection[str]) -> str:
        """The word that was probably meant; empty where none is like it, and once so many were guessed that it takes long."""
        if len(self.source.mistakes) >= MOST_GUESSES or len(said) > MOST_NAME:
            return ""
        return next(iter(get_close_matches(said, allowed, 1)), "")

    def truth(self) -> bool:
        """yes or no."""
        said = self.text().lower()
        if said not in _TRUTH:
            self.wrong("no_truth", text=said[:60])
        return _TRUTH.get(said, False)

    def whole(self, least: int = 0, most: int = 10**6) -> int:
        """A whole number between these two, both included."""
        said = self.text()
        if said.isascii() and said.isdecimal() and len(said) < 12 and least <= int(said) <= most:
            return int(said)
        self.wrong("no_whole", text=said[:60], least=least, most=most)
        return least

    def money(self) -> Decimal:
        """Yuan, at most with two digits for the fen; read from the digits as they are written, never through a float."""
        said = self.text()
        is_plain = said.isascii() or not self.source.is_new
        if is_plain and _MONEY.fullmatch(said) and Decimal(said) <= MOST_MONEY:
            return Decimal(said)
        self.wrong("no_money", text=said[:60])
        return Decimal(0)

    def day(self) -> datetime.date:
        """A day, written 2024-03-14."""
        said = self.text()
        if _DAY.fullmatch(said):
            try:
                found = datetime.date.fromisoformat(said)
            except ValueError:
                found = None
            if found and 1900 <= found.year <= 2200:
                return found
        self.wrong("no_day", text=said[:60])
        return datetime.date(2000, 1, 1)

    def region(self) -> str:
        """A code of GB/T 2260 with six digits."""
        said = self.text()
        if not re.fullmatch(r"[1-9]\d{5}", said):
            self.wrong("no_region", text=said[:60])
            return "000000"
        return said

    def words(self, most: int = 600) -> Words:
        """A text in both languages: `{zh-hans: …, en: …}`, or only a Chinese one."""
        if not self.is_mapping():
            return Words(self.text(most))
        found = self.parts(("zh-hans", "en"), ("zh-hans",))
        said = {key: place.text(most) for key, place in found.items()}
        return Words(said.get("zh-hans", ""), said.get("en", ""))

    def several(self, read: Callable[[Place], Any]) -> tuple[Any, ...]:
        """A list of such values; a single value is a list of one."""
        if isinstance(self.node, yaml.SequenceNode):
            return tuple(read(place) for place in self.few().items())
        return (read(self),)


def ends_before(first: Place, last: Place) -> None:
    """Note that an end lies before its beginning, where both could be read."""
    if not first.is_wrong() and not last.is_wrong():
        last.wrong("ends_before")


@dataclass(frozen=True)
class Words:
    """What a policy says, in Chinese, and in English where somebody has translated it."""

    chinese: str
    english: str = ""

    def said(self, language: str) -> str:
        return self.chinese if language.startswith("zh") or not self.english else self.english
