"""Dates as portals print them and as heads give them: +07:00, day before month, never invented."""

from __future__ import annotations

import pytest

from quynhon_crawler.extract.dates import meta_time, printed_day, printed_time


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("Thứ 4, 30/09/2026 | 19:09", "2026-09-30T19:09:00+07:00"),
        ("Thứ ba - 27/08/2019 15:04", "2019-08-27T15:04:00+07:00"),
        ("28/08/2019 3:12:00 CH", "2019-08-28T15:12:00+07:00"),
        ("28/08/2019 12:05:00 SA", "2019-08-28T00:05:00+07:00"),
        ("28/08/2019 12:05:00 CH", "2019-08-28T12:05:00+07:00"),
        ("(28/08/2019 15:12)", "2019-08-28T15:12:00+07:00"),
        ("15:12, 28-8-2019", "2019-08-28T15:12:00+07:00"),
        ("28.8.2019 | 7h05", "2019-08-28T07:05:00+07:00"),
        ("Cập nhật lúc 14 giờ 30 ngày 7/6/2021", "2021-06-07T14:30:00+07:00"),
        ("ngày 05 tháng 9 năm 2019", "2019-09-05T00:00:00+07:00"),
        ("05/08/2019", "2019-08-05T00:00:00+07:00"),
        ("12/11/2019 | lượt xem: 1520", "2019-11-12T00:00:00+07:00"),
        ("Thứ Ba, 03 Tháng Chín 2019", "2019-09-03T00:00:00+07:00"),
        ("Tháng Tám 22, 2022", "2022-08-22T00:00:00+07:00"),
        ("22 Tháng Mười Hai, 2022", "2022-12-22T00:00:00+07:00"),
        ("22 Tháng Mười, 2022", "2022-10-22T00:00:00+07:00"),
        ("Thứ ba, 18 Tháng 5 2021 09:15", "2021-05-18T09:15:00+07:00"),
        ("2019-08-27 15:04", "2019-08-27T15:04:00+07:00"),
        ("02/09/2019 8h", "2019-09-02T08:00:00+07:00"),
        ("02/09/2019 08g30", "2019-09-02T08:30:00+07:00"),
        ("05/9/2019 7:30 tối", "2019-09-05T19:30:00+07:00"),
        ("September 5, 2019 2:30 pm", "2019-09-05T14:30:00+07:00"),
        ("5 Sept 2019", "2019-09-05T00:00:00+07:00"),
        ("2019/09/05", "2019-09-05T00:00:00+07:00"),
        ("Hôm nay", None),
        ("01/2019", None),
        ("lượt xem: 27082019", None),
        (None, None),
        ("", None),
    ],
)
def test_printed_times(printed: str | None, value: str | None) -> None:
    assert printed_time(printed).value == value


@pytest.mark.parametrize(
    "printed", ["31/02/2019", "30/02/2020 10:00", "31 Tháng Tư 2021", "12/31/2019", "29/2/2019"]
)
def test_impossible_dates_are_null_and_noted(printed: str) -> None:
    found = printed_time(printed)
    assert found.value is None
    assert (found.note or "").startswith("impossible date: ")


def test_a_date_without_a_clock_is_noted() -> None:
    assert printed_time("27/08/2019").note == "printed date has no time of day"


def test_an_impossible_clock_leaves_the_day() -> None:
    found = printed_time("27/08/2019 29:10")
    assert found.value == "2019-08-27T00:00:00+07:00"


@pytest.mark.parametrize("day", range(1, 13))
def test_day_and_month_are_never_swapped(day: int) -> None:
    assert printed_day(f"{day:02}/11/2019").value == f"2019-11-{day:02}"
    assert printed_day(f"{day}-11-2019").value == f"2019-11-{day:02}"


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("2026-09-30T19:13:34+0700", "2026-09-30T19:13:34+07:00"),
        ("2026-09-30T19:13:34+07:00", "2026-09-30T19:13:34+07:00"),
        ("2026-09-30T12:13:34Z", "2026-09-30T19:13:34+07:00"),
        ("2026-09-30T12:13:34.120Z", "2026-09-30T19:13:34+07:00"),
        ("2026-12-31T20:00:00+00:00", "2027-01-01T03:00:00+07:00"),
        ("2026-09-30+0719:13:34", "2026-09-30T19:13:34+07:00"),
        ("2026-09-30 19:13", "2026-09-30T19:13:00+07:00"),
        ("2026-09-30", "2026-09-30T00:00:00+07:00"),
        ("27/08/2019 15:04", "2019-08-27T15:04:00+07:00"),
        ("2026-02-30T10:00:00Z", None),
        ("2026-09-30T19:13:34+9999", None),
        ("gần đây", None),
        (None, None),
    ],
)
def test_times_of_the_head(given: str | None, value: str | None) -> None:
    assert meta_time(given).value == value
