"""Subsidy policies, and forecasts about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, User

if TYPE_CHECKING:
    from credentials.models import Forecast, SubsidyPolicy


def make_policy(
    organisation: Organisation, officer: User, code: str = "weihai-2023", versions: int = 1
) -> SubsidyPolicy:
    """A policy that comes with the product, kept under a code of its own and published so many times."""
    from credentials.models import SubsidyPolicy
    from credentials.policies.actions import publish_policy, save_policy
    from credentials.policies.files import bundled, text_of

    text = text_of(bundled()[code])
    own = f"{code}-{SubsidyPolicy.objects.count()}"
    facts = {"organisation": organisation, "cases": "", "answers": {}, "actor": officer}
    row = save_policy(subsidy=None, text=text.replace(f"code: {code}", f"code: {own}"), **facts)
    for number in range(versions):
        row = save_policy(subsidy=row, text=f"{row.draft}# {number}\n", **facts)
        publish_policy(subsidy=row, actor=officer)
    return row


def make_policy_of(organisation: Organisation, officer: User, text: str) -> SubsidyPolicy:
    """A policy with this text, published once."""
    from credentials.policies.actions import publish_policy, save_policy

    row = save_policy(subsidy=None, organisation=organisation, text=text, cases="", answers={}, actor=officer)
    publish_policy(subsidy=row, actor=officer)
    return row


def make_forecast(place: Organisation, officer: User) -> Forecast:
    """A forecast about the people of this place that is not reckoned yet."""
    from core.jobs.actions import start_job
    from credentials.models import Forecast

    policy = make_policy(place, officer)
    version = policy.latest()
    assert version is not None
    return Forecast.objects.create(
        subsidy=policy,
        organisation=place,
        title="提高标准",
        text=version.text,
        changed_text=version.text,
        answers={"today": {}, "changed": {}},
        on=timezone.localdate(),
        asked_by=officer,
        job=start_job(
            kind="credentials.forecast", title="测算", params={"forecast": 0}, actor=None, organisation=place
        ),
    )
