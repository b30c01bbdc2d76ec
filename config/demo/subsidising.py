"""Sample subsidy policies: Jingzhou’s and a district’s as they are published, next year’s as a draft, and one that is in
force, invented, under which the sample claims are made."""

from __future__ import annotations

from pathlib import Path

from config.demo.teaching import at_desk
from core.models import Organisation, User
from credentials.models import PolicyVersion, SubsidyPolicy
from credentials.policies.actions import publish_policy, save_policy
from credentials.policies.files import bundled, text_of

JINGZHOU, DISTRICT, SAMPLE = "jingzhou-2022", "ninghe-2024", "tianjin-sample"
SAMPLE_FILE = Path(__file__).parent / "content" / "subsidy.yaml"


def keep_policies(named: dict[str, Organisation], accounts: dict[str, User]) -> None:
    """What Jingzhou and Tianjin have published, and what Tianjin is still writing. What is there is not touched."""
    if SubsidyPolicy.objects.exists():
        return
    bureau, officer = named["jingzhou"], accounts["jingzhou@example.com"]
    policy = _kept(bureau, officer, JINGZHOU, text_of(bundled()[JINGZHOU]))
    publish_policy(subsidy=policy, actor=officer)
    city, writer = named["tianjin"], accounts["city@example.com"]
    text = text_of(bundled()[DISTRICT])
    publish_policy(subsidy=_kept(city, writer, DISTRICT, text), actor=writer)
    later = text.replace("ninghe-2024", "ninghe-2027").replace("2024", "2027")
    _kept(city, writer, DISTRICT, later, has_cases=False)


def keep_sample(named: dict[str, Organisation], accounts: dict[str, User]) -> PolicyVersion:
    """The invented policy that is in force in Tianjin, published once."""
    found = SubsidyPolicy.objects.filter(code=SAMPLE).first()
    if found is None:
        city, writer = named["tianjin"], accounts["city@example.com"]
        with at_desk(60):
            found = save_policy(
                subsidy=None, organisation=city, text=text_of(SAMPLE_FILE), cases="", answers={}, actor=writer
            )
            publish_policy(subsidy=found, actor=writer)
    version = SubsidyPolicy.objects.get(pk=found.pk).latest()
    assert version is not None
    return version


def _kept(
    place: Organisation, officer: User, code: str, text: str, *, has_cases: bool = True
) -> SubsidyPolicy:
    path = bundled()[code]
    cases = text_of(path.with_name(f"{code}.cases.yaml")) if has_cases else ""
    return save_policy(subsidy=None, organisation=place, text=text, cases=cases, answers={}, actor=officer)
