"""Whose policy a text may be: where its place lies, and what the ledger calls it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, Tier
from credentials.policies.models import SubsidyPolicy
from credentials.policies.policy import Policy
from credentials.policies.queries.labels import region_label


def authorities_of(user: Asker) -> QuerySet[Organisation]:
    """Where somebody may keep a policy: the districts, cities and provinces that they administer."""
    mine = scope_of(user).q("", Role.ADMINISTRATOR)
    return Organisation.objects.filter(mine, tier__in=(Tier.PROVINCE, Tier.CITY, Tier.COUNTY))


def outside_words(policy: Policy, organisation: Organisation) -> str:
    """Why this authority cannot make a policy for the place that the text names; empty when it can.

    The place lies within the authority's region (GB/T 2260). Where only somebody above has a region, it lies inside that
    and is smaller: a district does not speak for its city. Where nobody has one, nothing can be said. One query.
    """
    region, is_own = _region_of(organisation)
    stem, wanted = _stem(region), _stem(policy.jurisdiction)
    if not region or (wanted.startswith(stem) and (is_own or wanted != stem)):
        return ""
    return _("“jurisdiction” says %(place)s; %(authority)s is responsible for places in %(region)s only.") % {
        "place": region_label(policy.jurisdiction),
        "authority": organisation.name,
        "region": region_label(region),
    }


def has_region(organisation: Organisation) -> bool:
    """Whether it is known where the authority is. One query."""
    return bool(_region_of(organisation)[0])


def _region_of(organisation: Organisation) -> tuple[str, bool]:
    """Six digits of the region of an organisation, or of the nearest above that has one; and whether it is its own."""
    if organisation.region_id:
        return organisation.region_id[:6], True
    above = Organisation.objects.filter(path__in=Organisation.paths_above(organisation.path))
    near = above.filter(region__isnull=False).order_by("-path")
    return (near.values_list("region_id", flat=True).first() or "")[:6], False


def _stem(code: str) -> str:
    """The digits that the codes of all places inside begin with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def free_code(text_code: str) -> str:
    """What the ledger calls a new policy: its code, or with a number where another authority has that one."""
    taken = set(SubsidyPolicy.objects.filter(code__startswith=text_code[:50]).values_list("code", flat=True))
    found, number = text_code, 1
    while found in taken:
        number += 1
        found = f"{text_code[:50]}-{number}"
    return found


def published_as(code: str) -> list[SubsidyPolicy]:
    """The published policies that are meant by a code: the one that the ledger knows by it, else all whose text names it."""
    rows = SubsidyPolicy.objects.filter(versions__isnull=False).distinct().select_related("organisation")
    known = rows.filter(code=code) or rows.filter(text_code=code)
    return list(known.prefetch_related("versions").order_by("pk"))


def ledger_codes(policy: Policy, organisation: Organisation) -> dict[str, str]:
    """Of the codes that a text names those that the ledger knows by another: of this authority, else of the nearest above."""
    paths = Organisation.paths_above(organisation.path)
    rows = SubsidyPolicy.objects.filter(organisation__path__in=paths, text_code__in=policy.family)
    nearest = dict(
        rows.order_by("organisation__path").values_list("text_code", "code")
    )  # the last of each counts
    return {said: code for said, code in nearest.items() if said != code}
