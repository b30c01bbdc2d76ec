"""The items of a version, and how far somebody is in them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.people.models import Person
from lms.courses.versions import Kept
from lms.packages.models import PackageUpload, PackageVersion, Registration, ScoState, Statement
from lms.packages.policy.manifest import items_of
from lms.packages.policy.runtime import is_done

# Versions never change: read once per process. A manifest is some 10 to 100 KB.
package_version = Kept(lambda pk: PackageVersion.objects.select_related("package").get(pk=pk), most=50)


def items_of_version(version: PackageVersion) -> list[dict[str, Any]]:
    """What can be opened in a version, in reading order."""
    kept = vars(version).get("_items")
    if kept is None:
        kept = version.__dict__["_items"] = list(items_of(version.manifest))
    items: list[dict[str, Any]] = kept
    return items


def item_of(version: PackageVersion, identifier: str) -> dict[str, Any]:
    """The item with this identifier. Raises StopIteration when there is none: whoever asks has looked before."""
    return next(one for one in items_of_version(version) if one["identifier"] == identifier)


def states_of(enrolment_id: int, version_id: int, *, data: bool = False) -> dict[str, ScoState]:
    """How far the person is in each item that was opened. One query; the data models are left out unless asked for."""
    rows = ScoState.objects.filter(registration__enrolment=enrolment_id, registration__version=version_id)
    return {row.item: row for row in (rows if data else rows.defer("data"))}


def done_items(registration: Registration) -> set[str]:
    """The items of SCORM and H5P in which nothing is left to do. One query. (Of cmi5: `queries.units`.)"""
    rows = registration.states.values_list("item", "completion", "success")
    return {item for item, completion, success in rows if is_done(completion, success)}


def is_package_done(enrolment_id: int, version_id: int) -> bool:
    """Whether the person has done every item of the package. One query."""
    rows = Registration.objects.filter(enrolment=enrolment_id, version=version_id)
    return rows.exclude(completed_at=None).exists()


def package_data_of(person: Person) -> list[dict[str, Any]]:
    """All that the person did in packages, with what their content kept and said of it. Two queries."""
    said: dict[tuple[int, str], list[Any]] = {}
    statements = Statement.objects.filter(registration__enrolment__person=person).order_by("pk")
    for registration, item, body in statements.values_list("registration", "launch__item", "body"):
        said.setdefault((registration, item), []).append(body)
    rows = ScoState.objects.filter(registration__enrolment__person=person).select_related(
        "registration__version__package"
    )
    return [
        {
            "package": row.registration.version.package.title,
            "part": row.item,
            "completion": row.completion,
            "success": row.success,
            "score": row.score,
            "seconds": row.total_seconds,
            "updated_at": row.updated_at,
            "kept": row.data,
            "said": said.get((row.registration_id, row.item), []),
        }
        for row in rows.defer("registration__version__manifest", "registration__version__summary").order_by(
            "pk"
        )
    ]


def address_of_upload(row: PackageUpload) -> str:
    """The page of what was handed in."""
    return reverse("packages:upload", args=[row.pk])
