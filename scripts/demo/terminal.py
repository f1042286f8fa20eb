"""What the lifecycle of an integration looks like on a terminal."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Column, Table

BAR_WIDTH = 32
SHOWN_REFUSALS = 2
CONSOLE = Console(highlight=False)


def opening(url: str, files: list[tuple[str, Path, int]]) -> None:
    """Show the files of the export and where they go."""
    table = Table("object type", "file", Column("lines", justify="right"), Column("bytes", justify="right"), box=None)
    for object_type, path, lines in files:
        table.add_row(object_type, path.name, f"{lines:,}", f"{path.stat().st_size:,}")
    CONSOLE.print(
        Panel(table, title="[bold]A CRM export meets Gong's CRM API", subtitle=f"emulator at {url}", expand=False)
    )


def heading(title: str, about: str) -> None:
    """Begin a part of the lifecycle."""
    CONSOLE.print()
    CONSOLE.rule(f"[bold]{title}[/] [dim]{about}", align="left", style="dim")


def step(call: str, status: int, outcome: str) -> None:
    """Show one call, its status and its outcome."""
    colour = "green" if status < HTTPStatus.BAD_REQUEST else "yellow"
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_row(f"[dim]{call:<28}", f"[{colour}]{status}", escape(outcome))
    CONSOLE.print(row)


def upload(*, name: str, lines: int, passed: list[str], accepted: int, refused: int) -> None:
    """Show one upload: its file, each status it passed, and how many lines were accepted and refused."""
    colour = "yellow" if refused else "green"
    counts = f"[green]{accepted:>5,} ok[/]" + (f"  [red]{refused} refused[/]" if refused else "")
    CONSOLE.print(f"{name:<16}{lines:>6,}  [{colour}]{' → '.join(passed):<30}[/]  {counts}")


def refused_lines(refused: list[tuple[int, str]], *, total: int) -> None:
    """Show the first refused lines with their reasons, and how many there are."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for number, reason in refused[:SHOWN_REFUSALS]:
        table.add_row("   ", f"[red]line {number}", f"[dim]{escape(reason)}")
    if total > SHOWN_REFUSALS:
        reported = "" if total <= len(refused) else f"; Gong reports {len(refused)} of {total} at a time"
        table.add_row("", "", f"[dim]… and {total - SHOWN_REFUSALS} more{reported}")
    CONSOLE.print(table)


def deal_board(amounts: Mapping[str, float]) -> None:
    """Draw the total amount of the deals in each stage."""
    widest = max(amounts.values()) or 1
    table = Table("stage", "", Column("amount", justify="right"), box=None, header_style="dim")
    for name, amount in amounts.items():
        bar = "█" * round(BAR_WIDTH * amount / widest)
        table.add_row(name, f"[cyan]{bar}", f"{amount:,.0f}")
    CONSOLE.print(Panel(table, title="Deal board", expand=False))


def one_object(members: Mapping[str, Any]) -> None:
    """Show one object as the server keeps it."""
    table = Table(box=None, show_header=False)
    for name, value in members.items():
        table.add_row(f"[dim]{escape(name)}", escape(str(value)))
    CONSOLE.print(Panel(table, title="A deal that was refused first, as the server has it now", expand=False))


def ending(*, calls: int, lines: int, refused: int, seconds: float) -> None:
    """Print the totals."""
    CONSOLE.print()
    CONSOLE.rule("[bold green]Done", align="left", style="dim")
    CONSOLE.print(
        f"{calls} calls, {lines:,} lines sent, {refused} refused, corrected and accepted, {seconds:.1f} seconds."
    )
    CONSOLE.print("[dim]The emulator has stopped and left nothing behind.")
