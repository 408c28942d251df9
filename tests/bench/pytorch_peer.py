"""What PyTorch needs for the same work as b_network.c, which starts this with its threads bound and the allocator
told to keep its memory. python3 pytorch_peer.py FOLDER THREADS; FOLDER has DEPTH.safetensors. Reads lines, answers
each with one:
  logits DEPTH SIZE        the ten logits of the image of b_network.c
  prepare TASK             tries the modes of a task, answers with the name of the fastest
  run TASK SECONDS         images per second in that mode
A TASK is WORK-DEPTH-SIZE-BATCH; WORK is certify, gradient, train, trades or trades-published.
With PEER_MODES=1 what each mode gives goes to stderr; with TORCH_COMPILE=1 training is tried compiled too, which takes
half a minute and a C++ compiler."""
import json
import os
import sys
import time
import warnings

import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/pytorch"))
from resnet import ResNet

warnings.filterwarnings("ignore")
SIGMA, RADIUS, STEPS, BETA = 0.12, 0.435, 10, 6.0
NCHW, NHWC = torch.contiguous_format, torch.channels_last
LAYOUT = {NCHW: "NCHW", NHWC: "NHWC"}


def load(depth, layout=NCHW):
    data = open(f"{sys.argv[1]}/{depth}.safetensors", "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    state = {}
    for name, t in json.loads(data[8:start]).items():
        if name != "__metadata__":
            begin, end = (start + i for i in t["data_offsets"])
            dtype = {"F32": torch.float32, "I64": torch.int64}[t["dtype"]]
            state[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=dtype).reshape(t["shape"])
    model = ResNet(depth)
    model.load_state_dict(state)
    return model.to(memory_format=layout)


def images(count, size, layout):
    return torch.rand(count, 3, size, size).contiguous(memory_format=layout)


# ---------------------------------------------------------------- evaluation mode
class Folded:
    """The network in evaluation mode, its batch normalisations folded into the convolutions."""

    def __init__(self, model, layout):
        def fold(conv, norm):
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight = (conv.weight * scale[:, None, None, None]).contiguous(memory_format=layout)
            return weight, norm.bias - norm.running_mean * scale, conv.stride, conv.padding

        with torch.no_grad():
            self.first = fold(model.conv1, model.bn1)
            blocks = [b for layer in (model.layer1, model.layer2, model.layer3) for b in layer]
            self.blocks = [(fold(b.conv1, b.bn1), fold(b.conv2, b.bn2), fold(*b.downsample) if b.downsample else None)
                           for b in blocks]
            self.fc = model.fc.weight.detach().clone(), model.fc.bias.detach().clone()

    def __call__(self, x):
        x = F.relu_(F.conv2d(x, *self.first))
        for first, second, shortcut in self.blocks:
            y = F.conv2d(F.relu_(F.conv2d(x, *first)), *second)
            x = F.relu_(y.add_(x if shortcut is None else F.conv2d(x, *shortcut)))
        return F.linear(x.mean((2, 3)), *self.fc)


def traced(depth, size, batch, layout):
    with torch.no_grad():
        network = torch.jit.trace(load(depth, layout).eval(), images(batch, size, layout))
        return torch.jit.optimize_for_inference(torch.jit.freeze(network))


def certify(depth, size, batch):
    del batch  # any will do
    image = torch.rand(1, 3, size, size)

    def step(network, count, layout):
        counts = torch.zeros(10, dtype=torch.long)

        def run():
            with torch.inference_mode():
                noisy = torch.empty((count, 3, size, size), memory_format=layout).normal_(0, SIGMA).add_(image)
                counts.add_(torch.bincount(network(noisy).argmax(1), minlength=10))
            return count
        return run

    for count in (100, 250):
        yield f"folded NHWC, batch {count}", step(Folded(load(depth), NHWC), count, NHWC)
    yield "eager NHWC, batch 100", step(load(depth, NHWC).eval(), 100, NHWC)
    yield "traced and frozen NHWC, batch 100", step(traced(depth, size, 100, NHWC), 100, NHWC)
    yield "traced and frozen NCHW, batch 100", step(traced(depth, size, 100, NCHW), 100, NCHW)


def kl_gradient(network, x, noise, law):
    x = x.detach().requires_grad_()
    loss = F.kl_div(F.log_softmax(network(x + noise), 1), law, reduction="sum")
    return torch.autograd.grad(loss, x)[0]


def gradient(depth, size, batch):
    folded, eager = Folded(load(depth), NHWC), load(depth, NHWC).eval().requires_grad_(False)
    for name, network, count in (("folded", folded, 64), ("folded", folded, batch), ("eager", eager, 64)):
        x, law = images(count, size, NHWC), torch.softmax(torch.randn(count, 10), 1)
        noise = torch.randn_like(x) * SIGMA

        def run(network=network, x=x, noise=noise, law=law):
            kl_gradient(network, x, noise, law)
            return len(x)
        yield f"{name} NHWC, batch {count}", run


# ---------------------------------------------------------------- training
def optimiser(model):
    return torch.optim.SGD(model.parameters(), 1e-4, 0.9, weight_decay=1e-4)


def train(depth, size, batch):
    def step(model, layout):
        x, label, sgd = images(batch, size, layout), torch.randint(10, (batch,)), optimiser(model)

        def run():
            sgd.zero_grad(set_to_none=True)
            F.cross_entropy(model(x), label).backward()
            sgd.step()
            return batch
        return run

    for layout in (NHWC, NCHW):
        yield LAYOUT[layout], step(load(depth, layout).train(), layout)
    if os.environ.get("TORCH_COMPILE"):
        yield "compiled NHWC", step(torch.compile(load(depth, NHWC).train(), dynamic=False), NHWC)


def move(moved, gradient, x):
    """An l_2 step of the attack and the projection."""
    length = gradient.flatten(1).norm(dim=1).clamp_min_(1e-30)[:, None, None, None]
    delta = (moved + (2 * RADIUS / STEPS) * gradient / length).clamp_(0, 1) - x
    length = delta.flatten(1).norm(dim=1)[:, None, None, None]
    return x + delta * (RADIUS / length).clamp_max_(1)


def trades(depth, size, batch):
    """Without wasted work: 1 + 10 (1 + 1) + 2 (1 + 2) = 27 units, the gradients with folded batch normalisation."""
    x, label = images(batch, size, NHWC), torch.randint(10, (batch,))
    for chunk in (64, batch):
        model = load(depth, NHWC).train()

        def run(model=model, sgd=optimiser(model), chunk=chunk):
            noise, folded, moved = torch.randn_like(x) * SIGMA, Folded(model, NHWC), []
            for a, n in zip(x.split(chunk), noise.split(chunk)):
                with torch.no_grad():
                    law = torch.softmax(folded(a + n), 1)
                b = a + 1e-3 * torch.randn_like(a)
                for _ in range(STEPS):
                    b = move(b, kl_gradient(folded, b, n, law), a)
                moved.append(b)
            sgd.zero_grad(set_to_none=True)
            natural, adversarial = model(x + noise), model(torch.cat(moved) + noise)
            loss = F.cross_entropy(natural, label) + BETA / batch * F.kl_div(
                F.log_softmax(adversarial, 1), F.softmax(natural, 1), reduction="sum")
            loss.backward()
            sgd.step()
            return batch
        yield f"NHWC, attacked by {chunk}", run


def trades_published(depth, size, batch):
    """As the published training code works: both networks anew in each step, gradients of the weights too, three
    passes at the end; 69 units."""
    model, x, label = load(depth, NHWC), images(batch, size, NHWC), torch.randint(10, (batch,))
    sgd = optimiser(model)

    def run():
        noise = torch.randn_like(x) * SIGMA
        moved = x + 1e-3 * torch.randn_like(x)
        model.eval()
        for _ in range(STEPS):
            moved = moved.detach().requires_grad_()
            law = F.softmax(model(x + noise), 1)
            F.kl_div(F.log_softmax(model(moved + noise), 1), law, reduction="sum").backward()
            moved = move(moved.detach(), moved.grad, x)
        model.train()
        sgd.zero_grad()
        loss = F.cross_entropy(model(x + noise), label) + BETA / batch * F.kl_div(
            F.log_softmax(model(moved + noise), 1), F.softmax(model(x + noise), 1), reduction="sum")
        loss.backward()
        sgd.step()
        return batch
    yield "NHWC", run


# ---------------------------------------------------------------- the conversation
WORK = {"certify": certify, "gradient": gradient, "train": train, "trades": trades,
        "trades-published": trades_published}


def rate(run, seconds):
    count, begin = 0, time.perf_counter()
    while True:
        count += run()
        spent = time.perf_counter() - begin
        if spent >= seconds:
            return count / spent


def logits(depth, size):
    x = torch.tensor([i * 7919 % 256 / 255 for i in range(3 * size * size)])
    x = x.reshape(1, size, size, 3).permute(0, 3, 1, 2)
    with torch.no_grad():
        reference = load(depth).eval()(x.contiguous())
        folded = Folded(load(depth), NHWC)(x.contiguous(memory_format=NHWC))
        assert (reference - folded).abs().max() < 1e-3 * reference.abs().max(), "folded"
    return " ".join(f"{v:.9g}" for v in reference[0].tolist())


def prepare(task):
    work, depth, size, batch = task.rsplit("-", 3)
    best = (0, "", None)
    for name, run in WORK[work](int(depth), int(size), int(batch)):
        if work != "trades-published":
            rate(run, 0.3)  # the tracer optimises in its first runs
            measured = rate(run, 0.6)
            if os.environ.get("PEER_MODES"):
                print(f"{task}: {name}: {measured:.1f}", file=sys.stderr)
            best = max(best, (measured, name, run), key=lambda entry: entry[0])
        else:
            best = (0, name, run)
    return best[1:]


def main():
    torch.set_num_threads(int(sys.argv[2]))
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    print(f"PyTorch {torch.__version__}", flush=True)
    prepared = {}
    for line in sys.stdin:
        command, *words = line.split()
        if command == "logits":
            print(logits(int(words[0]), int(words[1])), flush=True)
        elif command == "prepare":
            name, prepared[words[0]] = prepare(words[0])
            print(name, flush=True)
        else:
            print(rate(prepared[words[0]], float(words[1])), flush=True)


main()
