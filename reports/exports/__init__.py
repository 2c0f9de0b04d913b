"""The working workbooks: a quarter, or one report, as the person who asks may read it.

In three steps: `contents` and `source` read in a fixed number of queries, `figures`, `words` and
`summary` make rows of it, `sheets` declares the columns.
"""

from reports.exports.sheets import sheets_of
from reports.exports.source import Source, load

__all__ = ["Source", "load", "sheets_of"]
