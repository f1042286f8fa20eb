"""What the walk through an integration looks like on a terminal."""

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
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_row(f"[dim]{call:<28}", f"[{colour}]{status}", escape(said))
    CONSOLE.print(row)


def upload(*, name: str, lines: int, passed: list[str], accepted: int, refused: int) -> None:
    """Tell one upload: its file, the statuses it passed, and how many lines went which way."""
    colour = "yellow" if refused else "green"
    counts = f"[green]{accepted:>5,} ok[/]" + (f"  [red]{refused} refused[/]" if refused else "")
    CONSOLE.print(f"{name:<16}{lines:>6,}  [{colour}]{' → '.join(passed):<30}[/]  {counts}")


def refused_lines(refused: list[tuple[int, str]], *, total: int) -> None:
    """Show the first refused lines with Gong's reason, and say how many there are."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for number, reason in refused[:SHOWN_REFUSALS]:
        table.add_row("   ", f"[red]line {number}", f"[dim]{escape(reason)}")
    if total > SHOWN_REFUSALS:
        told = "" if total <= len(refused) else f"; Gong tells {len(refused)} of {total} at a time"
        table.add_row("", "", f"[dim]… and {total - SHOWN_REFUSALS} more{told}")
    CONSOLE.print(table)


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
    CONSOLE.print(Panel(table, title="A deal that was refused first, as Gong has it now", expand=False))


def ending(*, calls: int, lines: int, refused: int, seconds: float) -> None:
    """Close with the totals."""
    CONSOLE.print()
    CONSOLE.rule("[bold green]Done", align="left", style="dim")
    CONSOLE.print(f"{calls} calls, {lines:,} lines sent, {refused} refused, mended and taken, {seconds:.1f} seconds.")
    CONSOLE.print("[dim]The stand-in is stopped and nothing of it is left.")
