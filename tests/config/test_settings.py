"""What the environment makes of the settings."""

import runpy

import pytest

POSTGRES = "postgres://ogniwo:secret@db.example/ogniwo"


@pytest.fixture
def settings_in(monkeypatch):
    """Function: the settings of an installation whose environment has these values."""

    def settings_in(**environment):
        for name in ("DATABASE_URL", "REDIS_URL", "CONN_MAX_AGE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path("config/settings.py")

    return settings_in


@pytest.mark.parametrize("database", [{}, {"DATABASE_URL": POSTGRES}], ids=["sqlite", "postgres"])
@pytest.mark.parametrize(
    ("environment", "expected"), [({}, 0), ({"CONN_MAX_AGE": "none"}, None), ({"CONN_MAX_AGE": "60"}, 60)]
)
def test_connections_are_kept_only_where_the_start_command_says_so(settings_in, database, environment, expected):
    made = settings_in(**database, **environment)["DATABASES"]["default"]

    assert (made["CONN_MAX_AGE"], made["CONN_HEALTH_CHECKS"]) == (expected, True)


@pytest.mark.parametrize(
    ("environment", "backend"), [({}, "LocMemCache"), ({"DATABASE_URL": POSTGRES}, "DatabaseCache")]
)
def test_limits_are_where_all_processes_of_the_shape_count_them(settings_in, environment, backend):
    made = settings_in(**environment)["CACHES"]

    assert made["default"]["BACKEND"].endswith(f".{backend}")
    assert {made[name]["BACKEND"].rsplit(".", 1)[1] for name in ("pages", "renditions")} == {"LocMemCache"}
    assert len({store["LOCATION"] for store in made.values()}) == 3
