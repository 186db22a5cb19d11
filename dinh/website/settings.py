"""Settings, read from the environment. `docs/generated/settings.md` lists them."""

import json
import os
from pathlib import Path

from dinh.website.launch.address import database_settings
from dinh.website.logs import logging_settings

ROOT = Path(__file__).resolve().parents[2]


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def is_on(name: str, *, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


# Where the province's data lies: database, files, keys, logs.
DATA_DIR = Path(env("DINH_DATA_DIR", str(ROOT / "var")))

DEBUG = is_on("DINH_DEBUG")
SECRET_KEY = env("DINH_SECRET_KEY", "only-for-tests-and-tools")
ALLOWED_HOSTS = [host for host in env("DINH_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
PUBLIC_ADDRESS = env("DINH_PUBLIC_ADDRESS", "http://127.0.0.1:8000")
IS_SAMPLE = is_on("DINH_SAMPLE", default=True)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django_htmx",
    "dinh.foundation.ui",
    "dinh.foundation.actions",
    "dinh.foundation.directory",
    "dinh.foundation.calendars",
    "dinh.foundation.files",
    "dinh.foundation.notify",
    "dinh.foundation.signing",
    "dinh.sso",
    "dinh.documents",
    "dinh.onestop",
    "dinh.portal",
    "dinh.workspace",
    "dinh.website",
]

MIDDLEWARE = [
    "dinh.website.middleware.observe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dinh.website.compression.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dinh.website.middleware.choose_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "dinh.sso.middleware.sign_in",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dinh.foundation.ui.middleware.safe_headers",
    "dinh.website.middleware.explain",
]

ROOT_URLCONF = "dinh.website.urls"
WSGI_APPLICATION = "dinh.website.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {
            "environment": "dinh.website.jinja.environment",
            "context_processors": ["dinh.website.jinja.page"],
        },
    },
]


