"""The project's settings as the tests run them: a data folder of their own, quick passwords."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# Beside the developer's own data, never in it; each work tree, or POINTS_STORE_DATA, has its own.
DATA = os.environ.get("POINTS_STORE_DATA")
os.environ["POINTS_STORE_DATA"] = str(Path(DATA) / "test" if DATA else BASE_DIR / "var" / "test")
# The test database is made by its owner; tests/conftest.py then takes on the application's role.
os.environ["DATABASE_AS"] = "owner"

from points_store.settings import *  # noqa: E402, F403, TID251 - all that is not changed below

# Argon2 is slow on purpose. The tests of the real hashers ask for them by name.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "volunteers.hashers.PinHasher",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Nothing is collected for a test run: static files come straight from static/.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
