"""A rule that is ignored on a line says there why, in one style."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
IGNORED = re.compile(r"#\s*noqa\b(?P<codes>: [A-Z]+\d+(?:, [A-Z]+\d+)*)?(?P<reason>.*)$")
FOLDERS = ("src", "scripts", "tests", "contract_tests")


def test_an_ignored_rule_is_named_with_its_reason() -> None:
    """Each ignore names its rules, and then the reason in parentheses."""
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if path != Path(__file__)]
    assert 300 < len(files)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (ignored := IGNORED.search(line)) and not (ignored["codes"] and re.match(r"  \(\S", ignored["reason"]))
    ]
    assert [] == found
