from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import environ
import pytest
from django.db import connection

from points_store import installation as installations


@pytest.fixture
def settings_of(tmp_path, monkeypatch):
    """Return the database settings under the given environment."""
    made = installations.read(tmp_path)
    for name in ("DATABASE_URL", "DATABASE_AS", "DATABASE_POOL"):
        monkeypatch.delenv(name, raising=False)

    def ask(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return installations.database(made, environ.Env())

    return ask


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path):
    made = installations.read(tmp_path / "new")
    assert installations.read(tmp_path / "new") == made
    assert oct((made.folder / installations.SECRETS_FILE).stat().st_mode & 0o777) == "0o600"
    assert made.secret_key not in repr(made)


def test_first_starts_at_once_agree_on_one_set_of_secrets(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: installations.read(tmp_path), range(16)))
    assert len({each.secret_key for each in made}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [installations.SECRETS_FILE]


def test_two_installations_share_nothing(tmp_path):
    one, two = installations.read(tmp_path / "1"), installations.read(tmp_path / "2")
    assert one.secret_key != two.secret_key
    assert one.app_password != two.app_password


def test_port_is_remembered(tmp_path):
    moved = installations.remember_port(installations.read(tmp_path), 12345)
    assert installations.read(tmp_path) == moved


def test_web_uses_the_applications_login_and_its_limits(settings_of):
    found = settings_of()
    assert found["USER"] == installations.APP_ROLE
    assert found["OPTIONS"]["connect_timeout"] == 3
    assert "statement_timeout=10s" in found["OPTIONS"]["options"]
    assert "pool" not in found["OPTIONS"]


def test_pool_keeps_the_limits(settings_of):
    options = settings_of(DATABASE_POOL="true")["OPTIONS"]
    assert options["pool"]["max_size"] == 8
    assert "lock_timeout=5s" in options["options"]


def test_owner_may_take_its_time(settings_of):
    found = settings_of(DATABASE_AS="owner")
    assert found["USER"] == installations.OWNER_ROLE
    assert "statement_timeout=0" in found["OPTIONS"]["options"]


def test_url_is_the_owners_and_the_web_steps_down_from_it(settings_of):
    url = "postgres://county:x@db.example/shop?options=-c%20search_path%3Dcounty"
    owner = settings_of(DATABASE_URL=url, DATABASE_AS="owner")
    assert (owner["USER"], owner["HOST"], owner["NAME"]) == ("county", "db.example", "shop")
    assert "search_path=county" in owner["OPTIONS"]["options"]
    assert "role=" not in owner["OPTIONS"]["options"]
    web = settings_of(DATABASE_AS="app", DATABASE_APP_ROLE="county_app")
    assert web["OPTIONS"]["options"].endswith("-c role=county_app")
    assert "search_path=county" in web["OPTIONS"]["options"]


def test_url_of_the_applications_own_keeps_the_owners_password_away(settings_of):
    web = settings_of(
        DATABASE_URL="postgres://county:secret@db.example/shop",
        DATABASE_APP_URL="postgres://county_app:other@db.example/shop",
    )
    assert (web["USER"], web["PASSWORD"]) == ("county_app", "other")
    assert "role=" not in web["OPTIONS"]["options"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"), [("TimeZone", "UTC"), ("transaction_isolation", "read committed")]
)
def test_session_of_the_application(name, value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        assert cursor.fetchone() == (value,)
