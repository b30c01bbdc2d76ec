"""One claim for whoever decides about it: what is known, then and now, and each condition of the decision."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person, User
from core.sheets.words import list_words
from core.templatetags.times import day
from credentials.claims.models import Claim, ClaimAppeal, ClaimPaper
from credentials.claims.policy import APPEALED, JUDGED, appeal_slot, judgeable
from credentials.claims.queries.deciding import Asked, ask, ask_again
from credentials.claims.queries.desk import key_label
from credentials.claims.states import ENDED
from credentials.policies.models import PolicyVersion, SubsidyPolicy
from credentials.policies.policy import Finding, facts_data
from credentials.policies.policy.facts import CONDUCT, LISTS, SECTIONS, Type
from credentials.policies.queries.labels import fact_label, region_label, value_label
from credentials.policies.queries.reading import Told, told
from credentials.policies.queries.words import said, title_words

# The facts that are days: they are frozen as ISO dates.
DAYS = {
    name
    for types in (*SECTIONS.values(), *(types for _singular, types in LISTS.values()), CONDUCT)
    for name, kind in types.items()
    if kind is Type.DAY
}
PARTS = ("version__subsidy__organisation", "person__employer", "person__user", "authority", "employer")


def claims_at_desk(user: Asker) -> QuerySet[Claim]:
    """The claims that this officer may open, with what their page shows: what was handed in, and what they enter themselves."""
    rows = Claim.objects.visible_to(user).filter(Q(claimed_on__isnull=False) | Q(entered_by=user.pk or 0))
    return rows.select_related(
        *PARTS, "entered_by__person", "approved_by__person", "given_by__person", "proof", "holder"
    )


def payees_at_desk(user: Asker) -> QuerySet[Person]:
    """The people whose ledger this officer may look at: those they read anyway, and those of whom they read a claim. A
    finance officer reads no people, and has to see what was paid before. The lines themselves are those they may read."""
    claimed = Claim.objects.visible_to(user).filter(claimed_on__isnull=False).order_by().values("person")
    mine = Person.objects.visible_to(user).order_by().values("pk")
    people = Person.objects.filter(Q(pk__in=mine) | Q(pk__in=claimed))
    return people.select_related("employer", "user")


@dataclass(frozen=True)
class FactRow:
    """One fact as it was frozen, and as it is known today; `is_said` where it rests on the claimant's word."""

    label: str
    frozen: str
    now: str
    is_said: bool = False

    @property
    def is_changed(self) -> bool:
        return self.frozen != self.now


@dataclass(frozen=True)
class Slot:
    """One paper that the policy asks for, with what lies there: the newest first."""

    label: str
    papers: list[ClaimPaper]


@dataclass(frozen=True)
class Case:
    """All that is looked at before a claim is decided."""

    asked: Asked
    told: Told | None  # by the records of today; of a claim that is over, what was frozen with it
    is_over: bool
    open_points: tuple[tuple[Finding, str], ...]
    found: dict[str, str]  # by the name of an open point: what an earlier reviewer has found, and who it was
    facts: list[FactRow]
    slots: list[Slot]
    key: str


def case_of(claim: Claim, reader: Asker) -> Case:
    """The claim put to its policy today, beside what was frozen, with links to what this reader may open.

    About ten queries, however many papers, facts and payments there are.
    """
    asked = ask(claim, timezone.localdate())
    decision = asked.decision
    points = judgeable(decision) if decision else ()
    is_over = claim.state in ENDED and bool(claim.decision)
    shown = ask_again(claim) if is_over else asked
    now = facts_data(asked.facts)
    return Case(
        asked=asked,
        told=told(shown.decision, shown.policy) if shown.decision else None,
        is_over=is_over,
        open_points=tuple((one, title_words(one, asked.policy)) for one in points),
        found=_found({one.name: claim.settled[one.name] for one in points if one.code in JUDGED.values()}),
        facts=fact_rows(claim.facts, now, asked.said, paid_names(claim, now, reader)),
        slots=_slots(claim, asked),
        key=key_label(claim) if claim.key else "",
    )


def _found(settled: dict[str, Any]) -> dict[str, str]:
    """What reviewers have found so far, in words. One query, and none where nothing was."""
    keys = {said["by"] for said in settled.values() if said.get("by")}
    people = User.objects.select_related("person").in_bulk(keys) if keys else {}
    words = {
        True: _("Fulfilled, says %(who)s: %(words)s"),
        False: _("Not fulfilled, says %(who)s: %(words)s"),
    }
    return {
        name: words[bool(said["passes"])] % {"who": people.get(said.get("by"), "–"), "words": said["words"]}
        for name, said in settled.items()
    }


def _slots(claim: Claim, asked: Asked) -> list[Slot]:
    kept: dict[str, list[ClaimPaper]] = {}
    for paper in claim.papers.select_related("file").order_by("slot", "-is_current", "-pk"):
        kept.setdefault(paper.slot, []).append(paper)
    return [
        Slot(said(one.words), kept.get(one.name, []))
        for one in asked.benefit.documents
        if one.when in ("", claim.key) or one.name in kept
    ]


