"""One number is one person, under whatever type of document it was given and however it was typed."""

from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from core.models import Person
from core.people.actions import IdRefused, set_id_number
from core.people.policy import IdType, identity_key
from core.people.sealed import identity_hash, lookup_hash

ON_TWO_DOCUMENTS = [
    ("H12345678", IdType.HK_MACAO_PERMIT),
    ("HA1234567", IdType.HK_MACAO_PERMIT),
    ("12345678", IdType.TAIWAN_PERMIT),
    ("ABC123456789012", IdType.FOREIGN_RESIDENCE),
]


@pytest.mark.parametrize(("number", "kind"), ON_TWO_DOCUMENTS)
def test_a_number_given_as_a_passports_is_that_of_the_document_whose_form_it_has(number, kind):
    assert identity_key(IdType.PASSPORT, number) == identity_key(kind, number) == f"{kind}:{number}"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("11010519491231002X", IdType.RESIDENT_ID),
        ("81000019900307002X", IdType.HK_MACAO_TAIWAN_RESIDENCE),
        ("911124198108030024", IdType.FOREIGN_RESIDENCE),
        ("E12345678", IdType.PASSPORT),
    ],
)
def test_what_is_kept_under_its_own_type_keeps_its_hash(number, kind):
    """Rows of before, claims and lines of the bank are found by it."""
    assert identity_hash(kind, number) == lookup_hash("id", f"{kind}:{number}")


@given(
    number=st.one_of(
        st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True),
        st.sampled_from([number for number, _kind in ON_TWO_DOCUMENTS]),
    ),
    kinds=st.lists(st.sampled_from(list(IdType)), min_size=2, max_size=2),
    wide=st.booleans(),
)
def test_neither_the_type_nor_width_case_and_spaces_make_another_person(number, kinds, wide):
    typed = number.lower()
    typed = "".join(chr(ord(one) + 0xFEE0) for one in typed) if wide else f" {typed[:6]}-{typed[6:]} "
    first, second = kinds
    assert identity_key(first, number) == identity_key(second, typed)


def test_the_replacements_of_a_permit_make_no_other_person():
    assert identity_key("passport", "H1234567801") == identity_key("hk_macao_permit", "H12345678")


@pytest.mark.django_db
def test_the_number_of_somebody_else_is_refused_under_another_type_too(cast):
    cast.supervisor.person.set_id_number("hk_macao_permit", "H12345678")
    cast.supervisor.person.save()
    me = Person.objects.get(user=cast.trainee)

    with pytest.raises(IdRefused, match="账号"):
        set_id_number(
            person=me, id_type="passport", number="h１２３４５６７８", consent_version="1", actor=cast.trainee
        )


@pytest.mark.django_db
def test_rows_of_before_are_found_by_the_number_afterwards_and_what_another_has_stays_and_is_named(
    cast, capsys
):
    """As the migration does it: of two accounts with one number each keeps what it has, and an officer tells them apart."""
    changed, doubled = cast.trainee.person, cast.other_trainee.person
    cast.supervisor.person.set_id_number("taiwan_permit", "12345678")
    cast.supervisor.person.save()
    before = {}
    for person, number in ((changed, "H12345678"), (doubled, "12345678")):
        person.set_id_number("passport", number)
        before[person.pk] = person.id_hash = lookup_hash("id", f"passport:{number}")
        person.save()

    import_module("core.migrations.0015_one_number_one_person").recompute(apps, None)

    for person in (changed, doubled):
        person.refresh_from_db()
    assert changed.id_hash == identity_hash("hk_macao_permit", "H12345678") != before[changed.pk]
    assert doubled.id_hash == before[doubled.pk]
    said = capsys.readouterr().out
    assert "core.Person: 1 times" in said and f": {doubled.pk:06}." in said
    assert doubled.id_sealed not in said and doubled.id_hash not in said
