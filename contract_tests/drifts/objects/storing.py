"""Drifts of what an upload does to the objects that are stored."""

from collections.abc import Callable
from typing import Final

from contract_tests.drifts.exchange import Call, Recipe
from contract_tests.drifts.files import (
    Key,
    Record,
    broken,
    file_of,
    key_of,
    on_lines,
    passed_over,
    records_of,
    with_file,
)
from contract_tests.drifts.memory import NEVER, Memory, Objects, modified, on_new_lines, on_reads
from contract_tests.drifts.operations import LEGACY, MAP_USERS, UPLOAD, operation_of
from contract_tests.drifts.recipes import on_request
from contract_tests.drifts.registry import drift
from contract_tests.suite.drive.records import READABLE_TYPES


def _is_plain(record: Record) -> bool:
    return record.get("isDeleted") is not True and bool(record.get("objectId")) and bool(record.get("modifiedDate"))


def _never_stored(record: Record) -> Record:
    return passed_over(record) if _is_plain(record) else record


def _inserts_ignored(*types: str, operations: frozenset[str] = UPLOAD) -> Recipe:
    return on_lines(_never_stored, operations=operations, types=types)


def _updates_ignored(*types: str) -> Recipe:
    def change(memory: Memory, key: Key, record: Record) -> Record:
        return passed_over(record) if key[1] in types and key in memory.newest and _is_plain(record) else record

    return on_new_lines(change)


def _last_sent_shown(memory: Memory, key: Key, record: Record) -> Record:
    newest = memory.newest.get(key, NEVER)
    return {**record, "modifiedDate": newest.isoformat()} if NEVER < modified(record) < newest else record


def _deletions_ignored(*types: str, operations: frozenset[str] = UPLOAD) -> Recipe:
    def change(record: Record) -> Record:
        return passed_over(record) if record.get("isDeleted") is True and record.get("objectId") else record

    return on_lines(change, operations=operations, types=types)


def _one_takes_all(memory: Memory, call: Call, found: Objects) -> Objects:
    last = [one for one in memory.uploads.values() if one.parameter("objectType") == call.parameter("objectType")]
    gone = bool(last) and any(record.get("isDeleted") is True for record in records_of(last[-1]))
    return dict.fromkeys(found) if gone else found


def _files(lost: Callable[[list[Record]], list[Record]]) -> Recipe:
    """Lose some records of each file, although it is DONE."""

    def change(memory: Memory, call: Call, found: Objects) -> Objects:
        hidden: set[Key] = set()
        for upload in memory.uploads.values():
            sent = records_of(upload)
            hidden -= {key_of(upload, record) for record in sent}
            hidden |= {key_of(upload, record) for record in lost(sent)}
        own = (call.integration, call.parameter("objectType"))
        return {key: None if (*own, key) in hidden else one for key, one in found.items()}

    return on_reads(change)


def bad_line_spoils_all(operations: frozenset[str]) -> Recipe:
    """Make a server that loses what is new in a file with a bad line, on some paths."""

    def change(memory: Memory, call: Call, found: Objects) -> Objects:
        hidden: set[Key] = set()
        stored: set[Key] = set()
        for request, upload in memory.uploads.items():
            keys = {key_of(upload, record) for record in records_of(upload)}
            lost = request in memory.failed and operation_of(upload) in operations
            hidden = (hidden | (keys - stored)) if lost else hidden - keys
            stored |= set() if lost else keys
        own = (call.integration, call.parameter("objectType"))
        return {key: None if (*own, key) in hidden else one for key, one in found.items()}

    return on_reads(change)


def _blamed(memory: Memory, key: Key, record: Record) -> Record:
    failed = (memory.uploads[request] for request in memory.failed if request in memory.uploads)
    return broken(record) if any(key in {key_of(one, sent) for sent in records_of(one)} for one in failed) else record


def _never_again(*types: str) -> Recipe:
    def change(memory: Memory, key: Key, record: Record) -> Record:
        gone = key[1] in types and memory.records.get(key, {}).get("isDeleted") is True
        return passed_over(record) if gone else record

    return on_new_lines(change)


def _twins_deleted(memory: Memory, call: Call, found: Objects) -> Objects:
    own = call.parameter("objectType")
    gone = {key for (_, name, key), one in memory.records.items() if name != own and one.get("isDeleted") is True}
    return {key: None if key in gone else one for key, one in found.items()}


def _same_moment_ignored(memory: Memory, key: Key, record: Record) -> Record:
    known = _is_plain(record) and key in memory.newest
    return passed_over(record) if known and modified(record) == memory.newest[key] else record


