"""Settings of every installation; what differs between machines comes from the environment (docs/operators.md)."""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.env import flag, kept_key, words

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Switches -------------------------------------------------------------------------------------------------
DEBUG = flag("DEBUG")
SECRET_KEY = kept_key("SECRET_KEY", VAR_DIR / "secret-key")
FIELD_KEY = kept_key("FIELD_KEY", VAR_DIR / "field-key")  # seals ID, phone and bank numbers; back it up apart
SITE_URL = os.environ.get("SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
# The host that serves the content of packages, and no session: it must lead to this server and have no other use.
CONTENT_HOST = os.environ.get("CONTENT_HOST", "")
ALLOWED_HOSTS += [CONTENT_HOST.partition(":")[0]] if CONTENT_HOST else []
# Other sites whose pages lessons may show inside (core.blocks.outside): names of hosts, none unless they are given.
EMBED_HOSTS = words("EMBED_HOSTS", "")
# How long a text takes: Chinese characters in a minute, and where that number comes from (core.blocks.reading).
READING_SPEED = int(os.environ.get("READING_SPEED", "300"))
READING_SOURCE = os.environ.get("READING_SOURCE", "示例")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", SITE_URL)
PRODUCTION = flag("PRODUCTION")

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "cms.apps.CmsConfig",
    "credentials.apps.CredentialsConfig",
    "supervision.apps.SupervisionConfig",
    "lms.apps.LmsConfig",
    "core.apps.CoreConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    "rules.apps.AutodiscoverRulesConfig",
    "django_cotton",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.forms",  # the widgets' own templates, for FORM_RENDERER
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.content.ContentHostMiddleware",
    "core.audit.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.ui.csp.ContentSecurityPolicyMiddleware",
    "core.access.middleware.KeptSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.access.middleware.DoorMiddleware",
    "core.access.signing_out.SignOutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.access.middleware.StaffSessionMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "core.ui.methods.MethodMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "core.ui.renderers.SiteFormRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.ui.context.site",
                "cms.navigation.queries.menus",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "core.templatetags.ui",
                "core.templatetags.times",
                "core.templatetags.charts",
            ],
        },
    }
]

# --- Databases, cache, jobs -----------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.config(default=f"sqlite:///{VAR_DIR / 'xinhuo.sqlite3'}", conn_max_age=60)
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # The last: INSERT OR REPLACE deletes the row that stood there, and asks the triggers that guard it only with this.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON;",
    }

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
}
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "Asia/Shanghai"

# Wagtail's background tasks are jobs like any other, but for its indexes, which commit with the page (ADR 0008).
TASKS = {
    "default": {
        "BACKEND": "core.jobs.backend.JobBackend",
        "OPTIONS": {
            "IN_PLACE": [
                "modelsearch.tasks.insert_or_update_object_task",
                "wagtail.tasks.update_reference_index_task",
            ]
        },
    }
}

# --- Language and time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [BASE_DIR / "config" / "supplement"]  # Chinese where Wagtail and allauth have none or another
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["core.ui.formats"]

# --- People and doors -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "core.access.backends.AccountBackend",
    "rules.permissions.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "/"
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "core.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*", "password2*"]
ACCOUNT_PHONE_VERIFICATION_ENABLED = (
    False  # until a text-message gateway is set up; numbers are unique all the same
)
ACCOUNT_SIGNUP_FORM_CLASS = "core.people.forms.SignupQuestions"
ACCOUNT_FORMS = {
    "login": "core.people.entrance.LoginForm",
    "signup": "core.people.entrance.SignupForm",
    "add_email": "core.people.entrance.AddEmailForm",
    "change_password": "core.people.entrance.ChangePasswordForm",
    "set_password": "core.people.entrance.SetPasswordForm",
    "reset_password": "core.people.entrance.ResetPasswordForm",
    "reset_password_from_key": "core.people.entrance.ResetPasswordKeyForm",
    "reauthenticate": "core.people.entrance.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "core.people.entrance.AuthenticateForm",
    "reauthenticate": "core.people.entrance.ReauthenticateCodeForm",
    "activate_totp": "core.people.entrance.ActivateTOTPForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an e-mail or a password is changed only by who knows the password
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/15m/key"
}  # five failures lock the account's door for 15 minutes
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "薪火"
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}

