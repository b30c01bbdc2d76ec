"""What a certificate template says: its placeholders, and what is wrong with one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

# What may stand in braces, by both its names.
PLACEHOLDERS = {
    "姓名": "name",
    "课程": "course",
    "课程英文名": "course_en",
    "班次": "cohort",
    "学时": "hours",
    "发证单位": "issuer",
    "发证日期": "issued_on",
    "有效期至": "expires_on",
    "证书编号": "serial",
}
_KNOWN = frozenset(PLACEHOLDERS.values())
_BRACES = re.compile(r"\{([^{}]*)\}")
NAME, COURSE = "{name}", "{course}"  # a line that is nothing else is set large
# Names that show whether a template bears them: rare, long, with a dot, from beyond the common planes.
RARE_NAMES = (
    "䶮堃昇",
    "阿卜杜热合曼·麦麦提依明江·吐尔逊",
    "欧阳司徒上官诸葛慕容令狐",
    "Alexandra Bartholomew-Featherstonehaugh",
    "孔𫖮㛃",
)


@dataclass(frozen=True)
class Signatory:
    """Who signs: name, office, and the number of the signature's picture (0: a line to sign on)."""

    name: str
    title: str = ""
    picture: int = 0


@dataclass(frozen=True)
class Spec:
    """A whole template. `seal` and `background` are numbers of pictures, 0 for none."""

    paper: str = "landscape"
    frame: str = "double"
    colour: str = "flame"
    heading: str = "结业证书"
    heading_en: str = "Certificate of Completion"
    body: str = "兹证明\n{姓名}\n已修完下列课程的全部内容，经考核合格，准予结业。\n{课程}"
    body_en: str = "This is to certify that {name} has completed the course {course_en}"
    details: tuple[str, ...] = ("cohort", "hours", "expires")
    issuer_at: str = "left"
    proof_at: str = "right"
    seal_at: str = "left"
    signatories: tuple[Signatory, ...] = ()
    seal: int = 0
    background: int = 0

    def texts(self) -> list[str]:
        """Every text that an author wrote."""
        signed = [text for each in self.signatories for text in (each.name, each.title)]
        return [self.heading, self.heading_en, self.body, self.body_en, *signed]

    def pictures(self) -> list[int]:
        """The numbers of all its pictures."""
        numbers = [self.seal, self.background, *(each.picture for each in self.signatories)]
        return [number for number in numbers if number]


def spec_from(data: Mapping[str, Any]) -> Spec:
    """A template as it was written down (`dataclasses.asdict`). What is not known any more is left out."""
    known = {field.name for field in fields(Spec)}
    values = {name: value for name, value in data.items() if name in known}
    values["details"] = tuple(values.get("details", ()))
    values["signatories"] = tuple(Signatory(**each) for each in values.get("signatories", ()))
    return Spec(**values)


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and is no placeholder, each once; a brace by itself counts as one."""
    found = [
        inside
        for inside in _BRACES.findall(text)
        if inside.strip() not in PLACEHOLDERS and inside.strip() not in _KNOWN
    ]
    rest = _BRACES.sub("", text)
    return list(dict.fromkeys([*found, *(brace for brace in "{}" if brace in rest)]))


def fill(text: str, values: Mapping[str, str]) -> list[str]:
    """The lines of a text with everything put in. A line whose placeholders are all empty is left out.

    Raises KeyError with the name of a placeholder that is not known.
    """
    lines = []
    for line in text.splitlines():
        keys = [_key(inside) for inside in _BRACES.findall(line)]
        if not line.strip() or (keys and not any(values[key] for key in keys)):
            continue
        lines.append(_BRACES.sub(lambda found: values[_key(found[1])], line).strip())
    return [line for line in lines if line]


def plain_lines(text: str) -> list[str]:
    """The lines as written, with every placeholder by its English name."""
    lines = [
        _BRACES.sub(lambda found: "{" + _key(found[1]) + "}", line).strip() for line in text.splitlines()
    ]
    return [line for line in lines if line]


def _key(inside: str) -> str:
    name = inside.strip()
    key = PLACEHOLDERS.get(name, name)
    if key not in _KNOWN:
        raise KeyError(name)
    return key
