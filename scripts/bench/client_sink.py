"""A server that swallows requests as fast as it can, to measure clients against."""

from __future__ import annotations

import contextlib
import re
import socket
import sys
import threading

_ACCEPTED = b'{"requestId": "4al018gzaztcr8nbukw", "clientRequestId": "r1"}'
_STATUS = b'{"requestId": "4al018gzaztcr8nbukw", "status": "DONE", "errors": null, "totalSuccessCount": 7}'


def serve(listener: socket.socket) -> None:
    """Answer each connection in a thread of its own until the process is ended."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_follow, args=(connection,), daemon=True).start()


def _follow(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    room = bytearray(1 << 20)
    with connection, contextlib.suppress(ConnectionError):
        while _answered(connection, room):
            pass


def _answered(connection: socket.socket, room: bytearray) -> bool:
    """Swallow one request and answer it; False when the other side has closed."""
    head, body = b"", b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(65536)
        if not received:
            return False
        head += received
    head, _, body = head.partition(b"\r\n\r\n")
    if b"100-continue" in head.lower():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    _swallow(connection, head, body, room)
    answer = _STATUS if head.startswith(b"GET ") else _ACCEPTED
    status = b"200 OK" if head.startswith(b"GET ") else b"201 Created"
    kind = b"Content-Type: application/json;charset=UTF-8"
    connection.sendall(b"HTTP/1.1 %b\r\n%b\r\nContent-Length: %d\r\n\r\n%b" % (status, kind, len(answer), answer))
    return True


def _swallow(connection: socket.socket, head: bytes, body: bytes, room: bytearray) -> None:
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    if length is None and b"chunked" not in head.lower():
        return
    left = int(length.group(1)) - len(body) if length else 0
    tail = body[-5:]
    while left > 0 if length else tail != b"0\r\n\r\n":
        count = connection.recv_into(room)
        if not count:
            return
        left -= count
        if not length:
            tail = (tail + bytes(room[max(0, count - 5) : count]))[-5:]


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        serve(server)
