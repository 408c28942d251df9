"""python3 to_smoothbound.py MODEL.pt MODEL.safetensors: a state dict of PyTorch for smoothbound.
Needs no safetensors package."""
import json
import sys

import torch

state = torch.load(sys.argv[1], map_location="cpu")
header, data = {}, b""
for name, tensor in state.get("state_dict", state).items():
    array = tensor.contiguous().numpy()
    dtype = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64"}[array.dtype.name]
    offsets = [len(data), len(data) + array.nbytes]
    header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": offsets}
    data += array.tobytes()
text = json.dumps(header).encode()
open(sys.argv[2], "wb").write(len(text).to_bytes(8, "little") + text + data)
