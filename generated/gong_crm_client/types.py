# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
# Replaces types.py.jinja of openapi-python-client 0.29.1,
# sha256 93df9d75883a4eafac77dd21bc6907f3ef612e3f7841e08656618dcf6c4ce494
# Why: UNSET was cloned by pickle and copy and leaked into what is sent; a handle that stood elsewhere or was read
#      before was sent wrong or empty; a status unknown to http.HTTPStatus raised ValueError.
# Upstream: no thread found for the first two; /issues/1442 for the third
"""Contains what all models and API functions share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from enum import Enum
from typing import IO, TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeVar, cast

import attrs
from attrs import define, field

from . import errors
from ._payloads import Payload, Readable, as_file, content_of, media_type_of, name_of

if TYPE_CHECKING:
    from gong_crm_client.models.error_response import ErrorResponse


class Unset:
    """The type of `UNSET`, which stands for a member that is left out."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        # The name of the one instance: what pickle, copy and deepcopy give back is that instance.
        return "UNSET"


UNSET: Unset = Unset()

# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """A file to upload: what its payload gives from `start` to its end, at each attempt anew.

    Attributes:
        payload: Bytes, a `pathlib.Path`, a handle opened in binary mode, a memory map, or an iterator of bytes.
            A handle must stand at `start` when it is first sent; a pipe or an iterator can be sent once.
        file_name: The name that the server is given; without one, the name of the payload's file, or "data".
        mime_type: The media type that the server is given.
        start: The byte at which the part starts.
    """

    payload: Payload
    file_name: str | None = None
    mime_type: str | None = "application/x-ndjson"
    start: int = field(default=0, kw_only=True)
    _sent: bool = field(default=False, init=False, repr=False, eq=False)

    def to_tuple(self) -> FileTypes:
        """Return what httpx takes for a part of a form.

        Raises:
            TypeError: If the payload is nothing that can be sent.
            ValueError: If the payload cannot be sent from `start`, or the media type is none.
        """
        name, media_type = name_of(self.payload, self.file_name), media_type_of(self.mime_type)
        content = content_of(self.payload, start=self.start, sent=self._sent)
        self._sent = True
        return name, as_file(content), media_type


def form_of(body: Any, model: type[Any]) -> RequestFiles:  # noqa: ANN401  (whatever the caller gave)
    """Return the parts of a form.

    Raises:
        TypeError: If the body is no such form, or if its file is no `File`; the message says how to write it.
    """
    files = [one.name for one in attrs.fields(model) if one.type in (File, "File")]
    recipe = f"{model.__name__}({', '.join(f'{name}=File(payload=...)' for name in files)}), File being of .types"
    if not isinstance(body, model):
        raise TypeError(f"body is {recipe}; it is no {type(body).__name__}")
    for name in files:
        value = getattr(body, name)
        if not isinstance(value, File):
            raise TypeError(f"{name} is a File: write {recipe}; it is no {type(value).__name__}")
    parts: RequestFiles = body.to_multipart()
    return parts


E = TypeVar("E", bound=Enum)


def argument_of(value: object, kind: type[E]) -> str:
    """Return what is sent for an argument or a member: a member of the enum, or the text of a known one.

    Who knows a value that the document does not says so by making a member of it, as in `kind("NEW")`.

    Raises:
        ValueError: If it is an unknown text; the message lists the known ones.
        TypeError: If it is no text at all.
    """
    if not isinstance(value, str):
        raise TypeError(f"{kind.__name__} is one of {_listed(kind)}; {type(value).__name__} is none")
    text = str(value.value if isinstance(value, Enum) else value)
    if not isinstance(value, kind) and text not in {member.value for member in kind}:
        raise ValueError(f"{text!r} is no {kind.__name__}; there are {_listed(kind)}")
    return text


def _listed(kind: type[Enum]) -> str:
    return ", ".join(str(member.value) for member in kind)


V = TypeVar("V")


def owned(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of what is set, so that two models never share their members."""
    return {name: value for name, value in dict(members).items() if value is not UNSET}


class Model(MutableMapping[str, V]):
    """What every model can do: its members, custom ones too, are reached by their JSON names like those of a dict."""

    __slots__ = ()

    # JSON name of each declared member -> attribute.
    _names: ClassVar[dict[str, str]] = {}
    additional_properties: dict[str, V]

    if TYPE_CHECKING:  # each model has its own

        @classmethod
        def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
            """Return what an object of JSON says."""
            ...

        def to_dict(self) -> dict[str, Any]:
            """Return an object of JSON that says the same."""
            ...

    @property
    def additional_keys(self) -> list[str]:
        """Return the names of the members that the document does not declare."""
        return list(self.additional_properties)

    def _is_declared(self, key: object) -> bool:
        """Return whether it is a declared member that is set; a custom one may shadow one that is not."""
        name = self._names.get(key) if isinstance(key, str) else None
        return name is not None and getattr(self, name) is not UNSET

    def __getitem__(self, key: str) -> V:
        if self._is_declared(key):
            return cast("V", getattr(self, self._names[key]))
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: V) -> None:
        if key in self._names:
            setattr(self, self._names[key], value)
        elif value is UNSET:
            self.additional_properties.pop(key, None)
        else:
            self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        if not self._is_declared(key):
            del self.additional_properties[key]
            return
        name = self._names[key]
        # Each model is an attrs class, which only its own definition says.
        if attrs.fields_dict(type(self))[name].default is attrs.NOTHING:  # type: ignore[arg-type]
            raise TypeError(f"{type(self).__name__} is nothing without its {key}")
        setattr(self, name, UNSET)
        self.additional_properties.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return self._is_declared(key) or key in self.additional_properties

    def __iter__(self) -> Iterator[str]:
        yield from filter(self._is_declared, self._names)
        yield from (key for key in self.additional_properties if not self._is_declared(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __copy__(self) -> Self:
        return attrs.evolve(self)  # type: ignore[misc]


T = TypeVar("T")
S = TypeVar("S")


def _kind(value: object) -> str:
    return f"<{type(value).__name__}>"


@define
class Response(Generic[T]):
    """A response from an endpoint."""

    status_code: int
    # A server may echo secrets, and unwrap raises with this object in its frame.
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str] = field(repr=False)
    parsed: T | None = field(repr=_kind)
    _failure: errors.CallError | None = field(default=None, kw_only=True, repr=False, eq=False, alias="failure")

    def documented(self) -> T:
        """Return the parsed answer, be it a refusal.

        Raises:
            UnexpectedResponse: If the document does not describe the answer.
        """
        if isinstance(self._failure, errors.UnexpectedResponse):
            raise self._failure
        return cast("T", self.parsed)

    def unwrap(self: Response[S | ErrorResponse]) -> S:
        """Return the success that was asked for.

        Raises:
            RefusedCall: If the server refused, in its sentences.
            UnexpectedResponse: If the document does not describe the answer.
        """
        if self._failure is not None:
            raise self._failure
        return cast("S", self.parsed)


__all__ = ["UNSET", "File", "FileTypes", "Model", "Payload", "Readable", "RequestFiles", "Response", "Unset"]
