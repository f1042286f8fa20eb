"""Drifts of the rate limit, each on a server that takes ten calls a second."""

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.recipes import HTML, both_of, on_answer, refused_by, refused_with, remembering
from contract_tests.drifts.registry import drift

CALLS: Final = 10
SECONDS: Final = 1.0
_CLOCK: Final = Call(method="GET", path="/_emulator/api/clock", headers=(("host", "127.0.0.1"),))
"""A server lives by the clock of the emulator, so that a wait of its caller may be leapt over."""


def limited(*, shut: float = 0.8) -> Recipe:
    """Make a server that takes ten calls a second, and none for a while after one too many; Retry-After says 1."""

    async def step(memory: dict[str, Any], call: Call, ask: Ask) -> Answer:
        calls, now = memory.setdefault("calls", deque(maxlen=CALLS)), (await ask(_CLOCK)).member("now")
        closed = now < memory.get("until", 0.0)
        if not closed and (len(calls) < CALLS or now - calls[0] >= SECONDS):
            calls.append(now)
            return await ask(call)
        if not closed:
            memory["until"] = now + shut
        refused = await refused_by(call, ask, 429, "API request limit exceeded")
        return refused.with_header("retry-after", "1") if refused.status == 429 else refused

    return remembering(step)


def _over(change: Callable[[Answer], Answer]) -> Recipe:
    return both_of(on_answer(None, lambda _, answer: change(answer), when=refused_with(429)), limited())


def _saying(text: str | None) -> Recipe:
    return _over(lambda answer: answer.with_header("retry-after", text))


def _bare(answer: Answer) -> Answer:
    return answer.with_json({"requestId": answer.member("requestId")})


def _html(answer: Answer) -> Answer:
    return answer.with_body(HTML, media_type="text/html")


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    drift("limit-without-retry-after", "limit.retry-after", "Answers 429 without Retry-After.", _saying(None)),
    drift("limit-negative", "limit.retry-after", "Answers a negative Retry-After.", _saying("-1")),
    drift("limit-in-milliseconds", "limit.retry-after-true", "Answers Retry-After in milliseconds.", _saying("1000")),
    drift("limit-longer-than-announced", "limit.retry-after-true", "Stays shut four times as long as announced.",
        limited(shut=4.0)),
    drift("limit-html", "limit.envelope", "Answers 429 with a page of HTML.", _over(_html)),
    drift("limit-without-errors", "limit.envelope", "Answers 429 without errors.", _over(_bare)),
)
# fmt: on
