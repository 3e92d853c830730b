"""Makes tensors.safetensors beside this file: LPIPS (lpips 0.1.4, net='alex', version 0.1) under random weights.

Weights come from torch.randn with one seed each, so that the test makes the same ones; only frames and distances are
stored. Needs torch, torchvision, lpips and safetensors. Downloads no weights.
"""

import pathlib

import lpips
import torch
from safetensors.torch import save_file

WIDTHS = [64, 192, 384, 256, 256]


def randn(seed, *shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


model = lpips.LPIPS(net="alex", pretrained=False, pnet_rand=True, version="0.1", verbose=False).eval()
convolutions = [m for s in range(1, 6) for m in getattr(model.net, f"slice{s}") if isinstance(m, torch.nn.Conv2d)]
with torch.no_grad():
    for i, convolution in enumerate(convolutions):
        shape = convolution.weight.shape
        fan_in = shape[1] * shape[2] * shape[3]
        convolution.weight.copy_(randn(10 + i, *shape) * (2 / fan_in) ** 0.5)
        convolution.bias.copy_(randn(20 + i, shape[0]) * 0.1)
        getattr(model, f"lin{i}").model[1].weight.copy_(randn(30 + i, 1, WIDTHS[i], 1, 1).abs())

    generator = torch.Generator().manual_seed(7)
    reference = torch.randint(0, 256, (3, 3, 45, 62), generator=generator, dtype=torch.uint8)
    shift = torch.randint(-40, 41, reference.shape, generator=generator)
    shift[2] = 0
    video = (reference + shift).clamp(0, 255).to(torch.uint8)
    distances = model(video.float() / 127.5 - 1, reference.float() / 127.5 - 1).flatten()

print(distances)
save_file(
    {"in.video": video, "in.reference": reference, "out.lpips": distances},
    pathlib.Path(__file__).with_name("tensors.safetensors"),
)
