"""The side of PyTorch in t_pytorch.sh, in the current folder. python3 pytorch_models.py DOCS make|compare
   make: their.pt, a random network with random running statistics; random images images-SIZE
   compare: their logits against ours in logits-MODEL-SIZE-DEVICE, and state dicts that went there and back"""
import os
import runpy
import sys

import numpy
import torch

docs, command = sys.argv[1:]
sys.path.insert(0, docs)
from resnet import ResNet

SIZES = (32, 21)
failed = False


def check(name, holds):
    global failed
    failed |= not holds
    print(("ok" if holds else "not ok") + " - PyTorch: " + name)


def make():
    torch.manual_seed(1)
    model = ResNet(20)
    for name, value in list(model.named_buffers()) + list(model.named_parameters()):
        if value.dim() == 0:
            value.fill_(17)
        elif name.endswith("running_var"):
            value.data.uniform_(0.5, 1.5)
        elif value.dim() == 1:  # a scale or a shift
            value.data.uniform_(1.5, 2.5) if name.endswith("weight") else value.data.uniform_(-0.2, 0.2)
    torch.save(model.state_dict(), "their.pt")
    for size in SIZES:
        draw = numpy.random.default_rng(size).random
        images = draw((4, size, size, 3), dtype=numpy.float32) * draw((4, 1, 1, 3), dtype=numpy.float32)
        images.tofile(f"images-{size}")


def logits_agree(name, depth):
    model = ResNet(depth).eval()
    model.load_state_dict(torch.load(name + ".pt"))
    for size in SIZES:
        images = numpy.fromfile(f"images-{size}", dtype=numpy.float32).reshape(-1, size, size, 3)
        with torch.no_grad():
            theirs = model(torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()).numpy()
        for device in ("reference", "cpu"):
            ours = numpy.fromfile(f"logits-{name}-{size}-{device}", dtype=numpy.float32)
            largest = numpy.abs(ours.reshape(-1, 10) - theirs).max() if ours.size == theirs.size else numpy.inf
            spread = theirs.std(0).max()  # from image to image
            agree = bool(largest < 1e-4 and spread > 1e-2)
            if not agree:
                print(f"# largest difference {largest:.2g}, spread {spread:.2g}")
            check(f"{name} ResNet-{depth}, {size} pixels, {device}: the same logits", agree)


def run(script, *words):
    sys.argv = [script, *words]
    runpy.run_path(os.path.join(docs, script))


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) and a[k].dtype == b[k].dtype for k in a)


def compare():
    logits_agree("their", 20)
    logits_agree("our", 14)
    run("from_smoothbound.py", "their.safetensors", "again.pt")
    check("there and back changes nothing", same(torch.load("their.pt"), torch.load("again.pt")))
    try:
        from safetensors.torch import load_file, save_file
    except ImportError:
        print("ok - PyTorch: the safetensors package reads our files # SKIP no such package")
        return
    check("the safetensors package reads our files", same(load_file("our.safetensors"), torch.load("our.pt")))
    save_file(torch.load("our.pt"), "package.safetensors", {"format": "pt"})


make() if command == "make" else compare()
sys.exit(failed)
