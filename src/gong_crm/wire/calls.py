"""Calls of the generated client, their answers as data, and everything else as an error of ours.

Nothing else in this package imports gong_crm_client.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import httpx

from gong_crm.errors import (
    AmbiguousError,
    AuthenticationError,
    CallError,
    ConflictError,
    GongCrmError,
    RefusedError,
    ThrottledError,
    UnreachableError,
)
from gong_crm.fields import Field
from gong_crm.wire.retry import retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import BinaryIO

    from gong_crm.wire.settings import Settings
    from gong_crm_client import AuthenticatedClient

T = TypeVar("T")

_PACKAGE: Final = "gong_crm_client.api"
_NOTHING_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_MAY_PASS: Final = frozenset({408, 425, 500, 502, 503, 504})
_HINTS: Final = {
    401: "check the access key and its secret, or the token, and that it has the scope of this operation",
    403: "is the base URL the one that Gong's API page shows for your company, and is this machine trusted there?",
    404: "is the base URL the one that Gong's API page shows for your company, without a path?",
    413: "the file is larger than Gong takes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """A call to be made.

    Attributes:
        operation: Its operationId.
        module: Module of the generated client, below its `api`.
        arguments: Makes the arguments, anew for each attempt.
        read: Turns the model of a success into data.
        client_request_id: Our name for the request, where the operation has one.
    """

    operation: str
    module: str
    arguments: Callable[[], Mapping[str, Any]]
    read: Callable[[Any], T]
    client_request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """An integration as Gong lists it."""

    id: int
    name: str
    owner_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineError:
    """A line that Gong refused; line 0 speaks of the whole file."""

    line: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a request stands.

    Attributes:
        status: PENDING, IN_PROGRESS, DONE or FAILED; or a word that no text has.
        errors: The first 20 bad lines of a file.
        total_errors: All bad lines, where Gong says.
        total_successes: All good lines, where Gong says.
    """

    status: str
    errors: tuple[LineError, ...] = ()
    total_errors: int | None = None
    total_successes: int | None = None

    @property
    def is_final(self) -> bool:
        """Tell whether nothing more will change."""
        return self.status in {"DONE", "FAILED"}


class Calls:
    """Makes the calls of one family of endpoints."""

    def __init__(self, *, legacy: bool, redact: Callable[[str], str] = str) -> None:
        self._legacy = legacy
        self._redact = redact

    def _module(self, name: str) -> str:
        return f"crm_legacy.{name}_legacy" if self._legacy else f"crm.{name}"

    def list_integrations(self) -> Call[list[Registration]]:
        """List the integrations: none or one."""
        return Call(
            operation="listCrmIntegrations",
            module=self._module("list_crm_integrations"),
            arguments=dict,
            read=lambda model: [
                Registration(id=one.integration_id, name=str(one.name or ""), owner_email=str(one.owner_email or ""))
                for one in model.integrations
            ],
        )

    def register(self, *, name: str, owner_email: str) -> Call[int]:
        """Register an integration; gives its id."""

        def arguments() -> dict[str, Any]:
            body = _model("GenericCrmRegistrationRequest")(name=name, owner_email=owner_email)
            return {"body": body}

        return Call(
            operation="registerCrmIntegration",
            module=self._module("register_crm_integration"),
            arguments=arguments,
            read=lambda model: int(model.integration_id),
        )

    def delete(self, *, integration_id: int, client_request_id: str) -> Call[None]:
        """Delete the integration and all that came with it."""
        return Call(
            operation="deleteCrmIntegration",
            module=self._module("delete_crm_integration"),
            arguments=lambda: {"integration_id": integration_id, "client_request_id": client_request_id},
            read=lambda model: _expect_id(model, client_request_id),
            client_request_id=client_request_id,
        )

    def fields(self, *, integration_id: int, object_type: str) -> Call[tuple[Field, ...]]:
        """List the custom fields of an object type."""
        return Call(
            operation="listCrmEntitySchema",
            module=self._module("list_crm_entity_schema"),
            arguments=lambda: {
                "integration_id": integration_id,
                "object_type": _model("CrmObjectType")(object_type),
            },
            read=lambda model: _read_fields(model.to_dict(), object_type),
        )

    def describe_fields(self, *, integration_id: int, object_type: str, fields: Sequence[Field]) -> Call[None]:
        """Upload all fields of an object type."""

        def arguments() -> dict[str, Any]:
            model = _model("GenericSchemaFieldRequestLegacy" if self._legacy else "GenericSchemaFieldRequest")
            return {
                "integration_id": integration_id,
                "object_type": _model("CrmObjectType")(object_type),
                "body": [model.from_dict(_write_field(one)) for one in fields],
            }

        return Call(
            operation="uploadCrmEntitySchema",
            module=self._module("upload_crm_entity_schema"),
            arguments=arguments,
            read=lambda _: None,
        )

    def upload(
        self, *, integration_id: int, object_type: str, client_request_id: str, open_payload: Callable[[], BinaryIO]
    ) -> Call[None]:
        """Upload a file; `open_payload` opens it anew for each attempt."""

        def arguments() -> dict[str, Any]:
            file = importlib.import_module("gong_crm_client.types").File
            payload = file(payload=open_payload(), file_name=f"{object_type.lower()}.ldjson")
            return {
                "integration_id": integration_id,
                "object_type": _model("UploadObjectType")(object_type),
                "client_request_id": client_request_id,
                "body": _model("CrmDataUpload")(data_file=payload),
            }

        return Call(
            operation="uploadCrmEntities",
            module=self._module("upload_crm_entities"),
            arguments=arguments,
            read=lambda model: _expect_id(model, client_request_id),
            client_request_id=client_request_id,
        )

    def read(
        self, *, integration_id: int, object_type: str, object_ids: Sequence[str]
    ) -> Call[dict[str, dict[str, Any] | None]]:
        """Read objects back, at most 100."""
        return Call(
            operation="getCrmEntities",
            module=self._module("get_crm_entities"),
            arguments=lambda: {
                "integration_id": integration_id,
                "object_type": _model("CrmObjectType")(object_type),
                "body": list(object_ids),
            },
            read=lambda model: _read_objects(model.to_dict()["crmObjectsMap"]),
        )

    def status(self, *, integration_id: int, client_request_id: str) -> Call[Status]:
        """Ask where a request stands; both families ask here."""
        return Call(
            operation="getCrmRequestStatus",
            module="crm.get_crm_request_status",
            arguments=lambda: {"integration_id": integration_id, "client_request_id": client_request_id},
            read=lambda model: _read_status(model.to_dict(), self._redact),
            client_request_id=client_request_id,
        )


