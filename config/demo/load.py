"""The whole demo: trees, people, programmes, courses, cohorts, supervision. Everything is marked as sample data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from cms.public import set_up_site, write_site
from config.demo.admissions import stage_applications
from config.demo.attendance import take_attendance
from config.demo.awarding import hold_awards
from config.demo.changing import ask_for_changes
from config.demo.circles import accompany_projects, gather_in_circles
from config.demo.claiming import claim_subsidies
from config.demo.conversing import converse, hand_in_work, review_work
from config.demo.designing import certify_by_template, draw_templates, make_keys
from config.demo.desk import watch
from config.demo.evaluating import add_functions, evaluate_and_report, put_on_paper
from config.demo.holidays import keep_worked_weekends
from config.demo.hours import hold_hours
from config.demo.interning import place_interns
from config.demo.marking import mark_by_hand
from config.demo.mass import populate
from config.demo.meetings import plan_meetings
from config.demo.packages import play_package
from config.demo.pathways import walk_pathway
from config.demo.paying import pay
from config.demo.people import crowd, demo_accounts
from config.demo.places import arrange_places
from config.demo.province import serve_the_province
from config.demo.qualifying import qualify
from config.demo.questions import keep_bank, offer_practice
from config.demo.records import record_in_depth
from config.demo.registering import keep_registers
from config.demo.registry import deepen_registry
from config.demo.rounds import hold_rounds
from config.demo.subsidising import keep_policies, keep_sample
from config.demo.supervising import (
    agree_and_aim,
    apply_and_plan,
    ask_for_supervision,
    pair_and_log,
    register_supervisors,
)
from config.demo.surveys import ask_around
from config.demo.talent import plan_talent
from config.demo.teaching import (
    ALL_ROUND,
    SPARK,
    cancel,
    days_ago,
    end_certificates,
    fill,
    open_cohorts,
    study,
)
from config.demo.timetable import plan_classes
from config.demo.trees import plant_trees
from config.demo.watching import put_media
from core.models import Organisation, Person, User
from lms.cohorts.models import Cohort
from lms.courses.models import CourseIndexPage
from lms.public import write_course

CONTENT = Path(__file__).parent / "content"
LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the same in C, ten times as fast, where it is built in


def read(name: str) -> dict[str, Any]:
    """One file of the sample content."""
    text = (CONTENT / name).read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=LOADER))  # noqa: S506


def load_demo(scale: int = 1) -> None:
    """Load or complete the demo. Safe to repeat: whatever is there stays as it is. `scale` multiplies
    Tianjin's trainees, for load tests: with fields, hours, registrations, posts and routes."""
    with transaction.atomic():
        make_keys()
        named = plant_trees()
        accounts = demo_accounts(named)
        people = _people(named, accounts)
    editor = accounts["city@example.com"]
    with transaction.atomic():
        home = set_up_site()
        index = CourseIndexPage.objects.child_of(home).first() or home.add_child(
            instance=CourseIndexPage(title="课程", title_en="Courses", slug="courses")
        )
        spark = write_course(
            parent=index, outline=put_media(read("courses/spark-practice.yaml")), actor=editor
        )
        all_round = write_course(parent=index, outline=read("courses/all-round.yaml"), actor=editor)
        short = [
            write_course(parent=index, outline=put_media(each), actor=editor) for each in _short_courses()
        ]
        write_site(content=read("pages.yaml"), actor=editor)
    with transaction.atomic():
        cohorts = _teach(spark, all_round, named, accounts, people["tianjin"])
        walk_pathway(
            (spark, all_round, *short),
            named["tianjin"],
            accounts["city@example.com"],
            accounts["halfway@example.com"].person,
            people["tianjin"][-1],
        )
        play_package(
            index,
            read("courses/package.yaml"),
            named["tianjin"],
            editor,
            [accounts["halfway@example.com"].person, *people["tianjin"][23:26]],
        )
        graduate = accounts["graduate@example.com"].person
        certify_by_template(
            short[1],
            draw_templates(named, accounts),
            [graduate, *people["tianjin"][17:21], *people["tianjin"][70:72]],
            accounts["district@example.com"],
            named["district"],
        )
    with transaction.atomic():
        supervisors = register_supervisors(people["zhengzhou"], named, accounts)
        add_functions(named)
        pair_and_log(supervisors, people, accounts)
        ask_for_supervision(supervisors, people)
        agree_and_aim(supervisors[0])
        plan_meetings(supervisors[0])
        record_in_depth(supervisors[0], accounts)
        gather_in_circles(supervisors, people, accounts, named)
        accompany_projects(supervisors[0])
        apply_and_plan(named, accounts)
        evaluate_and_report(supervisors[0], people["tianjin"], named, accounts)
        hold_hours(accounts)
        deepen_registry(supervisors, accounts)
        qualify(people["jingzhou"], accounts, named)
        keep_registers(people["tianjin"], accounts, named["district"])
        hold_rounds(supervisors, people, named, accounts)
        serve_the_province(people, named, accounts)
        ask_for_changes(accounts)
        put_on_paper(supervisors[0], named, accounts)
    with transaction.atomic():
        plan_talent(named, accounts, people["tianjin"])
        keep_worked_weekends(accounts["city@example.com"])
        keep_policies(named, accounts)
        place_interns(people["jingzhou"][14:], named, accounts)
        hold_awards(named, accounts, people)
        claim_subsidies(keep_sample(named, accounts), people["tianjin"], accounts, named)
        pay(people["jingzhou"], named, accounts)
    if scale > 1:
        stations = [organisation for key, organisation in named.items() if key.startswith("station_")]
        populate(106 * (scale - 1), stations, editor)
    with transaction.atomic():
        ask_around(cohorts, named["tianjin"], editor, supervisors)
        bank = keep_bank(named["tianjin"], editor)
        candidates = [accounts[f"{name}@example.com"].person for name in ("trainee", "halfway", "graduate")]
        offer_practice(index, read("courses/drawn.yaml"), bank, candidates, actor=editor)
        readers = [accounts[f"{name}@example.com"] for name in ("instructor", "city")]
        outline, sitters = read("courses/marking.yaml"), people["tianjin"][30:70]
        mark_by_hand(index, outline, named["tianjin"], sitters, readers, actor=editor)


