"""Child processes: none is left behind, whatever happens to us."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.console import Problem
from tools.processes import birth_of, must_finish, spawn, stop, wait_until
from tools.supervisor import Service, Supervisor, end_survivors

CHECKOUT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
]


def gone(pid: int) -> bool:
    return wait_until(lambda: birth_of(pid) is None, seconds=10)


def test_a_process_that_ignores_the_request_is_killed(tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = spawn(STUBBORN, cwd=tmp_path, output=output)
    assert wait_until(lambda: log.read_text() == "up\n", seconds=10)

    stop(process, signal.SIGTERM, patience=0.2)

    assert process.returncode == -signal.SIGKILL


def test_children_of_a_stopped_process_go_with_it(tmp_path):
    note = tmp_path / "pid"
    program = (
        f"import subprocess, time; child = subprocess.Popen({SLEEP!r}); open({str(note)!r}, 'w').write(str(child.pid)); time.sleep(600)"
    )
    process = spawn([sys.executable, "-c", program], cwd=tmp_path)
    assert wait_until(lambda: note.exists() and note.read_text() != "", seconds=10)

    stop(process, signal.SIGTERM, patience=5)

    assert gone(int(note.read_text()))


def test_a_child_dies_with_a_supervisor_that_was_killed(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from tools.processes import spawn;"
        f"print(spawn({SLEEP!r}, cwd=Path('/')).pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=CHECKOUT, stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        assert birth_of(child) is not None
        parent.kill()

    assert gone(child)


def test_a_following_start_ends_what_a_killed_run_left(tmp_path):
    register = tmp_path / "children.json"
    supervisor = Supervisor(register)
    supervisor.start(Service("sleeper", tuple(SLEEP), tmp_path / "log", tmp_path))
    process = supervisor.running[0].process

    end_survivors(register)

    assert process.wait(10) == -signal.SIGTERM
    assert not register.exists()


def test_a_later_process_with_a_recycled_pid_is_left_alone(tmp_path):
    process = spawn(SLEEP, cwd=tmp_path)
    register = tmp_path / "children.json"
    register.write_text(f'[{{"name": "x", "pid": {process.pid}, "birth": "0", "signal": 15, "patience": 1}}]')

    end_survivors(register)

    assert process.poll() is None
    stop(process, signal.SIGTERM, patience=5)


def test_a_service_that_dies_is_started_again(tmp_path):
    log = tmp_path / "log"
    with Supervisor(tmp_path / "children.json") as supervisor:
        supervisor.start(Service("sleeper", tuple(SLEEP), log, tmp_path))
        first = supervisor.running[0].process
        first.kill()
        first.wait()
        supervisor.revive()
        second = supervisor.running[0].process
        assert second.pid != first.pid
        assert second.poll() is None
    assert second.returncode == -signal.SIGTERM


def test_a_service_that_keeps_dying_stops_the_run_with_its_last_words(tmp_path):
    service = Service("broken", (sys.executable, "-c", "print('no such table')"), tmp_path / "log", tmp_path)
    with Supervisor(tmp_path / "children.json") as supervisor, pytest.raises(Problem, match="no such table"):
        supervisor.start(service)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            supervisor.revive()


def test_a_service_that_never_gets_ready_is_named(tmp_path):
    service = Service("broken", (sys.executable, "-c", "print('bad setting')"), tmp_path / "log", tmp_path, ready=lambda process: False)
    with Supervisor(tmp_path / "children.json") as supervisor, pytest.raises(Problem, match=r"(?s)broken did not start.*bad setting"):
        supervisor.start(service, seconds=10)


def test_services_stop_in_reverse_order(tmp_path):
    order = tmp_path / "order"
    program = (
        "import signal, sys, time\n"
        "def leave(*_):\n"
        "    open(sys.argv[1], 'a').write(sys.argv[2]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave); open(sys.argv[1] + sys.argv[2], 'w'); time.sleep(600)\n"
    )
    with Supervisor(tmp_path / "children.json") as supervisor:
        for name in ("a", "b", "c"):
            command = (sys.executable, "-c", program, str(order), name)
            mark = Path(f"{order}{name}")
            supervisor.start(Service(name, command, tmp_path / name, tmp_path, ready=lambda process, mark=mark: mark.exists()))

    assert order.read_text() == "cba"


def test_a_failing_command_shows_the_end_of_what_it_printed(tmp_path):
    with pytest.raises(Problem, match=r"(?s)Installing failed \(exit code 3\).*no route to host"):
        must_finish(
            [sys.executable, "-c", "print('no route to host'); raise SystemExit(3)"],
            cwd=tmp_path,
            log=tmp_path / "log",
            what="Installing",
        )


def test_this_very_process_has_a_birth_mark():
    assert birth_of(os.getpid()) == birth_of(os.getpid()) is not None
