#!/bin/sh
# Compiles the lock files: hashes, no index addresses. The development lock holds the same versions as the other.
set -eu
compile() { .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
compile requirements.in --output-file requirements.txt "$@"
compile requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt "$@"
compile requirements-node.in --output-file requirements-node.txt "$@"
