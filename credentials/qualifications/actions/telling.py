"""Who is told of a qualification: its holder, and the officers who can verify it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop

from core.access.states import Role
from core.notices.actions import both, notify, settle
from core.people.models import User
from core.people.queries import deciders_at
from credentials.qualifications.models import QualificationRecord
from credentials.qualifications.policy import first_registration_until
from credentials.qualifications.queries import claims_besides


def ask_officers(qualification: QualificationRecord) -> None:
    """Ask those who can verify it; where somebody else claims the number, those of the other one are told as well."""
    claimed = list(claims_besides(qualification))
    body = gettext_noop("Compare the scan with what was declared, and verify it or return it.")
    if claimed:
        body = gettext_noop("Somebody else claims the same number. Compare both before you decide.")
    for each in [qualification, *claimed]:
        if each.person.employer is None:
            continue
        for officer in deciders_at(each.person.employer, [each.person.user]):
            mine = each.pk == qualification.pk
            notify(
                user=officer,
                kind="qualification",
                title=gettext_noop("%(name)s has declared a qualification: %(level)s")
                if mine
                else gettext_noop("The number of %(name)s’s certificate is claimed by somebody else too"),
                body=body,
                url=reverse("qualifications:inspect", args=[each.pk]),
                source=f"credentials.qualification:{each.pk}:"
                + ("asked" if mine else f"claimed:{qualification.pk}"),
                name=each.person.name,
                level=both(each.level.name, each.level.name_en),
            )


def settle_officers(qualification: QualificationRecord) -> None:
    """What the officers were asked is done, whoever did it."""
    settle_asked(f"credentials.qualification:{qualification.pk}:", qualification.holder_id)


def settle_asked(source: str, holder_id: int) -> None:
    """What these notices asked of officers is done, wherever the person works by now; the holder's own are left."""
    officers = User.objects.filter(roles__role=Role.ADMINISTRATOR)  # not everybody's notices are searched
    asked = officers.filter(notices__source__startswith=source)
    settle(users=asked.exclude(pk=holder_id).distinct(), source=source)


def tell_holder(qualification: QualificationRecord, title: str, body: str) -> None:
    """Tell the holder what became of it."""
    level = qualification.level
    notify(
        user=qualification.person.user,
        kind="qualification",
        title=title,
        body=body,
        url=qualification.get_absolute_url(),
        source=f"credentials.qualification:{qualification.pk}:{qualification.state}",
        level=both(level.name, level.name_en),
        until=first_registration_until(qualification.issued_on),
        reason=qualification.reason,
    )
