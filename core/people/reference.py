"""The nineteen service fields that Jingzhou's measure names; the list stays open and is edited in the admin."""

from __future__ import annotations

from core.people.models import ServiceField

FIELDS = (
    ("welfare", "社会福利", "Social welfare"),
    ("assistance", "社会救助", "Social assistance"),
    ("charity", "慈善事业", "Charity"),
    ("community", "社区建设", "Community building"),
    ("family", "婚姻家庭", "Marriage and family"),
    ("mental-health", "精神卫生", "Mental health"),
    ("disability", "残疾康复", "Disability and rehabilitation"),
    ("veterans", "优抚安置", "Veterans and their families"),
    ("education", "教育辅导", "Education and tutoring"),
    ("employment", "就业援助", "Employment assistance"),
    ("workers", "职工帮扶", "Support for employees"),
    ("crime-prevention", "犯罪预防", "Crime prevention"),
    ("drugs", "禁毒戒毒", "Drug control and recovery"),
    ("corrections", "矫治帮教", "Community corrections"),
    ("mediation", "纠纷调解", "Mediation"),
    ("emergency", "应急处置", "Emergency response"),
    ("elderly", "老年人服务", "Services for older people"),
    ("women-children", "妇女儿童服务", "Services for women and children"),
    ("youth", "青少年服务", "Services for young people"),
)


def load_service_fields() -> int:
    """Add the fields that are missing; what an administrator has renamed or closed stays as it is."""
    rows = [
        ServiceField(code=code, name=name, name_en=name_en, position=position)
        for position, (code, name, name_en) in enumerate(FIELDS, start=1)
    ]
    before = ServiceField.objects.count()
    ServiceField.objects.bulk_create(rows, ignore_conflicts=True)
    return ServiceField.objects.count() - before
