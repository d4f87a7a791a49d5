"""What `dev.py` decides by itself, without installing or starting anything."""

import socket

import pytest

import dev


def test_environment_of_a_shell_does_not_reach_demo_and_tests(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://production.example/ogniwo")
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")

    clean = dev.environment(OGNIWO_DEMO="1")

    assert "DATABASE_URL" not in clean
    assert "DEBUG" not in clean
    assert (clean["LANG"], clean["OGNIWO_DEMO"], clean["ENV_FILE"]) == ("pl_PL.UTF-8", "1", "")


def test_taken_port_is_left_alone():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        assert dev.free_port(taken) not in {0, taken}


def test_secret_key_is_made_once_and_for_its_owner(monkeypatch, tmp_path):
    monkeypatch.setattr(dev, "VAR", tmp_path / "var")

    key = dev.secret_key()

    assert len(key) >= 50
    assert dev.secret_key() == key
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_results_are_counted_from_the_report(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        """<testsuites><testsuite>
        <testcase name="a"><properties><property name="servers" value="tests/test_a.py"/></properties></testcase>
        <testcase name="b"><failure/></testcase>
        <testcase name="c"><error/></testcase>
        <testcase name="d"><skipped/></testcase>
        </testsuite></testsuites>"""
    )

    assert dev.results(report) == ({"passed": 1, "failed": 2, "skipped": 1}, ["tests/test_a.py"])


def test_run_without_report_has_failed(tmp_path):
    assert dev.results(tmp_path / "none.xml") == ({"passed": 0, "failed": 1, "skipped": 0}, [])


def test_tests_keep_their_databases_where_the_caller_says(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    assert dev.scratch() is None


def test_memory_that_is_short_holds_no_databases(monkeypatch):
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(dev, "ROOM_FOR_TESTS", 2**60)

    assert dev.scratch() is None


def test_demo_runs_once(monkeypatch, tmp_path):
    monkeypatch.setattr(dev, "VAR", tmp_path)

    with dev.only_demo(), pytest.raises(SystemExit, match="running already"):
        dev.only_demo()

    dev.only_demo().close()


@pytest.mark.parametrize("name", ["", "nothing"])
def test_unknown_measurement_names_those_there_are(monkeypatch, tmp_path, capsys, name):
    monkeypatch.setattr(dev, "HERE", tmp_path)
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "race.py").touch()
    (tmp_path / "benchmarks" / "_common.py").touch()

    class Arguments:
        rest = ()

    Arguments.name = name
    assert dev.bench(Arguments) == 2
    assert capsys.readouterr().out == "There is: race, all.\n"


def test_no_measurement_is_no_failure(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(dev, "HERE", tmp_path)

    class Arguments:
        name = "redis"
        rest = ()

    assert dev.chaos(Arguments) == 0
    assert capsys.readouterr().out == "There is none yet in chaos/.\n"
