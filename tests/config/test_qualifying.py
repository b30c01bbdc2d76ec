"""The sample qualifications: every state is there, and loading them twice changes nothing."""

from collections import Counter

from config.demo.qualifying import qualify
from credentials.models import (
    Commendation,
    ConductRecord,
    LevelTerms,
    QualificationLevel,
    QualificationRecord,
    RenewalPack,
)
from tests.factories import give_role, make_period, make_user


def test_every_state_is_there_and_twice_is_once(tree):
    for code, name, hours in (
        ("assistant", "助理社会工作师", 72),
        ("social_worker", "社会工作师", 90),
        ("senior", "高级社会工作师", 90),
    ):
        QualificationLevel.objects.get_or_create(code=code, defaults={"name": name, "target_hours": hours})
    accounts = {
        f"{name}@example.com": make_user("示例人", tree["station"])
        for name in ("trainee", "halfway", "graduate", "district", "city")
    }
    for name in ("district", "city"):
        give_role(accounts[f"{name}@example.com"], "administrator", tree[name])
    make_period(accounts["graduate@example.com"].person)
    people = [make_user("江汉人", tree["station"]).person for _place in range(14)]
    for _twice in range(2):
        qualify(people, accounts, {"tianjin": tree["city"]})
    states = Counter(QualificationRecord.objects.values_list("state", flat=True))
    assert states == {"verified": 8, "declared": 5, "returned": 2, "withdrawn": 1}
    assert QualificationRecord.objects.filter(number="示例鄂88880000").count() == 2
    assert set(ConductRecord.objects.values_list("head", flat=True)) == {"ethics", "industry"}
    assert (Commendation.objects.count(), LevelTerms.objects.count(), RenewalPack.objects.count()) == (
        3,
        2,
        1,
    )
