from __future__ import annotations

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from points_store import rights
from tests.database import as_owner, empty_tables
from volunteers.models import Community


def refused(statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_tests_run_with_the_applications_role(settings):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.DATABASE_APP_ROLE,)


@pytest.mark.django_db
def test_application_has_no_right_it_should_not_have():
    assert rights.excess_rights(connection) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE volunteers_community (id int)",
        "TRUNCATE volunteers_community CASCADE",
        "DELETE FROM django_migrations",
    ],
)
def test_application_may_not(statement):
    refused(statement)


@pytest.mark.django_db
def test_history_model_can_be_added_to_but_not_changed(monkeypatch):
    monkeypatch.setattr(apps.get_app_config("volunteers"), "history_models", ("Community",))
    with as_owner():
        rights.grant_rights(connection)
    Community.objects.create(slug="a", name="甲", official_name="甲")
    refused("UPDATE volunteers_community SET name = '乙'")
    refused("DELETE FROM volunteers_community")


@pytest.mark.django_db
def test_locked_columns_leaves_only_the_named_columns(monkeypatch):
    monkeypatch.setattr(
        apps.get_app_config("volunteers"),
        "locked_columns",
        {"Community": ("phone",)},
        raising=False,
    )
    with as_owner():
        rights.grant_rights(connection)
    community = Community.objects.create(slug="a", name="甲", official_name="甲")
    refused("UPDATE volunteers_community SET name = '乙'")
    assert Community.objects.filter(pk=community.pk).update(phone="1") == 1


@pytest.mark.django_db
def test_excess_rights_names_each_right_too_many(monkeypatch):
    monkeypatch.setattr(apps.get_app_config("volunteers"), "history_models", ("Community",))
    with as_owner():
        found = rights.excess_rights(connection)
    assert found == ["may UPDATE volunteers_community", "may DELETE volunteers_community"]


@pytest.mark.django_db(transaction=True)
def test_empty_tables_brings_back_what_migrations_made():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_content_type")
        before = cursor.fetchone()
        Community.objects.create(slug="a", name="甲", official_name="甲")
        cursor.execute("DELETE FROM auth_permission")
        empty_tables()
        cursor.execute("SELECT count(*) FROM django_content_type")
        assert cursor.fetchone() == before
        cursor.execute("SELECT count(*) > 0 FROM auth_permission")
        assert cursor.fetchone() == (True,)
    assert not Community.objects.exists()
