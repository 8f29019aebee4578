# Sourced by the scripts beside it: makes .venv and installs the pinned packages when they changed.
# Usage: . bin/_env.sh run|dev

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
set_name="$1"
# Every command is a process of its own: without compiled modules its start takes twice as long.
unset PYTHONDONTWRITEBYTECODE

find_python() {
    local candidate
    for candidate in "${WUSHU_PYTHON:-}" python3.13 python3.12 python3.11 python3; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null \
            && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Wushu needs Python 3.11 or newer; none was found. Install it, or name it in WUSHU_PYTHON." >&2
    return 1
}

[ -x .venv/bin/python ] || "$(find_python)" -m venv .venv

# The packages for tests contain those for running, so a .venv made by bin/test serves bin/run.
want="$(cat requirements/dev.txt requirements/run.txt pyproject.toml | cksum | tr -d ' ')"
have="$(cat .venv/wushu-installed 2>/dev/null || true)"
if [ "$have" != "dev $want" ] && [ "$have" != "$set_name $want" ]; then
    echo "installing the pinned packages into .venv (once) ..." >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r "requirements/$set_name.txt"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation --editable .
    echo "$set_name $want" > .venv/wushu-installed
fi

# Translations are kept as text; gettext reads the compiled form.
for catalogue in src/wushu/*/locale/*/LC_MESSAGES/django.po; do
    [ -e "$catalogue" ] || continue
    if [ ! "${catalogue%.po}.mo" -nt "$catalogue" ]; then
        .venv/bin/pybabel --quiet compile -D django -i "$catalogue" -o "${catalogue%.po}.mo"
    fi
done
