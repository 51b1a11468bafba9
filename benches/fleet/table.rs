//! The table of figures: as Markdown, whose columns stand below each other in a terminal too, and as JSON.

#![allow(unreachable_pub)]

use crate::measure::{Spread, Taken};
use serde_json::{Value, json};

/// What is to be reached.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// The ratio of the times is at most this.
    Ratio(f64),
    /// The ratio of the times is at least this.
    RatioAtLeast(f64),
    /// The figure itself is at most this, in its unit.
    Figure(f64),
    /// Nothing: it is printed next to the others.
    Nothing,
}

impl Goal {
    fn text(self, unit: &str) -> String {
        match self {
            Goal::Ratio(most) => format!("at most {most:.1}"),
            Goal::RatioAtLeast(least) => format!("at least {least:.1}"),
            Goal::Figure(most) => format!("at most {most} {unit}"),
            Goal::Nothing => String::new(),
        }
    }
}

/// What a line is compared with.
#[derive(Debug)]
pub struct Floor {
    /// What it is.
    pub what: String,
    /// Its figure.
    pub figure: Spread,
    /// The ratio of times on the clock, pair by pair.
    pub ratio: Spread,
    /// The ratio of times on the processors, pair by pair.
    pub processor_ratio: Spread,
}

/// One line of the table.
#[derive(Debug)]
pub struct Line {
    /// What was measured.
    pub what: String,
    /// `s`, `ms` or `MB`.
    pub unit: &'static str,
    /// The figure.
    pub figure: Spread,
    /// What it is compared with.
    pub floor: Option<Floor>,
    /// What is to be reached.
    pub goal: Goal,
}

impl Line {
    /// A line of times that are compared with those of a floor.
    pub fn paired(what: String, unit: &'static str, (taken, floors): (&[Taken], &[Taken]), floor: &str, goal: Goal) -> Line {
        let scale = if unit == "ms" { 1000.0 } else { 1.0 };
        let floor = Floor {
            what: floor.to_owned(),
            figure: Spread::of_each(floors, |taken| taken.clock * scale),
            ratio: Spread::of_ratios(taken, floors, |taken| taken.clock),
            processor_ratio: Spread::of_ratios(taken, floors, |taken| taken.processor),
        };
        Line { floor: Some(floor), ..Line::plain(what, unit, taken, goal) }
    }

    /// A line of times, or of memory where the unit is `MB`.
    pub fn plain(what: String, unit: &'static str, taken: &[Taken], goal: Goal) -> Line {
        let figure = Spread::of_each(taken, |taken| match unit {
            "MB" => taken.peak,
            "ms" => taken.clock * 1000.0,
            _ => taken.clock,
        });
        Line { what, unit, figure, floor: None, goal }
    }

    /// True when the median reaches the goal; nothing where there is none.
    pub fn holds(&self) -> Option<bool> {
        let ratio = self.floor.as_ref().map_or(f64::NAN, |floor| floor.ratio.median);
        match self.goal {
            Goal::Ratio(most) => Some(ratio <= most),
            Goal::RatioAtLeast(least) => Some(ratio >= least),
            Goal::Figure(most) => Some(self.figure.median <= most),
            Goal::Nothing => None,
        }
    }

    fn cells(&self) -> [String; 8] {
        let of_floor = |cell: &dyn Fn(&Floor) -> String| self.floor.as_ref().map(cell).unwrap_or_default();
        [
            self.what.clone(),
            format!("{} {}", self.figure.text(), self.unit),
            of_floor(&|floor| floor.what.clone()),
            of_floor(&|floor| format!("{} {}", floor.figure.text(), self.unit)),
            of_floor(&|floor| floor.ratio.text()),
            of_floor(&|floor| floor.processor_ratio.text()),
            self.goal.text(self.unit),
            self.holds().map_or("", |holds| if holds { "yes" } else { "**no**" }).to_owned(),
        ]
    }

    /// The line as JSON.
    pub fn json(&self) -> Value {
        let (goal, goal_of) = match self.goal {
            Goal::Ratio(most) => (json!({"at_most": most}), "ratio"),
            Goal::RatioAtLeast(least) => (json!({"at_least": least}), "ratio"),
            Goal::Figure(most) => (json!({"at_most": most}), "figure"),
            Goal::Nothing => (Value::Null, "nothing"),
        };
        json!({
            "what": self.what,
            "unit": self.unit,
            "figure": self.figure.json(),
            "floor": self.floor.as_ref().map(|floor| json!({
                "what": floor.what,
                "figure": floor.figure.json(),
                "ratio": floor.ratio.json(),
                "processor_ratio": floor.processor_ratio.json(),
            })),
            "goal": goal,
            "goal_of": goal_of,
            "holds": self.holds(),
        })
    }
}

const TITLES: [&str; 8] = ["what", "takes", "compared with", "which takes", "ratio", "processor ratio", "to reach", "holds"];

/// The lines as a table.
pub fn markdown(lines: &[Line]) -> String {
    let mut rows = vec![TITLES.map(str::to_owned)];
    rows.extend(lines.iter().map(Line::cells));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..TITLES.len()).map(width).collect();
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(&format!("| {} |\n", cells.collect::<Vec<_>>().join(" | ")));
        if index == 0 {
            let rule = widths.iter().map(|width| "-".repeat(*width));
            text.push_str(&format!("| {} |\n", rule.collect::<Vec<_>>().join(" | ")));
        }
    }
    text
}
