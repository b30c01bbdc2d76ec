"""What the facts that policies ask about are called."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from core.organisations.regions import read_regions
from core.people.models import Person

FACTS: dict[str, Any] = {
    "person.id_type": gettext_lazy("kind of ID document"),
    "person.residence": gettext_lazy("place of residence"),
    "person.is_clean_declared": gettext_lazy("declaration of good conduct"),
    "work.region": gettext_lazy("place of work"),
    "work.fields": gettext_lazy("service fields"),
    "work.employer_kind": gettext_lazy("kind of employer"),
    "work.since": gettext_lazy("day on which this work began"),
    "work.until": gettext_lazy("day on which this work ended"),
    "work.is_full_time": gettext_lazy("full-time work"),
    "work.is_insured": gettext_lazy("social insurance paid by the employer"),
    "qualification": gettext_lazy("a qualification"),
    "qualification.level": gettext_lazy("level of the qualification"),
    "qualification.number": gettext_lazy("certificate number"),
    "qualification.exam_on": gettext_lazy("day of the examination"),
    "qualification.result_on": gettext_lazy("day of the results"),
    "qualification.issued_on": gettext_lazy("day of issue of the certificate"),
    "qualification.exam_region": gettext_lazy("place of the examination"),
    "qualification.is_registered": gettext_lazy("registration"),
    "qualification.registered_region": gettext_lazy("place of registration"),
    "qualification.is_verified": gettext_lazy("verification of the qualification"),
    "title": gettext_lazy("a title of this kind"),
    "title.key": gettext_lazy("mark of the title"),
    "title.name": gettext_lazy("name of the title"),
    "title.rank": gettext_lazy("rank of the title"),
    "title.issuer": gettext_lazy("authority that gave the title"),
    "title.year": gettext_lazy("year of the title"),
    "title.given_on": gettext_lazy("day on which the title was given"),
    "title.is_to_individual": gettext_lazy("title given to the individual"),
    "internship": gettext_lazy("an internship"),
    "internship.key": gettext_lazy("mark of the internship"),
    "internship.year_of_study": gettext_lazy("year of study"),
    "internship.is_full_time_student": gettext_lazy("full-time study"),
    "internship.is_social_work_student": gettext_lazy("study of social work"),
    "internship.is_placed_by_bureau": gettext_lazy("placement by the competent department"),
    "internship.ended_on": gettext_lazy("end of the internship"),
    "internship.employed_from": gettext_lazy("first day of the employment"),
    "internship.employed_until": gettext_lazy("last day of the employment"),
    "internship.employed_proved_until": gettext_lazy("day until which the employment is proved"),
    "internship.employed_region": gettext_lazy("place of the employment"),
    "internship.is_employed_in_field": gettext_lazy("employment in social work"),
    "year": gettext_lazy("a year of work"),
    "year.year": gettext_lazy("the year"),
    "year.months": gettext_lazy("months of work in the year"),
    "year.level": gettext_lazy("level in the year"),
    "year.is_appraised": gettext_lazy("appraisal of the year"),
    "conduct": gettext_lazy("conduct records"),
    "paid": gettext_lazy("what was paid before"),
    "qualifications": gettext_lazy("qualifications held"),
}

LEVELS: dict[str, Any] = {
    "assistant": pgettext_lazy("level in a policy", "assistant social worker"),
    "social_worker": pgettext_lazy("level in a policy", "social worker"),
    "senior": pgettext_lazy("level in a policy", "senior social worker"),
}
HEADS: dict[str, Any] = {
    "unlawful": gettext_lazy("Breach of the law"),
    "discipline": gettext_lazy("Serious breach of discipline"),
    "ethics": gettext_lazy("Breach of professional ethics"),
    "industry": gettext_lazy("Breach of the rules of the field"),
}
VALUES: dict[str, Any] = {
    "agency": pgettext_lazy("kind of employer", "agency"),
    "station": pgettext_lazy("kind of employer", "station"),
    "community": pgettext_lazy("kind of employer", "community"),
    "public_institution": pgettext_lazy("kind of employer", "public institution"),
    "civil_service": pgettext_lazy("kind of employer", "civil service"),
    "state_enterprise": pgettext_lazy("kind of employer", "state enterprise"),
    "national": pgettext_lazy("rank in a policy", "national"),
    "provincial": pgettext_lazy("rank in a policy", "provincial"),
    "city": pgettext_lazy("rank in a policy", "of the city"),
    "county": pgettext_lazy("rank in a policy", "of the county"),
    **dict(Person.IdType.choices),
}

# The same as questions, where the answer stands beside them in a list.
LISTED: dict[str, Any] = {
    "person.is_clean_declared": pgettext_lazy("fact in a list", "Declares good conduct"),
    "work.is_full_time": pgettext_lazy("fact in a list", "Works full time"),
    "work.is_insured": pgettext_lazy("fact in a list", "The employer pays social insurance"),
    "qualification.is_registered": pgettext_lazy("fact in a list", "Registered"),
    "qualification.is_verified": pgettext_lazy("fact in a list", "Verified"),
    "title.is_to_individual": pgettext_lazy("fact in a list", "Given to the individual"),
    "internship.is_full_time_student": pgettext_lazy("fact in a list", "Full-time student"),
    "internship.is_social_work_student": pgettext_lazy("fact in a list", "Studies social work"),
    "internship.is_placed_by_bureau": pgettext_lazy("fact in a list", "Placed by the competent department"),
    "internship.is_employed_in_field": pgettext_lazy("fact in a list", "Works in social work"),
    "year.is_appraised": pgettext_lazy("fact in a list", "Passed the appraisal of the year"),
}
YES, NO = pgettext_lazy("fact", "Yes"), pgettext_lazy("fact", "No")
ANSWERS: dict[str, tuple[Any, Any]] = {
    "qualification.is_registered": (
        pgettext_lazy("answer in a list", "registered"),
        pgettext_lazy("answer in a list", "not registered"),
    ),
    "qualification.is_verified": (
        pgettext_lazy("answer in a list", "verified"),
        pgettext_lazy("answer in a list", "not verified"),
    ),
}
YEARS_OF_STUDY: dict[str, Any] = {
    "1": pgettext_lazy("year of study", "first year"),
    "2": pgettext_lazy("year of study", "second year"),
    "3": pgettext_lazy("year of study", "third year"),
    "4": pgettext_lazy("year of study", "fourth year"),
    "5": pgettext_lazy("year of study", "fifth year"),
}


def value_label(value: Any) -> str:
    """What a code of the facts is called; a value that is no code as it is."""
    found = HEADS.get(value) or LEVELS.get(value) or VALUES.get(value)
    return str(found if found is not None else value)


@cache
def _regions() -> dict[str, str]:
    return {row.code: row.name for row in read_regions() if row.level != "street"}


def known_regions() -> frozenset[str]:
    """The codes of all provinces, cities and counties."""
    return frozenset(_regions())


def region_label(code: str) -> str:
    """A region as people call it; one that the table does not know by its code."""
    return _regions().get(code, code)


def fact_label(path: str) -> str:
    """The name of a fact in the reader's language."""
    return str(FACTS.get(path, path))


def listed_label(path: str) -> str:
    """The name of a fact in a list where its value stands beside it."""
    return str(LISTED.get(path) or fact_label(path))


def answer_label(path: str, value: Any) -> str:
    """The value of a fact in such a list: yes and no, which may come as text, in the words that fit the question, a year of study
    by its name, a code as it is called."""
    if isinstance(value, bool) or value in ("yes", "no"):
        yes, no = ANSWERS.get(path, (YES, NO))
        return str(yes if value in (True, "yes") else no)
    if path == "internship.year_of_study" and str(value) in YEARS_OF_STUDY:
        return str(YEARS_OF_STUDY[str(value)])
    return value_label(value)
