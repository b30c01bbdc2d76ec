"""XML of strangers: no entities, nothing from outside, so deep and so many elements and no more."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.ElementTree import DefusedXMLParser

from lms.packages.policy.refusals import Limits, Reason, Refusal, Refused

DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
GB = frozenset(["gb2312", "gbk", "gb18030", "cp936", "gb_2312-80", "ms936", "windows-936"])
READ = frozenset(["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "big5"])
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class _Bounded(TreeBuilder):
    """Builds the tree until it is too deep or too large."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__()
        self.name, self.limits, self.depth, self.count = name, limits, 0, 0

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self.depth += 1
        self.count += 1
        if self.depth > self.limits.xml_depth:
            raise Refused(Refusal(Reason.XML_TOO_DEEP, self.name))
        if self.count > self.limits.xml_elements:
            raise Refused(Refusal(Reason.XML_TOO_MANY, self.name))
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Any:
        self.depth -= 1
        return super().end(tag)


def text_of(data: bytes, name: str) -> tuple[str, str]:
    """The text of an XML file, and the encoding it was found to be in where it is not UTF-8."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, name), "" if encoding == "utf-8" else encoding
    if data[:4] in (b"<\0?\0", b"<\0!\0") or data[1:2] == b"\0":
        return _decoded(data, "utf-16-le", name), "utf-16-le"
    if data[:1] == b"\0":
        return _decoded(data, "utf-16-be", name), "utf-16-be"
    declared = DECLARED.match(data[:300].decode("latin-1"))
    asked = declared[1].lower() if declared else "utf-8"
    if asked in GB:
        return _decoded(data, "gb18030", name), asked
    if asked not in READ:
        raise Refused(Refusal(Reason.ENCODING, name, asked))
    try:
        return data.decode(asked), "" if asked in ("utf-8", "utf8") else asked
    except UnicodeDecodeError:  # what Chinese tools write when the template said UTF-8
        return _decoded(data, "gb18030", name), "gb18030"


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(Refusal(Reason.ENCODING, name, encoding))


def tree_of(data: bytes, name: str, limits: Limits) -> tuple[Element, str]:
    """The root of the file, and its encoding where that is not UTF-8. Raises Refused."""
    text, encoding = text_of(data, name)
    if "\0" in text:
        raise Refused(Refusal(Reason.NOT_XML, name))
    text = re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)
    parser: Any = DefusedXMLParser(
        target=_Bounded(name, limits),
        encoding="utf-8",
        forbid_dtd=False,
        forbid_entities=True,
        forbid_external=True,
    )
    parser.parser.StartDoctypeDeclHandler = _refuse_outside
    try:
        parser.feed(text.encode("utf-8", "surrogatepass"))
        root: Element = parser.close()
    except EntitiesForbidden as refused:
        reason = Reason.EXTERNAL_ENTITY if refused.sysid or refused.pubid else Reason.ENTITIES
        raise Refused(Refusal(reason, name, str(refused.name)))
    except ExternalReferenceForbidden as refused:
        raise Refused(Refusal(Reason.EXTERNAL_ENTITY, name, str(refused.sysid)))
    except (ParseError, ValueError) as fault:
        raise Refused(Refusal(Reason.NOT_XML, name, str(fault)[:200]))
    return root, encoding


def _refuse_outside(name: str, sysid: str | None, pubid: str | None, _has_subset: int) -> None:
    """A document type that lies elsewhere is never asked for; whoever writes one is told."""
    if sysid or pubid:
        raise ExternalReferenceForbidden(name, None, sysid, pubid)


def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def space(tag: str) -> str:
    """The namespace of an element, "" when it has none."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def attribute(element: Element, name: str, default: str = "") -> str:
    """An attribute by its local name, whatever namespace or case a tool gave it."""
    wanted = name.lower()
    for key, value in element.attrib.items():
        if local(key).lower() == wanted:
            return value
    return default


def children(element: Element, *names: str) -> list[Element]:
    """The children with one of these local names."""
    return [child for child in element if isinstance(child.tag, str) and local(child.tag) in names]


def child(element: Element | None, *names: str) -> Element | None:
    """The first child with one of these local names."""
    return next(iter(children(element, *names)), None) if element is not None else None


def text(element: Element | None) -> str:
    """The text of an element without the blanks around it."""
    return (element.text or "").strip() if element is not None else ""
