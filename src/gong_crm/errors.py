"""What can go wrong at the front door, as one tree.

GongCrmError
├── SetupError              what the caller gave cannot work; nothing was sent
│   ├── CredentialsError    credentials that are missing, or that no header may hold
│   ├── SourceError         a source that is missing, unreadable, of an unknown kind, or empty where a file must be
│   ├── TooManyErrorsError  more bad lines than allowed; nothing was sent
│   └── JournalError        a journal that cannot be written, or that another version wrote
│       └── JournalBusyError    another process is pushing with this journal
├── SourceChangedError      a source changed after it was planned
├── CallError               a call that gave no usable answer; carries all there is to know of it
│   ├── UnreachableError    no connection, or none in time; nothing was sent
│   ├── AmbiguousError      the answer was lost, late or unreadable; whether Gong acted is not known
│   ├── RefusedError        Gong refused the call
│   │   ├── AuthenticationError     401: wrong credentials, or a scope that lacks
│   │   └── ConflictError   409: an integration that exists, or a client request id that was used
│   └── ThrottledError      429, and waiting as long as Gong asks is not allowed
├── DailyLimitError         the calls of this day are used up
├── IntegrationError        no integration, another one than named, or one that is gone
├── DeadlineError           Gong is not done in the time given; the job can be taken up again
├── RejectedError           lines were refused; raised by raise_for_rejects() only
└── BalanceError            the numbers of lines do not add up: a fault of this library or of the server

A bad line is no error: it is a Finding in a report, or a rejected line in an outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class GongCrmError(Exception):
    """What every error of this package is.

    Attributes:
        token: Takes up again the job that was stopped, by `gong.job(token)`; None when there is none.
    """

    token: str | None = None


class SetupError(GongCrmError):
    """What the caller gave cannot work; nothing was sent."""


class CredentialsError(SetupError):
    """Credentials are missing, or hold what no header may hold."""


class SourceError(SetupError):
    """A source is missing, unreadable, of an unknown kind, or a folder without files."""


class TooManyErrorsError(SetupError):
    """More lines are bad than `max_errors` allows; nothing was sent."""


class JournalError(SetupError):
    """The journal cannot be written, or another version wrote it."""


class JournalBusyError(JournalError):
    """Another process is pushing with this journal."""


class SourceChangedError(GongCrmError):
    """A source changed after it was planned; what was accepted stays accepted, push again for the rest."""


class CallError(GongCrmError):
    """A call gave no usable answer.

    Attributes:
        operation: The operationId, such as `uploadCrmEntities`.
        status: The HTTP status, or None when no answer came.
        sentences: What Gong said, bounded and redacted.
        request_id: Gong's name for the call, for its support.
        client_request_id: Our name for the request, where the operation has one.
        retryable: Whether the same call may succeed later.
        excerpt: The start of an answer that could not be read, bounded and redacted.
    """

    def __init__(  # noqa: PLR0913  (each is a fact about the call)
        self,
        message: str,
        *,
        operation: str,
        status: int | None = None,
        sentences: tuple[str, ...] = (),
        request_id: str | None = None,
        client_request_id: str | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
        excerpt: str = "",
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.status = status
        self.sentences = sentences
        self.request_id = request_id
        self.client_request_id = client_request_id
        self.retryable = retryable
        self.retry_after = retry_after
        self.excerpt = excerpt

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with all attributes."""
        return _rebuild, (type(self), str(self), self.operation, dict(self.__dict__))


def _rebuild(kind: type[CallError], message: str, operation: str, attributes: dict[str, object]) -> CallError:
    problem = kind(message, operation=operation)
    problem.__dict__.update(attributes)
    return problem


class UnreachableError(CallError):
    """No connection came about; nothing was sent."""


class AmbiguousError(CallError):
    """The answer was lost, late or unreadable; whether Gong acted is not known."""


class RefusedError(CallError):
    """Gong refused the call."""


class AuthenticationError(RefusedError):
    """401: wrong credentials, or a scope that lacks."""


class ConflictError(RefusedError):
    """409: an integration that exists, or a client request id that was used."""


class ThrottledError(CallError):
    """429, and waiting as long as Gong asks is not allowed."""


class DailyLimitError(GongCrmError):
    """The calls of this day are used up."""


class IntegrationError(GongCrmError):
    """There is no integration, another one than named, or it is gone."""


class DeadlineError(GongCrmError):
    """Gong is not done in the time given; the job can be taken up again."""


class RejectedError(GongCrmError):
    """Lines were refused; the message says how many, the first reasons, and where the reject files are.

    Attributes:
        rejected: How many lines were refused.
        read: How many lines there were.
        reject_files: The refused lines as they came, one file for each object type.
    """

    def __init__(self, message: str, *, rejected: int = 0, read: int = 0, reject_files: tuple[Path, ...] = ()) -> None:
        super().__init__(message)
        self.rejected = rejected
        self.read = read
        self.reject_files = reject_files


class BalanceError(GongCrmError):
    """The numbers of lines do not add up: a fault of this library or of the server."""
