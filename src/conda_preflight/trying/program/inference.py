"""The smallest inference there is: a decoder of random weights that writes some tokens."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from .decoder import decoder
from .gpus import torch_device
from .mapped import tell_mapped
from .telling import Answer, WrongResultError

_VOCABULARY = 96
_TOKENS = 16
_LIMIT = 1e-3
"""How far the scores of a float32 decoder may differ between a CPU and a GPU."""


def attempt(answer: Answer) -> None:
    """The CPU and the GPU must write the same; without a GPU, the CPU the same twice."""
    torch = importlib.import_module("torch")
    device = torch_device(torch, answer)
    model = _model(torch, answer)
    answer.doing("tokens on the CPU")
    wanted = _written(torch, model, "cpu")
    answer.doing("tokens on " + device)
    got = _written(torch, model.to(device), device)
    tell_mapped(answer)
    answer.fact("tokens", " ".join(str(token) for token, _ in wanted))
    answer.fact("compared", "CPU with GPU" if device == "cuda" else "CPU with CPU, without a GPU")
    _compare(answer, wanted, got)


def _model(torch: ModuleType, answer: Answer) -> Any:
    """Of transformers where that is there, else our own; the same weights each time."""
    torch.manual_seed(7)
    try:
        transformers = importlib.import_module("transformers")
    except ImportError as error:
        answer.fact("decoder", "own, since transformers: " + str(error))
        return decoder(torch, _VOCABULARY).eval()
    answer.fact("decoder", "transformers " + transformers.__version__ + ", LlamaForCausalLM")
    config = transformers.LlamaConfig(
        vocab_size=_VOCABULARY,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=64,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=None,
    )
    return transformers.LlamaForCausalLM(config).float().eval()


def _written(torch: ModuleType, model: Any, device: str) -> list[tuple[int, list[float]]]:
    """Each token with the scores that it was chosen by."""
    ids = torch.tensor([[1, 5, 9, 13]], device=device)
    found = []
    with torch.no_grad():
        for _ in range(_TOKENS):
            output = model(ids)
            scores = getattr(output, "logits", output)[0, -1].float().cpu()
            token = int(scores.argmax())
            found.append((token, scores.tolist()))
            ids = torch.cat([ids, torch.tensor([[token]], device=device)], 1)
    return found


def _compare(
    answer: Answer, wanted: list[tuple[int, list[float]]], got: list[tuple[int, list[float]]]
) -> None:
    """Tokens may differ only where two scores are as near as rounding goes."""
    largest = 0.0
    for at, ((token, scores), (other, others)) in enumerate(zip(wanted, got)):
        apart = [abs(a - b) for a, b in zip(scores, others)]
        if not all(each <= _LIMIT for each in apart):
            raise WrongResultError(
                "the scores of token " + str(at) + " differ by " + str(max(apart))
            )
        largest = max(largest, *apart)
        if token != other:
            margin = scores[token] - scores[other]
            if margin > 2 * _LIMIT:
                raise WrongResultError("token " + str(at) + " is another one on the GPU")
            answer.fact("same_until", at)
            break
    answer.fact("error", format(largest, ".2g"))
