"""Which texts are of one topic: headline blocks find bodies, and stories find hard page mates.

Character bigrams, hashed, weighted by inverse document frequency (Salton and Buckley 1988); cosine by a sparse product.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

WIDTH = 1 << 18
BLOCK = 512  # rows of the product at once, so that memory stays flat


def bags(texts: Sequence[str]) -> sparse.csr_matrix:
    """Unit rows of bigram weights, shape (len(texts), WIDTH)."""
    rows, columns = [], []
    for n, text in enumerate(texts):
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
        pairs = np.unique(
            (points[:-1] * np.uint64(1_000_003) + points[1:]) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(46)
        )
        rows.append(np.full(len(pairs), n))
        columns.append(pairs.astype(np.int64))
    row, column = np.concatenate(rows), np.concatenate(columns)
    seen = np.bincount(column, minlength=WIDTH)
    weight = np.log(len(texts) / (1 + seen)).clip(0).astype(np.float32)
    table = sparse.csr_matrix((weight[column], (row, column)), shape=(len(texts), WIDTH))
    norms = np.sqrt(table.multiply(table).sum(axis=1)).A1
    return sparse.diags(1 / np.maximum(norms, 1e-6)).astype(np.float32) @ table


def nearest(queries: sparse.csr_matrix, texts: sparse.csr_matrix, count: int) -> np.ndarray:
    """The ``count`` most similar texts of each query, most similar first: shape (queries, count)."""
    out = []
    turned = texts.T.tocsc()
    for at in range(0, queries.shape[0], BLOCK):
        likeness = (queries[at : at + BLOCK] @ turned).toarray()
        best = np.argpartition(-likeness, count, axis=1)[:, :count]
        order = np.take_along_axis(likeness, best, 1).argsort(1)[:, ::-1]
        out.append(np.take_along_axis(best, order, 1))
    return np.concatenate(out)
