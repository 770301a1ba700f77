//! Generated expressions that give numbers, texts, dates, times and durations.

use super::kinds::{Kind, Measure};
use super::scope::Writer;

impl Writer<'_> {
    /// A number of a measure.
    pub(super) fn number(&mut self, measure: Measure, fuel: usize, hinted: bool) -> String {
        let kind = Kind::Number(measure);
        match self.choices.below(10) {
            0 | 1 => {
                let op = self.choices.word(&["+", "-"]);
                // One side may be a literal: it takes the unit of the other.
                let left = self.expression(&kind, fuel, false);
                let right =
                    if self.choices.percent(30) { self.number_literal() } else { self.expression(&kind, fuel, false) };
                if self.choices.percent(20) {
                    format!("({right} {op} {left})")
                } else {
                    format!("({left} {op} {right})")
                }
            }
            2 => {
                let (left, right) = (self.expression(&kind, fuel, false), self.expression(&Kind::NUMBER, fuel, false));
                let op = self.choices.word(&["*", "*", "/"]);
                format!("({left} {op} {right})")
            }
            3 => format!("-{}", self.operand(&kind, fuel)),
            4 => self.converted(measure, fuel),
            5 => {
                format!("abs({})", self.expression(&kind, fuel, false))
            }
            6 => {
                let name = self.choices.word(&["sum", "min", "max"]);
                let items: Vec<String> =
                    (0..=self.choices.below(3)).map(|_| self.expression(&kind, fuel / 2, false)).collect();
                match self.choices.below(2) {
                    0 => format!("{name}({})", items.join(", ")),
                    _ => format!("{name}([{}])", items.join(", ")),
                }
            }
            7 => {
                let name =
                    self.choices.word(&["round up", "round down", "round half up", "round half down", "decimal"]);
                let value = self.expression(&kind, fuel, false);
                format!("{name}({value}, {})", self.choices.word(&["0", "1", "2", "-1", "-3"]))
            }
            8 if measure == Measure::Plain => self.plain(fuel),
            _ => self.leaf(&kind, hinted),
        }
    }

    /// An expression that binds as tightly as an operand.
    fn operand(&mut self, kind: &Kind, fuel: usize) -> String {
        format!("({})", self.expression(kind, fuel, false))
    }

    /// A number of a measure out of numbers of others.
    fn converted(&mut self, measure: Measure, fuel: usize) -> String {
        let (left, op, right) = match measure {
            Measure::Plain => {
                let same = *self.choices.pick(&[Measure::Cop, Measure::Uvt, Measure::Plain, Measure::CopPerUvt]);
                (same, "/", same)
            }
            Measure::Cop => (Measure::Uvt, "*", Measure::CopPerUvt),
            Measure::Uvt => (Measure::Cop, "/", Measure::CopPerUvt),
            Measure::CopPerUvt => (Measure::Cop, "/", Measure::Uvt),
        };
        let left = self.expression(&Kind::Number(left), fuel, false);
        let right = self.expression(&Kind::Number(right), fuel, false);
        format!("({left} {op} {right})")
    }

    fn plain(&mut self, fuel: usize) -> String {
        match self.choices.below(6) {
            0 => format!(
                "({} ** {})",
                self.operand(&Kind::NUMBER, fuel),
                self.choices.word(&["2", "3", "0", "-1", "0.5"])
            ),
            1 => {
                let (left, right) =
                    (self.expression(&Kind::NUMBER, fuel, false), self.expression(&Kind::NUMBER, fuel, false));
                format!("modulo({left}, {right})")
            }
            2 => format!("sqrt({})", self.expression(&Kind::NUMBER, fuel, false)),
            3 => {
                let kind = if self.choices.percent(50) { Kind::Days } else { Kind::Months };
                let (left, right) = (self.expression(&kind, fuel, false), self.expression(&kind, fuel, false));
                format!("({left} / {right})")
            }
            4 => format!(
                "mean([{}, {}])",
                self.expression(&Kind::NUMBER, fuel, false),
                self.expression(&Kind::NUMBER, fuel, false)
            ),
            _ => format!("number(string({}))", self.expression(&Kind::NUMBER, fuel, false)),
        }
    }

    /// A whole number.
    pub(super) fn integer(&mut self, fuel: usize) -> String {
        match self.choices.below(10) {
            9 => match self.any_field_of_each() {
                Some(list) => format!("count({list})"),
                None => self.leaf(&Kind::Integer, true),
            },
            0 | 1 => {
                let op = self.choices.word(&["+", "-", "*"]);
                let (left, right) =
                    (self.expression(&Kind::Integer, fuel, false), self.expression(&Kind::Integer, fuel, false));
                format!("({left} {op} {right})")
            }
            2 => {
                let of = Kind::simple(self.choices);
                format!("count({})", self.expression(&of.list(), fuel, false))
            }
            3 => format!("string length({})", self.expression(&Kind::Text, fuel, false)),
            4 => {
                let name = self.choices.word(&["floor", "ceiling"]);
                format!("{name}({})", self.expression(&Kind::NUMBER, fuel, false))
            }
            5 => self.part_of_time(fuel),
            6 => format!("-{}", self.operand(&Kind::Integer, fuel)),
            7 => {
                let name = self.choices.word(&["day of year", "week of year"]);
                format!("{name}({})", self.expression(&Kind::Date, fuel, false))
            }
            _ => self.leaf(&Kind::Integer, true),
        }
    }

    /// A property of a date, time or duration.
    fn part_of_time(&mut self, fuel: usize) -> String {
        let (kind, parts): (Kind, &[&str]) = match self.choices.below(5) {
            0 => (Kind::Date, &["year", "month", "day", "weekday"]),
            1 => (Kind::DateTime, &["year", "hour", "minute", "second", "weekday"]),
            2 => (Kind::Time, &["hour", "minute", "second"]),
            3 => (Kind::Days, &["days", "hours", "minutes", "seconds"]),
            _ => (Kind::Months, &["years", "months"]),
        };
        let part = *self.choices.pick(parts);
        format!("({}).{part}", self.expression(&kind, fuel, false))
    }

    /// A text.
    pub(super) fn text(&mut self, fuel: usize) -> String {
        match self.choices.below(8) {
            0 | 1 => {
                let (left, right) =
                    (self.expression(&Kind::Text, fuel, false), self.expression(&Kind::Text, fuel, false));
                format!("({left} + {right})")
            }
            2 => {
                let kind = Kind::simple(self.choices);
                format!("string({})", self.expression(&kind, fuel, false))
            }
            3 => {
                let name = self.choices.word(&["upper case", "lower case"]);
                format!("{name}({})", self.expression(&Kind::Text, fuel, false))
            }
            4 => {
                let text = self.expression(&Kind::Text, fuel, false);
                let start = self.choices.word(&["1", "2", "-1", "-2"]).to_string();
                match self.choices.below(2) {
                    0 => format!("substring({text}, {start})"),
                    _ => format!("substring({text}, {start}, 1)"),
                }
            }
            5 => {
                let name = self.choices.word(&["substring before", "substring after"]);
                let (text, part) =
                    (self.expression(&Kind::Text, fuel, false), self.expression(&Kind::Text, fuel, false));
                format!("{name}({text}, {part})")
            }
            6 => format!("string join({}, \"-\")", self.expression(&Kind::Text.list(), fuel, false)),
            _ => self.leaf(&Kind::Text, true),
        }
    }

    /// A date.
    pub(super) fn date(&mut self, fuel: usize) -> String {
        match self.choices.below(8) {
            0 => {
                let op = self.choices.word(&["+", "-"]);
                format!("({} {op} {})", self.expression(&Kind::Date, fuel, false), self.small_days(fuel))
            }
            1 => {
                let op = self.choices.word(&["+", "-"]);
                format!("({} {op} {})", self.expression(&Kind::Date, fuel, false), self.literal(&Kind::Months, false))
            }
            2 => self.words.say("fecha_decision", "decision_date").into(),
            3 => {
                let month = self.choices.word(&["1", "2", "6", "12"]).to_string();
                let day = self.choices.word(&["1", "15", "28", "29"]).to_string();
                let year = self.choices.word(&["2024", "2025", "2026"]).to_string();
                format!("date({year}, {month}, {day})")
            }
            4 => format!("date({})", self.expression(&Kind::DateTime, fuel, false)),
            _ => self.leaf(&Kind::Date, true),
        }
    }

    fn small_days(&mut self, fuel: usize) -> String {
        if self.choices.percent(40) {
            self.expression(&Kind::Days, fuel / 2, false)
        } else {
            self.literal(&Kind::Days, false)
        }
    }

    /// A time of day.
    pub(super) fn time(&mut self, fuel: usize) -> String {
        match self.choices.below(4) {
            0 => {
                let op = self.choices.word(&["+", "-"]);
                format!("({} {op} {})", self.expression(&Kind::Time, fuel, false), self.small_days(fuel))
            }
            1 => format!("time({})", self.expression(&Kind::DateTime, fuel, false)),
            _ => self.leaf(&Kind::Time, true),
        }
    }

    /// A date and time.
    pub(super) fn date_time(&mut self, fuel: usize) -> String {
        match self.choices.below(4) {
            0 => {
                let op = self.choices.word(&["+", "-"]);
                format!("({} {op} {})", self.expression(&Kind::DateTime, fuel, false), self.small_days(fuel))
            }
            1 => format!("date and time({}, @\"10:00:00Z\")", self.expression(&Kind::Date, fuel, false)),
            _ => self.leaf(&Kind::DateTime, true),
        }
    }

    /// A duration in days, hours, minutes and seconds.
    pub(super) fn days(&mut self, fuel: usize) -> String {
        match self.choices.below(6) {
            0 => {
                let kind = self.choices.pick(&[Kind::Date, Kind::DateTime]).clone();
                format!("({} - {})", self.expression(&kind, fuel, false), self.expression(&kind, fuel, false))
            }
            1 => self.scaled(&Kind::Days, fuel),
            2 => format!("-{}", self.operand(&Kind::Days, fuel)),
            3 => {
                let op = self.choices.word(&["+", "-"]);
                format!(
                    "({} {op} {})",
                    self.expression(&Kind::Days, fuel, false),
                    self.expression(&Kind::Days, fuel, false)
                )
            }
            _ => self.leaf(&Kind::Days, true),
        }
    }

    /// A duration in years and months.
    pub(super) fn months(&mut self, fuel: usize) -> String {
        match self.choices.below(6) {
            0 => {
                let (from, to) = (self.expression(&Kind::Date, fuel, false), self.expression(&Kind::Date, fuel, false));
                format!("years and months duration({from}, {to})")
            }
            1 => self.scaled(&Kind::Months, fuel),
            2 => format!("-{}", self.operand(&Kind::Months, fuel)),
            3 => {
                let (left, right) =
                    (self.expression(&Kind::Months, fuel, false), self.expression(&Kind::Months, fuel, false));
                format!("({left} + {right})")
            }
            _ => self.leaf(&Kind::Months, true),
        }
    }

    fn scaled(&mut self, kind: &Kind, fuel: usize) -> String {
        let (length, number) = (self.expression(kind, fuel, false), self.expression(&Kind::NUMBER, fuel / 2, false));
        match self.choices.below(3) {
            0 => format!("({length} * {number})"),
            1 => format!("({number} * {length})"),
            _ => format!("({length} / {number})"),
        }
    }
}
