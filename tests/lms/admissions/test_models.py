import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from core.attachments.actions import keep_file
from lms.models import AnswerFile, ApplicationRecord, Contact
from tests.factories import make_cohort, make_enrolment


@pytest.fixture
def rows(tree, cast):
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "applied")
    record = ApplicationRecord.objects.create(enrolment=enrolment, level="senior")
    file = keep_file(upload=SimpleUploadedFile("a.csv", b"x"), actor=cast.trainee)
    return {
        ApplicationRecord: (record, "level"),
        AnswerFile: (AnswerFile.objects.create(record=record, key="proof", attachment=file), "key"),
        Contact: (
            Contact.objects.create(enrolment=enrolment, number=1, by=cast.instructor, way="phone", note="x"),
            "note",
        ),
    }


@pytest.mark.parametrize("model", [ApplicationRecord, AnswerFile, Contact])
def test_what_was_handed_in_and_what_was_said_is_never_changed(rows, model):
    row, field = rows[model]
    for act in (
        lambda: model.objects.filter(pk=row.pk).update(**{field: "forged"}),
        lambda: model.objects.filter(pk=row.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert getattr(model.objects.get(pk=row.pk), field) != "forged"
