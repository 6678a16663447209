"""Where the embedded servers keep their files."""

import os
from pathlib import Path

import pytest

from tools import place as places
from tools.console import Problem
from tools.only_one import AlreadyRunning, only_one
from tools.place import LONGEST_SOCKET_FOLDER, Place, place_of
from tools.portal import variables
from tools.servers import Addresses, addresses


def test_sockets_stay_short_and_plain_for_a_long_chinese_path(monkeypatch):
    checkout = Path("/") / ("很长的 文件夹" * 20) / "联动"
    for uid in (0, 1000):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        sockets = str(place_of(checkout, "test-4194304").sockets)
        assert sockets.isascii()
        assert " " not in sockets
        assert len(sockets) <= LONGEST_SOCKET_FOLDER


def test_root_keeps_the_servers_outside_the_checkout(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    found = place_of(Path("/root/liandong"))
    assert found.uid == places.SERVICE_UID
    assert found.state.is_relative_to(places.ROOT_STATE)


def test_another_user_keeps_them_in_the_checkout(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    found = place_of(Path("/home/a/liandong"))
    assert found.uid is None
    assert found.state == Path("/home/a/liandong/var/servers")


def test_two_checkouts_never_share_servers():
    assert place_of(Path("/a")).sockets != place_of(Path("/b")).sockets


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sockets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="belongs to another user"):
        Place(state=tmp_path / "state", sockets=tmp_path / "sockets", uid=None).make()


def test_a_second_run_is_told_where_the_first_one_is(tmp_path):
    lock = tmp_path / "run.lock"
    with only_one(lock, refusal="Already running.") as note:
        note.write_text("http://127.0.0.1:8000/")
        with (
            pytest.raises(AlreadyRunning, match=r"^Already running\. http://127\.0\.0\.1:8000/$"),
            only_one(lock, refusal="Already running."),
        ):
            pass
    with only_one(lock, refusal="Already running."):
        pass


def test_real_servers_are_used_where_they_are_named(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/liandong")
    monkeypatch.setenv("REDIS_URL", "redis://broker/0")
    assert addresses(place_of(Path("/a"))) == Addresses("postgresql://db/liandong", "redis://broker/0", embedded=False)


def test_a_real_database_is_never_marked_as_embedded(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANDONG_EMBEDDED", "1")
    env = variables(tmp_path, Addresses("postgresql://db/liandong", "redis://broker/0", embedded=False))
    assert "LIANDONG_EMBEDDED" not in env


def test_the_secret_key_is_made_once_and_private(tmp_path, monkeypatch):
    monkeypatch.delenv("LIANDONG_SECRET_KEY", raising=False)
    found = Addresses("postgresql://", "redis://", embedded=True)
    first, second = variables(tmp_path, found), variables(tmp_path, found)
    assert first["LIANDONG_SECRET_KEY"] == second["LIANDONG_SECRET_KEY"]
    assert len(first["LIANDONG_SECRET_KEY"]) >= 50
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o077 == 0
