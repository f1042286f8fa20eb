"""A process that cannot reach any network, so that a replay proves itself."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NoReturn
from unittest.mock import patch


class NetworkClosed(Exception):  # noqa: N818  (says what happened)
    """Something tried to reach a network while it was closed."""


@contextmanager
def closed_network() -> Iterator[None]:
    """Refuse every connection and every look-up of a name for as long as the block lasts."""

    def refuse(*arguments: object, **_: object) -> NoReturn:
        named = ", ".join(str(one) for one in arguments if not isinstance(one, socket.socket))
        raise NetworkClosed(f"a replay reaches no network, but something asked for {named}")

    with ExitStack() as stack:
        for name in ("connect", "connect_ex", "sendto"):
            stack.enter_context(patch.object(socket.socket, name, refuse))
        for name in ("create_connection", "getaddrinfo", "gethostbyname"):
            stack.enter_context(patch.object(socket, name, refuse))
        yield
