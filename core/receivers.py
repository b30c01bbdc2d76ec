"""What core does when others speak: it writes down doors opened and pages published, and tells whom a profile concerns."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import (
    email_changed,
    email_confirmed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_noop
from wagtail.models import PageLogEntry

from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.models import Organisation, RoleAssignment
from core.organisations.queries import administrators_of
from core.people.actions import void_code
from core.people.models import Person, User
from core.signals import EmployerDecided, EmployerDeclared, employer_decided, employer_declared

# What Wagtail notes of every keystroke's draft stays with Wagtail; these change what people see or may do.
PAGE_ACTS = frozenset(
    f"wagtail.{act}"
    for act in (
        "create publish unpublish delete move copy rename revert schedule.cancel publish.schedule unpublish.schedule "
        "lock unlock workflow.start workflow.approve workflow.reject workflow.cancel "
        "view_restriction.create view_restriction.edit view_restriction.delete"
    ).split()
)


def _employer(user: User) -> Organisation | None:
    """Where an act of this account belongs: its employer, else the place of its first role."""
    person = getattr(user, "person", None)
    if person is not None and person.employer_id:
        return Organisation.objects.filter(pk=person.employer_id).first()
    held = RoleAssignment.objects.filter(user=user).select_related("organisation").order_by("pk").first()
    return held.organisation if held else None


@receiver(employer_declared, dispatch_uid="core.ask_for_employer")
def ask_for_employer(event: EmployerDeclared, **_rest: Any) -> None:
    """The administrators of the new organisation are asked; each declaration once more."""
    person = Person.objects.get(pk=event.person_id)
    organisation = Organisation.objects.get(pk=event.organisation_id)
    for officer in administrators_of(organisation):
        if officer.pk != person.user_id:
            notify(
                user=officer,
                kind="profile",
                title=gettext_noop("%(name)s says that they work at %(organisation)s"),
                body=gettext_noop("Confirm it or say why it is not so: until then it counts for nothing."),
                url=reverse("people:declared"),
                source=f"{_declaration(event)}{person.declared_at}",
                name=person.name,
                organisation=organisation.name,
            )


@receiver(employer_decided, dispatch_uid="core.tell_employer")
def tell_employer(event: EmployerDecided, **_rest: Any) -> None:
    """The person learns what came of it, and nobody is asked any more."""
    person = Person.objects.select_related("user").get(pk=event.person_id)
    organisation = Organisation.objects.get(pk=event.organisation_id)
    for officer in administrators_of(organisation):
        settle(user=officer, source=_declaration(event))
    confirmed = gettext_noop("%(organisation)s is confirmed as your employer")
    refused = gettext_noop("%(organisation)s is not confirmed as your employer")
    notify(
        user=person.user,
        kind="profile",
        title=confirmed if event.is_confirmed else refused,
        body="" if event.is_confirmed else gettext_noop("Reason: %(reason)s"),
        url=reverse("core:profile"),
        organisation=organisation.name,
        reason=event.reason,
    )


def _declaration(event: EmployerDeclared | EmployerDecided) -> str:
    return f"core.declare_employer:{event.person_id}:{event.organisation_id}:"


@receiver(user_logged_in, dispatch_uid="core.sign_in")
def sign_in(user: Any, **_rest: Any) -> None:
    if isinstance(user, User):
        void_code(user=user)
        record(action="core.sign_in", target=user, actor=user, organisation=_employer(user))


@receiver(user_login_failed, dispatch_uid="core.fail_sign_in")
def fail_sign_in(credentials: dict[str, Any], **_rest: Any) -> None:
    """A wrong password at an account that exists; what was typed for one that does not is nobody's business."""
    from allauth.account.adapter import get_adapter

    typed = next(
        (str(credentials[name]) for name in ("email", "phone", "username") if credentials.get(name)), ""
    )
    user = get_adapter().account_of(typed) if typed else None
    if user is not None:
        record(action="core.fail_sign_in", target=user, actor=None, organisation=_employer(user))


@receiver([password_changed, password_set, password_reset], dispatch_uid="core.change_password")
def change_password(user: User, **_rest: Any) -> None:
    void_code(user=user)
    record(action="core.change_password", target=user, actor=user, organisation=_employer(user))


@receiver(email_confirmed, dispatch_uid="core.void_code")
def confirm_email(email_address: EmailAddress, **_rest: Any) -> None:
    """Whoever reads the letters of an account is its person, and needs no code."""
    void_code(user=email_address.user)


@receiver(email_changed, dispatch_uid="core.change_email")
def change_email(user: User, **_rest: Any) -> None:
    record(action="core.change_email", target=user, actor=user, organisation=_employer(user))


@receiver(authenticator_added, dispatch_uid="core.add_second_step")
def add_second_step(user: User, **_rest: Any) -> None:
    record(action="core.add_second_step", target=user, actor=user, organisation=_employer(user))


@receiver(authenticator_removed, dispatch_uid="core.remove_second_step")
def remove_second_step(user: User, **_rest: Any) -> None:
    record(action="core.remove_second_step", target=user, actor=user, organisation=_employer(user))


@receiver(post_save, sender=PageLogEntry, dispatch_uid="core.act_on_page")
def act_on_page(instance: PageLogEntry, created: bool, **_rest: Any) -> None:
    """Wagtail keeps its log of pages in a table that can be changed; what counts is said again in ours."""
    user = instance.user
    if not created or instance.action not in PAGE_ACTS or not isinstance(user, User):
        return
    record(
        action="core.act_on_page",
        target=instance.page if instance.page_id and instance.page else user,
        actor=user,
        organisation=_employer(user),
        after={"act": instance.action, "page": instance.page_id},
        label=instance.label,
    )
