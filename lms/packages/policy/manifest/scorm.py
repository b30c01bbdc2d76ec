"""imsmanifest.xml of SCORM 1.2 and 2004: organisations, items, resources, as plain data."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from xml.etree.ElementTree import Element

from lms.packages.policy.manifest.sequencing import collections_of, sequencing_of
from lms.packages.policy.manifest.values import file_of, flag, is_foreign, joined, number, with_parameters
from lms.packages.policy.refusals import Limits, Notice, Reason, Refusal, Refused, Warned
from lms.packages.policy.xml import attribute, child, children, local, space, text, tree_of

MANIFEST = "imsmanifest.xml"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
PACKAGING_12 = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
PACKAGING_2004 = "http://www.imsglobal.org/xsd/imscp_v1p1"
PACKAGING = frozenset([PACKAGING_12, PACKAGING_2004, "http://www.imsproject.org/xsd/imscp_v1p1"])
ADL_12, ADL_2004 = "http://www.adlnet.org/xsd/adlcp_rootv1p2", "http://www.adlnet.org/xsd/adlcp_v1p3"
EDITIONS = {
    "1.2": ("1.2", ""),
    "cam 1.3": ("2004", "2nd Edition"),
    "2004 2nd edition": ("2004", "2nd Edition"),
    "2004 3rd edition": ("2004", "3rd Edition"),
    "2004 4th edition": ("2004", "4th Edition"),
}
LIMIT_ACTIONS = frozenset(["exit,message", "exit,no message", "continue,message", "continue,no message"])
TITLE_MOST = 500
Data = dict[str, Any]


class Reading:
    """One manifest being read: what was found so far, and what is wrong with it."""

    def __init__(self, root: Element, files: Collection[str]) -> None:
        self.root, self.files = root, files
        self.warnings: list[Warned] = []
        self.faults: list[Refusal] = []
        self.resources: dict[str, Data] = {}
        self.version = self.edition = ""
        self.identifiers: set[str] = set()

    def read(self) -> Data:
        """The whole manifest. Raises Refused with every missing file at once."""
        self.version, self.edition = self._version()
        collections = collections_of(self.root)
        self._read_resources()
        organisations = self._organisations(collections)
        if self.faults:
            raise Refused(*self.faults[:20])
        return {
            "version": self.version,
            "edition": self.edition,
            "identifier": attribute(self.root, "identifier"),
            "title": _titles(self.root, organisations),
            "organisations": organisations,
            "resources": list(self.resources.values()),
            "collections": {name: sequencing_of(one, {}) for name, one in collections.items()},
        }

    # --- What it is -----------------------------------------------------------------------------------------
    def _version(self) -> tuple[str, str]:
        if local(self.root.tag) != "manifest":
            raise Refused(Refusal(Reason.WRONG_ROOT, MANIFEST, local(self.root.tag)[:80]))
        named = space(self.root.tag)
        if named and named not in PACKAGING:
            raise Refused(Refusal(Reason.WRONG_NAMESPACE, MANIFEST, named[:200]))
        if not named:
            self.warnings.append(Warned(Notice.NO_NAMESPACE, MANIFEST))
        said = text(child(child(self.root, "metadata"), "schemaversion"))
        if said:
            if said.lower() not in EDITIONS:
                raise Refused(Refusal(Reason.UNKNOWN_VERSION, MANIFEST, said[:80]))
            return EDITIONS[said.lower()]
        self.warnings.append(Warned(Notice.NO_VERSION, MANIFEST))
        used = {
            space(key) for one in self.root.iter() for key in (one.tag, *one.attrib) if isinstance(key, str)
        }
        return ("2004", "") if ADL_2004 in used or named == PACKAGING_2004 else ("1.2", "")

    # --- Resources ------------------------------------------------------------------------------------------
    def _read_resources(self) -> None:
        for group in children(self.root, "resources"):
            base = joined(self.root.get(XML_BASE, ""), group.get(XML_BASE, ""))
            for one in children(group, "resource"):
                resource = self._resource(one, base)
                self._once(resource["identifier"])
                self.resources[resource["identifier"]] = resource
        for resource in self.resources.values():
            for name in resource["dependencies"]:
                if name not in self.resources:
                    self.warnings.append(Warned(Notice.UNKNOWN_DEPENDENCY, resource["identifier"], name))

    def _resource(self, element: Element, base: str) -> Data:
        identifier = attribute(element, "identifier")
        own = element.get(XML_BASE, "")
        href = attribute(element, "href").strip()
        kind = attribute(element, "scormType").lower()
        files = [attribute(one, "href") for one in children(element, "file")]
        where = [joined(base, own, href) for href in files if not is_foreign(href)]
        for address in where:
            if address and file_of(address) not in self.files:
                self.warnings.append(Warned(Notice.FILE_NOT_THERE, identifier, address[:200]))
        return {
            "identifier": identifier,
            "type": attribute(element, "type"),
            "scorm_type": kind if kind in ("sco", "asset") else "",
            "href": joined(base, own, href) if href else "",
            "files": where,
            "dependencies": [attribute(one, "identifierref") for one in children(element, "dependency")],
            "persist_state": attribute(element, "persistState"),
        }

    def _once(self, identifier: str) -> None:
        if not identifier:
            raise Refused(Refusal(Reason.MISSING_ENTRY, MANIFEST, "identifier"))
        if identifier in self.identifiers:
            raise Refused(Refusal(Reason.SAME_IDENTIFIER, identifier[:200]))
        self.identifiers.add(identifier)

    # --- Organisations --------------------------------------------------------------------------------------
    def _organisations(self, collections: dict[str, Element]) -> list[Data]:
        group = child(self.root, "organizations")
        found = children(group, "organization") if group is not None else []
        if not found:
            raise Refused(Refusal(Reason.NO_ORGANISATION, MANIFEST))
        default = attribute(group, "default") if group is not None else ""
        names = [attribute(one, "identifier") for one in found]
        if default and default not in names:
            raise Refused(Refusal(Reason.UNKNOWN_RESOURCE, "organizations", default[:200]))
        organisations = []
        for one, name in zip(found, names, strict=True):
            data = self._item(one, collections)
            data["default"] = name == (default or names[0])
            organisations.append(data)
        if not any(_launchable(one) for one in organisations):
            self.faults.append(Refusal(Reason.NO_SCO, MANIFEST))
        return organisations

    def _item(self, element: Element, collections: dict[str, Element]) -> Data:
        identifier = attribute(element, "identifier")
        self._once(identifier)
        own = next(iter(children(element, "sequencing")), None)
        sequencing = sequencing_of(own, collections, identifier) if own is not None else {}
        return {
            "identifier": identifier,
            "title": text(child(element, "title"))[:TITLE_MOST],
            "visible": flag(attribute(element, "isvisible"), True, identifier),
            **self._launch(element, identifier),
            **self._told(element, identifier),
            "sequencing": {**sequencing, **_beside(element, identifier)},
            "children": [self._item(one, collections) for one in children(element, "item")],
        }

    def _launch(self, element: Element, identifier: str) -> Data:
        """What the item opens: its resource, the address within the package, whether it speaks SCORM."""
        name = attribute(element, "identifierref")
        parameters = attribute(element, "parameters")
        found: Data = {"resource": name, "parameters": parameters, "href": "", "file": "", "is_sco": False}
        if not name:
            return found
        resource = self.resources.get(name)
        if resource is None:
            self.faults.append(Refusal(Reason.UNKNOWN_RESOURCE, identifier[:200], name[:200]))
            return found
        if not resource["href"]:
            self.faults.append(Refusal(Reason.MISSING_ENTRY, name[:200], "href"))
            return found
        file = file_of(resource["href"])
        if file not in self.files:
            self.faults.append(Refusal(Reason.MISSING_FILE, file[:200], identifier[:200]))
        href = with_parameters(resource["href"], parameters)
        return {**found, "href": href, "file": file, "is_sco": resource["scorm_type"] == "sco"}

    def _told(self, element: Element, identifier: str) -> Data:
        """What the item tells its SCO, and under which conditions it opens."""
        told = {
            "prerequisites": text(child(element, "prerequisites")),
            "max_time_allowed": text(child(element, "maxtimeallowed")),
            "time_limit_action": text(child(element, "timelimitaction", "timeLimitAction")).lower(),
            "data_from_lms": text(child(element, "datafromlms", "dataFromLMS")),
        }
        action = told["time_limit_action"]
        if action and action not in LIMIT_ACTIONS:
            raise Refused(Refusal(Reason.BAD_VALUE, identifier[:200], action[:80]))
        if told["prerequisites"]:
            self.warnings.append(Warned(Notice.PREREQUISITES, identifier, told["prerequisites"][:200]))
        mastery = number(text(child(element, "masteryscore")), "masteryscore", 0, 100)
        return {**told, "mastery_score": mastery}


def _beside(element: Element, identifier: str) -> Data:
    """What ADL puts beside <sequencing>: thresholds, hidden controls, shared data."""
    found: Data = {}
    threshold = child(element, "completionThreshold")
    if threshold is not None:
        least = number(attribute(threshold, "minProgressMeasure") or text(threshold), identifier, 0, 1)
        weight = number(attribute(threshold, "progressWeight"), identifier, 0, 1)
        by_measure = flag(attribute(threshold, "completedByMeasure"), bool(text(threshold)), identifier)
        found["completionThreshold"] = {
            "completedByMeasure": by_measure,
            **({"minProgressMeasure": least} if least is not None else {}),
            **({"progressWeight": weight} if weight is not None else {}),
        }
    for presentation in children(element, "presentation"):
        for interface in children(presentation, "navigationInterface"):
            hidden = [text(one) for one in children(interface, "hideLMSUI")]
            found["hideLmsUi"] = [*found.get("hideLmsUi", []), *filter(None, hidden)]
    for group in children(element, "data"):
        found["sharedDataMaps"] = [
            {
                "targetID": attribute(one, "targetID"),
                "readSharedData": flag(attribute(one, "readSharedData"), True, identifier),
                "writeSharedData": flag(attribute(one, "writeSharedData"), True, identifier),
            }
            for one in children(group, "map")
        ]
    return found


def _launchable(item: Data) -> bool:
    return bool(item["href"]) or any(_launchable(one) for one in item["children"])


def _titles(root: Element, organisations: list[Data]) -> str:
    """The title of the default organisation; of the metadata when it has none."""
    named = next((one["title"] for one in organisations if one["default"] and one["title"]), "")
    if named:
        return str(named)
    metadata = child(root, "metadata")
    for one in metadata.iter() if metadata is not None else ():
        if isinstance(one.tag, str) and local(one.tag) == "title":
            words = next((text(each) for each in one.iter() if text(each)), "")
            if words:
                return words[:TITLE_MOST]
    return ""


def read_scorm(data: bytes, files: Collection[str], limits: Limits) -> tuple[Data, list[Warned]]:
    """The manifest as plain data, and what is worth knowing. Raises Refused."""
    root, encoding = tree_of(data, MANIFEST, limits)
    reading = Reading(root, files)
    found = reading.read()
    if encoding:
        reading.warnings.insert(0, Warned(Notice.OTHER_ENCODING, MANIFEST, encoding))
    return found, reading.warnings


def activity_tree(organisation: Data) -> Data:
    """An organisation as the player's engine wants it: the same items, each with its sequencing."""
    return {
        "id": organisation["identifier"],
        "title": organisation["title"] or organisation["identifier"],
        "isVisible": organisation["visible"],
        **{key: value for key, value in organisation["sequencing"].items() if key != "sequencingIdRef"},
        "children": [activity_tree(one) for one in organisation["children"]],
    }