class Wire:
    """Makes calls over HTTP with one caller's credentials, blocking or awaited."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: AuthenticatedClient | None = None

    @property
    def _client(self) -> AuthenticatedClient:
        if self._made is None:
            self._made = _make_client(self._settings)
        return self._made

    def make(self, call: Call[T]) -> T:
        """Make a call.

        Raises:
            CallError: If there is no usable answer.
        """
        module = importlib.import_module(f"{_PACKAGE}.{call.module}")
        try:
            return self._data(call, module.sync_detailed(client=self._client, **call.arguments()))
        except Exception as problem:  # noqa: BLE001  (translated, or raised again as it is)
            found = _translated(call, problem, self._settings)
        raise found  # out here, so that no exception of httpx, which holds the credentials, hangs on to it

    async def make_awaited(self, call: Call[T]) -> T:
        """Make a call, awaited.

        Raises:
            CallError: If there is no usable answer.
        """
        module = importlib.import_module(f"{_PACKAGE}.{call.module}")
        try:
            return self._data(call, await module.asyncio_detailed(client=self._client, **call.arguments()))
        except Exception as problem:  # noqa: BLE001  (translated, or raised again as it is)
            found = _translated(call, problem, self._settings)
        raise found

    def _data(self, call: Call[T], response: Any) -> T:  # noqa: ANN401  (a generic class of the client)
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise _refusal(call, response, self._settings)
        return call.read(response.parsed)

    def close(self) -> None:
        """Close what was opened blocking."""
        if self._made is not None:
            self._made.get_httpx_client().close()

    async def aclose(self) -> None:
        """Close what was opened awaited."""
        if self._made is not None:
            await self._made.get_async_httpx_client().aclose()


def _make_client(settings: Settings) -> AuthenticatedClient:
    more: dict[str, Any] = {"trust_env": not settings.is_local}  # no proxy stands before this machine itself
    if settings.transport is not None:
        more["transport"] = settings.transport
    made: AuthenticatedClient = importlib.import_module("gong_crm_client").AuthenticatedClient(
        base_url=settings.base_url,
        token=settings.token,
        prefix=settings.prefix,
        timeout=httpx.Timeout(settings.timeout, connect=min(10.0, settings.timeout)),
        httpx_args=more,
    )
    return made


def _translated(call: Call[Any], problem: Exception, settings: Settings) -> Exception:
    """Give an error of ours for one of the client's; one that is no answer to the call stays what it is."""
    if isinstance(problem, GongCrmError):
        return problem
    if type(problem).__name__ == "UnexpectedResponse":
        return _unexpected(call, problem, settings)
    kind: type[CallError] = AmbiguousError
    said = settings.redactor.clean(str(problem)) or type(problem).__name__
    if isinstance(problem, _NOTHING_SENT):
        kind = UnreachableError
        text = f"nothing was sent: {said}"  # the client names the address, and what to look at
    elif isinstance(problem, httpx.HTTPError):
        text = f"the answer of {settings.base_url} was lost ({said})"
    elif isinstance(problem, (TypeError, AttributeError, KeyError, _Mismatch)):
        text = f"the answer of {settings.base_url} breaks the contract ({said})"
    else:
        return problem
    return kind(
        f"{call.operation}: {text}",
        operation=call.operation,
        client_request_id=call.client_request_id,
        retryable=True,
    )


