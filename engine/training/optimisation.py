"""The optimiser and its schedule: AdamW, a linear warm-up, a linear fall to zero."""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import nn

from engine.training.resuming.state import State

MAX_GRADIENT_NORM = 1.0


class Pace(Protocol):
    """What the settings of every method say to the optimiser."""

    @property
    def learning_rate(self) -> float:
        """The peak of the schedule."""
        ...

    @property
    def weight_decay(self) -> float:
        """AdamW's decay."""
        ...

    @property
    def warmup(self) -> float:
        """The share of all steps in which the rate rises."""
        ...


def make_optimiser(model: nn.Module, settings: Pace) -> torch.optim.AdamW:
    """Return AdamW over the trainable parameters.

    Decay pulls weights towards zero, which means nothing for a bias, a norm or the vector of a
    word: those are not decayed. The fused kernel is ten times as fast on a CPU as the loop.
    """
    decayed: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    in_tables = {
        id(parameter)
        for module in model.modules()
        if isinstance(module, nn.Embedding)
        for parameter in module.parameters()
    }
    for parameter in model.parameters():
        if parameter.requires_grad:
            spared = parameter.ndim < 2 or id(parameter) in in_tables
            (others if spared else decayed).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": settings.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=settings.learning_rate,
        fused=True,
    )


def make_schedule(
    optimiser: torch.optim.Optimizer, steps: int, warmup: float
) -> torch.optim.lr_scheduler.LambdaLR:
    """Return the schedule of `steps` steps, the first `warmup` share of them rising."""
    rising = round(steps * warmup)

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / (rising + 1)
        return max(0.0, (steps - step) / max(1, steps - rising))

    return torch.optim.lr_scheduler.LambdaLR(optimiser, factor)


class Stepper:
    """Turns a loss into one step of the optimiser, with gradients clipped to a norm of 1.

    With fp16 the loss is scaled up first, so that small gradients do not vanish; a step whose
    gradients overflow is left out, as `torch.amp.GradScaler` does.
    """

    def __init__(self, model: nn.Module, settings: Pace, steps: int, precision: str) -> None:
        self._parameters = [one for one in model.parameters() if one.requires_grad]
        self._names = {id(one): name for name, one in model.named_parameters()}
        self._optimiser = make_optimiser(model, settings)
        self._schedule = make_schedule(self._optimiser, steps, settings.warmup)
        self._scaler: Any = torch.amp.GradScaler("cuda", enabled=precision == "fp16")

    def step(self, loss: torch.Tensor) -> None:
        """Back-propagate and update."""
        self.backward(loss)
        self.update()

    def backward(self, loss: torch.Tensor) -> None:
        """Add the gradient of a loss to what there is."""
        self._scaler.scale(loss).backward()

    def drop_gradients(self) -> None:
        """Forget the gradients of a step that could not be finished."""
        self._optimiser.zero_grad(set_to_none=True)

    def update(self) -> None:
        """Take a step by the gradients that were added."""
        self._scaler.unscale_(self._optimiser)
        nn.utils.clip_grad_norm_(self._parameters, MAX_GRADIENT_NORM)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        self._schedule.step()
        self._optimiser.zero_grad(set_to_none=True)

    def forget(self) -> None:
        """Let go of the moments, which are twice the weights: there will be no more steps."""
        self._optimiser.state.clear()

    def state(self) -> State:
        """Return the moments of every parameter, and where the schedule stands."""
        moments = {
            f"{self._names[id(parameter)]}/{name}": moment
            for parameter, of_parameter in self._optimiser.state.items()
            for name, moment in of_parameter.items()
        }
        facts = {"steps": self._schedule.last_epoch, "scaler": self._scaler.state_dict()}
        return State(moments, facts)

    def restore(self, state: State) -> None:
        """Go on from what `state` returned; the settings may ask for another rate by now."""
        for parameter in self._parameters:
            moments = state.part(self._names[id(parameter)]).tensors
            if moments:
                self._optimiser.state[parameter] = {
                    # The fused kernel counts steps where it computes.
                    name: moment.to(parameter.device)
                    for name, moment in moments.items()
                }
        self._schedule.last_epoch = state.facts["steps"]
        for group, base, factor in zip(
            self._optimiser.param_groups,
            self._schedule.base_lrs,
            self._schedule.lr_lambdas,
            strict=True,
        ):
            group["lr"] = base * factor(self._schedule.last_epoch)
        if state.facts["scaler"]:
            self._scaler.load_state_dict(state.facts["scaler"])
