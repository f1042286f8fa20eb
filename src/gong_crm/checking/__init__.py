"""The check: every line of a source against the rules, without a network."""

from gong_crm.checking.blocks import CheckedBlock, checked_blocks
from gong_crm.checking.report import Report, check
from gong_crm.rules import Rules

__all__ = ["CheckedBlock", "Report", "Rules", "check", "checked_blocks"]
