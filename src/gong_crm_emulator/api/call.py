"""One call to the emulator, as the endpoints see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import ClientDisconnect

from gong_crm_emulator.api.responses import answer
from gong_crm_emulator.refusals import CLOSE, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.store.background import BackgroundWork
    from gong_crm_emulator.store.tenant import Tenant


_LONGEST_JSON: Final = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call whose caller, method, media type and scope are in order.

    Attributes:
        request: The HTTP request, its body not yet read.
        request_id: Gong's id of the call.
        tenant: The state.
        work: The background threads.
    """

    request: Request
    request_id: str
    tenant: Tenant
    work: BackgroundWork

    @property
    def settings(self) -> EmulatorSettings:
        """The switches."""
        return self.tenant.settings

    @property
    def query(self) -> Mapping[str, str]:
        """The query; of a parameter that comes twice the first counts."""
        return dict(reversed(self.request.query_params.multi_items()))

    async def body(self) -> bytes:
        """Read the body of a call that carries JSON.

        Raises:
            Refusal: 400 if it is larger than any honest one, so that memory stays bounded.
        """
        content = bytearray()
        try:
            async for chunk in self.request.stream():
                content += chunk
                if len(content) > _LONGEST_JSON:
                    raise Refusal(400, f"The request body is larger than {_LONGEST_JSON:,} bytes", headers=CLOSE)
        except ClientDisconnect as gone:
            raise Refusal(400, "The body ended before its announced length", headers=CLOSE) from gone
        return bytes(content)

    def answer(self, body: Mapping[str, Any] | None = None, *, status: int = 200) -> Response:
        """Answer the call."""
        return answer(self.request_id, status=status, body=body)
