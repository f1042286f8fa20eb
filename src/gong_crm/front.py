"""The public door: GongCrm."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from gong_crm import life
from gong_crm.errors import GongCrmError, SetupError
from gong_crm.integration import Integration
from gong_crm.job.job import Job
from gong_crm.job.token import read_token
from gong_crm.journal import FileRow, FileState, JobRow, Journal, default_folder
from gong_crm.session import Session
from gong_crm.wire.budget import Budget, CallBudget
from gong_crm.wire.calls import Calls
from gong_crm.wire.http import Wire
from gong_crm.wire.settings import from_environment, make_settings
from gong_crm.wire.steps import run

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import httpx

    from gong_crm.events import Event
    from gong_crm.evidence.recorder import Recorder
    from gong_crm.wire.answers import Registration
    from gong_crm.wire.settings import Settings


_ACCOUNT_PAUSE = 60.0


class AnyDoor:
    """What the door is before its first call, blocking or awaited."""

    def __init__(  # noqa: PLR0913  (what a door can be given)
        self,
        *,
        base_url: str | None = None,
        access_key: str | None = None,
        access_key_secret: str | None = None,
        access_token: str | None = None,
        journal: str | os.PathLike[str] | None = None,
        legacy: bool = False,
        budget: Budget | None = None,
        account_pause: float | None = None,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None,
        on_event: Callable[[Event], None] | None = None,
        timeout: float = 60.0,
        evidence: str | os.PathLike[str] | None = None,
    ) -> None:
        refused: GongCrmError | None = None
        try:
            settings = make_settings(
                base_url=base_url,
                access_key=access_key,
                access_key_secret=access_key_secret,
                access_token=access_token,
                transport=transport,
                timeout=timeout,
            )
        except GongCrmError as problem:
            refused = type(problem)(str(problem))
        base_url = access_key = access_key_secret = access_token = None
        if refused is not None:
            raise refused  # out here and anew, so that no frame of its traceback holds a credential
        if account_pause is not None and not account_pause >= 0:
            raise SetupError(f"account_pause must be seconds, 0 or more, not {account_pause}")
        kept = Journal(Path(journal) if journal is not None else default_folder())
        self._evidence = None if evidence is None else _recorder(evidence, settings)
        self._wire = Wire(settings, self._evidence)
        self._session = Session(
            settings=settings,
            calls=Calls(legacy=legacy, redact=settings.redactor.clean),
            journal=kept,
            budget=CallBudget(kept.folder / "budget.db", budget or Budget()),
            legacy=legacy,
            account_pause=account_pause
            if account_pause is not None
            else (0.0 if settings.is_local else _ACCOUNT_PAUSE),
            emit=on_event or _ignore,
        )

    def __repr__(self) -> str:
        if not hasattr(self, "_session"):  # a debugger shows one that was refused
            return f"{type(self).__name__}()"
        return (
            f"{type(self).__name__}({self._session.settings.base_url}, journal={str(self._session.journal.folder)!r})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Refuse to be pickled: a pickle would carry the credentials to wherever it goes."""
        raise TypeError(f"a {type(self).__name__} holds credentials and cannot be pickled; make a new one over there")

    @classmethod
    def from_env(cls, **more: Any) -> Self:  # noqa: ANN401  (what __init__ takes)
        """Take address and credentials from the environment.

        GONG_BASE_URL names the host; GONG_ACCESS_KEY with GONG_ACCESS_KEY_SECRET, or GONG_ACCESS_TOKEN, say who calls.

        Args:
            more: Anything that the class itself takes; it counts before the environment.

        Raises:
            SetupError: If the address cannot be one.
            CredentialsError: If credentials are missing, or hold what no header may hold.
        """
        return cls(**{**from_environment(), **more})

    @property
    def base_url(self) -> str:
        """The address of Gong."""
        return self._session.settings.base_url

    @property
    def calls_left_today(self) -> int | None:
        """Return how many of the calls of 24 hours are left for this journal; None when there is no limit."""
        return self._session.budget.left_today()

    def _end_evidence(self) -> None:
        if self._evidence is not None:
            self._session.emit(self._evidence.close())
            self._evidence = None

    def _unfinished(self) -> list[JobRow]:
        here = self._session.settings.base_url
        return [row for row in self._session.journal.unfinished() if row.base_url == here]

    def _row(self, token: str) -> JobRow:
        """Find the job of a token in the journal, or take it in from the token."""
        read = read_token(token)
        here = self._session.settings.base_url
        if read.base_url != here:
            raise SetupError(f"the token is of a job for {read.base_url!r}, and this is {here!r}")
        known = self._session.journal.job(read.job)
        if known is not None:
            return known
        row = JobRow(
            id=read.job,
            created=time.time(),
            base_url=here,
            integration=read.integration,
            legacy=read.legacy,
            fields={},
            adopted=True,
            outcome=None,
        )
        files = [
            FileRow(number=number, object_type=kind, client_request_id=name, lines=lines, state=FileState.SENDING)
            for number, (kind, name, lines) in enumerate(read.requests)
        ]
        self._session.journal.add(row, files)
        return row


