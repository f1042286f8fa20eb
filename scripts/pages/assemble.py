"""The pages of the site, laid together from the repository with links that hold there."""

import posixpath
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

PAGES: Final = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CHANGELOG.md": "changelog.md",
    ".github/CONTRIBUTING.md": "contributing.md",
    ".github/SECURITY.md": "security.md",
    "openapi.yaml": "openapi.yaml",
    "generated/openapi-3.0.yaml": "openapi-3.0.yaml",
}
"""Files outside docs/ and where they are on the site; those of docs/ keep their names."""
_LINK: Final = re.compile(r"(?<!`)(!?\[(?:[^\[\]]|\[[^\]]*\])*\])\(([^()\s]+)\)")
_FENCE: Final = re.compile(r"(?ms)(^```.*?^```$)")


class PageError(Exception):
    """A page that cannot go on the site as it is."""


def assemble(root: Path, target: Path) -> None:
    """Copy the pages and what they show, their links rewritten; a link to a file that is no page becomes plain text.

    Args:
        root: The repository.
        target: An empty folder.

    Raises:
        PageError: A link of a page leads nowhere in the repository.
    """
    places = {**PAGES, **{f"docs/{name}": name for name in _names(root / "docs")}}
    for source, name in places.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".md"):
            text = (root / source).read_text(encoding="utf-8")
            (target / name).write_text(
                rewritten(text, source, places, exists=lambda path: (root / path).exists()),
                encoding="utf-8",
            )
        else:
            shutil.copyfile(root / source, target / name)


def _names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file())


def rewritten(text: str, source: str, places: Mapping[str, str], *, exists: Callable[[str], bool]) -> str:
    """Rewrite the links of a page, those of the repository into those of the site.

    Args:
        text: The page.
        source: Where it is in the repository.
        places: Where files of the repository are on the site.
        exists: Whether a path of the repository is there.

    Raises:
        PageError: A link leads nowhere.
    """
    here = posixpath.dirname(places[source])

    def link(match: re.Match[str]) -> str:
        shown, address = match[1], match[2]
        if re.match(r"[a-z]+:|#", address):
            return match[0]
        path, mark, anchor = address.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if path in places:
            return f"{shown}({posixpath.relpath(places[path], here or '.')}{mark}{anchor})"
        if not exists(path):
            raise PageError(f"{source}: the link {address} leads nowhere")
        return shown.strip("[]")

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(link, part) for part in parts)
