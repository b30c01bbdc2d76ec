"""Text files in whatever encoding they come: UTF-8, UTF-16 and GB 18030 are told apart, others are said to be others."""

from __future__ import annotations

import codecs
import re

from django.utils.translation import gettext as _

from lms.questions.formats.results import MAX_BYTES, FileRefused

STRANGE = re.compile(r"[\ufdd0-\ufdef\ufffe\uffff]")  # no characters: our readers mark places with them
KNOWN_SHARE = 0.7  # of the Chinese characters of a text, how many are common ones
LOOKED_AT = 20_000
SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!")


def checked(content: bytes) -> bytes:
    """The bytes of a file that may be read. Raises FileRefused when there are none, or too many."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise FileRefused(_("This file is empty. Choose it again."))
    if len(content) > MAX_BYTES:
        raise FileRefused(_("This file is larger than 20 MB. Divide it."))
    return content


def decoded(content: bytes) -> str:
    """The text of a file, its lines ending with \\n. Raises FileRefused, with what to do, when it is no text that we know."""
    checked(content)
    if content.startswith(SIGNATURES):
        raise FileRefused(
            _("This is no text file. Choose the format that it has, or save it as text in UTF-8.")
        )
    text = _decoded(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0b", "\n")
    return STRANGE.sub("\ufffd", text.removeprefix("\ufeff"))


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):  # begins like UTF-16: asked first
        return _tried(content, "utf-32")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _tried(content, "utf-16")
    try:
        text = content.decode("utf-8-sig")
        if text.count("\0") * 10 < len(text):  # more: UTF-16 without its mark
            return text
    except UnicodeDecodeError:
        pass
    if content.count(0) * 20 > len(content):
        return _unmarked(content)
    text = _tried(content, "gb18030")
    if not _is_likely(text):
        raise _unknown()
    return text


def _unmarked(content: bytes) -> str:
    """UTF-16 that does not say which half of a character comes first."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    return _tried(content, "utf-16-le" if odd >= even else "utf-16-be")


def _tried(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise _unknown()


def _is_likely(text: str) -> bool:
    """Whether this can have been meant: bytes of another encoding turn into rare characters."""
    signs = [sign for sign in text[:LOOKED_AT] if sign > "\x7f"]
    known = 0
    for sign in signs:
        try:
            known += len(sign.encode("gb2312")) == 2
        except UnicodeEncodeError:
            continue
    return known >= KNOWN_SHARE * len(signs)


def _unknown() -> FileRefused:
    return FileRefused(
        _(
            "The encoding of this file is neither UTF-8 nor UTF-16 nor GBK (GB 18030). Save it as text in UTF-8."
        )
    )