def _recorder(path: str | os.PathLike[str], settings: Settings) -> Recorder:
    from gong_crm.evidence.recorder import Recorder  # noqa: PLC0415  (for who asks for evidence)

    return Recorder(Path(path), caller="bearer" if settings.prefix == "Bearer" else "unknown")


def _ignore(_: Event) -> None:
    return None


class GongCrm(AnyDoor):
    """The door to Gong's CRM API.

    Args:
        base_url: The address that Gong's API page shows for your company; `https://api.gong.io` if left out.
        access_key: An access key, together with its secret.
        access_key_secret: The secret of the access key.
        access_token: An OAuth token, in the place of a key.
        journal: The folder that remembers what was sent, so that nothing is sent twice and a killed push goes on; one
            folder for all nights. Left out, it is a folder of the user's state.
        legacy: Whether the legacy endpoints are used, with the legacy rules for lines.
        budget: How many calls are allowed; 3 a second and 10,000 a day if left out.
        account_pause: Seconds to wait between accounts and what refers to them; 60 as Gong asks, 0 on this machine.
        transport: An httpx transport in the place of the network.
        on_event: Called with each `gong_crm.events.Event`.
        timeout: Seconds that a connection or a piece of data may take.
        evidence: A new file in which Gong's answers are written down, scrubbed, after each was held against the
            contract; nothing is sent anywhere.

    Raises:
        SetupError: If one of these cannot be.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; jobs that are not finished can be taken up again."""
        self._wire.close()
        self._end_evidence()

    def integration(self, wanted: str | int | None = None) -> Integration | None:
        """Find the integration.

        Args:
            wanted: Its name or id. Left out, it is the one that this journal knows as ours: registered through it, or
                named once before.

        Returns:
            The integration, or None when Gong has none.

        Raises:
            IntegrationError: If Gong has another one, which is not touched without being named.
        """
        found = run(life.find(self._session, wanted), self._wire)
        return None if found is None else self._of(found)

    def integrations(self) -> list[Integration]:
        """List the integrations that Gong has, none or one, whoever registered them."""
        return [self._of(one) for one in run(life.listed(self._session), self._wire)]

    def register(self, *, name: str, owner_email: str) -> Integration:
        """Register an integration; a company can have one.

        Args:
            name: What people see in Gong; it cannot be changed afterwards.
            owner_email: Who is responsible.

        Raises:
            ConflictError: If there is one already.
        """
        return self._of(run(life.register(self._session, name=name, owner_email=owner_email), self._wire))

    def _of(self, found: Registration) -> Integration:
        return Integration(
            id=found.id, name=found.name, owner_email=found.owner_email, _session=self._session, _wire=self._wire
        )

    def job(self, token: str) -> Job:
        """Take up a job by its token, of this journal or of another machine's.

        Raises:
            SetupError: If it is no token, or one for another host.
        """
        return Job(self._session, self._wire, self._row(token), resumed=True)

    def jobs(self) -> list[Job]:
        """List the jobs of this journal that are not finished, the oldest first."""
        return [Job(self._session, self._wire, row, resumed=True) for row in self._unfinished()]

    def resume(self) -> list[Job]:
        """Bring all jobs of this journal that are not finished to their end, the oldest first.

        Raises:
            GongCrmError: The failure of the first job that could not be brought to its end; later ones were tried too.
        """
        jobs, failures = self.jobs(), []
        for job in jobs:
            try:
                job.wait()
            except GongCrmError as problem:
                failures.append(problem)
        if failures:
            raise failures[0]
        return jobs
