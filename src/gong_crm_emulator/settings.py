"""Every switch of the emulator with its default."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from gong_crm_emulator.hosts import read_name
from gong_crm_emulator.principals import Principal, seeded_principals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Processing = Literal["at-once", "polls", "time", "by-hand"]

_WORDS: Final[dict[str, tuple[object, ...]]] = {
    "processing": get_args(Processing),
    "too_large_status": (400, 413),
    "unknown_id_status": (400, 404),
    "empty_list_status": (200, 404),
    "update": ("replace", "merge"),
    "deals_wait": ("legacy", "always", "never"),
}
_WHOLE: Final = ("pending_polls", "in_progress_polls", "rate_per_day", "max_file_bytes", "max_line_bytes")
_LEAST: Final = {"pending_polls": 0, "in_progress_polls": 0}
_SECONDS: Final = ("pending_seconds", "in_progress_seconds", "main_seconds")
_ABOVE_ZERO: Final = ("rate_per_second", "idle_seconds")
_LEAST_ABOVE_ZERO: Final = 1e-6
"""What is nearer to zero makes waits that no clock can hold."""


@dataclass(frozen=True, kw_only=True)
class EmulatorSettings:
    """How the emulator behaves where Gong is slow, limited or undocumented.

    The defaults suit tests: asynchronous work advances by polls, no rate limit, everything in memory.
    docs/emulator-differences.md says which reading (C-n) or unknown (U-n) each switch belongs to.

    Attributes:
        processing: What moves a request from PENDING to IN_PROGRESS to its end: `at-once` (the first poll sees the
            end), `polls` (counted status calls), `time` (the clock), `by-hand` (the control API).
        pending_polls: Polls answered PENDING, in mode `polls`.
        in_progress_polls: Polls answered IN_PROGRESS after those, in mode `polls`.
        pending_seconds: Seconds of the clock spent PENDING, in mode `time`.
        in_progress_seconds: Seconds of the clock spent IN_PROGRESS after those, in mode `time`.
        main_seconds: Seconds of the clock between the end of an upload and its objects being readable, in every mode.
        frozen: Whether the clock stands still until it is stepped.
        rate_per_second: Calls a second for the whole company, or None for no limit.
        rate_per_day: Calls a day for the whole company, or None for no limit.
        max_file_bytes: Largest data file accepted, in bytes.
        max_line_bytes: Longest line read as a record, in bytes; a longer one is a line error.
        too_large_status: Status for a data file above the limit.
        unknown_id_status: Status for an unknown integration or client request id.
        empty_list_status: Status of the integration list when none is registered.
        update: Whether an uploaded line replaces the stored object or is merged into it.
        deals_wait: Which deals stay in raw storage until their account exists and their owner is mapped:
            those uploaded on a legacy path, all, or none.
        gong_users: E-mail addresses that belong to Gong users, or None when every address does.
        strict_object_ids: Whether "_" is refused in object ids, as the text says.
        strict_order: Whether an unsorted file or a repeated object is a line error.
        list_standard_fields: Whether the schema list shows the Gong-defined fields too.
        show_defaults: Whether documented defaults appear in objects read back.
        query_ids: Whether ids in the query of the read operation are understood when no body comes.
        legacy_paths: Whether the legacy family is served.
        keys_have_scopes: Whether Basic keys are held to their scopes as bearer tokens are.
        allow_hosts: Host names, beyond those of this machine, under which the API and OAuth answer.
        control: Whether `/_emulator/` is served.
        control_hosts: Host names, beyond loopback addresses, under which `/_emulator/` answers, and the API too.
        idle_seconds: Longest silence of a caller within one request, in seconds, before the connection is closed.
        principals: Who may call, by name.
        oauth_client_id: Id of the one registered OAuth app.
        oauth_client_secret: Its secret.
        oauth_redirects: Addresses, beyond loopback ones, to which codes may be sent.
        public_url: Address given to OAuth clients, or None for the one they called.
        data: SQLite file that keeps the state, or None for a temporary one.
        seed_file: JSON file with the state to start with when there is none, and after a reset.
        seed: Seed of request ids and integration ids, or None for ids that never come twice.
    """

    processing: Processing = "polls"
    pending_polls: int = 1
    in_progress_polls: int = 1
    pending_seconds: float = 0.5
    in_progress_seconds: float = 0.5
    main_seconds: float = 0.0
    frozen: bool = False
    rate_per_second: float | None = None
    rate_per_day: int | None = None
    max_file_bytes: int = 200_000_000
    max_line_bytes: int = 4_000_000
    too_large_status: Literal[400, 413] = 400
    unknown_id_status: Literal[400, 404] = 400
    empty_list_status: Literal[200, 404] = 200
    update: Literal["replace", "merge"] = "replace"
    deals_wait: Literal["legacy", "always", "never"] = "legacy"
    gong_users: frozenset[str] | None = None
    strict_object_ids: bool = False
    strict_order: bool = False
    list_standard_fields: bool = False
    show_defaults: bool = True
    query_ids: bool = False
    legacy_paths: bool = True
    keys_have_scopes: bool = True
    allow_hosts: frozenset[str] = frozenset()
    control: bool = True
    control_hosts: frozenset[str] = frozenset()
    idle_seconds: float = 30.0
    principals: Mapping[str, Principal] = field(default_factory=seeded_principals)
    oauth_client_id: str = "client-emulator"
    oauth_client_secret: str = "secret-client-emulator"  # noqa: S105  (printed in the documentation, no secret)
    oauth_redirects: frozenset[str] = frozenset()
    public_url: str | None = None
    data: Path | None = None
    seed_file: Path | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            ValueError: If a switch has such a value; the sentence says what it may have.
        """
        for name, known in _WORDS.items():
            if getattr(self, name) not in known:
                words = ", ".join(str(word) for word in known)
                raise ValueError(f"{name} must be one of {words}, not {getattr(self, name)!r}")
        for name in _WHOLE:
            value = getattr(self, name)
            if value is not None and not (_is_number(value, int) and value >= _LEAST.get(name, 1)):
                raise ValueError(f"{name} must be a whole number from {_LEAST.get(name, 1)}, not {value!r}")
        for name in _SECONDS:
            if not (_is_number(getattr(self, name), int, float) and getattr(self, name) >= 0):
                raise ValueError(f"{name} must be a number of seconds from 0, not {getattr(self, name)!r}")
        for name in _ABOVE_ZERO:
            value = getattr(self, name)
            if value is not None and not (_is_number(value, int, float) and value >= _LEAST_ABOVE_ZERO):
                raise ValueError(f"{name} must be a number above 0 (from {_LEAST_ABOVE_ZERO:f}), not {value!r}")
        self._read_names()
        self._check_principals()

    def _read_names(self) -> None:
        for name, read in (("allow_hosts", read_name), ("control_hosts", read_name), ("gong_users", str.lower)):
            value = getattr(self, name)
            if name == "gong_users" and value is None:
                continue
            if not isinstance(value, set | frozenset | list | tuple) or not all(isinstance(one, str) for one in value):
                raise ValueError(f"{name} must be a set of texts, not {value!r}")
            object.__setattr__(self, name, frozenset(map(read, value)))

    def _check_principals(self) -> None:
        if not self.principals:
            raise ValueError("principals must name at least one caller")
        for name, one in self.principals.items():
            texts = (name, one.access_key, one.access_key_secret, one.access_token)
            if not all(text and text.isprintable() for text in texts):
                raise ValueError(f"principal {name!r} must have a name and credentials of printable characters")
        for member in ("access_key", "access_token"):
            if len({getattr(one, member) for one in self.principals.values()}) < len(self.principals):
                raise ValueError(f"principals must not share an {member}")


def _is_number(value: object, *types: type) -> bool:
    return type(value) in types and math.isfinite(cast("float", value))
