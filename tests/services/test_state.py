"""What is remembered between two commands."""

import ast
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.errors import BusyError
from broadsheet.local import airflow, newsroom, ports, s3, state, version
from broadsheet.local.process import Running
from broadsheet.local.state import Services


def test_what_is_saved_is_loaded_again(tmp_path: Path):
    services = Services({"s3": Running(1, 2.5)}, {"s3": 8333}, "digest")
    state.save(tmp_path, services)
    assert state.load(tmp_path) == services


@pytest.mark.parametrize("text", ["", "{", "[]", '{"processes": {"s3": {"pid": 1}}, "ports": {}}'])
def test_a_damaged_record_counts_as_none(tmp_path: Path, text: str):
    (tmp_path / "services.json").write_text(text)
    assert state.load(tmp_path) == Services()


def test_a_disk_that_is_too_small_is_named_before_anything_starts(tmp_path: Path):
    with pytest.raises(newsroom.NoSpace, match=r"needs 1048576\.0 GiB.*BROADSHEET_HOME"):
        newsroom.check_space(tmp_path / "home", needed=2**50)
    newsroom.check_space(tmp_path / "home", needed=1)


def test_other_code_is_another_version(tmp_path: Path, monkeypatch):
    (tmp_path / "dags").mkdir()
    file = tmp_path / "dags" / "one.py"
    file.write_text("a = 1\n")
    monkeypatch.setattr(version, "ROOT", tmp_path)
    first = version.digest()
    (tmp_path / "dags" / "__pycache__").mkdir()
    (tmp_path / "dags" / "__pycache__" / "one.pyc").write_bytes(b"compiled")
    assert version.digest() == first
    file.write_text("a = 2\n")
    assert version.digest() != first


def test_only_one_command_at_a_time(tmp_path: Path):
    with state.locked(tmp_path), pytest.raises(BusyError, match="Another"), state.locked(tmp_path):
        pass
    with state.locked(tmp_path):  # free again
        pass


def test_secrets_are_for_this_user_only_and_made_once(tmp_path: Path):
    pair, word = s3.keys(tmp_path), airflow.password(tmp_path)
    assert (s3.keys(tmp_path), airflow.password(tmp_path)) == (pair, word)
    other = tmp_path / "other"
    assert s3.keys(other) != pair
    for path in (tmp_path / "s3.keys.json", tmp_path / "airflow" / "passwords.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def choose(wanted: dict[str, int]) -> dict[str, int]:
    with ports.reserved(wanted) as chosen:
        return chosen


def test_a_taken_port_is_replaced_and_no_port_is_given_twice():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        chosen = choose({"a": taken, "b": 0, "c": 0, "d": 0})
    assert chosen["a"] != taken
    assert len(set(chosen.values())) == 4


def test_a_free_wish_is_granted():
    wish = choose({"a": 0})["a"]
    assert choose({"a": wish, "b": wish})["a"] == wish


def test_the_callers_airflow_settings_do_not_leak_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "True")
    monkeypatch.setenv("AIRFLOW_CONN_BROADSHEET_S3", "aws://elsewhere")
    monkeypatch.setenv("AWS_PROFILE", "work")
    env = airflow.environment(tmp_path, {"airflow": 1, "s3": 2})
    assert env["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert "127.0.0.1:2" in env["AIRFLOW_CONN_BROADSHEET_S3"]
    assert "AWS_PROFILE" not in env
    assert os.environ["AWS_PROFILE"] == "work"


def test_two_newsrooms_that_start_at_once_get_different_ports():
    wish = choose({"a": 0})["a"]
    with ports.reserved({"a": wish, "b": 0}) as first:
        assert first["a"] == wish
        wanted = {"a": wish, "b": first["b"]}
        code = f"from broadsheet.local import ports\nwith ports.reserved({wanted}) as chosen: print(chosen)"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        assert not set(first.values()) & set(ast.literal_eval(other).values())
    assert choose({"a": wish})["a"] == wish
