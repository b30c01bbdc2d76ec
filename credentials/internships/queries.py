"""Reading internships: whose, what waits for whom, how much employment is proved, and what policies are told."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.audit.models import AuditEntry
from core.organisations.models import Kind, Organisation, RoleAssignment
from core.organisations.regions import read_regions
from core.people.models import Person
from core.people.queries import ties_of
from credentials.internships.models import EmploymentProof, Internship
from credentials.internships.policy import MONTHS_ASKED, Progress, Stretch, best_of, progress_of
from credentials.internships.states import InternshipState, ProofState
from credentials.policies.models import PolicyVersion
from credentials.policies.policy import Policy
from credentials.policies.policy.conditions.registry import Asked
from credentials.policies.policy.facts import NOTHING_KNOWN

SHOWN = ("person__user", "person__employer", "authority", "station", "supervisor__person", "paper")
PROOFS = EmploymentProof.objects.select_related("contract", "insurance", "region", "verified_by__person")


def internships_of(person: Person) -> QuerySet[Internship]:
    """The internships of somebody with their proofs of employment, the latest first. Two queries."""
    return _shown(Internship.objects.filter(person=person))


def desk_internships(user: Asker) -> QuerySet[Internship]:
    """The internships that this user may read, with what a row and a page of the desk show."""
    return _shown(Internship.objects.read_by(user))


def readable_internships(user: Asker) -> QuerySet[Internship]:
    """The internships of which this user may see something."""
    return Internship.objects.visible_to(user).select_related("authority", "person", "paper")


def desk_proofs(user: Asker) -> QuerySet[EmploymentProof]:
    """The proofs of employment that this user may read."""
    rows = EmploymentProof.objects.visible_to(user)
    return rows.select_related(
        *("internship__person__user", "internship__person__employer"),
        *("internship__authority", "internship__station"),
        *("contract", "insurance", "region", "verified_by__person", "employer"),
    )


def _shown(rows: QuerySet[Internship]) -> QuerySet[Internship]:
    found = rows.select_related(*SHOWN, "proposed_by__person", "placed_by__person", "ended_by__person")
    return found.prefetch_related(Prefetch("proofs", PROOFS))


def supervised_by(user: Asker) -> QuerySet[Internship]:
    """The internships that somebody supervises: what they are to sign now first."""
    rows = Internship.objects.filter(supervisor=user.pk or 0).exclude(state=InternshipState.CANCELLED)
    return rows.select_related(*SHOWN).order_by("ends_on", "pk")


def to_sign(user: Asker) -> QuerySet[Internship]:
    """The placed ones that their supervisor is to sign: the last day has come."""
    return supervised_by(user).filter(state=InternshipState.PLACED, ends_on__lte=timezone.localdate())


def may_change(row: Internship) -> bool:
    """Whether what is planned may still change: until it is placed, and then until it begins."""
    if row.state == InternshipState.PLACED:
        return row.starts_on > timezone.localdate()
    return row.state in (InternshipState.PROPOSED, InternshipState.CONFIRMED)


def employed_after() -> QuerySet[Internship]:
    """The ended internships with any proof of employment that is verified or waits. Two queries."""
    live = EmploymentProof.objects.filter(
        internship=OuterRef("pk"), state__in=(ProofState.DECLARED, ProofState.VERIFIED)
    )
    rows = Internship.objects.filter(Exists(live), state=InternshipState.ENDED, holder__is_active=True)
    rows = rows.select_related("person__user__person", "authority", "station")
    return rows.prefetch_related("proofs").order_by("pk")


def is_intern(person: Person) -> bool:
    """Whether there is any internship of this person. One query."""
    return Internship.objects.filter(person=person).exists()


def waiting_for(user: Asker) -> QuerySet[Internship]:
    """The internships in which something waits for this administrator: a paper of the school, a signature, or a proof of
    employment; never their own, nor those of whoever has let them in."""
    mine = scope_of(user).q("authority", Role.ADMINISTRATOR)
    declared = EmploymentProof.objects.filter(internship=OuterRef("pk"), state=ProofState.DECLARED)
    signed = Q(state=InternshipState.SIGNED) & ~Q(supervisor=user.pk)
    rows = Internship.objects.filter(mine).filter(
        Q(state=InternshipState.CONFIRMED) | signed | Q(Exists(declared))
    )
    bound = ties_of(user).q("authority", lambda accounts: Q(holder__in=accounts))
    return rows.exclude(bound | Q(holder=user.pk)).order_by("pk")


def has_opened_paper(internship: Internship, user: Asker) -> bool:
    """Whether this officer has opened the very paper of the school that is there now. One query."""
    acts = AuditEntry.objects.for_instance(internship)
    rows = acts.filter(action="credentials.open_internship_paper", user_id=user.pk or 0)
    return any(data["after"]["paper"] == internship.paper_id for data in rows.values_list("data", flat=True))


def has_opened_proof(proof: EmploymentProof, user: Asker) -> bool:
    """Whether this officer has opened every paper of a proof of employment. One query."""
    acts = AuditEntry.objects.for_instance(proof)
    rows = acts.filter(action="credentials.open_employment_paper", user_id=user.pk or 0)
    opened = {data["after"]["paper"] for data in rows.values_list("data", flat=True)}
    return {proof.contract_id, *([proof.insurance_id] if proof.insurance_id else [])} <= opened


def authorities_of(user: Asker) -> QuerySet[Organisation]:
    """The competent departments for which this administrator can place interns."""
    mine = scope_of(user).q("", Role.ADMINISTRATOR)
    return Organisation.objects.active().filter(mine, kind=Kind.BUREAU)


def stations_of(user: Asker) -> QuerySet[Organisation]:
    """Where this administrator can place interns."""
    return Organisation.objects.active().filter(scope_of(user).q("", Role.ADMINISTRATOR))


def supervisors_for(user: Asker, person: Person) -> QuerySet[Person]:
    """Who can supervise an intern in this administrator's tree: supervisors there, but the person themself."""
    mine = scope_of(user).q("organisation", Role.ADMINISTRATOR)
    held = RoleAssignment.objects.standing(Role.SUPERVISOR).filter(mine)
    return Person.objects.filter(user__in=held.values("user")).exclude(pk=person.pk).order_by("name", "pk")


