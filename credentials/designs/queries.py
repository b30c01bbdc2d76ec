"""Finding templates: what a cohort uses, and a version with its pictures, ready to draw."""

from __future__ import annotations

import datetime
import hashlib
from functools import lru_cache
from typing import Any

from django.core.files.storage import storages
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.pdf.faces import describe_character, missing_glyphs
from core.pdf.pages import chinese_date, english_date
from core.pdf.paper import DocumentInfo
from credentials.designs.document import RARE_NAMES, Printed, Spec, spec_from
from credentials.designs.document import Design as Drawable
from credentials.designs.models import Design, DesignChoice, DesignVersion
from lms.public import cohorts_visible_to

LISTED = 20  # cohorts on a template's page
STANDARD_CODE = "A2345-B6789-C2345-D6789"  # on previews; no certificate has it


def desk_designs(user: Asker) -> QuerySet[Design]:
    """The templates that this user may see, with their organisation and the number of their latest version."""
    rows = Design.objects.visible_to(user).select_related("organisation")
    return rows.annotate(newest=Max("versions__number"))


def version_for(enrolment_id: int | None) -> int | None:
    """The version by which this enrolment's certificate is drawn if it is issued now; None for the standard template."""
    choice = DesignChoice.objects.filter(cohort__enrolments=enrolment_id).select_related("design").first()
    latest = choice.design.latest() if choice else None
    return latest.pk if latest else None


def choice_of(cohort_id: int) -> DesignChoice | None:
    return DesignChoice.objects.filter(cohort_id=cohort_id).select_related("design").first()


def drawable(version_id: int | None) -> Drawable | None:
    """A published version with its pictures; None for the standard template. Read once per process: it never changes."""
    return _drawable(version_id) if version_id else None


@lru_cache(maxsize=64)
def _drawable(version_id: int) -> Drawable:
    return with_pictures(spec_from(DesignVersion.objects.get(pk=version_id).spec))


def forget_drawables() -> None:
    """For tests, whose databases come and go within one process."""
    _drawable.cache_clear()


def with_pictures(spec: Spec) -> Drawable:
    """A template with the bytes of its pictures. Raises FileNotFoundError when one is lost or is not what it was."""
    rows = Attachment.objects.in_bulk(spec.pictures())
    return Drawable(spec, {number: _bytes(rows[number]) for number in spec.pictures()})


def _bytes(row: Attachment) -> bytes:
    with storages["private"].open(row.stored) as file:
        content: bytes = file.read()
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise FileNotFoundError(row.stored)
    return content


def faults_of(spec: Spec) -> list[str]:
    """The characters of the wording that no font has, named; empty when all can be printed."""
    return [describe_character(char) for char in missing_glyphs("".join(spec.texts()).replace("\n", ""))]


def sample(organisation: Organisation, number: int, verify_url: str) -> Printed:
    """Invented facts to look at a template with; `number` chooses one of the hardest names."""
    name = RARE_NAMES[number % len(RARE_NAMES)]
    today = timezone.localdate()
    values = {
        "name": name,
        "course": "社会工作综合能力提升与督导实务研修课程（面向基层社工站）"
        if number % 2
        else "社会工作实务",
        "course_en": "Comprehensive abilities in social work",
        "cohort": "2026年秋季第一期",
        "hours": "72",
        "issuer": organisation.name,
        "issued_on": chinese_date(today),
        "expires_on": "长期有效",
        "serial": f"XH-{today.year}-000000-X",
    }
    english = {**values, "issued_on": english_date(today), "expires_on": "no end date"}
    return Printed(_info(name, today), values, english, STANDARD_CODE, verify_url, "样例")


def _info(name: str, day: datetime.date) -> DocumentInfo:
    return DocumentInfo(title=f"样例 {name}", author="", subject="样例", keywords="", dated=day)


def cohorts_for(design: Design, user: Asker) -> list[Any]:
    """The cohorts of the template's organisation and of all below it that this user may choose one for: those that use
    it, then those that are not over; each with `uses_it`. The latest LISTED of each."""
    rows = cohorts_visible_to(user).filter(
        scope_of(user).q("organisation", Role.ADMINISTRATOR),
        organisation__path__startswith=design.organisation.path,
    )
    chosen = DesignChoice.objects.filter(design=design).values("cohort")
    going_on = Q(cancelled_at=None) & (Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
    found = []
    for uses_it, part in (
        (True, rows.filter(pk__in=chosen)),
        (False, rows.filter(going_on).exclude(pk__in=chosen)),
    ):
        for cohort in part.order_by("-pk")[:LISTED]:
            cohort.uses_it = uses_it
            found.append(cohort)
    return found


def used_by(design: Design) -> int:
    """How many cohorts chose the template."""
    return DesignChoice.objects.filter(design=design).count()
