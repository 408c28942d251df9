#!/bin/sh
# Models go to PyTorch and come from it with the scripts of docs/pytorch: the same logits within 1e-4.
docs=$SMOOTHBOUND_DATA/docs/pytorch
script=$SMOOTHBOUND_DATA/tests/nn/pytorch_models.py
t_model=$BUILD/tests/nn/t_model
for python in "$PYTHON" python3 /usr/bin/python3; do
    [ -n "$python" ] && "$python" -c 'import numpy, torch' 2>/dev/null && break
    python=
done
if [ -z "$python" ]; then
    echo "ok - PyTorch: models go there and come back # SKIP no python3 with torch"
    exit 0
fi
cd "$SCRATCH" || exit 2
export PYTHONDONTWRITEBYTECODE=1
fail() {
    echo "not ok - PyTorch: $1"
    exit 1
}
"$python" "$script" "$docs" make || fail "random models"
"$t_model" create 14 4 our.safetensors || fail "random models"
"$python" "$docs/to_smoothbound.py" their.pt their.safetensors || fail "to_smoothbound.py"
"$python" "$docs/from_smoothbound.py" our.safetensors our.pt || fail "from_smoothbound.py"
for model in their our; do
    for size in 32 21; do
        for device in reference cpu; do
            "$t_model" logits $model.safetensors $size $device <images-$size >logits-$model-$size-$device ||
                fail "$model model on $device"
        done
    done
done
"$python" "$script" "$docs" compare
status=$?
if [ -f package.safetensors ]; then # what the package has written is read
    "$t_model" logits package.safetensors 32 cpu <images-32 >logits-package && cmp -s logits-package logits-our-32-cpu ||
        fail "a file of the safetensors package"
    echo "ok - PyTorch: a file of the safetensors package"
fi
exit $status
