#!/bin/sh
# Makes the virtual environment where there is none, and installs one list of requirements.
# Usage: install.sh PYTHON VENV REQUIREMENTS
set -eu
python=$1 venv=$2 requirements=$3

if ! command -v "$python" >/dev/null; then
    echo "Python is missing. On Debian: sudo apt install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or later is needed; $python is $("$python" --version)." >&2
    exit 1
fi
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "Python cannot make virtual environments. On Debian: sudo apt install python3-venv" >&2
        exit 1
    fi
    echo "Making the virtual environment in $venv"
    "$python" -m venv --clear "$venv"
fi
echo "Installing $requirements"
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
    --requirement "$requirements" --constraint constraints.txt
