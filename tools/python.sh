#!/bin/sh
# Names the Python that .venv is made with: the system's own where it is new enough and can make one, else the first on
# PATH. Distributions build theirs with profile guidance and keep it patched; one compiled by hand is often much slower.
own=/usr/bin/python3
"$own" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$own" || echo python3
