"""What our templates and modules change of the generator's own, as a diff for each."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from codegen.toolchain import RUNTIME, upstream_templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def override_diffs(templates: Path) -> Iterator[str]:
    """Yield the diff between each of the generator's templates and what takes its place."""
    originals = upstream_templates()
    ours = {path.relative_to(templates).as_posix(): path for path in sorted(templates.rglob("*.jinja"))}
    modules = {f"{path.name}.jinja": path for path in sorted(RUNTIME.glob("*.py"))}
    ours |= {name: path for name, path in modules.items() if (originals / name).is_file()}
    for name, path in ours.items():
        old, new = ((one.read_text(encoding="utf-8")).splitlines(keepends=True) for one in (originals / name, path))
        yield "".join(difflib.unified_diff(old, new, f"upstream/{name}", f"ours/{name}"))
