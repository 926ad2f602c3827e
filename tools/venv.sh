#!/bin/sh
# Builds .venv from a lock file, or leaves it alone when it already fits.  usage: venv.sh LOCKFILE
# PYTHON says by which; else the one on the PATH, or the system's where that is clearly faster.
set -eu
lock=$1
stamp=.venv/.instalado-$lock
[ -x .venv/bin/python ] && [ -f "$stamp" ] && cmp -s "$lock" "$stamp" && exit 0

# A Python built without profile guidance, as version managers build them, runs everything a quarter slower (decision 108).
microseconds='import sys, timeit, ensurepip, venv
sys.version_info >= (3, 11) or sys.exit(1)
print(int(1e6 * min(timeit.repeat("[str(i) for i in range(200_000)]", number=1, repeat=5))))'
if [ -z "${PYTHON:-}" ]; then
    PYTHON=python3
    ours=$(python3 -c "$microseconds" 2>/dev/null) || ours=0
    systems=$(/usr/bin/python3 -c "$microseconds" 2>/dev/null) || systems=0
    if [ "$systems" -gt 0 ] && { [ "$ours" -eq 0 ] || [ $((systems * 10)) -lt $((ours * 9)) ]; }; then
        PYTHON=/usr/bin/python3
    fi
fi
if ! command -v "$PYTHON" >/dev/null; then
    echo "Falta o Python. Instale o pacote python3 (apt-get install python3 python3-venv) e rode de novo." >&2
    exit 2
fi
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$("$PYTHON" --version) é antigo: o sistema precisa do Python 3.11 ou mais novo. Aponte outro: make PYTHON=python3.12 run" >&2
    exit 2
fi
if [ ! -x .venv/bin/pip ]; then
    if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        package=$("$PYTHON" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Instalando $package…"
            { apt-get install -y -qq "$package" || { apt-get update -qq && apt-get install -y -qq "$package"; }; } >/dev/null
        else
            echo "Falta o módulo venv do Python. Instale o pacote $package (sudo apt-get install $package) e rode de novo." >&2
            exit 2
        fi
    fi
    echo "Criando o ambiente Python em .venv…"
    "$PYTHON" -m venv .venv
fi
echo "Instalando os pacotes de $lock…"
.venv/bin/pip install --quiet --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes --requirement "$lock"
# pip would compile on one core. A package may carry files that are no Python of this version: they stay as they are.
.venv/bin/python -m compileall -q -q -j 0 .venv/lib || true
cp "$lock" "$stamp"