def _short_courses() -> list[dict[str, Any]]:
    """The courses that only the sample pathway has besides the two large ones."""
    return list(read("courses/short.yaml")["courses"])


def _people(named: dict[str, Organisation], accounts: dict[str, User]) -> dict[str, list[Person]]:
    """Zhengzhou's 134 supervisors, 2,000 trainees in all counties of Henan, and those of the other places."""
    henan = Organisation.objects.filter(path__startswith=named["henan"].path, kind="station")
    stations = [organisation for key, organisation in named.items() if key.startswith("station_")]
    mine = {email.partition("@")[0]: user.person for email, user in accounts.items()}
    return {
        "zhengzhou": [
            *crowd("sv", 133, [named["zhengzhou_agency"]], "supervisor", 1_000),
            mine["zhengzhou-supervisor"],
        ],
        "luohe": crowd("luohe", 173, [named["luohe_agency"]], "trainee", 2_000),
        "henan": [
            mine["henan-trainee"],
            mine["henan-newcomer"],
            *crowd("henan", 1_998, list(henan.order_by("region_id")), "trainee", 20_000),
        ],
        "jingzhou": crowd("jingzhou", 20, [named["jingzhou_agency"]], "trainee", 3_000),
        "tianjin": crowd("trainee", 106, stations, "trainee", 10_000),
    }


def _teach(
    spark: Any,
    all_round: Any,
    named: dict[str, Organisation],
    accounts: dict[str, User],
    crowd_: list[Person],
) -> dict[str, Cohort]:
    city, officer = named["tianjin"], accounts["city@example.com"]
    cohorts = open_cohorts(spark, SPARK, city, officer)
    others = open_cohorts(all_round, ALL_ROUND[1:], city, officer)
    fill(cohorts["open"], crowd_[0:14], 6, officer)
    full = fill(cohorts["full"], [*crowd_[14:22], crowd_[104]], 4, officer)
    fill(cohorts["closed"], crowd_[22:40], 18, officer)
    with days_ago(65):
        running = fill(cohorts["running"], crowd_[40:58], 18, officer)
    with days_ago(220):
        ended = fill(cohorts["ended"], [accounts["graduate@example.com"].person, *crowd_[58:66]], 9, officer)
    with days_ago(55):
        half = fill(cohorts["joinable"], [accounts["halfway@example.com"].person, *crowd_[66:76]], 8, officer)
    fill(others["running"], crowd_[76:100], 24, officer)
    teacher = accounts["instructor@example.com"].person
    plan_classes((cohorts["running"], cohorts["joinable"], others["running"]), teacher, officer)
    cancel(cohorts["cancelled"], officer)
    stage_applications(cohorts, named, accounts, crowd_)
    arrange_places(cohorts, full, half[1:], officer)
    for enrolment in ended[:6]:
        study(enrolment, 1.0, mistakes=1, began=185, pace=4)
    end_certificates(ended[4:6], officer)
    with days_ago(4 * 365):
        past = open_cohorts(all_round, ALL_ROUND[:1], city, officer)["past"]
        finished = fill(past, crowd_[100:104], 4, officer)
    with days_ago(4 * 365 - 70):
        for enrolment in finished:
            study(enrolment, 1.0, began=60, pace=3)
    for enrolment in half[:3]:
        study(enrolment, 0.5, began=45, pace=5)
    for number, enrolment in enumerate(running[:6]):
        study(enrolment, 0.15 * number)
    converse(cohorts["joinable"], half[:6], accounts["instructor@example.com"])
    for enrolment in half[:3]:
        hand_in_work(enrolment)
    review_work(cohorts["joinable"], accounts["instructor@example.com"])
    held = (cohorts["running"], cohorts["joinable"], others["running"])
    take_attendance(held, accounts["instructor@example.com"])
    watch(running, city, officer, accounts["instructor@example.com"])
    return cohorts | {"all-round": others["running"]}
