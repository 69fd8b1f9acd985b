"""
Runs the work of `epicker benchmark` in PyTorch: the same convolutions, the same networks, the same
training steps, on the same machine. Needs Python 3.9 and torch.

    epicker benchmark --json benchmark.json
    python3 tasks/benchmark_torch.py --ours benchmark.json --json torch.json

prints every figure beside ours with the ratio of the times, ours / PyTorch. Where only the work is
known (`epicker benchmark --shapes work.json`), `--shapes work.json` prints PyTorch's alone.

All in float32, NCHW. On a CPU once with all cores and once with one thread; on CUDA once without and
once with TF32, then with TF32 also channels-last, and that compiled by torch.compile; `--modes` takes
some. What fails is noted in the JSON, which is written after every figure; `--seconds` ends it in
time. Normalisations are folded into the convolutions for the forward pass, as in ours; the
forward pass goes from pixels in memory to peaks in memory, the step from a crop in memory to a loss in
memory.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections import Counter

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

PASSES = {"forward": "forward", "inputGradient": "input gradient", "filterGradient": "filter gradient"}


class CenterNet(nn.Module):
    """CenterNet on DLA-34, after lib/centernet/network.ts; layers are made on the first run."""

    def __init__(self, width, headWidth, size):
        super().__init__()
        base = (16, 32, 64, 128, 256, 512)
        self.channels = [max(8, int(c * width / 8 + 0.5) * 8) for c in base]
        self.head_width, self.size = headWidth, size
        self.layers = nn.ModuleDict()
        self.shapes = None  # a list where the convolutions of a run are wanted
        self.eval()
        with torch.no_grad():
            self(torch.zeros(1, 1, 32, 32))

    def conv(self, name, x, channels, kernel=3, stride=1, relu=True, norm=True):
        name = name.replace(".", "/")
        cin = x.shape[1]
        if name not in self.layers:
            conv = nn.Conv2d(cin, channels, kernel, stride, kernel // 2, bias=not norm)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            layer = nn.Sequential(conv, nn.BatchNorm2d(channels)) if norm else conv
            self.layers[name] = layer.train(self.training)
        if self.shapes is not None:
            n, _, height, width = x.shape
            self.shapes.append((n, height, width, cin, channels, kernel, stride))
        x = self.layers[name](x)
        return F.relu(x, inplace=True) if relu else x

    def fold(self):
        """Folds the normalisations into the convolutions."""
        for name, layer in self.layers.items():
            if isinstance(layer, nn.Sequential):
                self.layers[name] = fuse_conv_bn_eval(*layer)
        return self

    def residual(self, name, x, shortcut, channels, stride):
        hidden = self.conv(f"{name}.conv1", x, channels, stride=stride)
        return F.relu(self.conv(f"{name}.conv2", hidden, channels, relu=False) + shortcut)

    def branch(self, name, x, pooled, channels, stride, passed):
        shortcut = pooled
        if pooled.shape[1] != channels:
            shortcut = self.conv(f"{name}.project", pooled, channels, kernel=1, relu=False)
        a = self.residual(f"{name}.block1", x, shortcut, channels, stride)
        b = self.residual(f"{name}.block2", a, a, channels, 1)
        return self.conv(f"{name}.root", torch.cat([b, a, *passed], 1), channels, kernel=1)

    def tree(self, name, x, channels, depth, level_root):
        pooled = F.max_pool2d(x, 2)
        passed = [pooled] if level_root else []
        if depth == 1:
            return self.branch(name, x, pooled, channels, 2, passed)
        first = self.branch(f"{name}.tree1", x, pooled, channels, 2, [])
        return self.branch(f"{name}.tree2", first, first, channels, 1, [*passed, first])

    def merge(self, name, deep, fine, doublings):
        channels = fine.shape[1]
        up = self.conv(f"{name}.project", deep, channels)
        for _ in range(doublings):
            up = F.interpolate(up, scale_factor=2, mode="bilinear", align_corners=False)
        return self.conv(f"{name}.node", up + fine, channels)

    def decoder(self, maps):
        maps, deepest = list(maps), []
        for finest in range(len(maps) - 2, -1, -1):
            for i in range(finest + 1, len(maps)):
                name = f"up{len(maps) - 1 - finest}.{i - finest}"
                maps[i] = self.merge(name, maps[i], maps[i - 1], 1)
            deepest.insert(0, maps[-1])
        fine, middle, coarse = deepest
        return self.merge("final.2", coarse, self.merge("final.1", middle, fine, 1), 2)

    def head(self, name, fine, channels):
        hidden = self.conv(f"{name}.hidden", fine, self.head_width, norm=False)
        return self.conv(f"{name}.out", hidden, channels, kernel=1, relu=False, norm=False)

    def forward(self, image):
        c = self.channels
        x = self.conv("stem", image, c[0], kernel=7)
        x = self.conv("level0", x, c[0])
        level1 = self.conv("level1", x, c[1], stride=2)
        level2 = self.tree("level2", level1, c[2], 1, False)
        level3 = self.tree("level3", level2, c[3], 2, True)
        level4 = self.tree("level4", level3, c[4], 2, True)
        level5 = self.tree("level5", level4, c[5], 1, True)
        fine = self.decoder([level2, level3, level4, level5])
        heads = {"heat": 1, "offset": 2, **({"size": 1} if self.size else {})}
        return {name: self.head(name, fine, channels) for name, channels in heads.items()}


def check_network(name, work):
    """Makes a network and stops unless its parameters and convolutions are those of the work."""
    net = CenterNet(**work["networks"][name])
    parameters = sum(p.numel() for p in net.parameters())
    if parameters != work["parameters"][name]:
        raise SystemExit(f"{name}: {parameters} parameters here, {work['parameters'][name]} there")
    net.shapes = []
    with torch.no_grad():
        net(torch.zeros(1, 1, work["edge"], work["edge"]))
    shapes, net.shapes = Counter(net.shapes), None
    keys = ("batch", "height", "width", "inChannels", "outChannels", "kernel", "stride")
    theirs = {tuple(s[key] for key in keys): s["count"] for s in work["shapes"][name]}
    if shapes != Counter(theirs):
        raise SystemExit(f"{name}: the convolutions here are not those of the file")
    return net


class Clock:
    """Times calls on a device: medians after a warm-up, within a budget of seconds."""

    def __init__(self, device, repeats, budget, end=float("inf")):
        self.device, self.repeats, self.budget = device, repeats, budget
        self.end = time.perf_counter() + end

    def is_over(self):
        return time.perf_counter() > self.end

    def seconds(self, work, calls=1):
        self.wait()
        start = time.perf_counter()
        for _ in range(calls):
            work()
        self.wait()
        return (time.perf_counter() - start) / calls

    def wait(self):
        if self.device == "cuda":
            torch.cuda.synchronize()

    def time(self, work, least=0.0):
        warm_up = self.seconds(work)
        calls = max(1, min(200, round(least / self.seconds(work) + 0.5))) if least else 1
        runs = []
        while len(runs) < self.repeats and sum(runs) * calls <= self.budget:
            runs.append(self.seconds(work, calls))
        return {
            "median": statistics.median(runs),
            "least": min(runs),
            "runs": len(runs),
            "warmUp": warm_up,
        }


def measure_convolution(shape, clock):
    """Forward and the two gradients apart, by the masks of ATen's backward pass."""
    stride, pad = [shape["stride"]] * 2, [shape["kernel"] // 2] * 2
    kernel, cin, cout = shape["kernel"], shape["inChannels"], shape["outChannels"]
    x = torch.rand(shape["batch"], cin, shape["height"], shape["width"], device=clock.device) - 0.5
    w = torch.rand(cout, cin, kernel, kernel, device=clock.device) - 0.5
    dy = torch.rand_like(F.conv2d(x, w, None, stride, pad)) - 0.5
    least = 0.1 if clock.device == "cuda" else 0.01

    def backward(*mask):
        return torch.ops.aten.convolution_backward(
            dy, x, w, None, stride, pad, [1, 1], False, [0, 0], 1, list(mask)
        )

    works = {
        "forward": lambda: F.conv2d(x, w, None, stride, pad),
        "inputGradient": lambda: backward(True, False, False),
        "filterGradient": lambda: backward(False, True, False),
    }
    if cin == 1:  # the image, which needs no gradient
        del works["inputGradient"]
    with torch.no_grad():
        return {name: clock.time(work, least) for name, work in works.items()}


def prepared(net, mode, device):
    """The network on a device as a mode has it, and how its images lie in memory."""
    layout = torch.channels_last if "channels-last" in LAYOUTS.get(mode, ()) else torch.contiguous_format
    net = net.to(device, memory_format=layout)
    run = torch.compile(net) if "compiled" in LAYOUTS.get(mode, ()) else net
    return run, lambda pixels: pixels.to(device).contiguous(memory_format=layout)


def measure_forward(net, edge, clock, mode):
    """From pixels in memory to the peaks of the maps in memory."""
    run, placed = prepared(net.eval().fold(), mode, clock.device)
    pixels = torch.randn(1, 1, edge, edge)

    def work():
        out = dict(run(placed(pixels)))
        score = torch.sigmoid(out.pop("heat"))
        peaks = score * (F.max_pool2d(score, 3, 1, 1) == score)
        return torch.cat([peaks, *out.values()], 1).cpu()

    with torch.no_grad():
        return clock.time(work)


def detection_loss(out, target):
    """Focal loss of the heat map, L1 of offset and size at the centres."""
    p = torch.sigmoid(out["heat"]).clamp(1e-4, 1 - 1e-4)
    centre = target["centre"]
    count = centre.sum().clamp(min=1)
    positive = centre * (1 - p) ** 2 * torch.log(p)
    negative = (1 - centre) * (1 - target["heat"]) ** 4 * p**2 * torch.log(1 - p)
    loss = -(positive + negative).sum() / count
    loss = loss + ((out["offset"] - target["offset"]).abs() * centre).sum() / (2 * count)
    if "size" in out:
        loss = loss + 0.1 * ((out["size"] - target["size"]).abs() * centre).sum() / count
    return loss


def grid_targets(batch, crop, device):
    """Target maps of a particle of 32 pixels every 64."""
    cells = crop // 4
    along = torch.arange(cells, device=device)
    distance = ((along - 8) % 16 + 8) % 16 - 8.0
    square = distance[:, None] ** 2 + distance[None] ** 2
    heat = torch.exp(-square / 2).expand(batch, 1, cells, cells)
    centre = (square == 0).float().expand(batch, 1, cells, cells)
    return {"heat": heat, "centre": centre, "offset": 0.1, "size": 0.0}


def measure_training(net, batch, crop, clock, mode):
    """Forward, loss, gradients, clipping, Adam."""
    run, placed = prepared(net.train(), mode, clock.device)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    pixels = torch.randn(batch, 1, crop, crop)
    target = grid_targets(batch, crop, clock.device)

    def work():
        optimizer.zero_grad(set_to_none=True)
        loss = detection_loss(run(placed(pixels)), target)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimizer.step()
        return loss.item()

    return clock.time(work)


def tasks_of(work, parts, clock, mode):
    """Everything that the work asks for in one mode: the list, a name, what is known, what measures it."""
    ran = lambda part: part in parts and work.get(part, True)  # parts that our own run left out are empty
    for name, shapes in work["shapes"].items():
        if ran("forward"):
            about = {"network": name, "edge": work["edge"]}
            time = lambda name=name: measure_forward(check_network(name, work), work["edge"], clock, mode)
            yield "forward", f"{name} alone", about, lambda time=time: {"seconds": time()}
        for shape in shapes if ran("convolutions") and mode not in LAYOUTS else []:
            about = {"network": name, **shape}
            yield "convolutions", f"a convolution of {name}", about, lambda s=shape: measure_convolution(s, clock)
    for case in work["trainingCases"] if ran("training") else []:
        name, batch, crop = case["network"], case["batch"] * case.get("workers", 1), case["crop"]

        def time(name=name, batch=batch, crop=crop):
            return {"seconds": measure_training(check_network(name, work), batch, crop, clock, mode)}

        yield "training", f"training step of {name}", case, time


def measure(work, parts, clock, mode, result, on_figure):
    """Measures all in one mode; what fails is noted, and the rest goes on."""
    for part, name, about, time in tasks_of(work, parts, clock, mode):
        if clock.is_over():
            result["problems"].append({"what": f"{mode}: {name}", "error": "no time left"})
            continue
        try:
            figures = time()
        except Exception as error:  # whatever torch throws, by a driver or a compiler too
            text = f"{type(error).__name__}: {error}"
            result["problems"].append({"what": f"{mode}: {name}", "error": text[:2000]})
        else:
            result["modes"][mode][part].append({**about, **figures})
        on_figure(result)


def limits(clock):
    """What the device reaches at best: TFLOP/s of a product of large matrices, GB/s of a copy."""
    edge = 8192 if clock.device == "cuda" else 1024
    a, b = (torch.rand(edge, edge, device=clock.device) for _ in range(2))
    product = clock.time(lambda: a @ b, 0.05)["least"]
    copy = clock.time(lambda: b.copy_(a), 0.05)["least"]
    return {"TFLOP/s": 2 * edge**3 / product / 1e12, "GB/s": 2 * 4 * edge**2 / copy / 1e9}


# Modes that change how a network is laid out; PyTorch's own convolutions are not timed in them.
LAYOUTS = {"channels-last": ("channels-last",), "compiled": ("channels-last", "compiled")}


def modes(device, wanted):
    """The settings to measure in, and how each is switched on."""
    if device == "cuda":
        torch.backends.cudnn.benchmark = True

        def tf32(on):
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = on

        all_modes = {"float32": lambda: tf32(False)}
        all_modes.update({mode: lambda: tf32(True) for mode in ("TF32", *LAYOUTS)})
        return {mode: all_modes[mode] for mode in wanted or all_modes if mode in all_modes}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    counts = sorted({cores, 1}, reverse=True)
    named = {f"{n} thread{'s' * (n > 1)}": lambda n=n: torch.set_num_threads(n) for n in counts}
    layouts = {mode: lambda: torch.set_num_threads(cores) for mode in LAYOUTS}
    return {mode: {**named, **layouts}[mode] for mode in wanted or named if mode in {**named, **layouts}}


def rows(result, threads=None):
    """Seconds of every figure by its name; of those on so many threads, where there are several."""
    found = {}
    for one in result["forward"]:
        if one.get("threads", threads) == threads:
            found[f"{one['network']}: the network alone, {one['edge']}²"] = one["seconds"]["median"]
    for one in result["training"]:
        workers = one.get("workers", 1)
        if threads in (None, workers):
            name = f"{one['network']}: training step, {workers * one['batch']} of {one['crop']}²"
            found[name] = one["seconds"]["median"]
    for one in result["convolutions"]:
        for key, title in PASSES.items():
            if key not in one or (key == "inputGradient" and one["inChannels"] == 1):
                continue
            timing = one[key].get("ours", one[key])
            name = f"{one['network']}: all convolutions, {title}"
            found[name] = found.get(name, 0) + one["count"] * timing["median"]
    return found


def threads_of(mode):
    """Threads of a mode on a CPU, by its name."""
    return int(mode.split()[0]) if mode.split()[0].isdigit() else None


def table(measured, ours):
    """Markdown: seconds of every mode, and of ours where known with the ratio ours / PyTorch."""
    head = ["measurement"]
    for mode in measured:
        head += [*([f"ours, {mode} (s)"] if ours else []), f"PyTorch, {mode} (s)"]
        head += ["ours / PyTorch"] if ours else []
    lines = [head, [":---", *["---:"] * (len(head) - 1)]]
    columns = {mode: rows(result) for mode, result in measured.items()}
    text = lambda value: "–" if value is None else f"{value:.4f}"
    for name in dict.fromkeys(name for column in columns.values() for name in column):
        line = [name]
        for mode, column in columns.items():
            theirs, own = column.get(name), rows(ours, threads_of(mode)).get(name) if ours else None
            ratio = f"{own / theirs:.2f}" if theirs and own else "–"
            line += [*([text(own)] if ours else []), text(theirs), *([ratio] if ours else [])]
        lines.append(line)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def device_name(device):
    if device == "cuda":
        return torch.cuda.get_device_name()
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description="The work of epicker benchmark in PyTorch.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--ours", metavar="FILE", help="written by epicker benchmark --json")
    source.add_argument("--shapes", metavar="FILE", help="written by epicker benchmark --shapes")
    parser.add_argument("--json", metavar="FILE", help="write all figures as JSON")
    parser.add_argument("--device", choices=["cpu", "cuda"], help="default: cuda where it is there")
    parser.add_argument("--repeats", type=int, default=7, help="runs of each figure (default: 7)")
    parser.add_argument("--budget", type=float, default=3, help="seconds for a figure (default: 3)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no figure later")
    parser.add_argument("--modes", nargs="+", metavar="MODE", help="some of the modes")
    parts = ["forward", "training", "convolutions"]
    parser.add_argument("--only", nargs="+", metavar="PART", choices=parts, default=parts)
    args = parser.parse_args()
    with open(args.ours or args.shapes) as file:
        work = json.load(file)
    if work.get("format") != "epicker-benchmark-1":
        raise SystemExit("The file is not one of epicker benchmark.")
    device = args.device or ("cuda" if torch.cuda.is_available() else "cpu")
    clock = Clock(device, args.repeats, args.budget, args.seconds)
    about = {"torch": torch.__version__, "device": device, "name": device_name(device)}
    result = {"format": "epicker-benchmark-torch-1", **about, "modes": {}, "limits": {}, "problems": []}

    def write(result):
        if args.json:
            with open(args.json + ".part", "w") as file:
                json.dump(result, file)
            os.replace(args.json + ".part", args.json)

    for mode, switch in modes(device, args.modes).items():
        switch()
        result["modes"][mode] = {"convolutions": [], "forward": [], "training": []}
        if mode not in LAYOUTS:
            result["limits"].update({f"{mode}, {what}": value for what, value in limits(clock).items()})
        measure(work, args.only, clock, mode, result, write)
    measured = result["modes"]
    print(table(measured, work if args.ours else None))
    print(f"\nPyTorch {torch.__version__} on {device_name(device)}.")
    if args.ours:
        print(f"Ours: {work['backend']['title']} on {work['machine']['cpu']}, {work['date'][:10]}.")
    write(result)
    for problem in result["problems"]:
        print(f"{problem['what']}: {problem['error']}")


main()