def appeals_with_papers(claim: Claim) -> list[tuple[ClaimAppeal, list[ClaimPaper]]]:
    """The appeals of a claim, oldest first, each with the papers that came with it. Two queries."""
    appeals = list(claim.appeals.select_related("decided_by__person").order_by("pk"))
    rows = claim.papers.select_related("file").order_by("pk") if appeals else ()
    papers = [one for one in rows if one.slot.startswith(APPEALED)]
    return [
        (one, [paper for paper in papers if paper.slot.startswith(appeal_slot(one.against_id))])
        for one in appeals
    ]


@dataclass(frozen=True)
class PaidNames:
    """What the codes in payments are called: policies by their code, each with its newest version, and titles by their key."""

    versions: Mapping[str, PolicyVersion]
    titles: Mapping[str, str]
    reader: Asker

    def line(self, item: Mapping[str, Any]) -> SafeString:
        """One payment in words; the policy leads to its text where the reader may open it."""
        version = self.versions.get(item.get("policy", ""))
        benefit = version.policy().benefit(item.get("benefit", "")) if version else None
        key = item.get("key", "")
        words = [
            said(benefit.words) if benefit else item.get("benefit", ""),
            self.titles.get(key) or value_label(key),
            f"¥{item['amount']}" if item.get("amount") else "",
            _value("on", item["on"]) if item.get("on") else "",
        ]
        return format_html_join(" · ", "{}", ((one,) for one in (self._policy(item, version), *words) if one))

    def _policy(self, item: Mapping[str, Any], version: PolicyVersion | None) -> str:
        if version is None:
            return str(item.get("policy", ""))
        name = said(version.policy().name)
        if not self.reader.has_perm("credentials.view_subsidypolicy", version.subsidy):
            return name
        address = reverse("policies:version", args=[version.subsidy_id, version.number])
        return format_html('<a href="{}">{}</a>', address, name)


def paid_names(claim: Claim, now: Mapping[str, Any], reader: Asker) -> PaidNames:
    """The names for what was paid, as it was frozen with the claim and as it is known `now`; of the
    claim's own policy the version by which it was asked. Two queries where something was paid, else none."""
    codes = {one.get("policy", "") for facts in (claim.facts, now) for one in facts.get("paid") or ()} - {""}
    rows = (
        SubsidyPolicy.objects.select_related("organisation")
        .filter(code__in=codes, versions__isnull=False)
        .distinct()
    )
    found = rows.prefetch_related("versions").order_by("pk") if codes else ()
    versions = {row.code: latest for row in found if (latest := row.latest())}
    own = claim.version
    titles = [one for facts in (claim.facts, now) for one in facts.get("titles") or ()]
    named = {one.get("key", ""): str(one.get("name", "")) for one in titles}
    return PaidNames(versions | {own.subsidy.code: own}, named, reader)


def fact_rows(
    frozen: dict[str, Any], now: dict[str, Any], said: Collection[str], called: PaidNames
) -> list[FactRow]:
    """Every fact that is known then or now, side by side; `said` are the paths that rest on the claimant's word, `called` what the
    codes in payments are called."""
    found = []
    for section, names in SECTIONS.items():
        for name in names:
            before, after = frozen.get(section, {}).get(name), now.get(section, {}).get(name)
            if before is not None or after is not None:
                path = f"{section}.{name}"
                found.append(
                    FactRow(fact_label(path), _value(name, before), _value(name, after), path in said)
                )
    for plural, (singular, _types) in LISTS.items():
        before, after = _lines(frozen.get(plural), singular), _lines(now.get(plural), singular)
        if before or after:
            is_said = any(path.startswith(f"{singular}.") for path in said)
            found.append(FactRow(fact_label(singular), before, after, is_said))
    for name, words in (("conduct", _line), ("paid", called.line)):
        before, after = (_many(facts.get(name), words) for facts in (frozen, now))
        if before or after:
            found.append(FactRow(fact_label(name), before or _("none"), after or _("none")))
    return found


def _many(items: list[dict[str, Any]] | None, words: Callable[[dict[str, Any]], str]) -> SafeString:
    """Several things in words, a line for each, for a page."""
    return format_html_join("\n", "{}", ((line,) for line in map(words, items or ()) if line))


def _lines(items: list[dict[str, Any]] | None, singular: str = "") -> str:
    """Several things, a line for each; what is said of a thing with its name where the catalogue of facts has one."""
    return "\n".join(filter(None, (_line(item, singular) for item in items or ())))


def _line(item: dict[str, Any], singular: str = "") -> str:
    said_of = ((name, _value(name, value)) for name, value in item.items() if name not in ("key", "is_loose"))
    return list_words(
        f"{fact_label(f'{singular}.{name}')} {value}" if singular else value for name, value in said_of
    )


def _value(name: str, value: Any) -> str:
    if value is None:
        return _("not known")
    if name in DAYS:
        return day(datetime.date.fromisoformat(str(value)))
    if isinstance(value, list):
        return list_words(value_label(each) for each in value)
    if "region" in name or name == "residence":
        return region_label(str(value))
    if value in ("yes", "no") or isinstance(value, bool):
        return _("yes") if value in ("yes", True) else _("no")
    return value_label(value)
