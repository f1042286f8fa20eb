"""The plan of a push: every good line once, in files that Gong takes one after another."""

from gong_crm.checking.spans import Span
from gong_crm.plan.held import HeldLine
from gong_crm.plan.model import PlannedFile, Source, TypePlan
from gong_crm.plan.origins import each_origin, origin_of, origins_of
from gong_crm.plan.payload import Payload, open_payload
from gong_crm.plan.plan import Plan
from gong_crm.plan.planning import plan_push

__all__ = [
    "HeldLine",
    "Payload",
    "Plan",
    "PlannedFile",
    "Source",
    "Span",
    "TypePlan",
    "each_origin",
    "open_payload",
    "origin_of",
    "origins_of",
    "plan_push",
]