DATABASES = {
    "default": {
        **database_settings(
            env("DATABASE_URL", "postgresql://dinh@localhost/dinh"), pool=int(env("DINH_DATABASE_POOL", "8"))
        ),
        "DISABLE_SERVER_SIDE_CURSORS": is_on("DINH_PGBOUNCER"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# The province's own face and footer: see dinh.foundation.ui.rules.identity.Identity.
SAMPLE_PROVINCE = {
    "name": "Tỉnh Đình Sơn",
    "owner": "Ủy ban nhân dân tỉnh Đình Sơn",
    "person_in_charge": "Chánh Văn phòng Ủy ban nhân dân tỉnh",
    "address": "Số 1 đường Bến Đình, thành phố Đình Sơn",
    "phone": "0900 000 000",
    "email": "congdichvu@example.vn",
}
PROVINCE = json.loads(env("DINH_PROVINCE", "{}")) or (SAMPLE_PROVINCE if IS_SAMPLE else {})

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "dinh.website.static.HashedFiles"},
}

AUTH_USER_MODEL = "sso.Account"
LOGIN_URL = "/dang-nhap/"
PASSWORD_HASHERS = ["dinh.sso.adapters.passwords.Argon2"]
# Hash computations of one process at a time; each holds 46 MiB.
PASSWORD_HASHES_AT_ONCE = int(env("DINH_PASSWORD_HASHES_AT_ONCE", "4"))

# Sign-in by the national portal (OpenID Connect): its issuer, our client there. Without an issuer people
# sign in by password alone; `make up` opens a sample one that says it is a sample. Addresses as JSON with
# the names of its discovery document stand for a provider that has none.
SIGN_IN_ISSUER = env("DINH_SIGN_IN_ISSUER")
SIGN_IN_CLIENT = env("DINH_SIGN_IN_CLIENT")
SIGN_IN_SECRET = env("DINH_SIGN_IN_SECRET")
SIGN_IN_ENDPOINTS = json.loads(env("DINH_SIGN_IN_ENDPOINTS", "{}"))
# The level of assurance to ask for, and that from which the identity number it tells is believed.
SIGN_IN_LEVEL = env("DINH_SIGN_IN_LEVEL", "LoA1")
SIGN_IN_NUMBER_LEVEL = env("DINH_SIGN_IN_NUMBER_LEVEL", "LoA2")
# What its userinfo calls things, as JSON, where it differs from dinh.sso.rules.identities.CLAIMS.
SIGN_IN_CLAIMS = json.loads(env("DINH_SIGN_IN_CLAIMS", "{}"))

# Sessions: ended when idle, and in any case; the cookie itself ends with the browser.
SESSION_ENGINE = "dinh.sso.adapters.sessions"
SESSION_IDLE_MINUTES = int(env("DINH_SESSION_IDLE_MINUTES", "60"))
SESSION_LIFETIME_HOURS = int(env("DINH_SESSION_LIFETIME_HOURS", "12"))
SESSION_SEEN_EVERY_MINUTES = 5
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# How many proxies of ours stand before us and write X-Forwarded-For (0: none, the header is ignored).
TRUSTED_PROXIES = int(env("DINH_TRUSTED_PROXIES", "0"))

# The header in which the proxy before us writes when a request arrived ("t=1790000000.123"); empty: none.
ARRIVAL_HEADER = env("DINH_ARRIVAL_HEADER")

CSRF_FAILURE_VIEW = "dinh.sso.views.sign_in.form_expired"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = is_on("DINH_HTTPS")
CSRF_COOKIE_SECURE = is_on("DINH_HTTPS")
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# Uploads: the bound of one file, and of a whole request.
FILE_SIZE_LIMIT = int(env("DINH_FILE_SIZE_LIMIT", str(20 * 1024 * 1024)))
FILE_REQUEST_LIMIT = int(env("DINH_FILE_REQUEST_LIMIT", str(5 * FILE_SIZE_LIMIT)))
# Files that arrive in pieces wait in the database until they are whole: how many bytes in all.
FILE_PARTIAL_LIMIT = int(env("DINH_FILE_PARTIAL_LIMIT", str(2 * 1024 * 1024 * 1024)))
FILE_UPLOAD_HANDLERS = ["dinh.foundation.files.adapters.upload.BoundedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_TEMP_DIR = env("DINH_UPLOAD_DIR") or None

# Where file contents lie: a folder, or "s3://bucket?endpoint=...".
FILE_STORE = env("DINH_FILE_STORE", str(DATA_DIR / "files"))
# The malware scanner: a socket's path or host:port; and whether files wait outside while it is away.
CLAMD_SOCKET = env("DINH_CLAMD_SOCKET")
FILE_REQUIRE_SCAN = is_on("DINH_FILE_REQUIRE_SCAN")

# The ways out. A mail server: smtp://user:password@host:port (smtps://, smtp+starttls://). A province
# without one, or without an SMS gateway, keeps its messages in the sample mailbox while IS_SAMPLE is on.
EMAIL_ADDRESS = env("DINH_SMTP")
EMAIL_FROM = env("DINH_EMAIL_FROM", "khong-tra-loi@localhost")
SMS_GATEWAY = env("DINH_SMS_GATEWAY")
KEY_DIR = DATA_DIR / "keys"

# The national public service portal: address of its adapter, account, our agency and theirs. Without an
# address nothing is sent there; `make up` opens a sample one that says it is a sample.
NATIONAL_ADDRESS = env("DINH_NATIONAL")
NATIONAL_USER = env("DINH_NATIONAL_USER")
NATIONAL_PASSWORD = env("DINH_NATIONAL_PASSWORD")
NATIONAL_UNIT = env("DINH_NATIONAL_UNIT", "H99")
NATIONAL_TARGET = env("DINH_NATIONAL_TARGET", "VN:GOV:000.00.00.G22:vpcpdvcprovider")

# The national registries: the population database, the database of registered enterprises; address and
# account of each. Without an address nobody is looked up; `make up` opens sample ones that say they are.
POPULATION_ADDRESS = env("DINH_POPULATION")
POPULATION_USER = env("DINH_POPULATION_USER")
POPULATION_PASSWORD = env("DINH_POPULATION_PASSWORD")
ENTERPRISE_ADDRESS = env("DINH_ENTERPRISE")
ENTERPRISE_USER = env("DINH_ENTERPRISE_USER")
ENTERPRISE_PASSWORD = env("DINH_ENTERPRISE_PASSWORD")

# Signing: a time stamp service (RFC 3161) and the hosts that may be asked for revocation (OCSP, CRL);
# empty, the sample authority serves both. A PKCS#11 module and token; the PIN lies in KEY_DIR/pkcs11-pin.
SIGNING_TSA_ADDRESS = env("DINH_TSA")
SIGNING_REVOCATION_HOSTS = [host for host in env("DINH_REVOCATION_HOSTS").split(",") if host]
SIGNING_PKCS11_MODULE = env("DINH_PKCS11_MODULE")
SIGNING_PKCS11_TOKEN = env("DINH_PKCS11_TOKEN")

# Megabytes on the disk below which the health page warns and `make up` does not start.
DISK_RESERVE_MB = int(env("DINH_DISK_RESERVE_MB", "500"))
# Who shows it may read /metrics; without one only this machine may.
METRICS_TOKEN = env("DINH_METRICS_TOKEN")

LOGGING = logging_settings(env("DINH_LOG_LEVEL", "INFO"))

# Who takes payments from afar. "sample" stands for a provider in a sample province and moves no money;
# without one, fees are paid at the desk.
PAYMENT_PROVIDER = env("DINH_PAYMENT_PROVIDER", "sample" if IS_SAMPLE else "")

# What whoever receives a result by post pays the post for it, in đồng; empty: it is not said beforehand.
RETURN_POSTAGE = int(env("DINH_RETURN_POSTAGE", "0")) or None

# The law under which dossiers are received; the part behind the colon chooses the levels of government.
LEGAL_PROFILE = env("DINH_LEGAL_PROFILE", "VN2022:four_levels")

# Minutes in which officials can take back their own act on a step, while nobody has gone on from it.
UNDO_MINUTES = int(env("DINH_UNDO_MINUTES", "5"))

# What stands at the foot of every paper; a sample says that it has no legal value.
PAPER_NOTE = "Dữ liệu mẫu – chữ ký số mẫu, không có giá trị pháp lý" if IS_SAMPLE else ""
