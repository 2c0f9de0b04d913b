"""Loads a plan from a folder of CSV files or one workbook: see docs/plan-format.md.

`load` is what the command, the demonstration and the admin call.
"""

from indicators.loading.outcome import Outcome
from indicators.loading.problems import Problem
from indicators.loading.service import load, load_all

__all__ = ["Outcome", "Problem", "load", "load_all"]
