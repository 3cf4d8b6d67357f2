"""Anomalies, held against a series whose trend, weekdays and noise are known."""

from __future__ import annotations

import random
from statistics import median

import pytest

from kpis.queries.anomalies import score_of_last
from kpis.values import Hole

WEEKDAYS = [100, 120, 110, 90, 140, 200, 180]


def series(seed: int, jump: float = 0.0) -> tuple[list[float], list[float]]:
    """84 days made of a known trend and known weekdays, and the noise that was put on them."""
    chance = random.Random(seed)
    noise = [chance.gauss(0, 10) for _ in range(84)]
    noise[-1] = jump
    return [1000 + n + WEEKDAYS[n % 7] + noise[n] for n in range(84)], noise


def robust_z(noise: list[float]) -> float:
    """The second way: the robust z of the noise that was really put on, without any decomposition."""
    usual = median(noise[:-1])
    return (noise[-1] - usual) / (1.4826 * median(abs(one - usual) for one in noise[:-1]))


@pytest.mark.parametrize("jump", [-60, 60, 100])
def test_the_score_is_near_that_of_the_noise_that_was_put_on(jump):
    ratios, offs = [], []
    for seed in range(30):
        values, noise = series(seed, jump)
        found = score_of_last(values)
        ratios.append(found.z / robust_z(noise))
        offs.append(found.expected - (1000 + 83 + WEEKDAYS[83 % 7]))
    assert 0.8 < median(ratios) < 1.8
    assert abs(median(offs)) < 10


def test_a_usual_day_is_none_and_most_falls_are_found():
    usual = [abs(score_of_last(series(seed, random.Random(seed).gauss(0, 10))[0]).z) for seed in range(120)]
    assert sum(z > 3.5 for z in usual) <= 6
    falls = [score_of_last(series(seed, -60)[0]).z for seed in range(60)]
    assert sum(z < -3.5 for z in falls) >= 48


def test_a_regular_series_fires_on_any_step_and_never_without():
    regular = [float(WEEKDAYS[n % 7]) for n in range(84)]
    assert abs(score_of_last(regular).z) < 3.5
    assert score_of_last([5.0] * 84).z == 0
    assert score_of_last([5.0] * 83 + [9.0]).z > 3.5


def test_a_last_day_or_a_history_that_is_missing_is_a_hole():
    values, _noise = series(1)
    assert score_of_last([*values[:-1], None]) == Hole("no_data")
    assert score_of_last(values[-55:]) == Hole("short_history", ("56",))
    assert score_of_last([]) == Hole("no_data")
    some = [None if n % 9 == 0 else value for n, value in enumerate(values)]
    assert abs(score_of_last(some).z - score_of_last(values).z) < 2.5
