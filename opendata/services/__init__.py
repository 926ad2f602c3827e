"""Files of the national layouts, imported one at a time, each whole or not at all."""

from opendata.services.consumidor_gov import ConductResult, import_conduct
from opendata.services.importing import Result, one_import_at_a_time, rehearsal
from opendata.services.sindec import import_file

__all__ = ["ConductResult", "Result", "import_conduct", "import_file", "one_import_at_a_time", "rehearsal"]