def _lost_with(sign: bytes) -> Recipe:
    """Lose the objects of files that hold some bytes."""

    def change(memory: Memory, call: Call, found: Objects) -> Objects:
        files = [upload for upload in memory.uploads.values() if sign in (file_of(upload) or b"")]
        lost = {key_of(upload, record) for upload in files for record in records_of(upload)}
        own = (call.integration, call.parameter("objectType"))
        return {key: None if (*own, key) in lost else one for key, one in found.items()}

    return on_reads(change)


def _behind_blank_lost(call: Call) -> Call:
    content = file_of(call) or b""
    return with_file(call, content.partition(b"\n\n")[0] + b"\n")


def _behind_mark_lost(call: Call) -> Call:
    content = file_of(call) or b""
    return with_file(call, content.partition(b"\n")[2])


def _ended(call: Call) -> Call:
    content = file_of(call) or b""
    return with_file(call, content[: content.rfind(b"\n") + 1])


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    drift("upload-inserts-ignored", "upload.insert", "Tells that an upload is DONE, but stores nothing new.",
        _inserts_ignored(*READABLE_TYPES)),
    drift("upload-inserts-ignored-legacy", "upload.insert",
        "Tells that an upload on the legacy path is DONE, but stores nothing.",
        _inserts_ignored(*READABLE_TYPES, operations=UPLOAD & LEGACY)),
    *(
        drift(f"upload-inserts-ignored-{object_type.lower()}", "objects.done-is-readable",
            f"Tells that an upload of {object_type} is DONE, but stores nothing.", _inserts_ignored(object_type))
        for object_type in READABLE_TYPES
    ),
    drift("upload-last-line-lost", "upload.insert", "Loses the last of several lines.",
        _files(lambda all_: all_[1:][-1:])),
    drift("upload-first-line-only", "upload.insert", "Stores the first line of a file alone.",
        _files(lambda all_: all_[1:])),
    drift("upload-updates-ignored", "upload.update", "Never changes an object.", _updates_ignored(*READABLE_TYPES)),
    drift("upload-deletions-ignored", "upload.delete", "Passes over isDeleted true.",
        _deletions_ignored(*READABLE_TYPES)),
    drift("upload-deletion-takes-all", "upload.delete-only-that",
        "Deletes every object of the type when one line has isDeleted true.", on_reads(_one_takes_all)),
    drift("upload-deleted-for-ever", "upload.again-after-deletion", "Never stores again what was deleted once.",
        _never_again(*READABLE_TYPES)),
    drift("upload-account-deleted-for-ever", "upload.again-after-deletion", "Never stores a deleted account again.",
        _never_again("ACCOUNT")),
    drift("upload-deletion-takes-twins", "upload.delete-only-that",
        "Deletes the objects of the same id in other types too.", on_reads(_twins_deleted)),
    drift("upload-same-moment-ignored", "upload.update-same-moment",
        "Ignores a line that is not newer than what it has.", on_new_lines(_same_moment_ignored)),
    drift("upload-returns-lost", "objects.done-is-readable", "Ends a file with CRLF DONE, and stores none of it.",
        _lost_with(b"\r\n")),
    drift("upload-behind-blank-lost", "objects.done-is-readable", "Ends a file DONE at its first blank line.",
        on_request(UPLOAD, _behind_blank_lost, when=lambda call: b"\n\n" in (file_of(call) or b""))),
    drift("upload-behind-mark-lost", "objects.done-is-readable",
        "Ends a file DONE, and loses the line that a byte order mark begins.",
        on_request(UPLOAD, _behind_mark_lost, when=lambda call: (file_of(call) or b"").startswith(b"\xef\xbb\xbf"))),
    *(
        drift(f"{word}-unended-line-lost", "upload.last-line", f"Loses a last line of {word} that no newline ends.",
            on_request(operations, _ended, when=when))
        for word, operations, when in (
            ("upload", UPLOAD, lambda call: bool(file_of(call))),
            ("stages", UPLOAD, lambda call: call.parameter("objectType") == "STAGE" and bool(file_of(call))),
            ("map-users", MAP_USERS, lambda call: bool(file_of(call))),
        )
    ),
    drift("upload-not-deleted-is-deleted", "upload.not-deleted", "Deletes the object of a line with isDeleted false.",
        on_lines(lambda record: {**record, "isDeleted": True} if record.get("isDeleted") is False else record,
            operations=UPLOAD, types=READABLE_TYPES)),
    drift("upload-history-replaces-newest", "upload.history",
        "Shows the version that was uploaded last in place of the newest.", on_new_lines(_last_sent_shown)),
    drift("upload-one-bad-line-spoils-all", "status.good-lines-kept",
        "Loses the good lines of a file that has a bad one.", bad_line_spoils_all(UPLOAD)),
    drift("upload-corrected-file-refused", "status.corrected-file",
        "Refuses the objects of a file that FAILED when they come again.", on_new_lines(_blamed)),
)
# fmt: on
