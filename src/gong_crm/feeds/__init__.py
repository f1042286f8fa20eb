"""Feeds: each kind of source as blocks of whole lines."""

from gong_crm.feeds.block import Block, Feed
from gong_crm.feeds.choose import feed
from gong_crm.feeds.options import CsvOptions

__all__ = ["Block", "CsvOptions", "Feed", "feed"]
