"""The command: what it prints, its exit codes, and how it meets the signals of a process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from gong_crm.command.__main__ import main
from gong_crm_emulator import RunningEmulator
from tests.gong_crm.command.conftest import COMMAND, Run
from tests.gong_crm.records import account, contact, write

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))


def events(run: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """Read the events of a run with --json, and see that each is as published and that nothing else was said."""
    assert "" == run.stderr
    found = [json.loads(line) for line in run.stdout.splitlines()]
    for event in found:
        jsonschema.validate(event, SCHEMA)
    return found


@pytest.mark.usefixtures("registered")
def test_nothing_but_accepted_lines_is_exit_0(process: Run, tmp_path: Path) -> None:
    """A push whose lines are all accepted ends with 0 and a table."""
    write(tmp_path / "accounts.ldjson", [account(1)])
    pushed = process("push", "ACCOUNT=accounts.ldjson")
    assert (0, "") == (pushed.returncode, pushed.stderr)
    assert ["ACCOUNT", "1", "1", "0", "0"] == pushed.stdout.splitlines()[1].split()[:5]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["push", "ACCOUNT"], "say TYPE=SOURCE, such as CONTACT=contacts.csv, not 'ACCOUNT'"),
        (["push", "ACOUNT=x"], "did you mean ACCOUNT?"),
        (["push"], "there is no source"),
        (["check", "ACCOUNT=nowhere.csv"], "there is no file 'nowhere.csv'"),
        (["pus"], 'Did you mean "push"'),
        (["push", "--agian", "ACCOUNT=x"], "Unknown option: --agian. Did you mean --again? See: gong-crm push --help"),
        (["push", "--\x1b[31m"], r"Unknown option: --\x1b[31m"),
        (["push", "ACCOUNT=x", "--empty", "omit", "--empty", "null"], "--empty specified multiple times"),
        (["push", "ACCOUNT=x", "--max-errors", "-1"], "Must be >= 0"),
        (["push", "ACCOUNT=x", "--deadline", "nan"], "Must be > 0"),
        (["get", "CONTACT"], "give the ids of the objects"),
        (["status", "--rejects", "out"], "--rejects is of one job"),
        (["push", "ACCOUNT=x", "--max-errors", "many"], "many"),
        (["resume", "no-token"], "this is no token of a job"),
        (["whoami", "--base-url", "gong"], "must look like https://"),
        (["whoami", "--credentials", "nowhere"], "the credentials nowhere cannot be read"),
        (["check", "ACCOUNT=a.ldjson", "--fields", "ACCOUNT"], "--fields takes TYPE=FILE"),
        (["whoami", "--calls-per-day", "0"], "per_day must be a positive number"),
        (["fields", "put", "ACCOUNT", "nowhere.json"], "nowhere.json cannot be read"),
    ],
)
@pytest.mark.usefixtures("registered")
def test_a_mistake_is_exit_1_and_a_sentence(run: Run, arguments: list[str], sentence: str) -> None:
    """What cannot be is reported in at most three lines, and as an event with --json."""
    plain = run(*arguments)
    assert 1 == plain.returncode
    assert sentence in plain.stderr
    assert (True, "") == (len(plain.stderr.splitlines()) <= 3, plain.stdout)
    (event,) = events(run(*arguments, "--json"))
    assert ("error", 1) == (event["event"], event["exit"])


def test_a_refusal_is_exit_2_with_gongs_words(process: Run) -> None:
    """Wrong credentials, and a Gong that is not there, end with 2 and what to do."""
    refused = process("whoami", env={"GONG_ACCESS_KEY_SECRET": "another"})
    assert 2 == refused.returncode
    assert "Validate credentials failed" in refused.stderr
    assert "check the access key and its secret" in refused.stderr
    assert "Gong's request id" in refused.stderr
    away = process("whoami", "--json", env={"GONG_BASE_URL": "http://127.0.0.1:9"})
    assert 2 == away.returncode
    assert "UnreachableError" == events(away)[-1]["type"]


def test_without_an_integration_the_way_to_one_is_named(run: Run, tmp_path: Path) -> None:
    """A list of none and a push to none both name the command that registers one."""
    write(tmp_path / "accounts.ldjson", [account(1)])
    listed, pushed = run("integrations"), run("push", "ACCOUNT=accounts.ldjson")
    assert (0, 2) == (listed.returncode, pushed.returncode)
    assert ["gong-crm register NAME OWNER_EMAIL"] * 2 == [
        one.stderr.strip().partition("make one: ")[2] for one in (listed, pushed)
    ]


@pytest.mark.usefixtures("registered")
def test_the_integration_is_listed(run: Run) -> None:
    """The one integration has a line below the header."""
    assert "Acme CRM" in run("integrations").stdout.splitlines()[1]


@pytest.mark.usefixtures("registered")
def test_too_many_bad_lines_are_exit_3(process: Run, tmp_path: Path) -> None:
    """With more bad lines than --max-errors nothing is sent."""
    write(tmp_path / "accounts.ldjson", [account(1), b"{}"])
    assert 3 == process("push", "ACCOUNT=accounts.ldjson", "--max-errors", "0").returncode
    assert '{"a1": null}\n' == process("get", "ACCOUNT", "a1").stdout


@pytest.mark.usefixtures("registered")
def test_rejected_lines_are_exit_4_and_can_be_had_again(process: Run, tmp_path: Path) -> None:
    """Rejected lines end with 4, a table, the rules and the reject file; `status` gives them all again."""
    source = write(tmp_path / "accounts.ldjson", [account(1), b'{"objectId": "a2"}'])
    pushed = process("push", "ACCOUNT=accounts.ldjson")
    assert 4 == pushed.returncode
    assert "rejected: " in pushed.stdout
    assert "1 x ACCOUNT modifiedDate is missing; every ACCOUNT needs it; first accounts.ldjson:2" in pushed.stderr
    again = process("push", "ACCOUNT=accounts.ldjson", "--json")
    assert 4 == again.returncode
    outcome = events(again)[-1]
    assert ("outcome", 1) == (outcome["event"], outcome["types"][0]["rejected"])
    status = process("status", outcome["token"], "--rejects", "out.ldjson")
    assert 4 == status.returncode
    assert source.read_bytes().splitlines()[1] == (tmp_path / "out.ldjson").read_bytes().rstrip()


def test_check_needs_no_network_and_prints_findings(run: Run, tmp_path: Path) -> None:
    """Findings go to standard output, a line each, a summary to standard error; warnings count when strict."""
    write(tmp_path / "accounts.ldjson", [account(1, colour="red"), b"{"])
    away = {"GONG_BASE_URL": "http://127.0.0.1:9"}
    checked = run("check", "ACCOUNT=accounts.ldjson", env=away)
    assert 4 == checked.returncode
    assert {"warning", "accounts.ldjson"} == {line.split(":")[0] for line in checked.stdout.splitlines()}
    assert ["ACCOUNT", "2", "1", "1"] == checked.stderr.splitlines()[-1].split()
    found = events(run("check", "ACCOUNT=accounts.ldjson", "--json", env=away))
    assert ["finding", "finding", "checking", "checked"] == [event["event"] for event in found]
    write(tmp_path / "accounts.ldjson", [account(1, colour="red")])
    assert 0 == run("check", "ACCOUNT=accounts.ldjson", env=away).returncode
    assert 4 == run("check", "ACCOUNT=accounts.ldjson", "--strict", env=away).returncode


@pytest.mark.usefixtures("registered")
def test_fields_are_described_listed_and_checked_with(run: Run, tmp_path: Path) -> None:
    """Fields go up from a file, are listed for people, for `check` and as a header, and go when that is said."""
    tier = {"uniqueName": "tier", "label": "Tier", "type": "PICKLIST", "orderedValueList": ["A", "B"]}
    (tmp_path / "fields.json").write_text(json.dumps([tier]))
    assert "tier: added\n" == run("fields", "put", "ACCOUNT", "fields.json").stdout
    assert ["tier", "Tier", "PICKLIST", "A,", "B"] == run("fields", "list", "ACCOUNT").stdout.splitlines()[1].split()
    assert "objectId,modifiedDate,domains,isDeleted,name,tier,url\n" == run("fields", "list", "ACCOUNT", "--csv").stdout
    (tmp_path / "listed.json").write_text(run("fields", "list", "ACCOUNT", "--json").stdout)
    write(tmp_path / "accounts.ldjson", [account(1, tier="C")])
    checked = run("check", "ACCOUNT=accounts.ldjson", "--fields", "ACCOUNT=listed.json")
    assert 4 == checked.returncode
    assert "tier" in checked.stdout
    assert checked.stdout == run("check", "ACCOUNT=accounts.ldjson", "--ask-gong").stdout
    kept = run("fields", "put", "ACCOUNT", "--remove", "tier")
    assert (1, True) == (kept.returncode, "would lose the values of tier" in kept.stderr)
    gone = events(run("fields", "put", "ACCOUNT", "--remove", "tier", "--allow-loss", "--json"))
    assert ["tier"] == gone[0]["removed"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is no JSON array of fields"),
        ("[1]", "is no JSON array of fields"),
        ('{"columns": []}', "is no JSON array of fields"),
        ("[" + " " * 20_000_000 + "]", "is too large to hold fields"),
    ],
)
def test_a_file_that_holds_no_fields_is_refused(run: Run, tmp_path: Path, text: str, sentence: str) -> None:
    """Whatever is no array of fields is named as such, whole or cut off."""
    (tmp_path / "fields.json").write_text(text)
    write(tmp_path / "accounts.ldjson", [account(1)])
    refused = run("check", "ACCOUNT=accounts.ldjson", "--fields", "ACCOUNT=fields.json")
    assert (1, True) == (refused.returncode, sentence in refused.stderr)


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_detaches_and_the_printed_command_goes_on(
    environment: dict[str, str], run: Run, gong_emulator: RunningEmulator, tmp_path: Path, sign: signal.Signals
) -> None:
    """Ctrl-C, or the end of a service, ends with 130 and prints the command that goes on; that ends the job."""
    write(tmp_path / "accounts.ldjson", [account(1)])
    write(tmp_path / "contacts.ldjson", [contact(1)])
    pending = {"kind": "answer", "status": 200, "body": {"requestId": "a", "status": "PENDING"}, "times": 10_000}
    gong_emulator.faults.add("getCrmRequestStatus", pending)
    pushing = subprocess.Popen(
        [*COMMAND, "push", "ACCOUNT=accounts.ldjson", "CONTACT=contacts.ldjson", "--calls-per-second", "1000"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not gong_emulator.faults.control("GET", "faults")["plans"][0]["faults"][0]["met"]:
        time.sleep(0.05)
    pushing.send_signal(sign)
    _, said = pushing.communicate(timeout=60)
    assert 130 == pushing.returncode
    gong_emulator.faults.clear()
    assert "detached" in said
    resume = said.partition("go on with: gong-crm ")[2].split()
    finished = run(*resume)
    assert (0, "") == (finished.returncode, finished.stderr)
    assert {"a1", "c1"} == {
        name
        for kind, name in (("ACCOUNT", "a1"), ("CONTACT", "c1"))
        if f'"{name}": null' not in run("get", kind, name).stdout
    }


@pytest.mark.usefixtures("registered")
def test_a_push_that_does_not_wait_prints_its_token(run: Run, tmp_path: Path) -> None:
    """A token is all that standard output has, for a script to keep."""
    write(tmp_path / "accounts.ldjson", [account(1)])
    token = run("push", "ACCOUNT=accounts.ldjson", "--no-wait").stdout.strip()
    assert token in run("status").stdout
    assert 0 == run("resume", token).returncode
    assert "no job is unfinished\n" == run("status").stderr


@pytest.mark.usefixtures("registered")
def test_a_dry_run_sends_nothing(run: Run, tmp_path: Path) -> None:
    """The plan is shown, and nothing is sent."""
    write(tmp_path / "accounts.ldjson", [account(1)])
    planned = run("push", "ACCOUNT=accounts.ldjson", "--dry-run")
    assert 0 == planned.returncode
    assert "about 6 calls" in planned.stdout
    assert '{"a1": null}\n' == run("get", "ACCOUNT", "a1").stdout


@pytest.mark.usefixtures("registered")
def test_csv_is_read_as_the_options_say(run: Run, tmp_path: Path) -> None:
    """Columns are mapped, and naive times get a zone."""
    (tmp_path / "contacts.csv").write_text("Id|Changed|firstName\nc1|2026-01-02 03:04:05|Ann\n")
    options = [
        "--delimiter",
        "|",
        "--map",
        "Id=objectId",
        "--map",
        "Changed=modifiedDate",
        "--timezone",
        "Europe/Berlin",
    ]
    assert 0 == run("push", "CONTACT=contacts.csv", *options).returncode
    assert "2026-01-02T03:04:05+01:00" in run("get", "CONTACT", "c1").stdout
    assert 1 == run("push", "CONTACT=contacts.csv", "--map", "Id").returncode


@pytest.mark.usefixtures("registered")
def test_deleting_asks_for_the_name(run: Run) -> None:
    """Another name deletes nothing; --yes does not ask."""
    asked = run("delete", input="no\n")
    assert (1, True) == (asked.returncode, "nothing was deleted" in asked.stderr)
    assert "Acme CRM is gone\n" == run("delete", input="Acme CRM\n").stdout
    assert "" == run("integrations").stdout
    assert 0 == run("register", "Again", "ops@acme.example").returncode
    assert "Again is gone\n" == run("delete", "--yes").stdout


def test_credentials_come_from_a_file_that_only_its_owner_reads(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    """A file of variables takes the place of the environment; one that others can read is refused."""
    names = ("GONG_ACCESS_KEY", "GONG_ACCESS_KEY_SECRET")
    path = tmp_path / "gong.env"
    path.write_text("# ours\n\n" + "".join(f"export {name}='{environment[name]}'\n" for name in names))
    path.chmod(0o600)
    bare = dict.fromkeys(names, "")
    assert 1 == run("whoami", env=bare).returncode
    assert 0 == run("whoami", "--credentials", "gong.env", env=bare).returncode
    path.chmod(0o644)
    refused = run("whoami", "--credentials", "gong.env", env=bare)
    assert (1, True) == (refused.returncode, "others can read gong.env; say: chmod 600 gong.env" in refused.stderr)
    path.chmod(0o600)
    path.write_text("PASSWORD=hush-hush\n")
    wrong = run("whoami", "--credentials", "gong.env", env=bare)
    assert (1, False) == (wrong.returncode, "hush-hush" in wrong.stderr)


def test_a_debugged_error_shows_no_secret(run: Run) -> None:
    """--debug adds the traceback, and no credential is in it."""
    shown = run("whoami", "--debug", env={"GONG_ACCESS_KEY_SECRET": "hush-hush"})
    assert "Traceback" in shown.stderr
    assert "hush-hush" not in shown.stderr


def test_a_broken_installation_is_no_missing_extra(tmp_path: Path, environment: dict[str, str]) -> None:
    """When a package of the extra lacks one of its own, that one is named by Python."""
    (tmp_path / "cyclopts.py").write_text("raise ModuleNotFoundError('no attrs', name='attrs')\n")
    broken = subprocess.run(
        [*COMMAND, "whoami"],
        env=environment | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (1, True) == (broken.returncode, broken.stderr.endswith("ModuleNotFoundError: no attrs\n"))


@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_a_signal_ends_the_emulator_as_a_subcommand(
    environment: dict[str, str], send: Callable[[int, signal.Signals], None]
) -> None:
    """A signal to the command, or Ctrl-C, which reaches both processes, lets the emulator end by itself, with 0."""
    process = subprocess.Popen(
        [*COMMAND, "emulator", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert httpx.get(process.stdout.readline().split()[-1]).is_client_error  # it serves, and nobody has called yet
    send(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (0, "") == (process.returncode, said)


def test_without_a_home_the_journal_must_be_named(process: Run, tmp_path: Path) -> None:
    """A cron without HOME gets a place for the journal, or a sentence."""
    found = process("whoami", "--journal", "state", env={"XDG_STATE_HOME": "", "HOME": ""})
    assert 0 == found.returncode
    assert (tmp_path / "state" / "journal.db").exists()


def test_the_demo_tells_the_whole_tour(run: Run) -> None:
    """The tour ends well: everything that was rejected is corrected, accepted and read back."""
    toured = run("demo", "--no-stay")
    assert 0 == toured.returncode, toured.stderr
    assert "620 of 620 ACCOUNT, 1,540 of 1,540 CONTACT, 810 of 810 DEAL, 430 of 430 LEAD" in toured.stdout
    assert "6 of 6 files were accepted before" in toured.stdout


def test_the_emulator_is_a_subcommand(process: Run) -> None:
    """`gong-crm emulator` is gong-crm-emulator."""
    assert 0 == process("emulator", "--version").returncode


@pytest.mark.parametrize(
    "name", ["check", "push", "status", "resume", "register", "integrations", "whoami", "delete", "get"]
)
def test_each_help_has_an_example_that_parses(run: Run, name: str) -> None:
    """Each help has an example, whose options exist."""
    shown = " ".join(run(name, "--help").stdout.split())
    example = shown.partition("Example: gong-crm ")[2]
    assert example.startswith(name)


def test_the_page_and_the_schema_are_what_the_command_says() -> None:
    """docs/cli.md and docs/events.schema.json are written by a script."""
    script = [sys.executable, str(ROOT / "scripts" / "command_docs.py"), "--check"]
    checked = subprocess.run(script, capture_output=True, text=True, check=False)
    assert (0, "") == (checked.returncode, checked.stderr)


def test_without_the_extra_one_sentence_says_so(tmp_path: Path) -> None:
    """A base install answers with what to install."""
    (tmp_path / "cyclopts.py").write_text("raise ModuleNotFoundError('no', name='cyclopts')\n")
    bare = subprocess.run(
        [sys.executable, "-m", "gong_crm.command", "whoami"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (1, "gong-crm: the command needs its extra: python -m pip install 'gong-crm[cli]'\n") == (
        bare.returncode,
        bare.stderr,
    )


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("arguments", [["check", "ACCOUNT=a.ldjson", "--ask-gong"], ["push", "ACCOUNT=a.ldjson"]])
def test_evidence_is_reported_at_the_end(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    """Whatever calls Gong says where it differs, as an event too, and refuses to write over a file."""
    write(tmp_path / "a.ldjson", [account(1)])
    printed = events(run(*arguments, "--json", "--evidence", "e.yaml"))
    (found,) = (one for one in printed if one["event"] == "evidence")
    assert [] == found["differences"]
    assert 0 < found["exchanges"]
    assert found["exchanges"] == (tmp_path / "e.yaml").read_text(encoding="utf-8").count("\n- {")
    again = run(*arguments, "--evidence", "e.yaml")
    assert (1, True) == (again.returncode, "is there already; name a file that is not" in again.stderr)


def test_an_interruption_at_the_start_is_silent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C before the command has begun ends with 130 too, without a traceback."""

    def interrupted(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("gong_crm.command.app.run", interrupted)
    assert 130 == main(["--version"])
    assert ("", "\n") == capsys.readouterr()
