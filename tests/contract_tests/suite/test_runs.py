"""What someone sees who judges a server that is unlucky, hostile, or no CRM API at all."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import httpx
import pytest

from contract_tests.suite.wire.one_run import only_run
from contract_tests.suite.wire.targets import Target, environment_of
from tests.contract_tests.suite import servers

ROOT: Final = Path(__file__).parents[3]
STAGES: Final = "contract_tests/test_refusals.py::test_stages"
TWINS: Final = "contract_tests/test_refusals.py::test_twins_are_accepted"


def judge(target: Target, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Judge a target in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--target", "live", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment_of(target), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def listed(target: Target) -> list[dict[str, Any]]:
    """List what is registered, behind the back of the suite."""
    headers = {"Authorization": target.credentials.authorization or ""}
    entries: list[dict[str, Any]] = httpx.get(f"{target.base_url}/v2/crm/integrations", headers=headers).json()[
        "integrations"
    ]
    return entries


@pytest.mark.parametrize(
    ("trick", "sentence"),
    [
        (servers.sign_in_page, "answers 200 with text/html that is not the list of a CRM API (it is no JSON"),
        (servers.utf_16, "that is not the list of a CRM API (it is not UTF-8"),
        (servers.redirect, "redirects to https://login.example/"),
    ],
)
def test_what_is_no_api_is_said_before_the_first_test(trick: servers.Trick, sentence: str) -> None:
    """A sign-in page ends the run with exit code 4 and one sentence."""
    with servers.served(trick) as (target, _):
        run = judge(target, STAGES)
    assert 4 == run.returncode, run.stdout
    assert sentence in run.stdout
    assert run.stdout.count("\n") < 10


def test_a_server_that_never_ends_an_answer_does_not_hold_the_run() -> None:
    """A byte at a time ends the run in time, clean-up included."""
    with servers.served(servers.drip) as (target, _):
        run = judge(target, STAGES, "--answer-within", "1")
    assert 4 == run.returncode, run.stdout
    assert "it had not ended after 1 seconds" in run.stdout


def test_a_lost_registration_is_taken_up() -> None:
    """One dropped connection at the shared registration costs nothing, and nothing is left behind."""
    trick = servers.Counted(trick=servers.lose_the_answer, method="PUT", calls=lambda number: number == 1)
    with servers.served(trick) as (target, behind):
        run = judge(target, TWINS)
        assert (0, []) == (run.returncode, listed(behind)), run.stdout


def test_a_list_that_cannot_be_read_any_more_leaves_nothing_behind() -> None:
    """What the run has registered is deleted though the list cannot be read, and the run says so."""
    trick = servers.Counted(trick=servers.utf_16, method="GET", path="/integrations", calls=lambda number: number > 2)
    with servers.served(trick) as (target, behind):
        run = judge(target, STAGES)
        assert [] == listed(behind), run.stdout
    assert "answered 200 to the clean-up, and it is not UTF-8" in run.stdout


def test_credentials_that_expire_leave_a_word_behind() -> None:
    """When the clean-up is refused, the integration that stays is named."""
    trick = servers.Counted(trick=expired, calls=lambda number: number > 12)
    with servers.served(trick) as (target, behind):
        run = judge(target, TWINS)
        (left,) = listed(behind)
    assert f"answered 401 to the clean-up, so an integration may be left: {left['integrationId']}" in run.stdout


def test_a_deletion_that_is_not_carried_out_is_said() -> None:
    """When the integration is still listed after its deletion was taken, the run says so and ends with 8."""
    with servers.served(servers.Counted(trick=take_and_do_nothing, method="DELETE")) as (target, behind):
        run = judge(target, TWINS)
        (left,) = listed(behind)
    assert 8 == run.returncode, run.stdout
    assert f"still lists {left['integrationId']} after the clean-up" in run.stdout


def test_a_deletion_whose_status_cannot_be_read_is_waited_for() -> None:
    """When every status comes as a page for people, the clean-up waits until the integration is listed no more."""
    with servers.served(servers.Counted(trick=status_for_people, path="/request-status")) as (target, behind):
        run = judge(target, TWINS)
        assert (1, []) == (run.returncode, listed(behind)), run.stdout


def test_a_server_that_goes_away_is_not_called_broken(tmp_path: Path) -> None:
    """When nobody answers any more the run ends with exit code 6, a paragraph, and a report that says not judged."""
    trick = servers.Counted(trick=servers.drop, calls=lambda number: number > 12)
    with servers.served(trick) as (target, _):
        run = judge(target, TWINS, STAGES, "contract_tests/test_objects.py", "--report", str(tmp_path))
    assert 6 == run.returncode, run.stdout
    assert "clauses: 0 broken" in run.stdout
    assert re.search(r"Not judged: \w+ /v2/crm/\S+ got no answer\n  why  +the connection was", run.stdout)
    assert "httpx" not in run.stdout
    assert "0" == ET.parse(tmp_path / "contract.xml").getroot().get("failures")  # noqa: S314  (our own file)


def test_what_a_server_echoes_is_hidden(tmp_path: Path) -> None:
    """Credentials that come back in any form stand neither in the terminal nor in a file, with locals neither."""
    trick = servers.Counted(trick=servers.echo, path="/v2/crm/stages")
    with servers.served(trick, key="AKIA7Q2ZP4", secret="p4ss/w+rd=Xy12<Zq>&9") as (target, _):
        run = judge(target, STAGES, TWINS, "-l", "-rA", "-vv", "--report", str(tmp_path))
        assert 1 == run.returncode, run.stdout
        shown = run.stdout + run.stderr
        files = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
        assert {"contract.html", "contract.json", "contract.xml"} == files.keys()
        authorization = target.credentials.authorization or ""
        for form in servers.forms_of(authorization.partition(" ")[2]):
            assert form not in shown
            assert not [name for name, text in files.items() if form in text]
    assert "<hidden>" in shown


def test_a_target_behind_a_path_is_judged(tmp_path: Path) -> None:
    """A base URL with a path in front of the API works for every caller, and nothing is left behind."""
    with servers.served(prefix="/some/where") as (target, behind):
        run = judge(target, TWINS, "contract_tests/test_lifecycle.py", "--report", str(tmp_path))
        assert (0, []) == (run.returncode, listed(behind)), run.stdout
    report = json.loads((tmp_path / "contract.json").read_text("utf-8"))
    assert {"target", "at", "version", "commit", "date", "duration", "calls"} <= report["facts"].keys()


def test_an_integration_that_vanishes_is_named_once(tmp_path: Path) -> None:
    """When a refused call deletes the integration, that call is named, and the rest is judged on another one."""
    with servers.served(servers.Counted(trick=delete_all_the_same, method="DELETE", path="not+allowed")) as (target, _):
        run = judge(
            target,
            "contract_tests/test_refusals.py",
            "-k",
            "change_nothing or stages or twins",
            "--report",
            str(tmp_path),
        )
    report = json.loads((tmp_path / "contract.json").read_text("utf-8"))
    assert 1 == run.returncode, run.stdout
    assert ["delete.refused-deletes-nothing"] == [one["clause"] for one in report["breaches"]]
    assert "is not listed any more since this call" in report["breaches"][0]["message"]
    assert 2 >= sum(one["outcome"] == "failed" for one in report["tests"])
    assert "passed" in {one["outcome"] for one in report["tests"][-2:]}


def expired(handler: servers.Handler) -> bool:
    """Take the credentials no longer."""
    handler.reply(401, b'{"requestId": "4jqnz03u5y2oz0ec7lp", "errors": ["expired"]}')
    return True


def status_for_people(handler: servers.Handler) -> bool:
    """Look at a request, and show a page for people."""
    handler.ask()
    return servers.sign_in_page(handler)


def take_and_do_nothing(handler: servers.Handler) -> bool:
    """Say that a deletion was taken, and leave it at that."""
    handler.reply(200, b'{"requestId": "4jqnz03u5y2oz0ec7lp"}')
    return True


def delete_all_the_same(handler: servers.Handler) -> bool:
    """Refuse a deletion, and delete all the same."""
    refused = handler.ask()
    handler.path = handler.path.replace("not+allowed%21", "allowed")
    handler.ask()
    handler.command, handler.path = "GET", handler.path.replace("/integrations", "/request-status")
    for _ in range(4):  # until it is done
        handler.ask()
    handler.reply(refused.status_code, refused.content, {"content-type": "application/json"})
    return True


def test_a_second_run_is_refused() -> None:
    """While one run judges a target, another on the same machine stops with exit code 4 and names it."""
    with servers.served() as (target, _), only_run(target):
        run = judge(target, STAGES)
    assert 4 == run.returncode, run.stdout
    assert f"another run of this suite (process {os.getpid()}) is judging {target.base_url}" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("-n", "2"), 4, "--target live is judged by one process: leave out -n"),
        (("--clause", "status.twenty-eror"), 4, "near it are status.twenty-errors"),
        (("--operation", "uploadCrmEntitie"), 4, "near it are uploadCrmEntities"),
        (("--layer", "line"), 4, "near it are lines"),
        (("-k", "upload_crm_entities"), 7, "deselected"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], code: int, sentence: str) -> None:
    """Workers, unknown names and a choice that judges nothing end with a code and a sentence, without a call."""
    target = Target(name="live", base_url="http://127.0.0.1:9", credentials=servers.NOBODY_THERE, key="k", secret="s")
    run = judge(target, "contract_tests", *arguments)
    assert code == run.returncode, run.stdout + run.stderr
    assert sentence in run.stdout + run.stderr


def test_a_plugin_that_shuffles_tests_changes_nothing(tmp_path: Path) -> None:
    """Tests build on what those before have left on the server, so a user's plugin cannot reorder them."""
    plugin = (
        "import pytest\n"
        "@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_collection_modifyitems(items):\n"
        "    items.reverse()\n"
    )
    (tmp_path / "reversing.py").write_text(plugin, encoding="utf-8")
    modules = ["contract_tests/test_requests.py", "contract_tests/test_lifecycle.py"]
    collect = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *modules]
    plain, shuffled = (
        subprocess.run(
            [*collect, *more],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for more in ((), ("-p", "reversing"))
    )
    assert [line for line in plain if "::" in line] == [line for line in shuffled if "::" in line]
    assert any("test_lifecycle" in line for line in shuffled)
