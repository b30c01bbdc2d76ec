"""What people, browsers, spreadsheets and scripts send that no form asked for, and a reader of the forms of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

HUGE = str(10**30)
# Words: for searches, filters, names, reasons. Each has once brought some site down.
WORDS = {
    "NUL byte": "王\x00明",
    "control characters": "\x01\x1b[31m\r\n\x7f\x85\u202e",
    "no font has it": "𰻝\U0003fffd\ue000\ufffd👨‍👩‍👧‍👦",
    "ten thousand characters": "长" * 10_000,
    "formula": '=HYPERLINK("http://example.com","点")',
    "code": "<script>alert(1)</script>'\"%s%(x)s{0}{{ 7*7 }}\\%_*?[a-z](+",
}
NUMBERS = {
    "huge number": HUGE,
    "huge negative number": f"-{HUGE}",
    "just over 64 bits": str(2**63),
    "just over 32 bits": str(2**31),
    "no number": "NaN",
    "other digits": "١٢٣",
    "superscript": "²",
}
DATES = {
    "no such day": "2026-02-30",
    "the first minute of all": "0001-01-01 00:00",
    "the first day of all": "0001-01-01",
    "the last day of all": "9999-12-31",
}
OTHERS = {
    "nothing": "",
    "JSON": '{"a": [null, "\\ud800"]}',
    "path": "../../../../etc/passwd",
    "foreign address": "//example.com/\\@x",
}
ALL = WORDS | NUMBERS | DATES | OTHERS
# Where all of them would take too long: one of each kind.
SOME = {why: ALL[why] for why in (
    "NUL byte", "ten thousand characters", "code", "huge number", "superscript", "the first day of all", "JSON",
)}  # fmt: skip
# What SQLite and Python's driver of it take otherwise than PostgreSQL: numbers of any size, text with a lone surrogate.
OF_SQLITE = {"huge number", "just over 64 bits", "JSON"}
# What is read, or refused, before any database is asked: the run on SQLite sends it.
OF_PYTHON = {"no number", "other digits", "superscript", "no such day"}
IS_A_DAY = re.compile(r"(_on|_at|_from|_to|^day|^start|^end|^since|^until)$")


def values_for(name: str, held: list[str]) -> dict[str, str]:
    """What to try in a field of this name, in which this stands."""
    found = dict(SOME)
    if IS_A_DAY.search(name):
        found |= DATES
    if any(value.isdecimal() for value in held):
        found |= NUMBERS
    return found


BODIES = {
    "bad JSON": ("application/json", b'{"a": "\\ud800"'),
    "no form at all": ("multipart/form-data", b"\xff\xfe\x00"),
    "a form cut off": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a'),
    "not UTF-8": ("application/x-www-form-urlencoded", b"\xff=\xfe&%ED%A0%80=%ED%A0%80"),
    "strange charset": ("application/x-www-form-urlencoded; charset=x", b"a=1"),
    "no content type": ("", b"a=1"),
}
HEADERS = {
    "Referer": ["http://[", "//x", "javascript:alert(1)", "http://testserver/\\x", "x" * 9000],
    "Accept-Language": ["*", "zh-" + "a" * 600, ";;q=x", "\x7f"],
    "Range": ["bytes=9-1", "bytes=-", "bytes=" + HUGE + "-", "x"],
    "If-Modified-Since": ["yesterday", "Mon, 99 Foo 0000 99:99:99 GMT"],
    "HX-Request": ["true", "x"],
    "HX-Current-URL": ["http://[", "%E4%BD", "x" * 9000],
    "X-Forwarded-For": ["x", "1.2.3.4, ::1, " + "9" * 500, ","],
    "X-Request-Id": ["x" * 5000, "\x7f", "'; --"],
    "Content-Length": ["x", "-1"],
    "Host": ["example.com", "[", "testserver:x"],
    "User-Agent": ["", "x" * 9000, "\x7f王"],
}


@dataclass
class Form:
    """One form of a page: where it goes, how, and what stands in its fields."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = self.area = ""
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self.form = Form(urljoin(self.address, given.get("action", "")), method)
            self.forms.append(self.form)
        if self.form is None:
            return
        name = given.get("name", "")
        if tag == "option" and self.select:
            self._option(given)
        elif not name or "disabled" in given:
            return
        elif tag == "select":
            self.select = name
            self.form.values.setdefault(name, [])
        elif tag == "textarea":
            self.area, self.text = name, []
        elif tag == "input" or (tag == "button" and given.get("type", "submit") == "submit"):
            self._input(name, given, tag)

    def _option(self, given: dict[str, str]) -> None:
        assert self.form is not None
        held = self.form.values[self.select]
        if "selected" in given or (not held and given.get("value")):
            held[:] = [given.get("value", "")]

    def _input(self, name: str, given: dict[str, str], tag: str) -> None:
        assert self.form is not None
        kind = given.get("type", "text")
        if kind == "file":
            self.form.files.append(name)
        elif kind in ("checkbox", "radio"):
            held = self.form.values.setdefault(name, [])
            if "checked" in given or not held:
                held[:] = [given.get("value", "on")]
        elif tag == "input":
            self.form.values.setdefault(name, []).append(given.get("value", ""))
        else:
            self.form.values.setdefault(name, [given.get("value", "")])

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.area:
            if self.form is not None:
                self.form.values.setdefault(self.area, []).append("".join(self.text).removeprefix("\n"))
            self.area = ""


def forms_of(html: str, address: str) -> list[Form]:
    """The forms of this page, filled as a browser would send them; of choices, the first is taken.

    Without the token against forged requests: the views never see it, and the client of the tests needs none.
    """
    reader = _Reader(address)
    reader.feed(html)
    for form in reader.forms:
        form.values.pop("csrfmiddlewaretoken", None)
    return reader.forms
