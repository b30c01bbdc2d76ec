"""Who may do what in credentials: the whole permission table."""

from typing import Any

import rules

from core.access.predicates import holds_role, is_person
from core.access.scope import Asker, holds, scope_of
from core.access.states import READERS, Role
from core.organisations.models import Organisation, Tier


@rules.predicate
def reads_ledgers(user: Asker, thing: Any = None) -> bool:
    """The rules of counting are public rules: whoever reads the hours of others reads all of them."""
    return holds(user, *READERS)


@rules.predicate
def makes_rules(user: Asker, thing: Any = None) -> bool:
    """An administrator of a city or a province says how hours count there."""
    mine = scope_of(user).q("", Role.ADMINISTRATOR)
    places = Organisation.objects.filter(mine, tier__in=(Tier.PROVINCE, Tier.CITY))
    if thing is not None and not isinstance(thing, type):
        places = places.filter(pk=thing.organisation_id)
    return places.exists()


manages = holds_role(Role.ADMINISTRATOR)
reads = holds_role(*READERS)
own = is_person()
held_for_me = is_person("enrolment.person")

for perm, predicate in {
    "credentials.view_certificate": reads | own,
    # Issued by the completion or for a whole cohort; never on one's own behalf.
    "credentials.add_certificate": manages,
    "credentials.issue_certificate": manages & ~own,
    "credentials.revoke_certificate": manages & ~own,
    "credentials.replace_certificate": manages & ~own,
    "credentials.view_hoursentry": reads | own,
    "credentials.correct_hoursentry": manages & ~own,
    # A rule is added, never changed: what was credited keeps its rule.
    "credentials.view_hoursrule": reads_ledgers,
    "credentials.add_hoursrule": reads_ledgers & makes_rules,
    "credentials.view_pendingissue": reads,
    "credentials.issue_pending": manages & ~held_for_me,
}.items():
    rules.add_perm(perm, predicate)
