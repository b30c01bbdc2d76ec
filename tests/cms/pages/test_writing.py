"""Setting the site up and writing it."""

from django.contrib.auth.models import Group
from wagtail.documents import get_document_model
from wagtail.models import Collection, GroupPagePermission, Page, Revision, Site, Workflow

from cms.models import (
    HomePage,
    HonourRollPage,
    NoticePage,
    ProgrammePage,
    PublicNoticeIndexPage,
    StaticPage,
)
from cms.public import set_up_site, write_site
from tests.factories import make_cohort, make_version


def test_setting_up_twice_changes_nothing(home):
    before = (
        Page.objects.count(),
        GroupPagePermission.objects.count(),
        Workflow.objects.count(),
        Collection.objects.count(),
    )
    assert set_up_site().pk == home.pk
    after = (
        Page.objects.count(),
        GroupPagePermission.objects.count(),
        Workflow.objects.count(),
        Collection.objects.count(),
    )
    assert before == after
    assert Site.objects.get().root_page_id == home.pk
    assert not Group.objects.filter(name="Moderators").exists()
    assert not GroupPagePermission.objects.filter(page__depth=1).exists()


def test_every_site_has_the_pages_that_make_themselves_and_an_editors_own_is_left_alone(home, client):
    page = client.get("/").content.decode()
    foot = page.partition("<footer")[2]
    assert (
        'href="/gongshi/"' in foot
        and 'href="/rongyubang/"' in foot
        and "/gongshi/" not in page.partition("<footer")[0]
    )
    assert client.get("/gongshi/").status_code == client.get("/rongyubang/").status_code == 200
    PublicNoticeIndexPage.objects.get().unpublish()
    HonourRollPage.objects.get().delete()
    HomePage.objects.get().add_child(instance=StaticPage(title="别的", slug="rongyubang", body=[]))
    set_up_site()
    assert not PublicNoticeIndexPage.objects.get().live
    assert HonourRollPage.objects.get().slug == "rongyubang-2"


def test_writing_the_site_twice_writes_no_second_revision(full_site, outline):
    pages, revisions = Page.objects.count(), Revision.objects.count()
    papers = get_document_model().objects.count()
    write_site(content=outline, actor=None)
    assert (Page.objects.count(), Revision.objects.count()) == (pages, revisions)
    assert get_document_model().objects.count() == papers


def test_only_what_differs_is_written_again(full_site, outline):
    outline["notices"][0]["title"] = "改过的标题"
    revisions = Revision.objects.count()
    write_site(content=outline, actor=None)
    assert Revision.objects.count() == revisions + 1
    assert NoticePage.objects.get(slug=outline["notices"][0]["slug"]).title == "改过的标题"


def test_programmes_have_the_courses_that_they_name(full_site):
    codes = {
        page.slug: [link.course.code for link in page.courses.all()] for page in ProgrammePage.objects.all()
    }
    assert codes["spark-plan"] == ["spark-practice"]
    assert codes["all-round"] == ["all-round"]
    assert codes["elite-class"] == []
    assert len(codes) == 4


def test_no_two_programmes_of_the_demo_share_a_course_so_each_lists_only_its_own_cohorts(outline):
    courses = [code for programme in outline["programmes"] for code in programme["courses"]]
    assert len(courses) == len(set(courses))


def test_a_programme_without_a_course_says_that_no_cohort_is_announced(client, full_site, tree):
    course = ProgrammePage.objects.get(slug="spark-plan").courses.get().course
    make_cohort(tree["district"], make_version(course=course), title="薪火春季班")
    page = client.get("/xiangmu/elite-class/", headers={"accept-language": "en"}).content.decode()
    assert "No cohort is announced at present." in page
    assert "薪火春季班" not in page


def test_the_menu_begins_with_the_programmes(site):
    titles = list(HomePage.objects.get().get_children().in_menu().values_list("title", flat=True))
    assert titles[0] == "项目"
