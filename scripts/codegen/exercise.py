"""Imports every module of a fresh client, and sends every model round: run by generate.py in a process of its own."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def exercise(package: Path, examples: dict[str, list[Any]]) -> list[str]:
    """Import and use a client in a fresh process.

    Args:
        package: The folder of the client.
        examples: JSON examples of each schema, by its name.

    Returns:
        One sentence for each module or model that does not work.
    """
    answer = subprocess.run(
        [sys.executable, __file__, str(package)],
        input=json.dumps(examples),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        return [f"the client cannot be tried: {answer.stderr.strip()[-400:]}"]
    return answer.stdout.splitlines()


def _main() -> None:
    package = Path(sys.argv[1])
    sys.path.insert(0, str(package.parent))
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  (of whatever kind, it is to be reported)
            sys.stdout.write(f"{name} cannot be imported: {type(error).__name__}: {error}\n")
    models = importlib.import_module(f"{package.name}.models")
    for name, each in json.load(sys.stdin).items():
        model = getattr(models, name, None)
        if hasattr(model, "from_dict"):
            for example in each:
                _go_round(name, model, example)


def _go_round(name: str, model: Any, example: Any) -> None:  # noqa: ANN401  (a class, and JSON)
    try:
        came = model.from_dict(example).to_dict()
    except Exception as error:  # noqa: BLE001  (of whatever kind, it is to be reported)
        sys.stdout.write(f"{name} does not take its example: {type(error).__name__}: {error}\n")
        return
    if came != example:
        sys.stdout.write(f"{name} does not give back its example: {came} for {example}\n")


if __name__ == "__main__":
    _main()
