#!/bin/sh
# Builds .venv from a lock file, or leaves it alone when it already fits.  usage: venv.sh LOCKFILE
set -eu
lock=$1
stamp=.venv/.instalado-$lock
[ -x .venv/bin/python ] && [ -f "$stamp" ] && cmp -s "$lock" "$stamp" && exit 0

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
