"""Who somebody is to a thing of credentials: the predicates that the permission table is written in."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q

from core.access.scope import Asker, holds, scope_of
from core.access.states import READERS, Role
from core.organisations.models import Organisation, Tier
from core.people.models import Person, User
from core.people.queries import is_bound_to, ties_of
from credentials.awards.queries import why_not_vote
from credentials.claims.queries.entered import entered_above
from credentials.claims.queries.hearing import why_not_hear
from credentials.claims.queries.stages import why_not, why_not_give
from credentials.claims.states import ClaimState
from credentials.internships.models import Internship
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.queries import independent_of, leans_on_entering
from credentials.payments.queries.apart import barred_from, why_not_confirm, why_not_release
from credentials.policies.queries.authorities import authorities_of


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


@rules.predicate
def is_public_policy(user: Asker, thing: Any = None) -> bool:
    """A subsidy policy of which its authority has published a version: public, whatever the draft says since."""
    if thing is None or isinstance(thing, type):
        return True
    return thing.latest() is not None


@rules.predicate
def makes_policies(user: Asker, thing: Any = None) -> bool:
    """An administrator of a district or above keeps the policies of the authority there."""
    return authorities_of(user).exists()


@rules.predicate
def runs_the_system(user: Asker, thing: Any = None) -> bool:
    """The keys sign for every tree: they are kept by whoever runs the system, and by no place alone."""
    return scope_of(user).everything


@rules.predicate
def leans_on_first(user: Asker, thing: Any = None) -> bool:
    """Not independent of the officer who entered the manual entry (see `leans_on_entering`)."""
    return thing is not None and not isinstance(thing, type) and leans_on_entering(thing, user)


@rules.predicate
def let_in_by_holder(user: Asker, thing: Any = None) -> bool:
    """An officer by the doing of the person whose manual entry it is (see `independent_of`)."""
    return (
        isinstance(thing, ManualEntry)
        and isinstance(user, User)
        and user not in independent_of(thing, [user])
    )


@rules.predicate
def bound_to_holder(user: Asker, thing: Any = None) -> bool:
    """The person that it is about, or an officer by their doing (see `is_bound_to`)."""
    if thing is None or isinstance(thing, type):
        return False
    return is_bound_to(user, thing if isinstance(thing, Person) else thing.person)


@rules.predicate
def bound_to_intern(user: Asker, thing: Any = None) -> bool:
    """The intern, or an officer by their doing where they were placed."""
    if thing is None or isinstance(thing, type):
        return False
    placed = thing if isinstance(thing, Internship) else thing.internship
    return is_bound_to(user, placed.person, placed.authority)


@rules.predicate
def bound_to_certified(user: Asker, thing: Any = None) -> bool:
    """The holder of a certificate, or an officer by their doing where it was issued."""
    if thing is None or isinstance(thing, type):
        return False
    return is_bound_to(user, thing.person, thing.organisation)


@rules.predicate
def may_be_listed_to(user: Asker, thing: Any = None) -> bool:
    """The person agrees to be listed, or the reader's role is held at the very organisation that employs them."""
    if thing is None or isinstance(thing, type):
        return True
    scope = scope_of(user)
    at_employer = any(role in READERS and path == thing.path for role, path in scope.grants)
    return bool(thing.is_listed or at_employer or scope.everything)


@rules.predicate
def has_in_tree(user: Asker, thing: Any = None) -> bool:
    """A profile of the pool lies in the reader's tree."""
    if thing is None or isinstance(thing, type):
        return holds(user, *READERS)
    scope = scope_of(user)
    return scope.everything or any(thing.path.startswith(path) for path in scope.paths(*READERS))


@rules.predicate
def is_handed_in(user: Asker, thing: Any = None) -> bool:
    """The claim was handed in: until then it is its claimant's alone (`is_known`)."""
    return thing is None or isinstance(thing, type) or thing.is_known


