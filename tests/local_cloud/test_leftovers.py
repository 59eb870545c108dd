"""What a killed cloud leaves running and on disk is found by the next one."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local_cloud import leftovers
from local_cloud.leftovers import clear_leftovers, end_orphans
from local_cloud.processes import CloudStoppedError, Processes
from local_cloud.sessions import command_line
from local_cloud.state import CloudState
from tests.local_cloud.waiting import end_of_process


def test_an_orphan_in_the_ledger_is_ended_but_a_stranger_with_its_pid_is_not(
    tmp_path: Path,
) -> None:
    processes = Processes(tmp_path / "processes.json")
    child = processes.spawn("task", "sleeper", ["sleep", "60"], environment={}, cwd=tmp_path)
    while not command_line(child.pid).startswith("sleep"):
        pass  # The launcher is about to become the program.
    ledger = (tmp_path / "processes.json").read_text()
    stranger = [{"kind": "task", "name": "stranger", "pid": os.getpid(), "program": "sleep"}]
    orphans = tmp_path / "orphans.json"
    content = json.loads(ledger)
    orphans.write_text(json.dumps({**content, "children": content["children"] + stranger}))

    ended = end_orphans(orphans)

    assert [orphan.name for orphan in ended] == ["sleeper"]
    assert child.wait(10) != 0
    processes.stop()


FORK = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("collected", [True, False], ids=["gone", "zombie"])
def test_what_a_dead_child_of_a_killed_cloud_had_started_is_ended(
    tmp_path: Path, collected: bool
) -> None:
    # Given a child with a child of its own, in the ledger of a cloud
    processes = Processes(tmp_path / "processes.json")
    child = processes.spawn(
        "task",
        "parent",
        [sys.executable, "-c", FORK],
        environment={},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    grandchild = int(child.stdout.readline())

    # When the child dies, as the kernel ends it with the cloud
    os.kill(child.pid, signal.SIGKILL)
    if collected:
        child.wait()
    else:
        end_of_process(child.pid)
    ended = end_orphans(tmp_path / "processes.json")

    # Then the next cloud ends what it had started
    assert [orphan.name for orphan in ended] == ["parent"]
    end_of_process(grandchild)
    child.stdout.close()
    processes.stop()


def test_a_child_that_the_kernel_is_just_ending_is_no_stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a child whose memory is gone already while its session lives on
    processes = Processes(tmp_path / "processes.json")
    child = processes.spawn("task", "dying", ["sleep", "60"], environment={}, cwd=tmp_path)
    monkeypatch.setattr(leftovers, "command_line", lambda _: "")

    ended = end_orphans(tmp_path / "processes.json")

    assert [orphan.name for orphan in ended] == ["dying"]
    assert child.wait(10) != 0
    processes.stop()


def test_what_a_killed_cloud_left_on_disk_is_removed(tmp_path: Path) -> None:
    # Given a cloud's state, with a folder elsewhere
    state = CloudState(tmp_path / "state")
    for name in ("training", "environments", "databases"):
        (state.directory / name / "old").mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    Processes(state.ledger).own_folder(elsewhere)

    # When the next cloud begins, the first not having stopped
    clear_leftovers(state)

    # Then only the directory itself is left
    assert not elsewhere.exists()
    assert list(state.directory.iterdir()) == []


def test_a_stopped_cloud_removes_its_folders_and_starts_nothing(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "processes.json")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    processes.own_folder(folder)

    processes.stop()

    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CloudStoppedError):
        processes.spawn("task", "late", ["sleep", "60"], environment={}, cwd=tmp_path)
