"""The front door to Gong's CRM API: every record in Gong exactly once, and a word on each line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gong_crm.checking.report import Report, check
    from gong_crm.checking.writing import write_lines
    from gong_crm.feeds import CsvOptions, feed
    from gong_crm.fields import Field
    from gong_crm.findings import Finding, Origin, Severity
    from gong_crm.front import GongCrm
    from gong_crm.front_async import AsyncGongCrm, AsyncIntegration
    from gong_crm.integration import Integration
    from gong_crm.job.job import AsyncJob, Job
    from gong_crm.job.outcome import Outcome, Rejection, TypeOutcome
    from gong_crm.wire.budget import Budget

_HOMES = {
    "AsyncGongCrm": "front_async",
    "AsyncIntegration": "front_async",
    "AsyncJob": "job.job",
    "Budget": "wire.budget",
    "CsvOptions": "feeds",
    "Field": "fields",
    "Finding": "findings",
    "GongCrm": "front",
    "Integration": "integration",
    "Job": "job.job",
    "Origin": "findings",
    "Outcome": "job.outcome",
    "Rejection": "job.outcome",
    "Report": "checking.report",
    "Severity": "findings",
    "TypeOutcome": "job.outcome",
    "check": "checking.report",
    "feed": "feeds",
    "write_lines": "checking.writing",
}
"""Where each public name lives; it is loaded when it is first used, so that importing the package stays quick."""

__all__ = [
    "AsyncGongCrm",
    "AsyncIntegration",
    "AsyncJob",
    "Budget",
    "CsvOptions",
    "Field",
    "Finding",
    "GongCrm",
    "Integration",
    "Job",
    "Origin",
    "Outcome",
    "Rejection",
    "Report",
    "Severity",
    "TypeOutcome",
    "__version__",
    "check",
    "feed",
    "write_lines",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  (any public name)
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  (slow, and rarely asked for)

        return version("gong-crm")
    if name not in _HOMES:
        raise AttributeError(f"module 'gong_crm' has no attribute {name!r}")
    value = getattr(import_module(f"gong_crm.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
