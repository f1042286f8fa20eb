"""No secret anywhere: not in texts, logs, tracebacks, pickles, events, or the journal's bytes."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import pickle
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

from gong_crm import AsyncGongCrm, Budget, GongCrm
from gong_crm.errors import AuthenticationError, GongCrmError, SetupError
from gong_crm_emulator import SCOPES, EmulatorSettings, Principal, RunningEmulator, running_emulator
from tests.gong_crm.faults.harness.pushing import NAME, OWNER, TIER, result
from tests.gong_crm.faults.harness.tables import LIST, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.gong_crm.faults.harness.pushing import Inputs

KEY: Final = "PLANTEDKEY7Q"
SECRET: Final = "planted/secret+9Zz=="
TOKEN: Final = "planted.token-5x~Y"
_BASIC: Final = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
FORMS: Final = {
    "key": (KEY, SECRET, _BASIC, _BASIC.rstrip("="), quote(SECRET, safe="")),
    "token": (TOKEN,),
}
"""What each way of giving credentials must hide, in the forms that servers give back."""
_DOORS: Final[dict[str, Any]] = {"blocking": GongCrm, "awaited": AsyncGongCrm}
_WAYS: Final = {"key": {"access_key": KEY, "access_key_secret": SECRET}, "token": {"access_token": TOKEN}}
_EVERY_WAY: Final = ("blocking-key", "awaited-token", "blocking-token", "awaited-key")
_ECHO: Final = f"your header was Basic {_BASIC} or Bearer {TOKEN}, that is {KEY}:{SECRET} or {quote(SECRET, safe='')}"
_ECHOES: Final = {
    "refusal": {"status": 403, "body": {"requestId": TOKEN, "errors": [_ECHO]}},
    "html": {"status": 418, "headers": {"content-type": "text/html"}, "body": f"<p>{_ECHO}</p>"},
    "breach": {"status": 400, "body": {"requestId": [_ECHO], "errors": _ECHO}},
    "header": {"status": 403, "headers": {"retry-after": TOKEN, "x-echo": _BASIC}, "body": {"errors": []}},
}


@dataclass
class Everything:
    """All that a push gives out.

    Attributes:
        forms: What must not be there.
        texts: What was seen.
    """

    forms: tuple[str, ...] = field(default=(*FORMS["key"], *FORMS["token"]), repr=False)
    texts: list[str] = field(default_factory=list, repr=False)

    def see(self, thing: object) -> None:
        """Take in what people, logs and debuggers see of a thing."""
        self.texts += [str(thing), repr(thing), *(str(value) for value in getattr(thing, "args", ()))]
        if hasattr(thing, "to_dict"):
            self.texts.append(repr(thing.to_dict()))
        try:
            self.texts.append(pickle.dumps(thing).decode("latin-1"))
        except (TypeError, AttributeError, pickle.PicklingError) as problem:
            self.texts += [str(problem), repr(problem)]

    def see_error(self, problem: BaseException) -> None:
        """Take in an error, what caused it, and the local variables of all frames that it passed."""
        lines = traceback.TracebackException.from_exception(problem, capture_locals=True).format()
        self.texts.append("".join(lines))
        link: BaseException | None = problem
        while link is not None:
            self.see(link)
            self.texts.append(repr(vars(link)))
            link = link.__cause__ or link.__context__

    def see_files(self, folder: Path) -> int:
        """Take in all files below a folder; gives how many there are."""
        files = [path for path in folder.rglob("*") if path.is_file()]
        self.texts += [path.read_bytes().decode("latin-1") for path in files]
        return len(files)

    def secrets(self) -> list[str]:
        """Give each place where a secret was seen."""
        found = [(form, text) for form in self.forms for text in self.texts if form in text]
        return [text[max(0, text.index(form) - 60) :][:150] for form, text in found]


@pytest.fixture(scope="module")
def _planted() -> Iterator[RunningEmulator]:
    who = Principal(access_key=KEY, access_key_secret=SECRET, access_token=TOKEN, scopes=frozenset(SCOPES))
    settings = EmulatorSettings(pending_polls=0, in_progress_polls=0, principals={"planted": who})
    with running_emulator(settings=settings) as emulator:
        yield emulator


@pytest.fixture
def planted(_planted: RunningEmulator) -> RunningEmulator:
    """Give an emulator that knows the planted secrets only."""
    _planted.reset()
    return _planted


@dataclass(frozen=True, kw_only=True)
class User:
    """Makes every call with planted secrets, and looks at whatever comes back."""

    url: str
    folder: Path
    way: str
    seen: Everything

    def use(self, inputs: Inputs) -> None:
        """Take an integration through its life."""
        asyncio.run(self._use(inputs))

    def fail(self, inputs: Inputs) -> GongCrmError:
        """Go until it fails."""
        try:
            self.use(inputs)
        except GongCrmError as problem:
            return problem
        raise AssertionError("nothing failed")

    async def _use(self, inputs: Inputs) -> None:
        door, credentials = self.way.split("-")
        gong = _DOORS[door](
            base_url=self.url,
            journal=self.folder / "journal",
            budget=Budget(per_second=None),
            on_event=self.seen.see,
            timeout=0.7,
            **_WAYS[credentials],
        )
        try:
            await self._live(gong, inputs)
        finally:
            await result(gong.aclose() if door == "awaited" else gong.close())

    async def _live(self, gong: Any, inputs: Inputs) -> None:  # noqa: ANN401  (either door)
        see = self.seen.see
        see(gong)
        integration = await result(gong.integration(NAME)) or await result(gong.register(name=NAME, owner_email=OWNER))
        see(integration)
        see(await result(integration.describe_fields("ACCOUNT", [TIER])))
        job = await result(integration.push(dict(inputs)))
        for thing in (job, job.outcome, job.token, *job.files, *job.outcome.rejections()):
            see(thing)
        see(await result(integration.read("ACCOUNT", ["account-1"])))
        for do in (job.raise_for_rejects, lambda: gong.job("no token")):
            self.seen.see_error(_raised(do))
        await result(integration.delete())


def _raised(do: Any) -> BaseException:  # noqa: ANN401  (any callable)
    try:
        do()
    except GongCrmError as problem:
        return problem
    raise AssertionError(do)


@pytest.fixture(params=_EVERY_WAY)
def user(request: pytest.FixtureRequest, planted: RunningEmulator, tmp_path: Path) -> User:
    """Give one who makes every call, blocking and awaited, with a key and with a token."""
    seen = Everything(forms=FORMS[request.param.split("-")[1]])
    return User(url=planted.url, folder=tmp_path, way=request.param, seen=seen)


def test_a_push_gives_out_no_secret(
    user: User, inputs: Inputs, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """A push with all that it gives out, its logs at DEBUG and its journal, byte by byte, holds no secret."""
    with caplog.at_level(logging.DEBUG):
        user.use(inputs)
    seen = user.seen
    seen.texts += [caplog.text, *(repr(vars(record)) for record in caplog.records), *capfd.readouterr()]
    assert 3 < seen.see_files(user.folder / "journal")
    assert 30 < len(seen.texts)
    assert [] == seen.secrets()


@pytest.mark.parametrize(
    ("operation", "echo", "user"),
    [
        pytest.param(
            *(operation, echo, way),
            id=f"{operation}-{echo}-{way}",
            marks=[] if (row + 2 * column + 3 * place) % 8 == 0 else [pytest.mark.slow],
        )
        for row, operation in enumerate(OPERATIONS)
        for column, echo in enumerate(_ECHOES)
        for place, way in enumerate(_EVERY_WAY)
    ],
    indirect=["user"],
)
def test_a_server_that_gives_secrets_back_is_not_quoted(
    planted: RunningEmulator, user: User, inputs: Inputs, echo: str, operation: str
) -> None:
    """An answer that echoes the credentials shows them neither in errors and tracebacks with locals nor in events."""
    planted.faults.add(operation, {"kind": "answer", "times": 1000, **_ECHOES[echo]})
    seen = user.seen
    seen.see_error(user.fail(inputs))
    seen.see_files(user.folder / "journal")
    assert [] == seen.secrets()


def test_refused_and_unreachable_calls_give_out_no_secret(planted: RunningEmulator, user: User, inputs: Inputs) -> None:
    """A closed connection, an answer that never comes and revoked credentials are reported without the credentials."""
    revoked = {"kind": "answer", "status": 401, "body": {"errors": ["Validate credentials failed."]}}
    planted.faults.add(LIST, {"kind": "close-before-reading"}, {"kind": "stall", "seconds": 2}, revoked)
    problem = user.fail(inputs)
    assert AuthenticationError is type(problem)
    user.seen.see_error(problem)
    assert 10 < len(user.seen.texts)
    assert [] == user.seen.secrets()


@pytest.mark.parametrize(
    "broken",
    [
        {"access_key": KEY + "\n", "access_key_secret": SECRET},
        {"access_key": KEY, "access_key_secret": SECRET + " "},
        {"access_key": KEY, "access_key_secret": SECRET + "\u00e9"},
        {"access_key": KEY},
        {"access_key_secret": SECRET},
        {"access_token": TOKEN + "\r\n"},
        {"access_token": TOKEN, "access_key": KEY},
        {"access_key": KEY + ":", "access_key_secret": SECRET},
        {"access_token": TOKEN, "base_url": f"https://{KEY}:{quote(SECRET, safe='')}@gong.example"},
        {"access_token": TOKEN, "base_url": f"ftp://gong.example/{TOKEN}"},
        {"access_token": TOKEN, "timeout": 0},
    ],
    ids=str,
)
@pytest.mark.parametrize("door", _DOORS)
def test_credentials_that_cannot_be_used_are_not_quoted(tmp_path: Path, door: str, broken: dict[str, Any]) -> None:
    """Credentials that no header may hold, or that lack a half, are reported without a letter of them."""
    seen = Everything()
    options = {"base_url": "http://127.0.0.1:9", "journal": tmp_path, **broken}
    seen.see_error(_refusal(door, options))
    assert [] == seen.secrets()


def _refusal(door: str, options: dict[str, Any]) -> BaseException:
    try:
        _DOORS[door](**options)
    except SetupError as problem:
        assert problem.__traceback__ is not None  # noqa: PT017  (there for the type checker)
        return problem.with_traceback(problem.__traceback__.tb_next)  # this frame holds the options
    raise AssertionError(door)


def test_the_search_finds_what_it_is_to_find() -> None:
    """A secret in a text, in a pickle, in an error's cause or in a local variable of its traceback is found."""
    for form in Everything().forms:
        seen = Everything()
        seen.see(json.dumps({"a": form}))
        assert seen.secrets()
    seen = Everything()
    seen.see_error(_raised_with(TOKEN))
    assert seen.secrets()


def _raised_with(secret: str) -> BaseException:
    try:
        _raise(len(secret))
    except GongCrmError as problem:
        return problem
    raise AssertionError(secret)


def _raise(letters: int) -> None:
    raise GongCrmError(f"a secret of {letters} letters")
