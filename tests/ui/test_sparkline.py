from __future__ import annotations

import math

from ui.sparkline import sparkline_of


def test_a_line_runs_from_its_lowest_at_the_bottom_to_its_highest_on_top() -> None:
    line = sparkline_of([1, 2, 3], width=58, height=18)
    assert line.path == "M2.0 16.0L29.0 9.0L56.0 2.0"
    assert line.last == ("56.0", "2.0")


def test_a_hole_is_a_gap_and_a_lone_point_a_dot() -> None:
    line = sparkline_of([1, 2, None, 3, math.nan, 2, 1])
    assert line.path.count("M") == 2
    assert len(line.lone) == 1


def test_a_flat_row_lies_in_the_middle_and_no_value_is_no_line() -> None:
    assert sparkline_of([5, 5]).path == "M2.0 9.0L56.0 9.0"
    assert sparkline_of([None, None]).path == ""
    assert sparkline_of([]).last is None
    assert sparkline_of([7]).last == ("2.0", "9.0")
    assert sparkline_of([1, 2, None]).last is None
