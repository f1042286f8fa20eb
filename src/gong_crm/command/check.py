"""gong-crm check: every line against its rules, without sending."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

from cyclopts import Parameter

from gong_crm.checking.report import check as check_lines
from gong_crm.command.ending import Exit, ending
from gong_crm.command.fields import fields_of, read_field_files
from gong_crm.command.options import Connection, Csv, Output
from gong_crm.command.results import Checked, FindingReported
from gong_crm.command.sources import read_sources
from gong_crm.findings import Finding, Severity
from gong_crm.table import table


def check(  # noqa: PLR0913  (options)
    *sources: str,
    fields: tuple[str, ...] = (),
    ask_gong: Annotated[bool, Parameter(negative="")] = False,
    strict: Annotated[bool, Parameter(negative="")] = False,
    csv: Csv | None = None,
    connection: Connection | None = None,
    output: Output | None = None,
) -> int:
    """Check every line, without sending anything.

    Findings go to standard output, one a line.

    Example: gong-crm check ACCOUNT=accounts.ldjson CONTACT=contacts.csv.gz

    Args:
        sources: TYPE=SOURCE: a file, a pattern, a folder, or - for standard input,
            which holds LDJSON, and CSV when one of the options for it is given.
        fields: TYPE=FILE with the custom fields, as `gong-crm fields list --json` wrote it.
        ask_gong: Ask Gong for the custom fields of the integration.
        strict: Let warnings count: exit 4 for them too.
    """
    csv, connection, output = csv or Csv(), connection or Connection(), output or Output()
    with ending(output) as reporter:
        known = read_field_files(fields)
        wanted = read_sources(sources)
        if ask_gong:
            with connection.open(reporter.on_event) as gong:
                known = {**fields_of(gong, wanted), **known}
        rows, bad = [("type", "lines", "bad", "warnings")], False
        for name, some in wanted.items():
            report = check_lines(
                some,
                name,
                fields=known.get(name, ()),
                legacy=connection.legacy,
                csv=csv.options(),
                strict=strict,
                on_progress=reporter.on_event,
            )
            with closing(report):
                for finding in report:
                    reporter.result(_shown(finding), _reported(name, finding))
            rows.append((name, f"{report.lines:,}", f"{report.errors:,}", f"{report.warnings:,}"))
            bad = bad or not report.ok
            if output.json:
                numbers = {"lines": report.lines, "errors": report.errors, "warnings": report.warnings}
                reporter.result("", Checked(object_type=name, **numbers))
        reporter.note(table(rows))
        return Exit.REJECTED if bad else Exit.ACCEPTED
    return Exit.LOCAL  # pragma: no cover  (for mypy; `ending` swallows nothing)


def _shown(finding: Finding) -> str:
    return f"warning: {finding}" if finding.severity is Severity.WARNING else str(finding)


def _reported(object_type: str, finding: Finding) -> FindingReported:
    return FindingReported(
        object_type=object_type,
        source=finding.origin.source,
        line=finding.origin.line,
        offset=finding.origin.offset,
        severity=str(finding.severity),
        rule=finding.rule,
        member=finding.member,
        object_id=finding.object_id,
        message=finding.message,
        hint=finding.hint,
    )
