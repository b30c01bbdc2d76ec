"""What a package holds, as plain data: for the command line, and for the page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import override

from lms.packages.policy.archive import Archive
from lms.packages.policy.manifest import Found, items_of, units_of
from lms.packages.policy.refusals import Refusal, Warned
from lms.packages.queries.words import notice_words, refusal_words

LANGUAGES = ("zh-hans", "en")


def summary_of(archive: Archive, found: Found) -> dict[str, Any]:
    """Kind, edition, title, tree, scores, sizes and warnings of a package that was let pass."""
    return {
        "ok": True,
        "kind": found.kind,
        "edition": found.edition,
        "title": found.title,
        **_contents(found),
        "files": len(archive.files),
        "bytes": archive.total,
        "packed_bytes": archive.packed,
        "warnings": warning_list(found.warnings),
        "refusals": [],
    }


def refused_summary(refusals: Iterable[Refusal]) -> dict[str, Any]:
    """The same shape for a package that is not taken: every reason with its key, its sentence and what it is about."""
    return {"ok": False, "refusals": refusal_list(refusals)}


def refusal_list(refusals: Iterable[Refusal]) -> list[dict[str, Any]]:
    """Refusals with their sentences in both languages."""
    found = []
    for one in refusals:
        about = {"key": one.reason.value, "member": one.member, "detail": one.detail}
        found.append({**about, "sentence": _said(refusal_words, one)})
    return found


def warning_list(warnings: Iterable[Warned]) -> list[dict[str, Any]]:
    """Notices with their sentences in both languages."""
    found = []
    for one in warnings:
        about = {"key": one.notice.value, "member": one.member, "detail": one.detail}
        found.append({**about, "sentence": _said(notice_words, one)})
    return found


def _said(words: Any, one: Any) -> dict[str, str]:
    return in_both_languages(lambda: words(one))


def in_both_languages(words: Callable[[], str]) -> dict[str, str]:
    """A sentence, written once in each language."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said["zh" if language.startswith("zh") else language] = words()
    return said


def _contents(found: Found) -> dict[str, Any]:
    manifest = found.manifest
    if found.kind == "h5p":
        names = ("main_library", "libraries", "mastery_score")
        items = [_launch(one) for one in items_of(manifest)]
        return {**{name: manifest[name] for name in names}, "scos": items}
    if found.kind == "cmi5":
        units = [{key: one[key] for key in UNIT} for one in units_of(manifest)]
        return {"course": manifest["identifier"], "units": units, "tree": manifest["children"]}
    items = list(items_of(manifest))
    return {
        "identifier": manifest["identifier"],
        "organisations": [_branch(one) for one in manifest["organisations"]],
        "scos": [_launch(one) for one in items if one["is_sco"]],
        "assets": [_launch(one) for one in items if not one["is_sco"]],
        "mastery_scores": {
            one["identifier"]: score for one in items if (score := one["mastery_score"]) is not None
        },
        "sequencing": _sequenced(manifest),
        "resources": len(manifest["resources"]),
    }


UNIT = ("identifier", "title", "href", "move_on", "mastery_score", "launch_method")


def _branch(item: dict[str, Any]) -> dict[str, Any]:
    names = ("identifier", "title", "href", "is_sco", "mastery_score", "prerequisites", "visible", "default")
    plain = {key: item[key] for key in names if item.get(key) not in (None, "")}
    return {**plain, "children": [_branch(one) for one in item["children"]]}


def _launch(item: dict[str, Any]) -> dict[str, Any]:
    return {"identifier": item["identifier"], "title": item["title"], "href": item["href"]}


def _sequenced(manifest: dict[str, Any]) -> dict[str, Any]:
    """Which items say what of sequencing, and how many rules and objectives there are."""
    items: dict[str, list[str]] = {}
    counts = {"rules": 0, "rollup_rules": 0, "objectives": 0}
    queue = list(manifest["organisations"])
    while queue:
        item = queue.pop(0)
        queue += item["children"]
        said = item["sequencing"]
        if not said:
            continue
        items[item["identifier"]] = sorted(said)
        counts["rules"] += sum(len(rules) for rules in said.get("sequencingRules", {}).values())
        counts["rollup_rules"] += len(said.get("rollupRules", {}).get("rules", ()))
        counts["objectives"] += len(said.get("objectives", ())) + ("primaryObjective" in said)
    return {**counts, "collections": sorted(manifest["collections"]), "items": items}
