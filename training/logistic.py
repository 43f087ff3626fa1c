"""Logistic regression (Cox 1958), near weights that are known."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize


def logistic(rows: np.ndarray, right: np.ndarray, near: np.ndarray, ridge: float = 0.0) -> np.ndarray:
    """Weights, shape (features,), by which ``rows`` (cases, features) tell ``right`` (cases,): 0 or 1.

    ``ridge``: what the square of a weight's distance from ``near`` costs.
    """

    def loss(w: np.ndarray) -> float:
        z = rows @ w
        return float(np.mean(np.logaddexp(0, z) - right * z) + ridge * ((w - near) @ (w - near)))

    return minimize(loss, near, method="L-BFGS-B").x
