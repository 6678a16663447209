"""What is installed is pinned, and names no host."""

import json
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_python_package_is_pinned(name):
    lines = [line for line in (CHECKOUT / name).read_text().splitlines() if line and not line.startswith(("#", "-r "))]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9-]+(\[[a-z,]+\])?==[0-9][0-9a-z.]*", line)] == []


def test_the_lock_file_names_versions_and_digests_but_no_registry():
    lock = json.loads((CHECKOUT / "package-lock.json").read_text())
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert packages
    assert [path for path, package in packages.items() if "resolved" in package] == []
    assert [path for path, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def test_front_end_packages_are_pinned_exactly():
    wanted = json.loads((CHECKOUT / "package.json").read_text())["dependencies"]
    assert [version for version in wanted.values() if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version)] == []


def test_every_dependency_has_its_reason_written_down():
    reasons = (CHECKOUT / "docs" / "decisions" / "0002-dependencies.md").read_text()
    python = [
        re.split(r"[=\[]", line)[0]
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (CHECKOUT / name).read_text().splitlines()
        if "==" in line
    ]
    front_end = json.loads((CHECKOUT / "package.json").read_text())["dependencies"]
    assert [name for name in [*python, *front_end] if f"`{name}`" not in reasons] == []


def test_the_environment_file_lists_every_setting_that_is_read():
    read = set()
    for path in (CHECKOUT / "config").glob("*.py"):
        read |= set(re.findall(r'environment\.(?:text|flag|words)\(\s*"([A-Z_]+)"', path.read_text()))
    for_development = {"LIANDONG_DEBUG", "LIANDONG_EMBEDDED", "LIANDONG_TESTING"}
    listed = set(re.findall(r"^#?([A-Z_]+)=", (CHECKOUT / "deploy" / "liandong.env.example").read_text(), re.MULTILINE))
    assert read
    assert read - for_development - listed == set()
