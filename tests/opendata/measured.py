"""Runs a management command and tells its greatest memory on the error stream, as kB=…"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from manage import main

main()
# Not getrusage: its maximum survives exec, and would be that of the process which started this one.
status = Path("/proc/self/status").read_text()
peak = re.search(r"VmHWM:\s+(\d+) kB", status)
sys.stderr.write(f"kB={peak[1] if peak else -1}")
