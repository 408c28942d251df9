"""python3 from_smoothbound.py MODEL.safetensors MODEL.pt: a model of smoothbound as a state dict of
PyTorch. Needs no safetensors package."""
import json
import sys

import numpy
import torch

data = open(sys.argv[1], "rb").read()
start = 8 + int.from_bytes(data[:8], "little")
state = {}
for name, t in json.loads(data[8:start]).items():
    if name != "__metadata__" and not name.startswith("momentum."):
        begin, end = (start + i for i in t["data_offsets"])
        array = numpy.frombuffer(data[begin:end], {"F32": "<f4", "I64": "<i8"}[t["dtype"]])
        state[name] = torch.from_numpy(array.reshape(t["shape"]).copy())
torch.save(state, sys.argv[2])
