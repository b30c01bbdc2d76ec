"""What was declared, verified, recorded or registered about somebody stays: the database itself refuses to delete it."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import make_commendation, make_conduct, make_period, make_qualification, put_internship


def test_no_row_is_deleted_and_its_text_can_still_be_emptied(cast):
    person, officer = cast.trainee.person, cast.administrator
    conduct = make_conduct(person, officer, details="示例")
    for row in (
        conduct,
        make_qualification(person),
        make_period(person),
        make_commendation(person, officer),
        put_internship(person, person.employer, cast.supervisor),
    ):
        rows = type(row).objects.filter(pk=row.pk)
        with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
            rows.delete()
        assert rows.exists()
    type(conduct).objects.filter(pk=conduct.pk).update(details="")
    if connection.vendor == "sqlite":  # which has a way of replacing a row that is said as adding one
        table = type(conduct)._meta.db_table
        again = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        refused = pytest.raises(IntegrityError, match="never deleted")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(again)
