use jiff::{ToSpan, civil};
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn span(interval: Interval, n: u32) -> jiff::Span {
    let n = i64::from(n * interval.count);
    match interval.unit {
        Unit::Day => n.days(),
        Unit::Week => n.weeks(),
        Unit::Month => n.months(),
        Unit::Year => n.years(),
    }
}

/// jiff says the same of a schedule, period by period.
fn agrees(anchor: Day, interval: Interval, periods: u32) {
    let schedule = Schedule {
        anchor,
        interval,
        first_no: 1,
    };
    let oracle: civil::Date = anchor.to_string().parse().unwrap();
    for n in 0..periods {
        let wanted = oracle.checked_add(span(interval, n)).unwrap();
        let period = schedule.period(n + 1);
        assert_eq!(
            period.start.to_string(),
            wanted.to_string(),
            "{anchor} {interval:?} {n}"
        );
        assert!(period.start < period.end, "{period:?}");
        assert_eq!(schedule.no_on(period.start), period.no, "{period:?}");
        let last = day(&period.end.to_string());
        assert_eq!(schedule.no_on(last), period.no + 1);
    }
}

/// Rows 3 and 4: an account with the 31st stopped being billed; an anchor drifted 31, 30, 29.
#[test]
fn every_anchor_of_eight_years_bills_on_the_right_day_of_every_month() {
    for year in 2024..2032 {
        for month in 1..=12_u8 {
            let length = Month::try_from(month).unwrap().length(year);
            for of_month in 1..=length {
                let anchor = day(&format!("{year}-{month:02}-{of_month:02}"));
                for count in [1, 2, 3, 6, 12] {
                    let interval = Interval {
                        unit: Unit::Month,
                        count,
                    };
                    agrees(anchor, interval, 96 / count);
                }
                agrees(
                    anchor,
                    Interval {
                        unit: Unit::Year,
                        count: 1,
                    },
                    8,
                );
            }
        }
    }
}

#[test]
fn the_31st_comes_back_after_february() {
    let schedule = Schedule {
        anchor: day("2027-01-31"),
        interval: Interval {
            unit: Unit::Month,
            count: 1,
        },
        first_no: 1,
    };
    let starts: Vec<String> = (1..=5).map(|no| schedule.start(no).to_string()).collect();
    assert_eq!(
        starts,
        [
            "2027-01-31",
            "2027-02-28",
            "2027-03-31",
            "2027-04-30",
            "2027-05-31"
        ]
    );
}

#[test]
fn days_are_korean_whatever_the_machines_zone_is() {
    // 2026-12-31T15:00:00Z is midnight of the new year in Korea.
    let midnight = Millis(1_798_729_200_000);
    assert_eq!(Day::of(midnight), day("2027-01-01"));
    assert_eq!(Day::of(Millis(midnight.0 - 1)), day("2026-12-31"));
    assert_eq!(day("2027-01-01").at(Duration::ZERO), midnight);
    assert_eq!(
        day("2027-01-01").at(Duration::from_hours(9)).kst().as_str(),
        "2027-01-01T09:00:00+09:00"
    );
}

#[test]
fn only_dates_are_dates() {
    assert_eq!(day("2028-02-29").to_string(), "2028-02-29");
    for text in [
        "2027-02-29",
        "2027-2-1",
        "2027-13-01",
        "+027-01-01",
        "2027-01-01T",
        "내일",
        "",
    ] {
        assert!(text.parse::<Day>().is_err(), "{text}");
    }
    assert_eq!(day("2027-12-31").first_of_next_month(), day("2028-01-01"));
}

/// Behind the last day that can be written nothing begins, and nobody looks for it for ever.
#[test]
fn the_calendar_has_a_last_period() {
    let last = day("9999-12-31");
    for &unit in Unit::ALL {
        for anchor in [last, day("9999-12-30"), day("9998-01-31")] {
            let interval = Interval { unit, count: 1 };
            let schedule = Schedule {
                anchor,
                interval,
                first_no: 1,
            };
            let no = schedule.no_on(last);
            assert!(schedule.start(no) <= last, "{anchor} {unit}");
        }
    }
}

proptest! {
    #[test]
    fn any_interval_agrees_with_jiff(offset in 0..3000_u32, unit in 0..4_usize, count in 1..40_u32) {
        let interval = Interval { unit: Unit::ALL[unit], count };
        if interval.check().is_ok() {
            agrees(day("2024-01-01").plus_days(offset), interval, 40);
        }
    }

    #[test]
    fn every_day_lies_in_the_period_that_it_is_said_to(offset in 0..3000_u32, unit in 0..4_usize, count in 1..15_u32, later in 0..4000_u32) {
        let interval = Interval { unit: Unit::ALL[unit], count };
        if interval.check().is_ok() {
            let schedule = Schedule { anchor: day("2024-01-01").plus_days(offset), interval, first_no: 7 };
            let on = schedule.anchor.plus_days(later);
            let period = schedule.period(schedule.no_on(on));
            prop_assert!(period.start <= on && on < period.end);
        }
    }
}
