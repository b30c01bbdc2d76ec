"""cmi5.xml: a course of blocks and assignable units (AU), as plain data."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from lms.packages.policy.manifest.values import file_of, is_foreign, number
from lms.packages.policy.refusals import Limits, Notice, Reason, Refusal, Refused, Warned
from lms.packages.policy.xml import attribute, child, children, local, space, text, tree_of

MANIFEST = "cmi5.xml"
NAMESPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
MOVE_ON = frozenset(["Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed", "NotApplicable"])
LAUNCH = frozenset(["OwnWindow", "AnyWindow"])
ID_MOST = 255  # characters: what names a unit in a registration
Data = dict[str, Any]


class Reading:
    """One course structure being read."""

    def __init__(self, files: Collection[str]) -> None:
        self.files = files
        self.faults: list[Refusal] = []
        self.ids: set[str] = set()
        self.units = 0

    def read(self, root: Element) -> Data:
        if local(root.tag) != "courseStructure":
            raise Refused(Refusal(Reason.WRONG_ROOT, MANIFEST, local(root.tag)[:80]))
        if space(root.tag) != NAMESPACE:
            raise Refused(Refusal(Reason.WRONG_NAMESPACE, MANIFEST, space(root.tag)[:200]))
        course = child(root, "course")
        if course is None:
            raise Refused(Refusal(Reason.MISSING_ENTRY, MANIFEST, "course"))
        objectives = child(root, "objectives")
        found = {
            "identifier": self._id(course),
            "title": _words(course, "title"),
            "description": _words(course, "description"),
            "objectives": [self._named(one) for one in children(objectives, "objective")]
            if objectives is not None
            else [],
            "children": self._members(root),
        }
        if not self.units:
            self.faults.append(Refusal(Reason.NO_SCO, MANIFEST))
        if self.faults:
            raise Refused(*self.faults[:20])
        return found

    def _members(self, element: Element) -> list[Data]:
        return [
            self._unit(one) if local(one.tag) == "au" else self._block(one)
            for one in children(element, "au", "block")
        ]

    def _block(self, element: Element) -> Data:
        return {"kind": "block", **self._named(element), "children": self._members(element)}

    def _unit(self, element: Element) -> Data:
        self.units += 1
        named = self._named(element)
        href = text(child(element, "url"))
        move_on = attribute(element, "moveOn") or "NotApplicable"
        method = attribute(element, "launchMethod") or "AnyWindow"
        for value, allowed, what in ((move_on, MOVE_ON, "moveOn"), (method, LAUNCH, "launchMethod")):
            if value not in allowed:
                raise Refused(Refusal(Reason.BAD_VALUE, what, value[:80]))
        if not href:
            raise Refused(Refusal(Reason.MISSING_ENTRY, named["identifier"][:200], "url"))
        if is_foreign(href):
            raise Refused(Refusal(Reason.FOREIGN_ADDRESS, href[:200]))
        file = file_of(href)
        if file not in self.files:
            self.faults.append(Refusal(Reason.MISSING_FILE, file[:200], named["identifier"][:200]))
        return {
            "kind": "au",
            **named,
            "href": href,
            "file": file,
            "move_on": move_on,
            "launch_method": method,
            "mastery_score": number(attribute(element, "masteryScore"), "masteryScore", 0, 1),
            "activity_type": attribute(element, "activityType"),
            "launch_parameters": text(child(element, "launchParameters")),
            "entitlement_key": text(child(element, "entitlementKey")),
        }

    def _named(self, element: Element) -> Data:
        group = child(element, "objectives")
        wanted = (
            [attribute(one, "idref") for one in children(group, "objective")] if group is not None else []
        )
        return {
            "identifier": self._id(element),
            "title": _words(element, "title"),
            "description": _words(element, "description"),
            "objective_refs": wanted,
        }

    def _id(self, element: Element) -> str:
        name = attribute(element, "id").strip()
        try:
            is_iri = bool(urlsplit(name).scheme)
        except ValueError:
            is_iri = False
        if not is_iri or len(name) > ID_MOST:
            raise Refused(Refusal(Reason.BAD_VALUE, f"{local(element.tag)} id", name[:80]))
        if name in self.ids:
            raise Refused(Refusal(Reason.SAME_IDENTIFIER, name[:200]))
        self.ids.add(name)
        return name


def _words(element: Element, name: str) -> dict[str, str]:
    """A text in its languages."""
    group = child(element, name)
    if group is None:
        return {}
    return {attribute(one, "lang") or "und": text(one)[:2000] for one in children(group, "langstring")}


def item_of_unit(unit: Data) -> Data:
    """A unit in the shape of a SCO: with one title, in Chinese where it has one."""
    titles = unit["title"]
    chinese = (words for language, words in titles.items() if language.lower().startswith("zh"))
    return {**unit, "title": next(chinese, next(iter(titles.values()), "")), "is_sco": True}


def read_cmi5(data: bytes, files: Collection[str], limits: Limits) -> tuple[Data, list[Warned]]:
    """The course structure as plain data, and what is worth knowing. Raises Refused."""
    root, encoding = tree_of(data, MANIFEST, limits)
    found = Reading(files).read(root)
    return found, [Warned(Notice.OTHER_ENCODING, MANIFEST, encoding)] if encoding else []
