"""The journal: what was planned, sent, accepted and settled."""

from gong_crm.journal.database import Journal, default_folder
from gong_crm.journal.rows import FileRow, FileState, JobRow

__all__ = ["FileRow", "FileState", "JobRow", "Journal", "default_folder"]
