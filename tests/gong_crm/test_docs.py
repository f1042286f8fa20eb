"""Every block of the pages about pushing runs, twice, and is well typed."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from gong_crm import GongCrm
from gong_crm.wire.budget import CallBudget
from gong_crm_emulator import RunningEmulator
from tests.gong_crm.records import account, write

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("push", "nightly-sync", "rejects", "custom-fields")
PAGE = "\n".join((DOCS / f"{name}.md").read_text(encoding="utf-8") for name in PAGES)
BLOCKS = re.findall(r"(?ms)^```python\n(.*?)^```", PAGE)
COUNTED = re.compile(r"\d[\d,]*$")


@pytest.fixture
def page(gong_emulator: RunningEmulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with the files that the page speaks of, and an emulator where it says."""
    caller = gong_emulator.principals["admin"]
    monkeypatch.setenv("GONG_BASE_URL", gong_emulator.url)
    monkeypatch.setenv("GONG_ACCESS_KEY", caller.access_key)
    monkeypatch.setenv("GONG_ACCESS_KEY_SECRET", caller.access_key_secret)
    monkeypatch.setattr(CallBudget, "reserve", lambda _: 0.0)
    monkeypatch.chdir(tmp_path)
    database = sqlite3.connect("crm.db")
    database.executescript("""
        CREATE TABLE accounts (id, changed, name);
        CREATE TABLE contacts (id, changed, account, mail);
        INSERT INTO accounts VALUES ('a7', '2026-11-22T08:00:00Z', 'Dawn'), ('a8', '2026-11-22T09:00:00Z', NULL);
        INSERT INTO contacts VALUES ('c7', '2026-11-22T08:00:00Z', 'a7', 'dee@dawn.example');
    """)
    database.close()
    (tmp_path / "contacts.csv").write_text(
        "objectId,modifiedDate,emailAddress\nc1,2026-11-22T08:00:00Z,ann@acme.com\nc2,31.12.2026,bob@acme.com\n"
    )
    (tmp_path / "exports").mkdir()
    write(tmp_path / "exports" / "one.ldjson", [account(11)])
    return tmp_path


def test_the_page_runs_and_runs_again(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each block does what the page says, also for those who paste it a second time."""
    for _ in range(2):
        for number, block in enumerate(BLOCKS):
            exec(compile(block, f"block {number} of {PAGES}", "exec"), {"__name__": "docs"})  # noqa: S102  (the page is ours)
        printed = capsys.readouterr().out
        table = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)
        assert table is not None
        shown = [[COUNTED.sub("", cell) for cell in line.split()] for line in table[1].splitlines()]
        printed_rows = [[COUNTED.sub("", cell) for cell in line.split()] for line in printed.splitlines()]
        assert all(cells in printed_rows for cells in shown)
    with GongCrm.from_env(journal="state") as gong:
        integration = gong.integration()
        assert integration is not None
        assert [] == gong.jobs()
        everybody = {"ACCOUNT": ["a1", "a2", "a7", "a8", "a11"], "CONTACT": ["c1", "c2", "c7"], "DEAL": ["d1"]}
        for name, ids in everybody.items():
            assert None not in integration.read(name, ids).values()
    assert (page / "state" / "synced").exists()


def test_the_page_is_well_typed(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Each block passes mypy in strict mode, as those who copy it may have it."""
    pytest.importorskip("mypy")
    assert pytestconfig.cache is not None
    for number, block in enumerate(BLOCKS):
        (tmp_path / f"block_{number}.py").write_text(block, encoding="utf-8")
    run = subprocess.run(
        # pandas has its types in a package of its own, which not everybody has.
        [
            *(sys.executable, "-m", "mypy", "--strict", "--disable-error-code", "import-untyped"),
            *("--cache-dir", str(pytestconfig.cache.mkdir("mypy")), str(tmp_path)),  # what it learned of others stays
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == run.stderr
    assert 0 == run.returncode, run.stdout
