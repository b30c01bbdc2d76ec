"""A class with phones: the code on the teacher's screen, one phone for two people, a guest, and the register closed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from lms.attendance.queries import attended_of
from lms.models import Attendance, ClassSession
from tests.factories import (
    make_attendance,
    make_class,
    make_cohort,
    make_enrolment,
    make_register,
    make_version,
)
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import hand_in, sign_in


@pytest.fixture
def hall(live_server: Any, cast: SimpleNamespace, tree: dict[str, Any]) -> SimpleNamespace:
    """A class that runs now; the outside trainee learns in another cohort and missed a class there."""
    set_up_site()
    now, version = timezone.now(), make_version()
    cohort = make_cohort(tree["district"], version)
    other = make_cohort(tree["district"], version, title="秋季班")
    half_hour = datetime.timedelta(minutes=30)
    klass = make_class(cohort, starts_at=now - datetime.timedelta(minutes=4), ends_at=now + half_hour)
    missed = make_class(other, days=-1, title="小组工作")
    make_register(missed)
    guest = make_enrolment(other, cast.outside_trainee.person)
    make_attendance(missed, guest, "absent")
    return SimpleNamespace(
        klass=klass,
        missed=missed,
        one=make_enrolment(cohort, cast.trainee.person),
        two=make_enrolment(cohort, cast.other_trainee.person),
        guest=guest,
    )


def read_code(screen: Page, folder: Path) -> str:
    """What a phone's camera reads from the screen.

    The corners are given: OpenCV's finder misses one symbol in sixty that every phone reads, and here only the
    reading counts.
    """
    file, margin = folder / "screen.png", 40
    screen.locator(".screen__qr path").screenshot(path=file)
    symbol = cv2.imread(str(file))
    high, wide = symbol.shape[:2]
    picture = cv2.copyMakeBorder(symbol, *[margin] * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    box = [[0, 0], [wide, 0], [wide, high], [0, high]]
    text = str(cv2.QRCodeDetector().decode(picture, np.array([box], dtype=np.float32) + margin)[0])
    assert text, "the symbol on the screen was not read"
    return text


def test_people_check_in_and_the_register_is_closed(
    device: Page,
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    hall: SimpleNamespace,
    cast: SimpleNamespace,
    tmp_path: Path,
) -> None:
    first = device
    teacher, second, third = (open_browser(**kind) for kind in (DESKTOP, PHONE, PHONE))
    for page, user in ((teacher, cast.instructor), (first, cast.trainee), (second, cast.other_trainee)):
        sign_in(page, user, live_server.url)
    sign_in(third, cast.outside_trainee, live_server.url)

    teacher.goto(reverse("lms:attendance-screen", args=[hall.klass.uid]))
    hand_in(teacher.locator("main form"))
    check_page(teacher)
    look_at_the_screen(teacher)
    code = read_code(teacher, tmp_path)

    first.goto(reverse("lms:timetable-mine"))
    expect(first.locator("main").get_by_role("link", name="签到").first).to_have_attribute(
        "href", reverse("lms:attendance-type")
    )
    first.goto(code)
    check_page(first)
    hand_in(first.locator("main form"))
    expect(first.locator("main")).to_contain_text("林小荷")
    check_page(first)
    expect(teacher.locator(".screen__names")).to_contain_text("林小荷", timeout=15_000)

    copied = [cookie for cookie in first.context.cookies() if cookie["name"] == "device"]
    second.context.add_cookies(copied)
    second.goto(read_code(teacher, tmp_path))
    expect(second.locator("main")).to_contain_text("这部手机已经为别人签过到")
    check_page(second)
    second.goto(f"{code.rpartition('-')[0]}-aaaaaaaaaaaaaaaa/")
    expect(second.locator("main")).to_contain_text("不是有效的签到码")

    make_up(third, teacher, hall, tmp_path, check_page)
    close(teacher, hall, check_page)
    assert {
        row.enrolment_id: row.presence for row in Attendance.objects.filter(class_session=hall.klass)
    } == {
        hall.one.pk: "present",
        hall.two.pk: "absent",
        hall.guest.pk: "present",
    }
    assert attended_of([hall.guest.pk])[hall.guest.pk].minutes > 0
    first.goto(reverse("lms:attendance-own", args=[hall.one.pk]))
    expect(first.locator("main")).to_contain_text("出勤率100%")
    check_page(first)


def look_at_the_screen(page: Page) -> None:
    """Everything at once on a laptop and on a projector: the code, the digits, the address to type."""
    for width, height in ((1280, 800), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        for part in (".screen__qr svg", ".screen__digits", ".screen__address", ".screen__count"):
            box = page.locator(part).bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width, part
            assert box["y"] + box["height"] <= height, part
        assert page.evaluate("document.scrollingElement.scrollHeight") <= height
    expect(page.locator(".header, [role=search], .tabbar")).to_have_count(0)
    page.set_viewport_size(DESKTOP["viewport"])


def make_up(phone: Page, teacher: Page, hall: SimpleNamespace, folder: Path, check_page: Any) -> None:
    """The guest asks, the teacher agrees, and the code of the other cohort's class is good for them too."""
    phone.goto(reverse("lms:attendance-own", args=[hall.guest.pk]))
    check_page(phone)
    phone.locator("main a[href$='/make-up/']").click()
    phone.select_option("[name=instead]", str(hall.klass.pk))
    phone.fill("[name=reason]", "出差")
    check_page(phone)
    hand_in(phone.locator("main form"))
    teacher.goto(reverse("attendance:register", args=[hall.missed.pk]))
    with teacher.expect_navigation():
        teacher.locator("button[name=agree]").click()
    teacher.goto(reverse("lms:attendance-screen", args=[hall.klass.uid]))
    phone.goto(read_code(teacher, folder))
    hand_in(phone.locator("main form"))
    expect(phone.locator("main")).to_contain_text("华清")


