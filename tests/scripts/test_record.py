"""The command that records keeps what is sound, and leaves the old recording alone otherwise."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import record
from contract_tests.suite.evidence import recording
from contract_tests.suite.evidence.cassettes import CASSETTES, NO_EVIDENCE, files_in, read_recording, sha256_of
from contract_tests.suite.evidence.replay import SCENARIOS, Scenario, play
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.wire.closed_network import closed_network
from contract_tests.suite.wire.targets import Target, emulator_target, environment_of
from gong_crm_emulator import EmulatorSettings, create_app

ONE = (Scenario(family="current"),)


@pytest.fixture
def one_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record one scenario alone, to be quick."""
    monkeypatch.setattr(record, "record_all", lambda run, into: recording.record_all(run, into=into, scenarios=ONE))


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """A emulator that plays a live server, with its credentials in the environment."""
    with emulator_target() as target:
        for name, value in environment_of(target).items():
            monkeypatch.setenv(name, value)
        yield target


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without credentials."""
    for name in ("GONG_BASE_URL", "GONG_ACCESS_KEY", "GONG_ACCESS_KEY_SECRET", "GONG_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def undated(folder: Path) -> dict[str, str]:
    """Read a folder of cassettes without dates and hashes of the document."""
    changing = re.compile(r"^  (recorded_at|openapi_sha256|client_version): .*$", re.MULTILINE)
    return {path.name: changing.sub("", path.read_text(encoding="utf-8")) for path in files_in(folder)}


@pytest.mark.skipif(httpx.__version__.startswith("0.27"), reason="httpx 0.27 writes JSON bodies with other blanks")
def test_recording_again_changes_nothing_but_the_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fresh recording of the emulator is the committed one: both families, every step."""
    assert 0 == record.main(["--into", str(tmp_path)])
    assert undated(CASSETTES / "emulator") == undated(tmp_path)
    assert sorted(name for one in SCENARIOS for name in one.files()) == sorted(path.name for path in tmp_path.iterdir())
    assert f"18 cassettes in {tmp_path}, 18 of them new or changed" in capsys.readouterr().out


@pytest.mark.usefixtures("one_scenario")
def test_recording_again_touches_only_what_has_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cassette whose exchanges are the same keeps its day and its hash; one that differs is written anew."""
    assert 0 == record.main(["--into", str(tmp_path)])
    first, second = files_in(tmp_path)[:2]
    first.write_text(first.read_text("utf-8").replace("recorded_at: '20", "recorded_at: '19"), "utf-8")
    second.write_text(second.read_text("utf-8").replace("code: 200", "code: 299"), "utf-8")
    kept, changed = first.read_bytes(), second.read_bytes()
    assert 0 == record.main(["--into", str(tmp_path)])
    assert kept == first.read_bytes()
    assert "1 of them new or changed" in capsys.readouterr().out.splitlines()[-1]
    assert changed != second.read_bytes()


@pytest.mark.usefixtures("one_scenario")
def test_metadata_says_what_a_recording_is(tmp_path: Path) -> None:
    """Target, day, hash of the document, client and the warning stand in each cassette."""
    assert 0 == record.main(["--into", str(tmp_path)])
    metadata = read_recording(files_in(tmp_path)[0]).metadata
    assert ("emulator", NO_EVIDENCE, sha256_of()) == (metadata.recorded_from, metadata.about, metadata.openapi_sha256)
    assert ("0.1.0", "recorded") == (metadata.client_version, metadata.run_name)


@pytest.mark.usefixtures("one_scenario", "emulator")
def test_a_live_recording_is_called_live(tmp_path: Path) -> None:
    """What a server at a URL has answered says so, and names its run anew each time."""
    assert 0 == record.main(["--target", "live", "--into", str(tmp_path)])
    metadata = read_recording(files_in(tmp_path)[0]).metadata
    assert "live" == metadata.recorded_from
    assert NO_EVIDENCE != metadata.about
    assert re.fullmatch(r"recorded-[0-9a-f]{8}", metadata.run_name)


@pytest.mark.usefixtures("one_scenario", "emulator")
def test_a_recording_with_a_token_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded live with a bearer token is played without it, and shows none."""
    for name in ("GONG_ACCESS_KEY", "GONG_ACCESS_KEY_SECRET"):
        monkeypatch.delenv(name)
    assert 0 == record.main(["--target", "live", "--into", str(tmp_path)])
    exchanges = [one for path in files_in(tmp_path) for one in read_recording(path).interactions]
    assert {"Bearer scrubbed"} == {one.request_headers["authorization"] for one in exchanges}
    with closed_network():
        play(ONE[0], mode="async", contract=Contract(clauses=read_clauses(), document=Document()), folder=tmp_path)


def test_a_family_that_is_not_served_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows whether Gong still serves the older paths, so a recording goes without them where they are gone."""
    with emulator_target(app=create_app(EmulatorSettings(legacy_paths=False))) as target:
        for name, value in environment_of(target).items():
            monkeypatch.setenv(name, value)
        assert 0 == record.main(["--target", "live", "--into", str(tmp_path)])
    current = (name for one in SCENARIOS if one.family == "current" for name in one.files())
    assert sorted(current) == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.usefixtures("no_environment")
def test_a_live_recording_needs_credentials(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without credentials nothing is recorded, and the sentence says what to set."""
    assert 1 == record.main(["--target", "live", "--into", str(tmp_path)])
    assert "Nothing was recorded: no credentials: set GONG_ACCESS_KEY" in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


@pytest.mark.usefixtures("one_scenario")
@pytest.mark.parametrize(("check", "expected"), [("shown_in", "would show"), ("faults_of", "does not obey")])
def test_an_unsound_recording_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], check: str, expected: str
) -> None:
    """A secret or an exchange that does not obey the document leaves the old recording as it was."""
    old = Path(shutil.copy(files_in(CASSETTES / "emulator")[0], tmp_path / "old.yaml"))
    monkeypatch.setattr(recording, check, lambda *_, **__: ["something"])
    assert 1 == record.main(["--into", str(tmp_path)])
    assert expected in capsys.readouterr().err
    assert [old] == list(tmp_path.iterdir())


@pytest.mark.usefixtures("one_scenario")
def test_an_integration_of_somebody_else_is_left_alone(
    tmp_path: Path, emulator: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server with an integration that we did not make is not recorded."""
    headers = {"Authorization": emulator.credentials.authorization or ""}
    body = {"name": "Acme", "ownerEmail": "jane@example.com"}
    httpx.put(f"{emulator.base_url}/v2/crm/integrations", json=body, headers=headers).raise_for_status()
    assert 1 == record.main(["--target", "live", "--into", str(tmp_path)])
    assert "which this suite did not create; nothing was touched" in capsys.readouterr().err
