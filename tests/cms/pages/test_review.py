"""Authors write, editors publish."""

from django.urls import reverse
from wagtail.models import Workflow, WorkflowState

from cms.models import NewsIndexPage, NewsPage
from core.models import Notice
from tests.factories import give_role, make_organisation, make_user


def write(home, owner):
    index = home.add_child(instance=NewsIndexPage(title="动态", slug="xinwen"))
    return index.add_child(instance=NewsPage(title="草稿", slug="caogao", live=False, owner=owner))


def test_an_author_may_write_but_not_publish(writers, home):
    page = write(home, writers.instructor)
    may = page.permissions_for_user(writers.instructor)
    assert may.can_edit()
    assert not may.can_publish()
    assert not may.can_lock()


def test_an_editor_may_publish(writers, home):
    may = write(home, writers.instructor).permissions_for_user(writers.city_administrator)
    assert may.can_edit() and may.can_publish() and may.can_lock()


def test_people_of_other_roles_write_nothing(writers, home):
    page = write(home, writers.instructor)
    for user in (writers.trainee, writers.supervisor, writers.finance, writers.administrator):
        assert not page.permissions_for_user(user).can_edit()


def test_what_an_author_submits_is_published_when_an_editor_approves(writers, home):
    page = write(home, writers.instructor)
    page.save_revision(user=writers.instructor)
    workflow: Workflow = page.get_workflow()
    state = workflow.start(page, writers.instructor)
    task = state.current_task_state
    assert task.task.specific.user_can_access_editor(page, writers.city_administrator)
    assert not task.task.specific.get_actions(page, writers.instructor)
    task.approve(user=writers.city_administrator)
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_APPROVED
    page.refresh_from_db()
    assert page.live


def test_the_admin_has_our_look_and_lets_an_author_open_a_page(client, writers, home):
    page = write(home, writers.instructor)
    client.force_login(writers.instructor)
    start = client.get(reverse("wagtailadmin_home"))
    assert start.status_code == 200
    assert "cms/admin.css" in start.content.decode()
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    client.force_login(writers.trainee)
    assert client.get(reverse("wagtailadmin_home")).status_code in (302, 403, 404)


def test_a_chinese_title_needs_no_typed_address(client, writers, home):
    index = home.add_child(instance=NewsIndexPage(title="动态", slug="xinwen"))
    client.force_login(writers.city_administrator)
    url = reverse("wagtailadmin_pages:add", args=["cms", "newspage", index.pk])
    typed = {
        "title": "督导进站",
        "slug": "",
        "title_en": "",
        "summary": "",
        "summary_en": "",
        "date": "2026-11-24",
    }
    stream = {"body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    response = client.post(url, {**typed, **stream, "action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors
    assert NewsPage.objects.get().slug == "du-dao-jin-zhan"


def test_only_editors_of_the_tree_are_asked_and_by_our_own_notice(client, writers, home, mailoutbox):
    province = make_organisation("外省民政厅", tier="province", kind="bureau")
    stranger = make_user("令狐冲", province)
    give_role(stranger, "administrator", province)
    page = write(home, writers.instructor)
    page.save_revision(user=writers.instructor)
    state = page.get_workflow().start(page, writers.instructor)
    asked = set(Notice.objects.filter(kind="cms.review").values_list("user", flat=True))
    assert asked == {writers.city_administrator.pk}
    assert mailoutbox == []
    state.current_task_state.approve(user=writers.city_administrator)
    told = Notice.objects.filter(user=writers.instructor, kind="cms.review").get()
    assert "已通过审核" in told.title_in("zh-hans")
    assert mailoutbox == []
