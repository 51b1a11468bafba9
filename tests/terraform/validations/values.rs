//! Values that are slightly changed: often no longer what a condition wants.

use terralet_core::modules::{Decimal, TerraformValue, VariableType};

/// Values of each input, beside those that are changed.
const VALUES: usize = 24;

/// Characters that are put in.
const CHARACTERS: [&str; 12] = ["a", "Z", "0", "9", "-", "_", ".", "/", " ", ":", "é", "\n"];
/// Texts in the place of another.
const TEXTS: [&str; 10] = ["", "a", "A-b", "10.0.0.0/16", "10.0.1.0/33", "5", "1.5", "true", "none", "arn:aws:s3:::bucket"];

/// Changes values, in the same way in each run.
pub(super) struct Changes(u64);

impl Changes {
    pub(super) fn new(seed: u64) -> Changes {
        Changes(seed)
    }

    /// A number below `end`: a linear congruential generator with the constants of Knuth's MMIX.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from((self.0 >> 33) % end).unwrap_or(0)
    }

    /// Values for an input: those that are known, and as many that are like them.
    pub(super) fn of(&mut self, known: &[TerraformValue], kind: &VariableType) -> Vec<TerraformValue> {
        let mut all: Vec<TerraformValue> = known.to_vec();
        if all.is_empty() {
            all.push(made(kind));
        }
        let first = all.len();
        while all.len() < first + VALUES {
            let from = all[self.below(first)].clone();
            let once = self.changed(from);
            let value = if self.below(3) == 0 { self.changed(once) } else { once };
            all.push(value);
        }
        let mut distinct: Vec<TerraformValue> = Vec::new();
        for value in all {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        distinct
    }

    fn changed(&mut self, value: TerraformValue) -> TerraformValue {
        if self.below(25) == 0 {
            return TerraformValue::Null;
        }
        match value {
            TerraformValue::Null => TerraformValue::Text(TEXTS[self.below(TEXTS.len())].to_owned()),
            TerraformValue::Boolean(value) => TerraformValue::Boolean(!value),
            TerraformValue::Number(number) => {
                let whole = number.as_whole().unwrap_or(7);
                let half = Decimal::parse(&format!("{whole}.5"));
                let others = [whole + 1, whole - 1, -whole, whole * 10, 0, 1].map(Decimal::whole);
                let chosen = if self.below(7) == 0 { half } else { others[self.below(others.len())] };
                TerraformValue::Number(chosen.unwrap_or(number))
            }
            TerraformValue::Text(text) => TerraformValue::Text(self.text(&text)),
            TerraformValue::List(items) | TerraformValue::Set(items) | TerraformValue::Tuple(items) => {
                TerraformValue::Tuple(self.items(items))
            }
            TerraformValue::Map(mut entries) | TerraformValue::Object(mut entries) => {
                let keys: Vec<String> = entries.keys().cloned().collect();
                if let Some(key) = keys.get(self.below(keys.len()))
                    && let Some(value) = entries.remove(key)
                {
                    let key = if self.below(4) == 0 { self.text(key) } else { key.clone() };
                    entries.insert(key, self.changed(value));
                }
                TerraformValue::Object(entries)
            }
        }
    }

    fn text(&mut self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let at = self.below(characters.len());
        let (before, behind): (String, String) = (characters[..at].iter().collect(), characters[at..].iter().collect());
        let rest: String = behind.chars().skip(1).collect();
        let put = CHARACTERS[self.below(CHARACTERS.len())];
        match self.below(8) {
            0 => TEXTS[self.below(TEXTS.len())].to_owned(),
            1 => text.to_uppercase(),
            2 => format!("{text}{put}"),
            3 => format!("{put}{text}"),
            4 => text.repeat(3),
            5 => before + &rest,
            6 => before + put + &rest,
            _ => before + put + &behind,
        }
    }

    fn items(&mut self, mut items: Vec<TerraformValue>) -> Vec<TerraformValue> {
        let at = self.below(items.len());
        match (self.below(5), items.get(at).cloned()) {
            (0, _) => items.clear(),
            (1, Some(item)) => items.push(item),
            (2, Some(_)) => drop(items.remove(at)),
            (_, Some(item)) => items[at] = self.changed(item),
            (_, None) => items.push(TerraformValue::Text("a".to_owned())),
        }
        items
    }
}

/// Some value of a type.
fn made(kind: &VariableType) -> TerraformValue {
    match kind {
        VariableType::Any | VariableType::Text => TerraformValue::Text("a".to_owned()),
        VariableType::Number => Decimal::whole(1).map_or(TerraformValue::Null, TerraformValue::Number),
        VariableType::Boolean => TerraformValue::Boolean(true),
        VariableType::List(element) | VariableType::Set(element) => TerraformValue::Tuple(vec![made(element)]),
        VariableType::Tuple(kinds) => TerraformValue::Tuple(kinds.iter().map(made).collect()),
        VariableType::Map(element) => TerraformValue::Object([("a".to_owned(), made(element))].into()),
        VariableType::Object(attributes) => {
            TerraformValue::Object(attributes.iter().map(|(name, attribute)| (name.clone(), made(&attribute.kind))).collect())
        }
    }
}
