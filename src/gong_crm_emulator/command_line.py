"""The options of the command."""

from __future__ import annotations

import argparse
import difflib
import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from gong_crm_emulator import options as kinds
from gong_crm_emulator.errors import OptionError
from gong_crm_emulator.principals import SCOPES, Principal, principal_named, seeded_principals
from gong_crm_emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

_CREDENTIALS: Final = ("access_key", "access_key_secret", "access_token")
_PORT: Final = 8080


@dataclass(frozen=True, kw_only=True)
class CommandLine:
    """What the command was asked to do.

    Attributes:
        host: Address to listen on.
        port: Port to listen on, 0 for a free one.
        settings: The switches.
        command: The command to run against the emulator, empty for none.
    """

    host: str
    port: int
    settings: EmulatorSettings
    command: tuple[str, ...]


class _Parser(argparse.ArgumentParser):
    """A parser that answers a mistake with one sentence, and a misspelt option with the near one."""

    def error(self, message: str) -> NoReturn:
        unknown = message.partition("unrecognized arguments: ")[2].split()
        sentence = message.removeprefix("argument ")
        if unknown:
            known = [option for action in self._actions for option in action.option_strings]
            near = difflib.get_close_matches(unknown[0].partition("=")[0], known, n=1)
            sentence = f"there is no option {unknown[0]}" + (f", did you mean {near[0]}?" if near else "")
        raise OptionError(f"{sentence.rstrip('.?')}{'?' if sentence.endswith('?') else '.'} --help lists the options.")


def read_command_line(arguments: Sequence[str]) -> CommandLine:
    """Read the command line.

    Raises:
        OptionError: If an option cannot be followed.
    """
    own, command = _split(list(arguments))
    options = _parser().parse_args(own)
    port = options.port if options.port is not None else 0 if command else _PORT
    try:
        settings = _settings(options)
    except ValueError as problem:
        raise OptionError(f"{problem}.") from problem
    return CommandLine(host=options.host, port=port, settings=settings, command=tuple(command))


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Part the options from the command that follows `--`."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    if place == len(arguments) - 1:
        raise OptionError("After -- comes the command to run, as in: gong-crm-emulator -- pytest.")
    return arguments[:place], arguments[place + 1 :]