def _stretches(proofs: Iterable[EmploymentProof]) -> list[Stretch]:
    return [
        Stretch(each.starts_on, each.until, each.region_id, each.is_in_field, each.ends_on is not None)
        for each in proofs
        if each.state == ProofState.VERIFIED
    ]


def progress_in(internship: Internship, asked: int = MONTHS_ASKED) -> Progress:
    """How many months of employment after an internship are proved, of those that are asked for (`months_asked`). No query
    where `proofs` and `authority` are read."""
    return progress_of(_stretches(internship.proofs.all()), asked, internship.authority.region_id or "")


def months_asked(authority: Organisation) -> int:
    """For how many months the policy that is published nearest above an authority wants an intern to be employed; where
    none says so, a year. One query."""
    above = Organisation.paths_above(authority.path)
    rows = PolicyVersion.objects.filter(subsidy__organisation__path__in=above)
    seen: set[int] = set()
    for row in rows.order_by("-subsidy__organisation__path", "-subsidy", "-number"):
        if row.subsidy_id not in seen:  # the latest version of each
            seen.add(row.subsidy_id)
            if months := _months_in(row.policy()):
                return months
    return MONTHS_ASKED


def _months_in(policy: Policy) -> int | None:
    """What a condition of this policy about the length of an intern's employment says."""
    since = "internship.employed_from"
    day = datetime.date(2000, 1, 1)  # any: the answer names the months that it counts
    asked = Asked({"internship": {"employed_from": day}}, NOTHING_KNOWN, day)
    for each in policy.conditions.values():
        if each.kind == "lasted" and since in each.facts:
            return int(each.check(asked).values["months"])
    return None


def internship_facts_of(person_ids: Collection[int]) -> dict[int, tuple[Mapping[str, Any], ...]]:
    """What policies may know of the internships of these people, in the words of the catalogue of facts; every id has its
    tuple. Two queries.

    What no officer has verified is left out, that is, not known: an internship until it is placed, its end until it is
    ended, employment until it is verified. Employment that goes on is known as far as it is proved, and not beyond: whether
    it has lasted a year is not known before the year is proved. It has an end only where the proof says so.
    """
    found: dict[int, list[Mapping[str, Any]]] = {person_id: [] for person_id in person_ids}
    rows = Internship.objects.arranged().filter(person__in=list(found)).select_related("authority")
    for row in rows.prefetch_related("proofs").order_by("person", "starts_on", "pk"):
        found[row.person_id].append(_facts(row))
    return {person_id: tuple(facts) for person_id, facts in found.items()}


def _facts(row: Internship) -> Mapping[str, Any]:
    said: dict[str, Any] = {
        "key": str(row.pk),
        "year_of_study": row.year_of_study,
        "is_full_time_student": row.is_full_time,
        "is_social_work_student": row.is_social_work,
        "is_placed_by_bureau": True,  # nobody else can place one here
    }
    if row.state == InternshipState.ENDED:
        said["ended_on"] = row.ends_on
    best = best_of(_stretches(row.proofs.all()), row.authority.region_id or "")
    if best is not None:
        said |= {
            "employed_from": best.starts_on,
            "employed_proved_until": best.until,
            "employed_region": best.region,
            "is_employed_in_field": best.in_field,
        }
        if best.is_ended:
            said["employed_until"] = best.until
    return said


@cache
def _regions() -> tuple[dict[str, str], dict[str, list[tuple[str, str]]], list[tuple[str, str]]]:
    """Names by code, what lies below a city or province, and all cities (and what a province governs directly)."""
    rows = [row for row in read_regions() if row.level != "street"]
    names = {row.code: row.name for row in rows}
    below: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        below.setdefault(row.parent, []).append((row.code, row.name))
    provinces = [row for row in rows if row.level == "province"]
    wide = [(code, f"{each.name} · {name}") for each in provinces for code, name in below.get(each.code, [])]
    return names, below, wide


def places_near(authority: Organisation) -> list[Any]:
    """Where somebody can work, for a field to choose: what lies in the authority's own city first, then all cities."""
    names, below, wide = _regions()
    code = (authority.region_id or "")[:6]
    near = [(code, names[code]), *below.get(code, [])] if code in names else []
    known = {code for code, _name in near}
    far = [each for each in wide if each[0] not in known]
    return [(names[code], near), ("…", far)] if near else far
