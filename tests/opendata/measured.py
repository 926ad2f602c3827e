"""Runs a management command and tells its greatest memory on the error stream, as kB=…"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from manage import main

main()
sys.stderr.write(f"kB={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")
