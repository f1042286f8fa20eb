"""What is wrong with a built site: links that lead nowhere, things fetched from elsewhere, traces of this machine."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

_SHOWN: Final = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
_UNFETCHED: Final = frozenset({"canonical", "next", "prev", "alternate", "edit"})


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        address = found.get(_SHOWN.get(tag, ""), "")
        if address and not _UNFETCHED & set(found.get("rel", "").split()):
            self.fetched.append(address)


def faults_of(site: Path, *, hidden: tuple[str, ...] = ()) -> Iterator[str]:
    """Find what is wrong with a site.

    Args:
        site: Its folder.
        hidden: Texts that no page may hold, such as paths of this machine.

    Yields:
        A sentence for each fault.
    """
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    pages = {path: _Page(text) for path, text in texts.items()}
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        yield from (f"{name}: has {text!r} in it" for text in hidden if text in texts[path])
        yield from (f"{name}: fetches {one}" for one in page.fetched if urlsplit(one).netloc)
        if name == "404.html":  # it is served for any address, so its links are not relative to itself
            continue
        for address in [*page.links, *page.fetched]:
            fault = _fault(site, pages, path, address)
            if fault:
                yield f"{name}: {address} {fault}"


def _fault(site: Path, pages: dict[Path, _Page], path: Path, address: str) -> str | None:
    parts = urlsplit(urljoin(f"/{path.relative_to(site).as_posix()}", address))
    if parts.scheme or parts.netloc:
        return None
    target = site / unquote(parts.path).lstrip("/")
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return "leads nowhere"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
        return "leads to no place of that page"
    return None
