"""The disclosure gate: what a dataset must pass before it may leave.

Are the columns exactly those that the contract publishes, and none of them personal? Does any value, any name
of a column or file, any word of the metadata hold a personal number, address or name? Does the dataset say what
a reader must know? Each question blocks.
"""

from pipelines.gate.columns import PLACE, check_columns, published
from pipelines.gate.gate import Gate, Passage
from pipelines.gate.log import LOG, log
from pipelines.gate.rules import GateError

__all__ = ["LOG", "PLACE", "Gate", "GateError", "Passage", "check_columns", "log", "published"]
