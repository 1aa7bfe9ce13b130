"""A small decoder for prefixes that have torch and no transformers."""

from __future__ import annotations

from types import ModuleType
from typing import Any

_WIDTH, _HEADS, _LAYERS, _LENGTH = 64, 4, 2, 64


def decoder(torch: ModuleType, vocabulary: int) -> Any:
    """A module from token ids to scores: embeddings, two layers of attention, a head."""
    nn = torch.nn

    class Decoder(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.tokens = nn.Embedding(vocabulary, _WIDTH)
            self.places = nn.Embedding(_LENGTH, _WIDTH)
            layers = (
                nn.TransformerEncoderLayer(_WIDTH, _HEADS, 2 * _WIDTH, 0.0, batch_first=True)
                for _ in range(_LAYERS)
            )
            self.layers = nn.ModuleList(layers)
            self.head = nn.Linear(_WIDTH, vocabulary)

        def forward(self, ids: Any) -> Any:
            length = ids.shape[1]
            x = self.tokens(ids) + self.places(torch.arange(length, device=ids.device))
            hidden = torch.full((length, length), float("-inf"), device=ids.device).triu(1)
            for layer in self.layers:
                x = layer(x, hidden)
            return self.head(x)

    return Decoder()
