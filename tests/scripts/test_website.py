"""The pages of the documentation site lead where they lead in the repository, and faults of a built site are found."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pages.assemble import PageError, assemble, rewritten
from pages.built import faults_of
from pages.contract import contract_page
from website import VIEWER, SiteError, fetch_viewer

ROOT = Path(__file__).parents[2]
PLACES = {"README.md": "index.md", "docs/push.md": "push.md", "docs/a/b.md": "a/b.md", "openapi.yaml": "openapi.yaml"}


def on_the_site(text: str, source: str) -> str:
    """Rewrite the links of a page in a repository that has src/ beside the pages."""
    return rewritten(text, source, PLACES, exists=lambda path: path in {*PLACES, "src"})


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("README.md", "[push](docs/push.md#a-first-push)", "[push](push.md#a-first-push)"),
        ("docs/push.md", "[home](../README.md)", "[home](index.md)"),
        ("docs/a/b.md", "[`x`](../../openapi.yaml)", "[`x`](../openapi.yaml)"),
        ("docs/a/b.md", "[up](../push.md), [here](#there)", "[up](../push.md), [here](#there)"),
        ("README.md", "[Gong](https://gong.io)", "[Gong](https://gong.io)"),
        ("README.md", "[`src/`](src)", "`src/`"),
        ("README.md", "```\n[x](nowhere.md)\n```", "```\n[x](nowhere.md)\n```"),
    ],
)
def test_links_hold_on_the_site(source: str, before: str, after: str) -> None:
    """A link between pages is one on the site, one to other files is plain text, and code stays as it is."""
    assert after == on_the_site(before, source)


def test_a_link_that_leads_nowhere_is_refused() -> None:
    """The page and its wrong link are named."""
    with pytest.raises(PageError, match=r"docs/push\.md: the link gone\.md leads nowhere"):
        on_the_site("[gone](gone.md)", "docs/push.md")


def test_every_page_of_the_repository_can_be_laid_together(tmp_path: Path) -> None:
    """No page has a link that leads nowhere, and every one is on the site and in its contents."""
    assemble(ROOT, tmp_path)
    contents = (ROOT / "scripts" / "pages" / "zensical.toml").read_text(encoding="utf-8")
    pages = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")}
    assert {"index.md", "push.md", "sources.md"} <= pages
    assert [] == sorted(page for page in pages if f'"{page}"' not in contents)


def test_every_place_that_is_linked_is_a_heading(tmp_path: Path) -> None:
    """A link into a page leads to one of its headings, so that a heading that is renamed does not lose its readers."""
    assemble(ROOT, tmp_path)
    pages = {path: re.sub(r"(?ms)^```.*?^```$", "", path.read_text("utf-8")) for path in tmp_path.rglob("*.md")}
    slugs = {path: {slug(title) for title in re.findall(r"(?m)^#+ (.*)$", text)} for path, text in pages.items()}
    lost = [
        f"{path.name}: {address}#{anchor}"
        for path, text in pages.items()
        for address, anchor in re.findall(r"\]\(([^()\s:]*)#([^()\s]+)\)", text)
        if anchor not in slugs.get(path.parent / address if address else path, {anchor})
    ]
    assert [] == lost


def slug(title: str) -> str:
    """Make the anchor of a heading, as the site and GitHub do."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())


def test_the_page_of_the_contract_has_all_operations_and_members() -> None:
    """Each operationId has a heading with its method and path, and a member of a common record is in every line."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
    page = contract_page(document)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "operationId" in operation:
                assert f"### {operation['operationId']}\n" in page
                assert f"`{method.upper()} {path}`" in page
    lines = page.partition("## Lines of a file")[2].split("\n### ")[1:]
    records = {line.partition("\n")[0]: line for line in lines}
    assert 13 == len(records)
    assert [] == [name for name in records if "UserMapping" not in name and "`objectId`" not in records[name]]
    assert "| `emailAddress` |" in records["BusinessUserRecord"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="b.html">', "a.html: b.html leads nowhere"),
        ('<img src="b.png">', "a.html: b.png leads nowhere"),
        ('<a href="#nowhere">', "a.html: #nowhere leads to no place of that page"),
        ('<script src="https://cdn.example/x.js">', "a.html: fetches https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//fonts.example/f.css">', "a.html: fetches //fonts.example/f.css"),
        ("built in /home/ann/project", "a.html: has '/home/ann' in it"),
    ],
)
def test_a_fault_of_the_built_site_is_named(tmp_path: Path, body: str, fault: str) -> None:
    """A link to nowhere, something fetched from elsewhere, and a path of the machine are each named with their page."""
    (tmp_path / "a.html").write_text(f"<h1 id=top>a</h1>{body}", encoding="utf-8")
    assert [fault] == list(faults_of(tmp_path, hidden=("/home/ann",)))


def test_a_good_site_has_no_faults(tmp_path: Path) -> None:
    """Links to pages, places, folders and other hosts are fine."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "index.html").write_text('<a href="../a.html#top">', encoding="utf-8")
    links = '<a href="b/"><a href="#top"><a href="https://gong.io"><link rel="canonical" href="https://x/a.html">'
    (tmp_path / "a.html").write_text(f"<h1 id=top>a</h1>{links}", encoding="utf-8")
    assert [] == list(faults_of(tmp_path))


def test_another_viewer_than_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with another hash is reported and thrown away, and nothing of it reaches the site."""
    monkeypatch.setattr("website.BUILD", tmp_path)
    kept = tmp_path / f"viewer-{VIEWER['version']}.tgz"
    kept.write_bytes(b"another package")
    with pytest.raises(SiteError, match="is not the pinned one"):
        fetch_viewer(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_machine_without_npm_learns_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the viewer cannot be fetched, the sentence says what is missing."""
    monkeypatch.setattr("website.BUILD", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SiteError, match="no npm on this machine; install Node"):
        fetch_viewer(tmp_path)
