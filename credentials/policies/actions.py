"""Writing and publishing subsidy policies."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.people.models import User
from core.states import Refused
from credentials.policies.models import PolicyVersion, SubsidyPolicy, fingerprint_of, parsed
from credentials.policies.policy import Policy, SourceFault, check_policy
from credentials.policies.queries.authorities import (
    authorities_of,
    free_code,
    has_region,
    ledger_codes,
    outside_words,
)
from credentials.policies.queries.checking import cases_in
from credentials.policies.queries.known import words_known
from credentials.policies.queries.mistakes import fault_words


@transaction.atomic
def save_policy(
    *,
    subsidy: SubsidyPolicy | None,
    organisation: Organisation,
    text: str,
    cases: str,
    answers: dict[str, str],
    actor: Asker,
    seen: str | None = None,
) -> SubsidyPolicy:
    """Keep the draft of a policy; a new one is made under the code that its text names.

    An answer that the text gives itself is not kept beside it: it would outlive a change of the text. No decision changes.
    `seen` is the mark of the draft that the actor began with. Raises Refused for whoever keeps no policies there, when the
    text is no policy by each answer to its open points, when its place is not the authority's, when the authority has one
    of its code or it names another code than the policy has, or when somebody else has changed the draft meanwhile. Side
    effects: the row, an audit entry.
    """
    assert isinstance(actor, User)
    _require_keeper(actor, subsidy, organisation)
    policy = _checked(text, answers, subsidy.organisation if subsidy else organisation)
    given = {switch.name: switch.chosen for switch in parsed(text).switches}
    if subsidy and policy.code != subsidy.text_code:
        raise Refused(
            _("The text says “%(code)s”; this policy is “%(own)s”.")
            % {"code": policy.code, "own": subsidy.text_code}
        )
    if subsidy:
        row = _locked(subsidy, seen)
    else:
        row = SubsidyPolicy(
            organisation=organisation, text_code=policy.code, code=free_code(policy.code), made_by=actor
        )
    row.draft, row.cases = text, cases
    row.answers = {name: value for name, value in answers.items() if value != given[name]}
    if row.pk is None or row.latest() is None:
        row.name = policy.name.chinese  # later by publishing: others find it by this name
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("There is a policy “%(code)s” already.") % {"code": policy.code})
    record(action="credentials.save_policy", target=row, actor=actor, organisation=row.organisation)
    return row


def _require_keeper(
    actor: User, subsidy: SubsidyPolicy | None, organisation: Organisation | None = None
) -> None:
    """The question of the page, asked again at the act: a role may have ended between the two. Raises Refused."""
    if subsidy is not None:
        may = actor.has_perm("credentials.change_subsidypolicy", subsidy)
    else:
        may = organisation is not None and authorities_of(actor).filter(pk=organisation.pk).exists()
    if not (actor.is_active and may):
        raise Refused(
            _("Only administrators of the authority, or of one above it, write and publish its policies.")
        )


def _checked(text: str, answers: dict[str, str], organisation: Organisation) -> Policy:
    """The policy that a draft says. Raises Refused when it is none, or one for a place that is not the authority's."""
    try:
        policy = check_policy(text, answers, words_known())
    except SourceFault as fault:
        raise Refused(fault_words(fault)[0])
    if outside := outside_words(policy, organisation):
        raise Refused(outside)
    return policy


def _locked(subsidy: SubsidyPolicy, seen: str | None) -> SubsidyPolicy:
    """The row as it is now; of two clicks the second waits here. Raises Refused when it is not the one that was read."""
    row = SubsidyPolicy.objects.select_for_update().get(pk=subsidy.pk)
    if seen is not None and seen != row.mark():
        raise Refused(
            _("Somebody else has changed the draft meanwhile. Read it as it is now before you go on.")
        )
    return row


@transaction.atomic
def publish_policy(*, subsidy: SubsidyPolicy, actor: Asker, seen: str | None = None) -> PolicyVersion:
    """Publish the draft as the next version: decisions from now on rest on it, earlier ones keep theirs.

    The same draft again is the same version. `seen` is the mark of the draft that the actor has read. Raises Refused for
    whoever keeps no policies there, when it is another draft by now, cannot be read, speaks of a place that is not the
    authority's, or decides one of its cases otherwise than the case says. Side effects: the version, an audit entry.
    """
    assert isinstance(actor, User)
    _require_keeper(actor, subsidy)
    row = _locked(subsidy, seen)
    policy = _checked(row.draft, row.answers, row.organisation)
    if policy.is_draft:
        raise Refused(_("The text says that it is a draft."))
    if not has_region(row.organisation):
        raise Refused(_("It is not known where the authority is: enter its region first."))
    checked = cases_in(row)
    if checked.faults or checked.wrong:
        raise Refused(
            _("The policy decides %(count)d of its cases otherwise than they say.")
            % {"count": len(checked.faults) + len(checked.wrong)}
        )
    latest = row.latest()
    if latest and (latest.text, latest.answers) == (row.draft, row.answers):
        return latest
    version = _next_version(row, policy, actor)
    row.name = policy.name.chinese
    row.save(update_fields=["name"])
    record(
        action="credentials.publish_policy",
        target=row,
        actor=actor,
        organisation=row.organisation,
        after={"version": version.number, "sha256": version.sha256},
    )
    return version


def _next_version(row: SubsidyPolicy, policy: Policy, actor: User) -> PolicyVersion:
    return PolicyVersion.objects.create(
        subsidy=row,
        number=(row.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        text=row.draft,
        answers=row.answers,
        ledger_codes=ledger_codes(policy, row.organisation),
        sha256=fingerprint_of(row.draft, row.answers),
        starts_on=policy.starts_on,
        ends_on=policy.ends_on,
        published_by=actor,
    )