def close(teacher: Page, hall: SimpleNamespace, check_page: Any) -> None:
    """The class ends, and the register with it."""
    ClassSession.objects.filter(pk=hall.klass.pk).update(ends_at=timezone.now())
    teacher.goto(reverse("attendance:register", args=[hall.klass.pk]))
    expect(teacher.locator("main")).to_contain_text("周一鸣用了林小荷的手机")
    teacher.locator(f"a[href='{reverse('attendance:close', args=[hall.klass.pk])}']").click()
    hand_in(teacher.locator("main form"))
    expect(teacher.locator("main")).to_contain_text("考勤已结束")


def test_the_desk_of_attendance_is_a_list_on_a_phone(
    phone: Page,
    check_page: Callable[..., None],
    live_server: Any,
    hall: SimpleNamespace,
    cast: SimpleNamespace,
) -> None:
    """Nothing is cut off at the right or scrolls sideways, and each place and word is large enough for a thumb."""
    sign_in(phone, cast.administrator, live_server.url)
    for name, pk in (
        ("attendance:register", hall.klass.pk),
        ("attendance:cohort", hall.klass.cohort_id),
        ("timetable:cohort", hall.klass.cohort_id),
    ):
        phone.goto(reverse(name, args=[pk]))
        wide = phone.locator(".listing, .listing td, .listing td *:visible:not(.w-sr-only)").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1 && one.matches('table')"
            " || one.getBoundingClientRect().right > innerWidth).map(one => one.outerHTML.slice(0, 80))"
        )
        assert wide == [], name
        places = phone.locator(".cohort-places a, .register-choices label, .register-links > *")
        boxes = places.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
        assert boxes
        assert min(box["height"] for box in boxes) >= 44, name
        lefts = phone.locator(".cohort-places a").evaluate_all("all => all.map(one => one.offsetLeft)")
        tops = phone.locator(".cohort-places a").evaluate_all("all => all.map(one => one.offsetTop)")
        starts = {min(left for left, other in zip(lefts, tops, strict=True) if other == top) for top in tops}
        assert len(starts) == 1, "wrapped rows stand below each other"
        check_page(phone)
