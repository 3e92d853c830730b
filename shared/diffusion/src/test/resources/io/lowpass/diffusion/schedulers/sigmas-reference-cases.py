"""Writes sigmas-reference-cases.json: what diffusers' schedulers make of given sigmas.

    python3 -m venv venv
    venv/bin/pip install diffusers==0.42.1 torch==2.15.0 numpy==2.4.6 scipy
    venv/bin/python sigmas-reference-cases.py > sigmas-reference-cases.json
"""

import inspect
import json

import numpy
import torch
from diffusers import (
    CogVideoXDDIMScheduler,
    CogVideoXDPMScheduler,
    DPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    UniPCMultistepScheduler,
)

FOUR = [1.0, 0.75, 0.5, 0.25]
ODD = [0.97, 0.9, 0.71, 0.55, 0.31, 0.12, 0.03]
NINE = [1.0, 0.94, 0.85, 0.77, 0.64, 0.5, 0.36, 0.2, 0.07]
FLOW = {"prediction_type": "flow_prediction", "use_flow_sigmas": True}

CASES = [
    (FlowMatchEulerDiscreteScheduler, {"shift": 5.0}, FOUR),
    (FlowMatchEulerDiscreteScheduler, {"shift": 1.0}, ODD),
    (FlowMatchEulerDiscreteScheduler, {"shift": 3.0}, [0.6]),
    (FlowMatchEulerDiscreteScheduler, {"shift": 3.0, "shift_terminal": 0.1}, ODD),
    (FlowMatchEulerDiscreteScheduler, {"use_dynamic_shifting": True, "mu": 0.8}, ODD),
    (FlowMatchEulerDiscreteScheduler, {"use_dynamic_shifting": True, "mu": 1.7, "time_shift_type": "linear"}, FOUR),
    (FlowMatchEulerDiscreteScheduler, {"shift": 3.0, "use_karras_sigmas": True}, FOUR),
    (FlowMatchEulerDiscreteScheduler, {"shift": 3.0, "invert_sigmas": True}, ODD),
    (UniPCMultistepScheduler, {**FLOW, "flow_shift": 5.0}, FOUR),
    (UniPCMultistepScheduler, {**FLOW, "flow_shift": 1.0}, ODD),
    (UniPCMultistepScheduler, {**FLOW, "flow_shift": 3.0, "solver_order": 3}, NINE),
    (UniPCMultistepScheduler, {**FLOW, "flow_shift": 3.0, "solver_type": "bh1"}, NINE),
    (UniPCMultistepScheduler, {**FLOW, "flow_shift": 3.0, "final_sigmas_type": "sigma_min"}, NINE),
    (UniPCMultistepScheduler, {**FLOW, "flow_shift": 3.0, "shift_terminal": 0.1}, ODD),
    (UniPCMultistepScheduler, {**FLOW, "use_dynamic_shifting": True, "mu": 0.8}, ODD),
]

REFUSING = [CogVideoXDDIMScheduler, CogVideoXDPMScheduler, DPMSolverMultistepScheduler]


def case(scheduler_class, settings, sigmas):
    mu = settings.get("mu")
    scheduler = scheduler_class(**{name: value for name, value in settings.items() if name != "mu"})
    scheduler.set_timesteps(sigmas=numpy.array(sigmas), mu=mu)
    generator = torch.Generator().manual_seed(len(sigmas))
    sample = torch.randn(1, 4, generator=generator)
    outputs = [torch.randn(1, 4, generator=generator) for _ in sigmas]
    samples = []
    current = sample
    for time, output in zip(scheduler.timesteps, outputs):
        current = scheduler.step(output, time, current, return_dict=False)[0]
        samples.append(current[0].tolist())
    return {
        "scheduler": {**settings, "_class_name": scheduler_class.__name__},
        "given": sigmas,
        "steps": len(sigmas),
        "sample": sample[0].tolist(),
        "outputs": [output[0].tolist() for output in outputs],
        "samples": samples,
        "timesteps": scheduler.timesteps.tolist(),
        "sigmas": scheduler.sigmas.tolist(),
    }


for refusing in REFUSING:
    assert "sigmas" not in inspect.signature(refusing.set_timesteps).parameters, refusing

print(json.dumps({"note": "diffusers 0.42.1, torch 2.15.0, f32, CPU; written by sigmas-reference-cases.py",
                  "cases": [case(*arguments) for arguments in CASES]}))
