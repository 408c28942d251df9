#!/bin/sh
# `make data` says where CIFAR-10 is and how to check and use it, and fetches nothing.
set -u
: "${SMOOTHBOUND_DATA:=$(cd "$(dirname "$0")/../.." && pwd)}"
work=${SCRATCH:-$(mktemp -d)}
[ -n "${SCRATCH:-}" ] || trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL
if [ ! -f "$SMOOTHBOUND_DATA/Makefile" ]; then
    echo "ok - make data # SKIP no Makefile beside the data files"
    exit 0
fi
cd "$work" && make -s -f "$SMOOTHBOUND_DATA/Makefile" data >said 2>&1 &&
    grep -q 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz' said &&
    grep -q 'c32a1d4ab5d03f1284b67883e8d87530 .*md5sum -c' said && grep -q 'DATA=' said &&
    [ "$(ls)" = said ]
status=$?
if [ "$status" -eq 0 ]; then echo "ok - make data"; else
    echo "not ok - make data"
    sed 's/^/# /' said
    ls | sed 's/^/# /'
fi
exit "$status"
