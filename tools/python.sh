# Sets $python to a Python of at least 3.11, or says that there is none. Sourced by ./run and ./test.
python=
for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 &&
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Yiwang needs Python 3.11 or newer, and none was found. Install one, or name it in the variable PYTHON." >&2
    exit 1
fi
