"""The day that a lead tells of."""

from __future__ import annotations

import pytest

from quynhon_crawler.extract.events import event_day

PUBLISHED = "2019-09-06T08:00:00+07:00"


@pytest.mark.parametrize(
    ("lead", "day"),
    [
        ("Sáng ngày 27/8/2019, Ban Thường vụ Thành ủy tổ chức Hội nghị", "2019-08-27"),
        ("Chiều 27/8, đoàn kiểm tra", "2019-08-27"),
        ("Tối qua (5/9), đêm hội", "2019-09-05"),
        ("Ngày 05 tháng 9 năm 2019, khai giảng", "2019-09-05"),
        ("Ngày 5 tháng 9, khai giảng", "2019-09-05"),
        ("Từ ngày 3 - 5/9/2019, hội thao", "2019-09-03"),
        ("Từ ngày 30/8 đến 2/9/2019, lễ hội", "2019-08-30"),
        ("Trong hai ngày 22 và 23/11/2018, hội thi", "2018-11-22"),
        ("Từ ngày 3 đến hết ngày 5 tháng 9 năm 2019", "2019-09-03"),
        ("Thực hiện Quyết định 15/2019/QĐ-UBND, ngày 2/9 thành phố", "2019-09-02"),
        ("Thực hiện Kế hoạch số 12/KH-UBND ngày 15/7/2019 của tỉnh; sáng ngày 27/8, thành phố", "2019-08-27"),
        ("Thực hiện Nghị quyết số 18-NQ/TW, ngày 25/10/2017 của Trung ương, chiều 28/8, họp", "2019-08-28"),
        ("Căn cứ Quyết định ngày 01/7/2019, Phòng rà soát", None),
        ("Kỷ niệm Quốc khánh (2/9/1945 - 2/9/2019), sáng 30/8, thành phố", "2019-08-30"),
        ("Hướng tới kỷ niệm 30/4 và 1/5, sáng 25/4, phường", "2019-04-25"),
        ("Trong 02 ngày 27, 28/8/2019", "2019-08-27"),
        ("Trong các ngày 25, 26 và 27/8", "2019-08-25"),
        ("Ngày 27.8, hội thi", "2019-08-27"),
        ("Sáng thứ ba, 27/8, hội thi", "2019-08-27"),
        ("Tỷ lệ 3/4 hộ đồng ý", None),
        ("Con đường đi qua 3.5 km ruộng", None),
        ("Đạt 2.500 tấn", None),
        ("Không nói ngày nào", None),
        (None, None),
    ],
)
def test_event_days(lead: str | None, day: str | None) -> None:
    assert event_day(lead, PUBLISHED).value == day


@pytest.mark.parametrize(
    ("published", "day"),
    [("2020-01-02T08:00:00+07:00", "2019-12-30"), ("2019-12-31T08:00:00+07:00", "2019-12-30"), (None, None)],
)
def test_a_day_without_a_year_takes_the_nearest(published: str | None, day: str | None) -> None:
    assert event_day("Chiều 30/12, phường họp tổng kết", published).value == day


def test_an_impossible_day_is_noted() -> None:
    found = event_day("Sáng ngày 31/2/2019, hội nghị", PUBLISHED)
    assert found.value is None
    assert found.note == "impossible date: 31/2/2019"
