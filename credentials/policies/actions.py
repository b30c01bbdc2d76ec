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
from credentials.policies.policy import SourceFault
from credentials.policies.queries.checking import cases_in
from credentials.policies.queries.words import fault_words


@transaction.atomic
def save_policy(
    *,
    subsidy: SubsidyPolicy | None,
    organisation: Organisation,
    text: str,
    cases: str,
    answers: dict[str, str],
    actor: Asker,
) -> SubsidyPolicy:
    """Keep the draft of a policy; a new one is made under the code that its text names.

    No decision changes. Raises Refused when the text is no policy, when its code is taken, or when it names another code
    than the policy has. Side effects: the row, an audit entry.
    """
    assert isinstance(actor, User)
    try:
        policy = parsed(text, tuple(sorted(answers.items())))
    except SourceFault as fault:
        raise Refused(fault_words(fault)[0])
    if subsidy and policy.code != subsidy.code:
        raise Refused(
            _("The text says “%(code)s”; this policy is “%(own)s”.")
            % {"code": policy.code, "own": subsidy.code}
        )
    row = subsidy or SubsidyPolicy(organisation=organisation, code=policy.code, made_by=actor)
    row.draft, row.answers, row.cases = text, answers, cases
    if row.pk is None or row.latest() is None:
        row.name = policy.name.chinese  # later by publishing: others find it by this name
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("There is a policy “%(code)s” already.") % {"code": policy.code})
    record(action="credentials.save_policy", target=row, actor=actor, organisation=row.organisation)
    return row


@transaction.atomic
def publish_policy(*, subsidy: SubsidyPolicy, actor: Asker, seen: str | None = None) -> PolicyVersion:
    """Publish the draft as the next version: decisions from now on rest on it, earlier ones keep theirs.

    The same draft again is the same version. `seen` is the fingerprint of the draft that was read, by default the present
    one. Raises Refused when the draft was changed since, cannot be read or decides one of its cases otherwise than the
    case says. Side effects: the version, an audit entry.
    """
    assert isinstance(actor, User)
    row = SubsidyPolicy.objects.select_for_update().get(pk=subsidy.pk)  # of two clicks the second waits here
    if seen is not None and seen != row.fingerprint:
        raise Refused(_("The draft was changed since you read it. Read it again before you publish it."))
    try:
        policy = row.policy()
    except SourceFault as fault:
        raise Refused(fault_words(fault)[0])
    if policy.is_draft:
        raise Refused(_("The text says that it is a draft."))
    checked = cases_in(row)
    if checked.faults or checked.wrong:
        raise Refused(
            _("The policy decides %(count)d of its cases otherwise than they say.")
            % {"count": len(checked.faults) + len(checked.wrong)}
        )
    latest = row.latest()
    if latest and (latest.text, latest.answers) == (row.draft, row.answers):
        return latest
    number = (row.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = PolicyVersion.objects.create(
        subsidy=row,
        number=number,
        text=row.draft,
        answers=row.answers,
        sha256=fingerprint_of(row.draft, row.answers),
        starts_on=policy.starts_on,
        ends_on=policy.ends_on,
        published_by=actor,
    )
    row.name = policy.name.chinese
    row.save(update_fields=["name"])
    record(
        action="credentials.publish_policy",
        target=row,
        actor=actor,
        organisation=row.organisation,
        after={"version": number, "sha256": version.sha256},
    )
    return version
