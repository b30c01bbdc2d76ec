"""Mock papers are data that the blueprint reads."""

from lms.questions.formats.blueprints import read_blueprint
from lms.questions.formats.mocks import mock_papers
from lms.questions.policy.subjects import SUBJECTS


def test_every_mock_paper_is_a_blueprint_with_headings_that_names_a_subject():
    assert len(mock_papers()) >= 3
    for paper in mock_papers().values():
        lines, faults = read_blueprint(paper.blueprint)
        assert not faults, paper.key
        assert all(line.section and line.point[0] in SUBJECTS for line in lines)
        assert "示例" in paper.title
        assert paper.minutes > 0


def test_the_three_subjects_have_a_whole_paper_of_a_hundred_points():
    whole = [paper for paper in mock_papers().values() if "全卷" in paper.title]
    subjects = set()
    for paper in whole:
        lines, _faults = read_blueprint(paper.blueprint)
        assert sum(line.count * line.marks for line in lines) == 100
        subjects |= {line.point[0] for line in lines}
    assert subjects == set(SUBJECTS)
