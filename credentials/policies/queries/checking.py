"""Which policies somebody reads at the desk, where they may keep one, and how a policy decides its cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.access.scope import Asker
from core.sheets.words import list_words
from credentials.policies.models import PolicyVersion, SubsidyPolicy, parsed
from credentials.policies.policy import Policy, SourceFault, facts_data
from credentials.policies.policy.cases import Case, checks_of, decide_case, differences, read_cases
from credentials.policies.queries.mistakes import fault_words

MOST_CHECKS = 200_000  # of all cases of a policy together
MOST_READ = 600_000  # characters: its text once for each set of answers that the cases name

Answers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Checked:
    """The cases of a policy: how many there are, what is wrong with their text, and which are decided otherwise."""

    count: int = 0
    faults: tuple[str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()  # the case, and what differs


def cases_in(subsidy: SubsidyPolicy) -> Checked:
    """The cases of a draft, decided by it. No query; raises SourceFault when the draft itself cannot be read."""
    return check_cases(subsidy.draft, subsidy.cases)


def named_cases(subsidy: SubsidyPolicy) -> list[Case]:
    """The cases of a draft, to try one; none where their text cannot be read. No query."""
    try:
        return list(read_cases(subsidy.cases)[1]) if subsidy.cases.strip() else []
    except SourceFault:
        return []


def case_facts(cases: Iterable[Case], name: str) -> dict[str, Any]:
    """The day and the facts of the case of this name, as they are typed in; empty where there is none."""
    found = next((one for one in cases if one.name == name), None)
    if found is None:
        return {}
    text = yaml.safe_dump(facts_data(found.facts), allow_unicode=True, sort_keys=False)
    return {"on": found.on, "facts": text}


def check_cases(text: str, cases: str) -> Checked:
    """The same for texts. A case is about the text: by the answers that stand there, or those that the case names itself. What an
    authority has answered since changes no case."""
    if not cases.strip():
        return Checked()
    try:
        about, found = read_cases(cases)
    except SourceFault as fault:
        return Checked(faults=tuple(fault_words(fault)))
    policy = parsed(text)
    if about != policy.code:
        return Checked(faults=(_("The cases are about “%(code)s”.") % {"code": about},))
    asked = {_answers(case) for case in found}
    if len(asked) * len(text) > MOST_READ:
        return Checked(faults=(_("The cases name too many different answers for a text of this length."),))
    policies = {answers: _read(text, answers) for answers in asked}
    pairs = [(case, policies[_answers(case)]) for case in found]
    if sum(checks_of(one, case) for case, one in pairs if isinstance(one, Policy)) > MOST_CHECKS:
        return Checked(faults=(_("The cases take too long to decide: fewer are needed, or less in each."),))
    told = ((case.name, _differs(one, case)) for case, one in pairs)
    return Checked(len(found), wrong=tuple((name, words) for name, words in told if words))


def _answers(case: Case) -> Answers:
    return tuple(sorted(case.switches.items()))


def _read(text: str, answers: Answers) -> Policy | str:
    """The policy with these answers, or why it is none."""
    try:
        return parsed(text, answers)
    except SourceFault as fault:
        return fault_words(fault)[0]


def _differs(policy: Policy | str, case: Case) -> str:
    """What the policy decides otherwise than this case says; empty when nothing."""
    if isinstance(policy, str):
        return policy
    decision = decide_case(policy, case)
    if decision is None:
        return _("There is no such benefit.")
    found = differences(case, decision)
    return pgettext("between facts", "; ").join(
        _("%(name)s: %(wanted)s expected, %(found)s found")
        % {"name": name, "wanted": _plain(wanted), "found": _plain(got)}
        for name, (wanted, got) in found.items()
    )


def _plain(value: Any) -> str:
    """As the cases write it: what is not known is null there."""
    if isinstance(value, frozenset):
        return list_words(sorted(value)) or "–"
    return "null" if value is None else str(value)


def desk_policies(user: Asker) -> QuerySet[SubsidyPolicy]:
    """The policies that somebody reads at the desk, with their versions."""
    return _read_at_desk(user).prefetch_related("versions")


def listed_policies(user: Asker) -> QuerySet[SubsidyPolicy]:
    """The same for a list: of the versions, whose texts are long, only the newest of each; and no cases."""
    others = PolicyVersion.objects.filter(subsidy=OuterRef("subsidy")).order_by("-number").values("number")
    newest = PolicyVersion.objects.filter(number=Subquery(others[:1]))
    return _read_at_desk(user).defer("cases").prefetch_related(Prefetch("versions", newest))


def _read_at_desk(user: Asker) -> QuerySet[SubsidyPolicy]:
    return SubsidyPolicy.objects.visible_to(user).select_related("organisation").order_by("-pk")