# --- Security -------------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "core.ui.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# Wagtail's own admin needs these two in its pages, and only there (core.ui.csp).
CONTENT_SECURITY_POLICY_ADMIN = {"script-src": [SELF, NONCE], "style-src": [SELF, "'unsafe-inline'"]}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "core.blocks.uploads.CappedUploadHandler",
]

# --- Files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"  # certificates, evidence: never under a public address
# The private halves of the signing keys: outside the database and the store; back them up apart. In production they
# are made by `manage.py keys make`, elsewhere on first need.
KEYS_DIR = Path(os.environ.get("KEYS_DIR", VAR_DIR / "keys"))
KEYS_AUTO = flag("KEYS_AUTO", not PRODUCTION)
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT},
    },
    "staticfiles": {
        "BACKEND": "core.ui.storage.HouseStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Mail -----------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "薪火平台 <noreply@example.com>")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = VAR_DIR / "mail"  # without a mail server, letters are kept as files here
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"

# --- Wagtail --------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "薪火"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAIL_AUTOSAVE_INTERVAL = 4000
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# A page or a file is public or for those who are signed in; shared passwords get passed on.
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAIL_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 2**20
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.blocks.uploads.ImageForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 2**20
WAGTAILDOCS_DOCUMENT_FORM_BASE = "core.blocks.uploads.DocumentForm"
UPLOAD_KEPT = WAGTAILDOCS_MAX_UPLOAD_SIZE + 1  # of a longer file the rest is not even written down
UPLOAD_KEPT_AT = {"/admin/packages/add/": 500 * 2**20 + 1}  # lms.packages.policy.refusals.Limits
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "txt", "csv", "zip"]
WAGTAILDOCS_EXTENSIONS += ["mp3", "m4a", "mp4", "m4v", "webm", "vtt"]  # core.blocks.media
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, object]] = []  # no foreign hosts
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "core.search.backend"}}

# --- The product's own ----------------------------------------------------------------------------------------
SITE_ICP = os.environ.get("SITE_ICP", "")
SITE_POLICE = os.environ.get("SITE_POLICE", "")
DEMO_ACCOUNTS = VAR_DIR / "demo-accounts.json"
DEMO_LOADED = (
    VAR_DIR / "demo-loaded"
)  # written when the demo is complete, so that the next start need not look
AUDIT_LOG = VAR_DIR / "audit.jsonl"
# Offered beside mail. Without a gateway a message is only noted in the log, so production offers none by itself.
NOTICE_CHANNELS = words("NOTICE_CHANNELS", "" if PRODUCTION else "sms,wechat")
JOB_LEASE = timedelta(seconds=30)
STAFF_IDLE = timedelta(minutes=30)  # without a request for so long, the desk is closed and one signs in again
STAFF_MFA_REQUIRED = flag("STAFF_MFA_REQUIRED")  # no desk without a second step at sign-in

SURVEY_LEAST = int(
    os.environ.get("SURVEY_LEAST", "5")
)  # so many anonymous answers are shown together, fewer not

# A request for supervision that can be answered: after so many days the supervisor is told again, and then it lapses.
SUPERVISION_REQUEST_REMIND_DAYS = int(os.environ.get("SUPERVISION_REQUEST_REMIND_DAYS", "14"))
SUPERVISION_REQUEST_LAPSE_DAYS = int(os.environ.get("SUPERVISION_REQUEST_LAPSE_DAYS", "30"))
SUPERVISION_RECORD_REMIND_DAYS = int(os.environ.get("SUPERVISION_RECORD_REMIND_DAYS", "3"))

# Names stand on the page of a public notice as long as it runs, and so many days more: time to look up what was announced
# and to lodge a complaint, and no longer, since the purpose is then fulfilled (PIPL, article 19).
PUBLIC_NOTICE_DAYS_SHOWN = int(os.environ.get("PUBLIC_NOTICE_DAYS_SHOWN", "30"))
# Who objected can be reached so many days after the answer and the end of the notice; then name and contact are erased.
OBJECTOR_DAYS_KEPT = int(os.environ.get("OBJECTOR_DAYS_KEPT", "180"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
