"""What the options of `python3 run.py` mean."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools.console import Problem
from tools.place import Place
from tools.serve import HOST, USUAL_PORT, Options, choose_port, reset, wants_demo

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path):
    found = Place(state=tmp_path / "state", sockets=tmp_path / "sockets", uid=None)
    found.make()
    return found


def test_a_taken_port_that_was_asked_for_is_refused():
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        with pytest.raises(Problem, match="is taken"):
            choose_port(other.getsockname()[1])


def test_a_port_that_cannot_be_is_refused():
    with pytest.raises(Problem, match="70000"):
        choose_port(70000)


def test_the_next_free_port_is_taken_with_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr("tools.serve._is_free", lambda port: port == USUAL_PORT + 2)
    assert choose_port(None) == USUAL_PORT + 2
    assert f"Port {USUAL_PORT} is taken" in capsys.readouterr().out


def test_a_database_begun_without_demo_data_stays_so(place):
    assert wants_demo(place, Options(demo=False)) is False
    assert wants_demo(place, Options(demo=True)) is False


def test_a_demo_stays_a_demo(place):
    assert wants_demo(place, Options(demo=True)) is True
    assert wants_demo(place, Options(demo=False)) is True


def test_reset_deletes_the_servers_data_and_the_uploads(place, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    upload = tmp_path / "var" / "media" / "paper.pdf"
    upload.parent.mkdir(parents=True)
    upload.touch()
    reset(place, tmp_path / "var")
    assert not place.state.exists()
    assert not upload.exists()


def test_reset_never_touches_a_real_database(place, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/liandong")
    with pytest.raises(Problem, match="left alone"):
        reset(place, tmp_path / "var")
    assert place.state.exists()


def test_the_command_line_says_what_it_takes(tmp_path):
    said = subprocess.run([sys.executable, CHECKOUT / "run.py", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    for option in ("--port", "--no-demo", "--reset", "test"):
        assert option in said.stdout


def test_an_unknown_option_is_refused(tmp_path):
    said = subprocess.run([sys.executable, CHECKOUT / "run.py", "--prot", "1"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "--prot" in said.stderr