def _settings(options: argparse.Namespace) -> EmulatorSettings:
    limited = options.rate is not None
    timed = options.processing == "time"
    return EmulatorSettings(
        processing=options.processing,
        pending_polls=options.pending_polls,
        in_progress_polls=options.in_progress_polls,
        pending_seconds=options.pending_seconds,
        in_progress_seconds=options.in_progress_seconds,
        main_seconds=options.main_seconds if options.main_seconds is not None else 2.0 if timed else 0.0,
        frozen=options.frozen,
        rate_per_second=options.rate,
        rate_per_day=options.rate_per_day if limited else None,
        too_large_status=options.too_large_status,
        unknown_id_status=options.unknown_id_status,
        empty_list_status=options.empty_list_status,
        update=options.update,
        deals_wait=options.deals_wait,
        gong_users=frozenset(options.gong_user) if options.gong_user else None,
        strict_object_ids=options.strict_object_ids,
        strict_order=options.strict_order,
        list_standard_fields=options.list_standard_fields,
        show_defaults=not options.no_defaults,
        query_ids=options.query_ids,
        legacy_paths=not options.no_legacy_paths,
        keys_have_scopes=not options.keys_without_scopes,
        allow_hosts=frozenset(options.allow_host),
        control=not options.no_control,
        control_hosts=frozenset(options.control_host),
        principals=_principals(options),
        oauth_redirects=frozenset(options.oauth_redirect),
        public_url=options.public_url,
        data=options.data,
        seed_file=options.seed_file,
        seed=options.seed,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gong-crm-emulator",
        usage="gong-crm-emulator [options] [-- COMMAND ...]",
        description="An emulator of Gong's generic CRM API. With a COMMAND it starts, runs it with GONG_BASE_URL,"
        " GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET in its environment, stops, and hands on its exit code.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"gong-crm-emulator {_version()}")
    _add_serving(parser.add_argument_group("where it serves and what it keeps"))
    _add_time(parser.add_argument_group("time and limits"))
    _add_access(parser.add_argument_group("who may call"))
    _add_choices(parser.add_argument_group("what no source settles, see docs/emulator-differences.md"))
    return parser


def _version() -> str:
    try:
        return version("gong-crm")
    except PackageNotFoundError:
        return "(not installed)"


def _add_serving(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--host", default="127.0.0.1", help='address to listen on, "" for every one')
    group.add_argument("--port", type=kinds.port, help=f"port, 0 for a free one; {_PORT}, or a free one for a COMMAND")
    group.add_argument("--data", type=Path, help="SQLite file that keeps the state; without it all is forgotten")
    group.add_argument("--seed-file", type=Path, help="JSON file with the state to start with")
    group.add_argument("--seed", type=kinds.whole, help="number under which ids repeat; without it no id comes twice")
    group.add_argument("--allow-host", action="append", default=[], type=kinds.host, help="host name of the API")
    group.add_argument(
        "--control-host",
        action="append",
        default=[],
        type=kinds.host,
        help="host name under which other machines reach /_emulator/ and the API",
    )
    group.add_argument("--no-control", action="store_true", help="do not serve /_emulator/")
    group.add_argument("--public-url", type=kinds.url, help="address given to OAuth clients")


def _add_time(group: argparse._ArgumentGroup) -> None:
    modes = ("at-once", "polls", "time", "by-hand")
    group.add_argument("--processing", choices=modes, default="time", help="what moves asynchronous requests on")
    group.add_argument("--pending-polls", type=kinds.count, default=1, help="polls answered PENDING, in mode polls")
    group.add_argument(
        "--in-progress-polls", type=kinds.count, default=1, help="polls answered IN_PROGRESS, in mode polls"
    )
    group.add_argument("--pending-seconds", type=kinds.seconds, default=1.0, help="seconds PENDING, in mode time")
    group.add_argument(
        "--in-progress-seconds", type=kinds.seconds, default=1.0, help="seconds IN_PROGRESS, in mode time"
    )
    group.add_argument(
        "--main-seconds", type=kinds.seconds, help="seconds from DONE until objects can be read; 2 in mode time, else 0"
    )
    group.add_argument("--frozen", action="store_true", help="let the clock stand still until it is stepped")
    group.add_argument("--rate", type=kinds.rate, default="3", help="calls a second for the company, or off")
    group.add_argument("--rate-per-day", type=kinds.positive, default=10_000, help="calls a day for the company")


def _add_access(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--principals", type=Path, help="JSON file of principals, in the place of the seeded ones")
    group.add_argument("--key", action="append", default=[], metavar="KEY:SECRET", help="a further key, all scopes")
    group.add_argument(
        "--token", action="append", default=[], type=kinds.token, help="a further bearer token, all scopes"
    )
    group.add_argument(
        "--oauth-redirect",
        action="append",
        default=[],
        type=kinds.url,
        metavar="URI",
        help="an address, beside those of this machine, to which codes may be sent",
    )
    group.add_argument("--keys-without-scopes", action="store_true", help="hold only bearer tokens to scopes")


def _add_choices(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--unknown-id-status", type=int, choices=(400, 404), default=400, help="unknown ids")
    group.add_argument("--too-large-status", type=int, choices=(400, 413), default=400, help="file above 200 MB")
    group.add_argument("--empty-list-status", type=int, choices=(200, 404), default=200, help="no integration")
    group.add_argument("--update", choices=("replace", "merge"), default="replace", help="what an update does")
    group.add_argument(
        "--deals-wait", choices=("legacy", "always", "never"), default="legacy", help="for account and owner"
    )
    group.add_argument(
        "--gong-user",
        action="append",
        default=[],
        type=kinds.text,
        metavar="EMAIL",
        help="a Gong user; without any, all are",
    )
    for name, words in (
        ("strict-object-ids", "refuse _ in object ids"),
        ("strict-order", "refuse unsorted files and repeated objects"),
        ("list-standard-fields", "list Gong-defined fields too"),
        ("no-defaults", "do not show documented defaults"),
        ("query-ids", "take ids from the query too"),
        ("no-legacy-paths", "serve the current family only"),
    ):
        group.add_argument(f"--{name}", action="store_true", help=words)


def _principals(options: argparse.Namespace) -> dict[str, Principal]:
    named = read_principals(options.principals) if options.principals else seeded_principals()
    every = frozenset(SCOPES)
    for text in options.key:
        key, colon, secret = text.partition(":")
        if not (key and colon and secret):
            raise OptionError(f"--key must be KEY:SECRET, not {text!r}.")
        blank = principal_named(key, scopes=every)
        named[key] = Principal(access_key=key, access_key_secret=secret, access_token=blank.access_token, scopes=every)
    for token in options.token:
        blank = principal_named(token, scopes=every)
        named[token] = Principal(
            access_key=blank.access_key,
            access_key_secret=blank.access_key_secret,
            access_token=token,
            scopes=every,
        )
    return named


def read_principals(path: Path) -> dict[str, Principal]:
    """Read a JSON file of principals: name to access_key, access_key_secret, access_token and scopes.

    Raises:
        OptionError: If the file cannot be read or a principal is wrong.
    """
    try:
        record = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as problem:
        raise OptionError(f"The file of principals cannot be read: {problem}.") from problem
    except (ValueError, RecursionError) as problem:
        raise OptionError(f"The file of principals {path} is not valid JSON: {problem}.") from problem
    if not isinstance(record, dict) or not record:
        raise OptionError(f"The file of principals {path} must hold a JSON object of principals by name.")
    return {name: _principal(name, one) for name, one in record.items()}


def _principal(name: str, record: Any) -> Principal:  # noqa: ANN401  (any JSON)
    if not isinstance(record, dict) or not all(
        isinstance(record.get(member), str) and record[member] for member in _CREDENTIALS
    ):
        raise OptionError(f"Principal {name!r} needs {', '.join(_CREDENTIALS)}, each a text that is not empty.")
    if ":" in record["access_key"]:
        raise OptionError(f"The access_key of principal {name!r} has a colon, where Basic authentication ends it.")
    scopes = record.get("scopes", [])
    wrong = [scope for scope in scopes if scope not in SCOPES] if isinstance(scopes, list) else [scopes]
    if wrong:
        raise OptionError(f"Principal {name!r} has no such scope as {wrong[0]!r}: choose from {', '.join(SCOPES)}.")
    credentials = {member: record[member] for member in _CREDENTIALS}
    return Principal(**credentials, scopes=frozenset(scopes))
