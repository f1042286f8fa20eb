"""The steps of an integration's life: found, registered, asked, read, deleted."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, TypeVar

from gong_crm.errors import AmbiguousError, ConflictError, IntegrationError, RefusedError, SetupError, UnreachableError
from gong_crm.fields import check_schema_type
from gong_crm.session import LONG, NEVER, Deadline, attempt, pause
from gong_crm.wire.retry import backoff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gong_crm.session import Session
    from gong_crm.wire.answers import Registration, Status
    from gong_crm.wire.steps import Steps


T = TypeVar("T")


_IDS_A_CALL: Final = 100


_MOST_LOST: Final = 5


UNKNOWN: Final = frozenset({400, 404})
"""What Gong answers to an id that it does not know is 400 or 404: no source settles which."""


def listed(session: Session) -> Steps[list[Registration]]:
    """List the integrations: none or one."""
    return (yield from attempt(session, session.calls.list_integrations()))


def find(session: Session, wanted: str | int | None) -> Steps[Registration | None]:
    """Find the integration: the one that is named, or the one that this journal knows as ours.

    Args:
        session: What all calls share.
        wanted: Its name or id; None for the one that this journal knows.

    Returns:
        The integration, or None when Gong has none.

    Raises:
        IntegrationError: If Gong has one, but another than the one that is wanted or known.
    """
    known = yield from listed(session)
    for one in known:
        if wanted in (one.id, one.name, str(one.id)) or (
            wanted is None and session.journal.knows(session.settings.base_url, one.id)
        ):
            session.journal.remember(session.settings.base_url, one)
            return one
    if not known:
        return None
    raise IntegrationError(_not_ours(known[0], wanted, session))


def _not_ours(found: Registration, wanted: str | int | None, session: Session) -> str:
    clean = session.settings.redactor.clean
    what = f"Gong has the integration {clean(found.name)!r} (id {found.id}, owner {clean(found.owner_email)})"
    if wanted is None:
        return (
            f"{what}, which this journal does not know;"
            f" if it is yours, name it: integration({found.id}), or --integration {found.id}"
        )
    return f"{what}, and not {wanted!r}; a company can have one, so name that one, or delete it first"


def register(session: Session, *, name: str, owner_email: str) -> Steps[Registration]:
    """Register an integration; after a lost answer the list shows whether it is there.

    Raises:
        ConflictError: If there is one already.
    """
    before = yield from listed(session)
    known = {one.id for one in before}
    call = session.calls.register(name=name, owner_email=owner_email)
    for lost in range(_MOST_LOST + 1):  # pragma: no branch  (the last loss is raised)
        number, refused = None, None
        try:
            number = yield from attempt(session, call, patience=LONG, again_after=(UnreachableError,))
        except ConflictError as problem:
            refused = problem  # unless an earlier try did it, whose answer was lost
        except AmbiguousError:
            if lost == _MOST_LOST:
                raise
        present = yield from attempt(session, session.calls.list_integrations(), patience=LONG)
        for one in present:
            ours = (one.name, one.owner_email) == (name, owner_email) and one.id not in known
            if one.id == number or (number is None and ours):
                session.journal.remember(session.settings.base_url, one)
                return one
        if refused is not None:
            raise refused
        if number is not None:
            break
        yield from pause(session, backoff(lost + 1), reason="a registration whose answer was lost")
    raise IntegrationError(
        f"Gong registered the integration {number}, but does not list it; look at Gong's CRM settings"
    )


def explained(session: Session, integration_id: int, steps: Steps[T]) -> Steps[T]:
    """Say so when steps are refused because the integration is gone, since Gong does not.

    Raises:
        IntegrationError: If it is.
    """
    try:
        return (yield from steps)
    except RefusedError as problem:
        if problem.status not in UNKNOWN:
            raise
        present = yield from attempt(session, session.calls.list_integrations(), patience=LONG)
        if any(one.id == integration_id for one in present):
            raise
        raise IntegrationError(
            f"the integration {integration_id} is gone: somebody deleted it, and what was in it;"
            " register anew and push again"
        ) from problem


def read(
    session: Session, integration_id: int, object_type: str, object_ids: Iterable[str]
) -> Steps[dict[str, dict[str, Any] | None]]:
    """Read any number of objects, 100 a call, since Gong answers the first 100 only; None for an unknown one."""
    check_schema_type(object_type, "objects that can be read")
    if isinstance(object_ids, str):
        raise SetupError(f"object_ids must be ids, not one text: say [{object_ids!r}]")
    ids = list(object_ids)
    for one in ids:
        if not isinstance(one, str):
            raise SetupError(f"an object id is text, not {type(one).__name__}: say {str(one)!r}")
    ids = list(dict.fromkeys(ids))
    found: dict[str, dict[str, Any] | None] = {}
    for start in range(0, len(ids), _IDS_A_CALL):
        some = ids[start : start + _IDS_A_CALL]
        call = session.calls.read(integration_id=integration_id, object_type=object_type, object_ids=some)
        answer = yield from explained(session, integration_id, attempt(session, call))
        found.update((one, answer.get(one)) for one in some)
    return found


def status(session: Session, integration_id: int, client_request_id: str) -> Steps[Status]:
    """Ask where a request stands."""
    call = session.calls.status(integration_id=integration_id, client_request_id=client_request_id)
    return (yield from attempt(session, call))


def delete(session: Session, integration_id: int, *, deadline: float | None) -> Steps[None]:
    """Delete the integration and follow it to its end; a lost answer is resolved by asking for the status.

    Raises:
        DeadlineError: If Gong is not done in time; it goes on by itself.
        IntegrationError: If Gong says that it failed.
    """
    request = f"delete-{integration_id}"
    until = Deadline.after(deadline, f"Gong is still deleting the integration {integration_id}; it goes on by itself")
    unsaid = f"Gong has not said whether it deletes the integration {integration_id}: delete it again later"
    asking = replace(until, message=unsaid)
    known = yield from _is_known(session, integration_id, request, asking)
    if known is not None and known.status == "FAILED":
        request, known = f"{request}-{token_hex(4)}", None
    if known is None:
        yield from _ask_to_delete(session, integration_id, request, asking)
    last = yield from follow(session, integration_id, request, deadline=until)
    if last.status != "DONE":
        said = " ".join(one.description for one in last.errors)
        raise IntegrationError(
            f"Gong could not delete the integration {integration_id}: {said or 'it does not say why'}"
        )


def _ask_to_delete(session: Session, integration_id: int, request: str, deadline: Deadline) -> Steps[None]:
    """Ask for the deletion until Gong certainly knows of it."""
    call = session.calls.delete(integration_id=integration_id, client_request_id=request)
    lost = 0
    while True:
        try:
            yield from attempt(session, call, patience=LONG, again_after=(UnreachableError,), deadline=deadline)
        except ConflictError:
            return
        except AmbiguousError as problem:
            known = yield from _is_known(session, integration_id, request, deadline)
            if known is not None:
                return
            lost += 1
            if lost > _MOST_LOST:
                raise
            seconds = backoff(lost)
            deadline.check(seconds, trouble=str(problem))
        else:
            return
        yield from pause(session, seconds, reason="a deletion whose answer was lost", deadline=deadline)


def _is_known(session: Session, integration_id: int, request: str, deadline: Deadline) -> Steps[Status | None]:
    """Ask whether Gong knows a request; None when it does not."""
    call = session.calls.status(integration_id=integration_id, client_request_id=request)
    try:
        return (yield from attempt(session, call, patience=LONG, deadline=deadline))
    except RefusedError as problem:
        if problem.status in UNKNOWN:
            return None
        raise


def follow(session: Session, integration_id: int, request: str, *, deadline: Deadline = NEVER) -> Steps[Status]:
    """Ask for the status of one request until it is final, less and less often."""
    delay = session.settings.first_poll
    while True:
        call = session.calls.status(integration_id=integration_id, client_request_id=request)
        found = yield from attempt(session, call, patience=LONG, deadline=deadline)
        if found.is_final:
            return found
        yield from pause(session, delay, reason="Gong's processing", deadline=deadline)
        delay = min(delay * 1.5, session.settings.longest_poll)
