"""gong-crm demo and emulator: the two-minute tour, and an emulator to go on with."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from gong_crm.checking.report import check
from gong_crm.command.demo_export import CUSTOM_FIELDS, write_export
from gong_crm.command.ending import ending
from gong_crm.command.fields import field_of
from gong_crm.command.options import Output
from gong_crm.command.results import DemoStep
from gong_crm.errors import SetupError
from gong_crm.front import GongCrm
from gong_crm.table import table
from gong_crm.wire.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gong_crm.command.demo_export import ExportedFile
    from gong_crm.command.reporter import Reporter
    from gong_crm.integration import Integration
    from gong_crm.job.job import Job

_SHOWN: Final = 3
_QUICK: Final = (
    *("--port", "0", "--rate", "off", "--pending-seconds", "0.1", "--in-progress-seconds", "0.1"),
    *("--main-seconds", "0"),
)


def demo(*, stay: bool | None = None, output: Output | None = None) -> int:
    """Take the two-minute tour: an emulator, an export with bad lines, a push, corrections, a second night.

    Example: gong-crm demo --no-stay

    Args:
        stay: Keep the emulator at the end, to look around; the default on a terminal.
    """
    output = output or Output()
    started = time.perf_counter()
    with ending(output) as reporter, tempfile.TemporaryDirectory() as folder, _emulator() as url:
        here = Path(folder)
        export = write_export(here)
        _say(reporter, "An emulator of Gong", f"{url}, and what it holds is shown at {url}/_emulator/")
        rows = [("type", "lines", "bytes")]
        rows += [(one.object_type, f"{len(one.valid):,}", f"{one.path.stat().st_size:,}") for one in export]
        _say(reporter, "A CRM export, with the faults that exports have", table(rows))
        with GongCrm(
            base_url=url,
            access_token="token-admin",  # noqa: S106  (the emulator's own)
            journal=here / "state",
            budget=Budget(per_second=None, per_day=None),
            on_event=reporter.on_event,
        ) as gong:
            _tour(reporter, gong, export)
            reporter.note(f"\nall of this in {time.perf_counter() - started:.1f} s")
            if stay if stay is not None else sys.stdin.isatty() and sys.stderr.isatty() and not output.json:
                _stay(url)
            else:
                integration = gong.integration()
                assert integration is not None  # noqa: S101  (registered above)
                integration.delete()
                _say(reporter, "Delete", "the integration is gone, and everything in it")
    return 0


def _tour(reporter: Reporter, gong: GongCrm, export: list[ExportedFile]) -> None:
    integration = gong.register(name="Acme CRM", owner_email="ops@acme.example")
    _say(reporter, "Register", f"a company has one integration: {integration.name}, {integration.id}")
    for name, listed in CUSTOM_FIELDS.items():
        integration.describe_fields(name, [field_of(one) for one in listed])
    names = ", ".join(str(one["uniqueName"]) for listed in CUSTOM_FIELDS.values() for one in listed)
    _say(reporter, "Custom fields", names)
    _check(reporter, integration, export)
    sources = {one.object_type: one.path for one in export}
    job = integration.push(sources)
    _say(reporter, "Push: each record once, in the order that Gong asks for", str(job.outcome))
    corrected = _corrected(export, job)
    again = integration.push(corrected)
    _say(reporter, "Correct the rejected lines, and push them", str(again.outcome))
    found = [_found(integration, one) for one in export if one.object_type in CUSTOM_FIELDS]
    _say(reporter, "Read back", ", ".join(found))
    second = integration.push(sources)
    _say(reporter, "The same push again, as every night", str(second.outcome).partition("\nrejected")[0])


def _check(reporter: Reporter, integration: Integration, export: list[ExportedFile]) -> None:
    findings, lines = [], 0
    for one in export:
        fields = integration.fields(one.object_type) if one.object_type in CUSTOM_FIELDS else ()
        report = check(one.path, one.object_type, fields=fields)
        findings += [str(finding).replace(f"{one.path.parent}/", "") for finding in report]
        lines += report.lines
    more = f"\nand {len(findings) - _SHOWN} more" if len(findings) > _SHOWN else ""
    text = "\n".join(findings[:_SHOWN]) + more
    _say(reporter, f"Check {lines:,} lines before anything is sent; Gong would tell 20 errors a file", text)


def _corrected(export: list[ExportedFile], job: Job) -> dict[str, Path]:
    """Write each rejected line as it should have been."""
    numbers: dict[str, list[int]] = {}
    for one in job.outcome.rejections():
        numbers.setdefault(one.object_type, []).append(one.origin.line)
    return {
        one.object_type: one.with_lines(
            [one.valid[number - 1] for number in dict.fromkeys(numbers[one.object_type])], name="corrected"
        ).path
        for one in export
        if one.object_type in numbers
    }


def _found(integration: Integration, exported: ExportedFile) -> str:
    ids = [str(line["objectId"]) for line in exported.valid]
    read = integration.read(exported.object_type, ids)
    return f"{sum(value is not None for value in read.values()):,} of {len(ids):,} {exported.object_type}"


def _say(reporter: Reporter, title: str, text: str) -> None:
    reporter.result(f"\n{title}\n{'-' * len(title)}\n{text}", DemoStep(title=title, text=text))


def _stay(url: str) -> None:
    sys.stderr.write(f"\nLook around at {url}/_emulator/ and stop it with Ctrl-C.\n")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        sys.stderr.write("\n")


@contextmanager
def _emulator() -> Iterator[str]:
    """Run an emulator as a process of its own; gives its address.

    Raises:
        SetupError: If it does not start.
    """
    command = [sys.executable, "-m", "gong_crm_emulator", *_QUICK]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  (ours)
    assert process.stdout is not None  # noqa: S101  (piped)
    assert process.stderr is not None  # noqa: S101  (piped)
    try:
        ready = process.stdout.readline()
        if "://" not in ready:
            said = process.stderr.read().strip().splitlines()
            raise SetupError(f"the emulator does not start: {said[-1] if said else 'it says nothing'}")
        yield ready.split()[-1]
    finally:
        process.terminate()
        process.communicate()


def emulator(*arguments: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> int:
    """Run the emulator of Gong; `gong-crm-emulator --help` lists its options.

    Example: gong-crm emulator --port 8080

    Args:
        arguments: Options of gong-crm-emulator.
    """
    with subprocess.Popen([sys.executable, "-m", "gong_crm_emulator", *arguments]) as process:  # noqa: S603  (ours)
        try:
            return process.wait()
        except KeyboardInterrupt:
            # Ctrl-C reached the emulator too; `subprocess.run` would kill it after a quarter of a second.
            with suppress(subprocess.TimeoutExpired):
                return process.wait(timeout=2)
            process.terminate()  # a signal to this process alone did not
            return process.wait()