@rules.predicate
def reads_its_claim(user: Asker, thing: Any = None) -> bool:
    """Whoever reads the claim reads what hangs on it."""
    if thing is None or isinstance(thing, type):
        return bool(user.is_authenticated)
    return bool(rules.has_perm("credentials.view_claim", user, thing.claim))


@rules.predicate
def is_entered_above(user: Asker, thing: Any = None) -> bool:
    """The line of the ledger was entered at a place above those that the user administers (see `entered_above`)."""
    if thing is None or isinstance(thing, type):
        return False
    return bool(entered_above([thing], user))


@rules.predicate
def may_review(user: Asker, thing: Any = None) -> bool:
    """An administrator of the stage at which the claim is, who has nothing to do with it and has not passed it before."""
    if thing is None or isinstance(thing, type):
        return holds(user, Role.ADMINISTRATOR)
    return thing.state == ClaimState.REVIEW and not why_not(thing, user)


@rules.predicate
def may_give(user: Asker, thing: Any = None) -> bool:
    """A finance officer or administrator of the authority hands over what a claim grants in kind: never to themselves, nor
    what they, or whoever let them in, have approved or entered."""
    if thing is None or isinstance(thing, type):
        return holds(user, Role.FINANCE, Role.ADMINISTRATOR)
    return not why_not_give(thing, user)


@rules.predicate
def may_hear(user: Asker, thing: Any = None) -> bool:
    """An administrator of the authority who has had no part in the claim that is appealed for (see `why_not_hear`)."""
    if thing is None or isinstance(thing, type):
        return holds(user, Role.ADMINISTRATOR)
    return not why_not_hear(thing, user)


@rules.predicate
def may_release(user: Asker, thing: Any = None) -> bool:
    """A finance officer or administrator of the authority who has built the batch no more than its builder has let them in or
    they the builder, and who has no part in any of its claims (see `why_not_release`)."""
    if thing is None or isinstance(thing, type):
        return holds(user, Role.FINANCE, Role.ADMINISTRATOR)
    return not why_not_release(thing, user)


@rules.predicate
def enters_of_line(user: Asker, thing: Any = None) -> bool:
    """A finance officer of the authority who has no part in the claim of the line, no more than whoever builds its batch (see
    `why_not_enter`); of several lines of a batch, in none of theirs."""
    if thing is None or isinstance(thing, type):
        return holds(user, Role.FINANCE)
    return not barred_from(thing if isinstance(thing, list) else [thing], user)


@rules.predicate
def may_confirm(user: Asker, thing: Any = None) -> bool:
    """A finance officer of the authority who has not recorded the reversal and is not tied to whoever has, has not built the
    batch, and has no part in the claim (see `why_not_confirm`)."""
    if thing is None or isinstance(thing, type):
        return holds(user, Role.FINANCE)
    return not why_not_confirm(thing, user)


@rules.predicate
def is_nominated(user: Asker, thing: Any = None) -> bool:
    """The user is nominated in the award round, or asked whether they accept it, or somebody is who let them in."""
    if thing is None or isinstance(thing, type):
        return False
    standing = thing.nominations.filter(state__in=("offered", "accepted", "shortlisted"))
    mine = ties_of(user).q("round__organisation", lambda accounts: Q(holder__in=accounts))
    return bool(standing.filter(mine).exists())


@rules.predicate
def takes_part(user: Asker, thing: Any = None) -> bool:
    """The award round has begun, and the user works below its authority or sits on its panel."""
    if thing is None or isinstance(thing, type):
        return bool(user.is_authenticated)
    if not isinstance(user, User) or thing.state == "draft":
        return False
    employer = getattr(getattr(user, "person", None), "employer", None)
    inside = employer is not None and employer.path.startswith(thing.organisation.path)
    return inside or thing.members.filter(user=user.pk, left_at=None).exists()


@rules.predicate
def may_vote(user: Asker, thing: Any = None) -> bool:
    """Works in the area of the award round, has an ID number, and has not voted from another account (see `why_not_vote`)."""
    if thing is None or isinstance(thing, type):
        return bool(user.is_authenticated)
    return not why_not_vote(thing, user)
