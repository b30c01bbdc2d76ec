"""Writing, publishing and choosing certificate templates."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.audit.actions import record
from core.organisations.models import Organisation
from core.states import Refused
from core.ui.lists import listed
from credentials.designs.document import Spec, unknown_placeholders
from credentials.designs.models import Design, DesignChoice, DesignPicture, DesignVersion
from credentials.designs.queries import faults_of


@transaction.atomic
def save_design(
    *,
    design: Design | None,
    organisation: Organisation,
    name: str,
    spec: Spec,
    is_active: bool,
    actor: Asker,
    seen: str | None = None,
) -> Design:
    """Keep the draft of a template; a new one is made. Nothing that is issued changes.

    `seen` is the mark of the template that the actor began with. Raises Refused when somebody else has changed it
    meanwhile, and when the organisation has one of that name. Side effects: the row, an audit entry.
    """
    row = _locked(design, seen) if design else Design(organisation=organisation, made_by_id=actor.pk)
    row.name, row.draft, row.is_active = name, asdict(spec), is_active
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("The organisation has a template of this name already."))
    record(action="credentials.save_design", target=row, actor=actor, organisation=row.organisation)
    return row


def _locked(design: Design, seen: str | None) -> Design:
    """The row as it is now; of two clicks the second waits here. Raises Refused when it is not the one that was read."""
    row = Design.objects.select_for_update().get(pk=design.pk)
    if seen is not None and seen != row.mark():
        raise Refused(
            _("Somebody else has changed the draft meanwhile. Read it as it is now before you go on.")
        )
    return row


def add_picture(*, design: Design, upload: Any, actor: Asker) -> int:
    """Keep a picture for a template; returns its number. Side effects: the file, two rows."""
    attachment = keep_file(upload=upload, actor=actor)
    DesignPicture.objects.create(design=design, attachment=attachment)
    return attachment.pk


@transaction.atomic
def publish_design(*, design: Design, actor: Asker, seen: str | None = None) -> DesignVersion:
    """Publish the draft as the next version: certificates issued from now on are drawn by it.

    The same draft again is the same version. `seen` is the mark of the template that the actor has looked at. Raises
    Refused when it is another by now, and when something in it cannot be printed. Side effects: the version, an audit
    entry.
    """
    design = _locked(design, seen)
    spec = design.spec()
    unknown = [name for text in spec.texts() for name in unknown_placeholders(text)]
    if unknown or not design.draft:
        raise Refused(_("Unknown placeholder: %(names)s") % {"names": listed(unknown)})
    if faults := faults_of(spec):
        raise Refused(_("No font has the characters %(characters)s.") % {"characters": listed(faults)})
    latest = design.latest()
    if latest and latest.spec == design.draft:
        return latest
    number = (design.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = DesignVersion.objects.create(
        design=design, number=number, spec=design.draft, published_by_id=actor.pk
    )
    record(
        action="credentials.publish_design",
        target=design,
        actor=actor,
        organisation=design.organisation,
        after={"version": number},
    )
    return version


@transaction.atomic
def choose_design(*, cohort: Any, design: Design | None, actor: Asker) -> None:
    """Say by which template the cohort's certificates are drawn from now on; None for the standard one.

    Raises Refused for a template that is not offered to the cohort's organisation. What is issued already stays as it is.
    Side effects: the row of the choice; an audit entry.
    """
    if design and not Design.objects.offered_to(cohort.organisation).filter(pk=design.pk).exists():
        raise Refused(_("This template is not offered to the organisation of the cohort."))
    if design is None:
        DesignChoice.objects.filter(cohort_id=cohort.pk).delete()
    else:
        DesignChoice.objects.update_or_create(
            cohort_id=cohort.pk, defaults={"design": design, "chosen_by_id": actor.pk}
        )
    record(
        action="credentials.choose_design",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        after={"template": str(design or "")},
    )
