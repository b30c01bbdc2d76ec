"""What is kept of published versions in the process (lms.courses.versions.Kept)."""

import pytest
from django.db import transaction

from lms.courses.versions import Kept, lesson_at, paper_of, version_of, versions_of
from lms.models import CourseVersion
from tests.factories import make_version

pytestmark = pytest.mark.django_db


def test_a_committed_version_is_read_once(django_assert_num_queries, django_capture_on_commit_callbacks):
    version = make_version()
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
        assert version_of(version.pk) == version
    with django_assert_num_queries(0):
        assert version_of(version.pk).outline == version.outline
        assert versions_of([version.pk]) == {version.pk: version}


def test_what_is_not_committed_is_read_again_and_what_is_rolled_back_is_never_shown():
    with transaction.atomic():
        version = make_version()
        assert version_of(version.pk) == version
        transaction.set_rollback(True)
    assert version_of.known(version.pk) is None
    with pytest.raises(CourseVersion.DoesNotExist):
        version_of(version.pk)


def test_several_versions_are_read_in_one_statement(
    django_assert_num_queries, django_capture_on_commit_callbacks
):
    versions = {version.pk: version for version in (make_version(), make_version(), make_version())}
    first, *_ = versions
    with django_capture_on_commit_callbacks(execute=True):
        version_of(first)
    with django_assert_num_queries(1):
        assert versions_of([*versions, first]) == versions


def test_what_is_missing_is_not_kept():
    with pytest.raises(CourseVersion.DoesNotExist):
        version_of(0)
    assert not version_of.rows and not paper_of.rows and not lesson_at.rows


def test_no_more_than_agreed_is_kept_and_the_longest_unused_goes_first(django_capture_on_commit_callbacks):
    read = []

    def note(number):
        read.append(number)
        return CourseVersion(pk=number)

    kept = Kept(note, most=2)
    with django_capture_on_commit_callbacks(execute=True):
        kept(1), kept(2)
    with django_capture_on_commit_callbacks(execute=True):
        kept(1), kept(3)
    assert set(kept.rows) == {(1,), (3,)}
    kept(1)
    assert read == [1, 2, 3]
