"""A process that pushes and may be killed at any moment: `python -m …harness.child ARGUMENTS.json`.

It prints `ready` when it is about to push, and at the end one line of JSON: what was said of the lines, or the error.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gong_crm.errors import GongCrmError
from tests.gong_crm.faults.harness.meddling import Act
from tests.gong_crm.faults.harness.pushing import Opening, push, resume_or_push

if TYPE_CHECKING:
    from tests.gong_crm.faults.harness.checker import Said


def main() -> None:
    """Push or resume as the arguments say."""
    arguments = json.loads(Path(sys.argv[1]).read_text())
    opening = Opening(
        url=arguments["url"],
        journal=Path(arguments["journal"]),
        awaited=arguments["awaited"],
        acts=tuple(Act(operation="*", number=at["call"], when=at["when"], do=_die) for at in arguments["die"]),
        more=arguments["more"],
    )
    inputs = {object_type: [Path(name) for name in names] for object_type, names in arguments["inputs"].items()}
    take = resume_or_push if arguments["resume"] else push

    async def through(gong: Any) -> Said:  # noqa: ANN401  (GongCrm or its awaited twin)
        print("ready", flush=True)  # noqa: T201  (the parent waits for it)
        return await take(gong, inputs)

    try:
        answer = _as_json(opening.use(through))
    except GongCrmError as problem:
        answer = {"error": type(problem).__name__, "message": str(problem)}
    print(json.dumps(answer), flush=True)  # noqa: T201  (the parent reads it)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _as_json(said: Said) -> dict[str, Any]:
    rejects = {object_type: base64.b64encode(data).decode() for object_type, data in said.rejects.items()}
    return {"numbers": {name: asdict(one) for name, one in said.numbers.items()}, "rejects": rejects}


if __name__ == "__main__":
    main()