def _unexpected(call: Call[Any], problem: Any, settings: Settings) -> CallError:  # noqa: ANN401  (the client's error)
    clean = settings.redactor.clean
    status, excerpt = int(problem.status_code), clean(str(problem.excerpt), limit=200)
    kind, retryable = _kind(status)
    hint = _hint(status)
    return kind(
        f"{call.operation}: {settings.base_url} answered {status}, {clean(str(problem.problem))}{hint}",
        operation=call.operation,
        status=status,
        request_id=clean(problem.request_id, limit=64) if problem.request_id else None,
        client_request_id=call.client_request_id,
        retryable=retryable,
        retry_after=retry_after(problem.headers),
        excerpt=excerpt,
    )


def _refusal(call: Call[Any], response: Any, settings: Settings) -> CallError:  # noqa: ANN401  (a generic class of the client)
    status = int(response.status_code)
    model = response.parsed.to_dict() if response.parsed is not None else {}
    sentences = settings.redactor.sentences(model.get("errors") or ())
    request_id = model.get("requestId")
    kind, retryable = _kind(status)
    hint = _hint(status)
    said = f": {' '.join(sentences)}" if sentences else ""
    return kind(
        f"{call.operation} was refused with {status}{said}{hint}",
        operation=call.operation,
        status=status,
        sentences=sentences,
        request_id=settings.redactor.clean(str(request_id), limit=64) if request_id else None,
        client_request_id=call.client_request_id,
        retryable=retryable,
        retry_after=retry_after(response.headers),
    )


def _kind(status: int) -> tuple[type[CallError], bool]:
    """Say what a status means for the call, and whether the same call may succeed later."""
    if status in _MAY_PASS or status > httpx.codes.INTERNAL_SERVER_ERROR:
        return AmbiguousError, True
    if status < httpx.codes.MULTIPLE_CHOICES:
        return AmbiguousError, True
    kinds: dict[int, type[CallError]] = {401: AuthenticationError, 409: ConflictError, 429: ThrottledError}
    return kinds.get(status, RefusedError), status == httpx.codes.TOO_MANY_REQUESTS


def _hint(status: int) -> str:
    if httpx.codes.is_redirect(status):
        return "; it sends the caller elsewhere, so it is not Gong's API: check the base URL"
    return f"; {_HINTS[status]}" if status in _HINTS else ""


class _Mismatch(Exception):  # noqa: N818  (never leaves this module)
    """An answer that says something else than the contract."""


def _model(name: str) -> Any:  # noqa: ANN401  (a class of the client)
    return getattr(importlib.import_module("gong_crm_client.models"), name)


def _expect_id(model: Any, client_request_id: str) -> None:  # noqa: ANN401  (a model of the client)
    if model.client_request_id != client_request_id:
        raise _Mismatch("it speaks of another client request id than was sent")


def _read_objects(found: object) -> dict[str, dict[str, Any] | None]:
    if not isinstance(found, dict) or not all(one is None or isinstance(one, dict) for one in found.values()):
        raise _Mismatch("crmObjectsMap holds no objects by their ids")
    return found


def _read_fields(answer: Mapping[str, Any], object_type: str) -> tuple[Field, ...]:
    listed = answer["objectTypeToSelectedFields"].get(object_type) or ()
    return tuple(
        Field(
            unique_name=str(one["uniqueName"]),
            label=str(one.get("label") or one["uniqueName"]),
            type=str(one["type"]),
            reference_to=one.get("referenceTo"),
            ordered_value_list=_texts(one.get("orderedValueList")),
            is_deleted=bool(one.get("isDeleted")),
            last_modified=one.get("lastModified"),
        )
        for one in listed
    )


def _texts(values: Sequence[Any] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(str(value) for value in values)


def _write_field(one: Field) -> dict[str, Any]:
    written = {
        "uniqueName": one.unique_name,
        "label": one.label,
        "type": one.type,
        "referenceTo": one.reference_to,
        "orderedValueList": None if one.ordered_value_list is None else list(one.ordered_value_list),
        "lastModified": one.last_modified,
        "isDeleted": True if one.is_deleted else None,
    }
    return {name: value for name, value in written.items() if value is not None}


def _read_status(answer: Mapping[str, Any], redact: Callable[[str], str]) -> Status:
    errors = answer.get("errors") or ()
    return Status(
        status=redact(str(answer["status"])),
        errors=tuple(
            LineError(line=int(one.get("line") or 0), description=redact(str(one.get("description") or "")))
            for one in errors
        ),
        total_errors=_count(answer.get("totalErrorCount")),
        total_successes=_count(answer.get("totalSuccessCount")),
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
