"""PyTorch's numbers for tests/nn/t_reference.c, in double precision from values in closed form: prints the arrays that
the test holds. Nothing runs it but a person: python3 tests/nn/reference_golden.py"""
import math

import numpy
import torch
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    def __init__(self, before, channels, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(before, channels, 3, stride, 1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.bn2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        if stride != 1:
            projection = nn.Conv2d(before, channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(channels))
        else:
            self.downsample = nn.Identity()

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        self.layer1, self.layer2, self.layer3 = (
            nn.Sequential(*[Block(out if i or out == 16 else out // 2, out, 1 if i or out == 16 else 2)
                            for i in range((depth - 2) // 6)]) for out in (16, 32, 64))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(functional.relu(self.bn1(self.conv1(x))))))
        return self.fc(x.mean((2, 3)))


def tensors(net):
    return [(name, t) for name, t in net.state_dict().items() if "num_batches" not in name]


def rounded(x):  # to what a float holds
    return torch.tensor(x.astype("float32")).double()


def set_values(net):
    k = 0
    for name, t in tensors(net):
        s = numpy.sin(1.0 + numpy.arange(k, k + t.numel()))
        k += t.numel()
        if t.dim() > 1:
            s = 2 * s / math.sqrt(t[0].numel())
        elif name.endswith("running_var"):
            s = 1 + .5 * s
        elif name.endswith("bias") or name.endswith("running_mean"):
            s = .25 * s
        else:
            s = 1 + .25 * s
        t.copy_(rounded(s).view(t.shape))


def images(phase):  # made as [image][row][column][channel]
    x = .5 + .5 * numpy.sin(phase + 1.7 * numpy.arange(3 * 7 * 7 * 3))
    return rounded(x).view(3, 7, 7, 3).permute(0, 3, 1, 2)


def projection(t):
    return (t.flatten() * torch.cos(torch.arange(t.numel()).double())).sum()


def show(name, numbers):
    print("static const double golden_%s[] = {%s};" % (name, ", ".join("%.9g" % x.item() for x in numbers)))


net = ResNet(8).double()
set_values(net)
n, c = numpy.mgrid[0:3, 0:10]
target, weight = rounded((1.0 + (c + n) % 10) / 55), torch.tensor([1, 1.5, 2]).double()

net.eval()
x = images(0).requires_grad_()
logits = net(x)
show("evaluation", logits.flatten())
(-(target * functional.log_softmax(logits, 1)).sum(1) * weight).sum().backward()
gradient = x.grad.permute(0, 2, 3, 1)
show("input_projection", [projection(gradient[i]) for i in range(3)])
show("pixel", gradient[1, 3, 2])

net.train()
net.zero_grad()
sgd = torch.optim.SGD(net.parameters(), 1 / 128, momentum=.75, weight_decay=1 / 64)
logit_gradient = rounded(numpy.sin(3.0 * n + c))
for step in range(2):
    logits = [net(images(step)), net(images(step + 2))]
    (logits[0] * logit_gradient + logits[1] * logit_gradient.flip(0)).sum().backward()
    if step == 0:
        show("training_0", logits[0].flatten())
        show("training_1", logits[1].flatten())
        show("gradient", [projection(p.grad) for p in net.parameters()])
    sgd.step()
    sgd.zero_grad()
show("values_after", [projection(t) for name, t in tensors(net)])
