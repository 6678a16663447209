"""The Python environment of a checkout: made once, brought up to date after a change."""

import importlib.util
import shutil

import pytest

from tools.console import Problem
from tools.environment import OFFLINE_WHEELS, Environment


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)  # without uv, as on a fresh machine
    folder = tmp_path / "联动 演示"
    (folder / OFFLINE_WHEELS).mkdir(parents=True)  # nothing is asked of a network
    (folder / "requirements.txt").write_text("# nothing\n")
    return folder


def test_a_python_that_cannot_make_environments_is_told_what_to_install(checkout, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name))
    with pytest.raises(Problem, match="apt install python3-venv"):
        Environment(checkout).install()


@pytest.mark.slow
def test_an_environment_is_made_once_and_filled_again_only_after_a_change(checkout, capsys):
    environment = Environment(checkout)
    environment.install()
    assert environment.python.exists()
    assert "requirements.txt" in capsys.readouterr().out

    environment.install()
    assert capsys.readouterr().out == ""

    (checkout / "requirements.txt").write_text("not-in-the-bundle==1.0\n")
    with pytest.raises(Problem, match=r"(?s)requirements\.txt failed.*not-in-the-bundle"):
        environment.install()
