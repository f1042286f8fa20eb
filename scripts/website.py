"""Build the documentation site into build/website/site, strictly: from docs/, the docstrings and openapi.yaml."""

import argparse
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

import yaml

from pages.assemble import PageError, assemble
from pages.built import faults_of
from pages.contract import contract_page

ROOT: Final = Path(__file__).resolve().parents[1]
PARTS: Final = ROOT / "scripts" / "pages"
BUILD: Final = ROOT / "build" / "website"
VIEWER: Final = json.loads((PARTS / "viewer.json").read_text(encoding="utf-8"))
"""What shows the interactive reference: a package of npm, its hash, and the files of it that are needed."""


class SiteError(Exception):
    """The site cannot be built; the text says why and what to do."""


def main() -> int:
    """Build the site.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", metavar="URL", help="where the site will be, for its map and its page of 404")
    asked = parser.parse_args()
    try:
        build(address=asked.address)
    except (SiteError, PageError) as problem:
        sys.stderr.write(f"website: {problem}\n")
        return 1
    return 0


def build(*, address: str | None) -> None:
    """Lay the pages together, build them, and look for faults.

    Args:
        address: Where the site will be.

    Raises:
        SiteError: The site would be wrong somewhere.
    """
    source, site = BUILD / "source", BUILD / "site"
    for folder in (source, site):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    assemble(ROOT, source)
    shutil.copytree(PARTS / "reference", source / "reference")
    shutil.copytree(PARTS / "assets", source / "assets")
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
    (source / "reference" / "contract.md").write_text(contract_page(document), encoding="utf-8")
    fetch_viewer(source / "reference")
    (source / "reference" / "document.js").write_text(
        f"const contract = {json.dumps(document, default=str)}\n", "utf-8"
    )
    settings = (PARTS / "zensical.toml").read_text(encoding="utf-8")
    if address:
        settings = settings.replace("[project]\n", f"[project]\nsite_url = {json.dumps(address)}\n", 1)
    (BUILD / "zensical.toml").write_text(settings, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "zensical",
            "build",
            "--strict",
            "--clean",
            "--config-file",
            str(BUILD / "zensical.toml"),
        ],
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SiteError(f"Zensical refuses the pages:\n{done.stdout}{done.stderr}")
    faults = list(faults_of(site, hidden=(str(ROOT), str(Path.home() / ""))))
    if faults:
        raise SiteError("the site has faults:\n" + "\n".join(faults))
    sys.stdout.write(f"{len(list(site.rglob('*.html')))} pages in {site.relative_to(ROOT)}\n")


def fetch_viewer(target: Path) -> None:
    """Fetch the viewer of the interactive reference from npm, once, and put its files beside the page.

    Args:
        target: The folder of the page.

    Raises:
        SiteError: There is no npm, no answer, or another package than the pinned one.
    """
    name = f"{VIEWER['package']}@{VIEWER['version']}"
    kept = BUILD / f"viewer-{VIEWER['version']}.tgz"
    if not kept.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SiteError("there is no npm on this machine; install Node.js 20.19 or newer")
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            done = subprocess.run(
                [npm, "pack", name, "--silent"], cwd=folder, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SiteError(f"npm has not fetched {name}:\n{done.stderr}")
            shutil.move(next(Path(folder).glob("*.tgz")), kept)
    digest = base64.b64encode(hashlib.sha512(kept.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != VIEWER["integrity"]:
        kept.unlink()
        raise SiteError(f"{name} of npm is not the pinned one: its hash is sha512-{digest}")
    with tarfile.open(kept) as archive:
        for member, file in VIEWER["files"].items():
            content = archive.extractfile(f"package/{member}")
            if content is None:
                raise SiteError(f"{name} has no {member}")
            (target / file).write_bytes(content.read())


if __name__ == "__main__":
    sys.exit(main())
