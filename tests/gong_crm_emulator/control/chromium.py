"""A headless Chromium, driven over its debugging pipe."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_KEYS = {
    "Enter": (13, "\r"),
    "Tab": (9, ""),
    "ArrowRight": (39, ""),
    "ArrowLeft": (37, ""),
    "End": (35, ""),
    " ": (32, " "),
}
# Chromium reads commands from descriptor 3 and answers on descriptor 4.
_START = (
    "import fcntl, os, sys; i, o = int(sys.argv[1]), int(sys.argv[2]);"
    "i, o = fcntl.fcntl(i, fcntl.F_DUPFD, 10), fcntl.fcntl(o, fcntl.F_DUPFD, 10);"
    "os.dup2(i, 3); os.dup2(o, 4); os.execv(sys.argv[3], sys.argv[3:])"
)


class Browser:
    """One page of a headless Chromium."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = commands
        self._answers = answers
        self._unread = b""
        self._count = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
        """Send a command and wait for its answer."""
        self._count += 1
        number = self._count
        message = {"id": number, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            if answer.get("method") == "Page.javascriptDialogOpening":
                self._answer_dialog()
            self.events.append(answer)

    def _answer_dialog(self) -> None:
        self._count += 1
        message = {"id": self._count, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}}
        os.write(self._commands, json.dumps({**message, "sessionId": self._session}).encode() + b"\0")

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            assert select.select([self._answers], [], [], 20)[0], "Chromium does not answer"
            piece = os.read(self._answers, 1 << 20)
            assert piece, "Chromium has gone"
            self._unread += piece
        message, _, self._unread = self._unread.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def js(self, expression: str) -> Any:  # noqa: ANN401  (any JSON)
        """Evaluate an expression in the page."""
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true in the page."""
        for _ in range(400):
            if self.js(expression):
                return
            time.sleep(0.025)
        raise AssertionError(expression, self.text())

    def text(self) -> str:
        """Read what the page shows."""
        shown: str = self.js("document.body.innerText")
        return shown

    def shows(self, text: str) -> None:
        """Wait until the page shows a text."""
        self.until(f"document.body.innerText.includes({json.dumps(text)})")

    def press(self, key: str, *, times: int = 1) -> None:
        """Press a key."""
        code, text = _KEYS.get(key) or (ord(key.upper()), key)
        named = {"key": key, "code": key if len(key) > 1 else "", "windowsVirtualKeyCode": code}
        for _ in range(times):
            self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **named)
            self.send("Input.dispatchKeyEvent", type="keyUp", **named)

    def open(self, url: str, *, width: int = 1200, height: int = 800) -> None:
        """Open an address in a window of some size."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.send("Page.navigate", url=url)
        self.until(f"location.href.startsWith({json.dumps(url)}) && document.readyState === 'complete'")

    def picture(self) -> bytes:
        """Take a screenshot."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Run a headless Chromium."""
    assert PROGRAM is not None
    command_read, command_write = os.pipe()
    answer_read, answer_write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]
        flags += [
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--disable-background-networking",
            "--force-color-profile=srgb",
        ]
        start = [sys.executable, "-c", _START, str(command_read), str(answer_write), PROGRAM]
        with subprocess.Popen(
            [*start, *flags, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(command_read, answer_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            os.close(command_read)
            os.close(answer_write)
            try:
                yield Browser(command_write, answer_read)
            finally:
                process.kill()
                os.close(command_write)
                os.close(answer_read)
