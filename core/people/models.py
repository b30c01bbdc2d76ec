"""Accounts, and the people behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelsearch import index

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.sealed import SealedTextField, identity_hash, lookup_hash

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from core.access.models import RoleAssignment  # type: ignore[import-not-found]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account with this e-mail; without a password it cannot be signed in to until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: what one signs in with. Who that is stands in Person."""

    email = models.EmailField(_("e-mail"), unique=True)
    phone_sealed = SealedTextField(_("mobile number"), null=True, blank=True)
    phone_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    phone_verified = models.BooleanField(_("mobile number confirmed"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]
    objects = UserManager()

    if TYPE_CHECKING:
        roles: RelatedManager[RoleAssignment]
        person: Person

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def has_mail(self) -> bool:
        """Whether letters can reach this account."""
        return not self.email.endswith(f"@{NO_MAIL}")

    @property
    def phone(self) -> str | None:
        """The eleven digits of the mobile number, or None."""
        return self.phone_sealed

    @phone.setter
    def phone(self, digits: str | None) -> None:
        self.phone_sealed = digits or None
        self.phone_hash = lookup_hash("phone", digits) if digits else None

    def get_full_name(self) -> str:
        person = getattr(self, "person", None)
        return person.name if person else self.email

    def get_short_name(self) -> str:
        return self.get_full_name()


NO_MAIL = "no-mail.invalid"  # RFC 2606: this domain will never exist


def placeholder_email(phone_hash: str) -> str:
    """The address of an account that is opened by its mobile number alone. Nothing is ever sent to it."""
    return f"{phone_hash[:32]}@{NO_MAIL}"


class ActivationQuerySet(models.QuerySet["Activation"]):
    def waiting(self) -> ActivationQuerySet:
        """Those of accounts that nobody has ever used: who has a password, has signed in, holds a role or a second step
        is there already, and a code that still lies about must not set another password."""
        return self.filter(
            used_at=None,
            user__is_active=True,
            user__is_superuser=False,
            user__password__startswith=UNUSABLE_PASSWORD_PREFIX,
            user__last_login=None,
            user__roles=None,
            user__authenticator=None,
        )


class Activation(models.Model):
    """An account that an officer made for somebody, until that person takes it over with a code that the officer hands
    out. Of the code only a keyed hash is kept.

    It remembers the table that made the account, for codes are drawn there and nowhere else; and whose hands the account
    and its code went through.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="activation")
    sheet = models.ForeignKey("core.SheetImport", models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    drawn_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True, null=True)
    expires_at = models.DateTimeField(_("valid until"), null=True)
    used_at = models.DateTimeField(_("activated"), null=True)

    objects = ActivationQuerySet.as_manager()

    class Meta:
        verbose_name = _("activation")
        verbose_name_plural = _("activations")

    def __str__(self) -> str:
        return str(self.user)


class ServiceFieldQuerySet(models.QuerySet["ServiceField"]):
    def visible_to(self, user: Asker) -> ServiceFieldQuerySet:
        """The list is one for all trees, and no secret to anybody who is signed in."""
        return self.all() if user.is_authenticated else self.none()


class ServiceField(models.Model):
    """One field of social work service, such as elderly services. The list is open: 等 stands at its end."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ServiceFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("service field")
        verbose_name_plural = _("service fields")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name_here

    @property
    def name_here(self) -> str:
        """The field in the reader's language."""
        english = (get_language() or "").startswith("en")
        return (english and self.name_en) or self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Asker) -> PersonQuerySet:
        """Oneself, and for administrators and auditors the people employed in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("employer", *READERS) | models.Q(user=user))

    def named(self, words: str) -> PersonQuerySet:
        """The people whose name or pinyin contains these words."""
        plain = words.strip().lower()
        return self.filter(models.Q(name__icontains=plain) | models.Q(name_search__contains=plain))


class Person(index.Indexed, models.Model):
    """The person behind an account, as the papers name them."""

    class IdType(models.TextChoices):
        RESIDENT_ID = "resident_id", _("Resident ID card")
        HK_MACAO_PERMIT = "hk_macao_permit", _("Mainland travel permit for Hong Kong and Macao residents")
        TAIWAN_PERMIT = "taiwan_permit", _("Mainland travel permit for Taiwan residents")
        HK_MACAO_TAIWAN_RESIDENCE = (
            "hk_macao_taiwan_residence",
            _("Residence permit for HK, Macao and Taiwan residents"),
        )
        PASSPORT = "passport", _("Passport")
        FOREIGN_RESIDENCE = "foreign_residence", _("Foreign permanent resident ID card")

    user = models.OneToOneField(User, models.CASCADE, related_name="person", verbose_name=_("account"))
    name = models.CharField(_("real name"), max_length=60)
    pinyin = models.CharField(_("pinyin"), max_length=200, editable=False)
    name_search = models.CharField(max_length=500, editable=False, db_index=True)
    id_type = models.CharField(_("ID type"), max_length=32, choices=IdType.choices, blank=True)
    id_sealed = SealedTextField(_("ID number"), null=True, blank=True)
    id_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    employer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("employer")
    )
    # Where the person says that they work now, until an administrator over that organisation confirms it: only then it
    # becomes the employer, which conditions, places kept, approvals, rules and desks go by.
    declared_employer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("declared employer"),
    )
    declared_at = models.DateTimeField(_("declared on"), null=True, blank=True)
    fields = models.ManyToManyField(
        ServiceField, blank=True, related_name="people", verbose_name=_("service fields")
    )
    languages = models.CharField(
        _("languages and dialects"),
        max_length=260,
        blank=True,
        help_text=_("In which you would like to talk with a supervisor. A comma between them."),
    )
    practice_started_on = models.DateField(_("in practice since"), null=True, blank=True)
    notice_mail = models.CharField(
        _("e-mail notices"),
        max_length=8,
        default="digest",
        choices=[
            ("each", _("one letter each")),
            ("digest", _("one letter a day")),
            ("none", _("no letters")),
        ],
    )
    notice_sms = models.BooleanField(_("notices by text message"), default=False)
    notice_wechat = models.BooleanField(_("notices by WeChat"), default=False)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = PersonQuerySet.as_manager()
    search_fields = [
        index.SearchField("name", boost=4),
        index.SearchField("name_search"),
        index.AutocompleteField("name"),
        index.AutocompleteField("name_search"),
        index.RelatedFields("employer", [index.FilterField("path")]),
        index.FilterField("user_id"),
    ]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["pinyin", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id_hash__isnull=True, id_sealed__isnull=True)
                | models.Q(id_hash__isnull=False, id_sealed__isnull=False),
                name="person_id_is_hashed",
            ),
            models.CheckConstraint(
                condition=models.Q(declared_employer=None, declared_at=None)
                | models.Q(declared_employer__isnull=False, declared_at__isnull=False),
                name="person_declared_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def id_number(self) -> str | None:
        """The whole number. Show `id_masked` instead, or reveal it through `reveal_id`, which is audited."""
        return self.id_sealed

    def set_id_number(self, id_type: str, number: str | None) -> None:
        """Seal a number that policy has already found valid, with the hash that keeps it unique, under whatever type."""
        self.id_type = id_type if number else ""
        self.id_sealed = number or None
        self.id_hash = identity_hash(id_type, number) if number else None

    @property
    def id_masked(self) -> str:
        from core.people.policy import mask_id

        return mask_id(self.id_sealed) if self.id_sealed else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        from core.people.names import pinyin_of, search_text

        found = pinyin_of(self.name)
        self.pinyin, self.name_search = found.sort_key[:200], search_text(self.name)[:500]
        super().save(*args, **kwargs)


class Consent(models.Model):
    """One consent to one version of the words for one purpose (PIPL articles 14 and 29).

    A log: taken back it keeps both days, and given again it is a new row.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=40)
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "version"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once_per_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"
