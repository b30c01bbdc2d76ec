"""Subsidy policies, and forecasts about them."""

from __future__ import annotations

from collections.abc import Sequence
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
    from credentials.policies.files import bundled, text_of

    text = text_of(bundled()[code])
    own = text.replace(f"code: {code}", f"code: {code}-{SubsidyPolicy.objects.count()}")
    return keep_policy(organisation, officer, own, [f"{own}# {number}\n" for number in range(versions)])


def make_policy_of(organisation: Organisation, officer: User, text: str) -> SubsidyPolicy:
    """A policy with this text, published once."""
    return keep_policy(organisation, officer, text, [text])


def keep_policy(organisation: Organisation, officer: User, text: str, texts: Sequence[str]) -> SubsidyPolicy:
    """A policy with these versions, and the last as its draft; written past the verbs, whoever the officer is."""
    from credentials.models import PolicyVersion, SubsidyPolicy
    from credentials.policies.models import fingerprint_of, parsed

    policy = parsed(text)
    row = SubsidyPolicy.objects.create(
        organisation=organisation, code=policy.code, text_code=policy.code, name=policy.name.chinese,
        draft=texts[-1] if texts else text, made_by=officer,
    )  # fmt: skip
    for number, each in enumerate(texts, start=1):
        PolicyVersion.objects.create(
            subsidy=row, number=number, text=each, sha256=fingerprint_of(each, {}), starts_on=policy.starts_on,
            ends_on=policy.ends_on, published_by=officer,
        )  # fmt: skip
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
