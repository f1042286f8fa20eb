"""What the walk through an integration looks like on a terminal."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from rich.columns import Columns
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Column, Table
from rich.text import Text

BAR_WIDTH = 32
SHOWN_REFUSALS = 5
CONSOLE = Console(highlight=False)


def opening(url: str, files: list[tuple[str, Path, int]]) -> None:
    """Say what is about to happen, and with which files."""
    table = Table("object type", "file", Column("lines", justify="right"), Column("bytes", justify="right"), box=None)
    for object_type, path, lines in files:
        table.add_row(object_type, path.name, f"{lines:,}", f"{path.stat().st_size:,}")
    CONSOLE.print(
        Panel(table, title="[bold]A CRM export meets Gong's CRM API", subtitle=f"stand-in at {url}", expand=False)
    )


def chapter(title: str, about: str) -> None:
    """Open a chapter of the walk."""
    CONSOLE.print()
    CONSOLE.rule(f"[bold]{title}[/] [dim]{about}", align="left", style="dim")


def step(call: str, status: int, said: str) -> None:
    """Tell one call and what came of it."""
    colour = "green" if status < HTTPStatus.BAD_REQUEST else "yellow"
    CONSOLE.print(f"[dim]{call:<28}[/] [{colour}]{status}[/]  {escape(said)}")


def upload(*, name: str, lines: int, passed: list[str], accepted: int, refused: int) -> None:
    """Tell one upload: its file, the statuses it passed, and how many lines went which way."""
    colour = "yellow" if refused else "green"
    counts = f"[green]{accepted:>5,} accepted[/]" + (f"  [red]{refused} refused[/]" if refused else "")
    CONSOLE.print(f"{name:<26} {lines:>5,} lines  [{colour}]{' → '.join(passed):<32}[/] {counts}")


def refused_lines(refused: list[tuple[int, str, str]], *, total: int) -> None:
    """Show the first refused lines with Gong's reason and their text."""
    table = Table("line", "reason", "text", box=None, padding=(0, 2, 0, 4), header_style="dim")
    for number, reason, text in refused[:SHOWN_REFUSALS]:
        table.add_row(f"[red]{number}", escape(reason), Text(text[:48] + "…", style="dim", no_wrap=True))
    CONSOLE.print(table)
    untold = "" if total <= len(refused) else f"; Gong tells {len(refused)} of {total} at a time"
    if total > SHOWN_REFUSALS:
        CONSOLE.print(f"    [dim]… and {total - SHOWN_REFUSALS} more{untold}[/]")


def deal_board(amounts: Mapping[str, float]) -> None:
    """Draw the amount of the deals in each stage."""
    widest = max(amounts.values()) or 1
    table = Table("stage", "", Column("amount", justify="right"), box=None, header_style="dim")
    for name, amount in amounts.items():
        bar = "█" * round(BAR_WIDTH * amount / widest)
        table.add_row(name, f"[cyan]{bar}", f"{amount:,.0f}")
    CONSOLE.print(Panel(table, title="Deal board", expand=False))


def one_object(members: Mapping[str, Any]) -> None:
    """Show one object as Gong keeps it."""
    table = Table(box=None, show_header=False)
    for name, value in members.items():
        table.add_row(f"[dim]{escape(name)}", escape(str(value)))
    CONSOLE.print(Columns([Panel(table, title=escape(str(members.get("objectId", "?"))), expand=False)]))


def ending(*, calls: int, lines: int, seconds: float) -> None:
    """Close with the totals."""
    CONSOLE.print()
    CONSOLE.rule("[bold green]Done", align="left", style="dim")
    CONSOLE.print(
        f"{calls} calls, {lines:,} lines sent, {seconds:.1f} seconds; the stand-in is gone, and nothing is left."
    )
