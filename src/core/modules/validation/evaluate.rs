//! Expressions of `validation` blocks, worked out as Terraform works them out.

use super::decimal::Decimal;
use super::functions::{self, MOST_TEXT};
use super::no_value::{NoValue, Outcome};
use super::value::{TerraformValue, ValueKind, same_kind};
use hcl_edit::expr::{
    BinaryOp, BinaryOperator, Conditional, Expression, ForExpr, FuncCall, ObjectKey, ObjectValue, Traversal, TraversalOperator,
    UnaryOperator,
};
use hcl_edit::template::{Element, StringTemplate, Strip};
use std::collections::BTreeMap;

/// The most steps of one block; a loop in a loop over a long list takes more.
const MOST_STEPS: usize = 100_000;

/// The steps that making a pattern counts for.
const STEPS_OF_A_PATTERN: usize = 50;

/// What an expression may refer to: the variable itself, and what its loops name.
pub(super) struct Scope<'s> {
    variable: (&'s str, &'s TerraformValue),
    locals: Vec<(&'s str, TerraformValue)>,
    steps: usize,
    text: usize,
}

impl<'s> Scope<'s> {
    pub(super) fn new(name: &'s str, value: &'s TerraformValue) -> Scope<'s> {
        Scope { variable: (name, value), locals: Vec::new(), steps: 0, text: 0 }
    }

    /// The value of an expression.
    pub(super) fn evaluate(&mut self, expression: &'s Expression) -> Outcome<TerraformValue> {
        self.step(1)?;
        match expression {
            Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) | Expression::String(_) => {
                TerraformValue::of_literal(expression).ok_or(NoValue::Undecided)
            }
            Expression::Parenthesis(inner) => self.evaluate(inner.inner()),
            Expression::Array(items) => items.iter().map(|item| self.evaluate(item)).collect::<Outcome<_>>().map(TerraformValue::Tuple),
            Expression::Object(entries) => {
                entries.iter().map(|entry| self.entry(entry)).collect::<Outcome<_>>().map(TerraformValue::Object)
            }
            Expression::Variable(name) => self.local(name.as_str()),
            Expression::Traversal(traversal) => self.traversal(traversal),
            Expression::Conditional(conditional) => self.conditional(conditional),
            Expression::UnaryOp(operation) => {
                let value = self.evaluate(&operation.expr)?;
                match operation.operator.value() {
                    UnaryOperator::Not => value.boolean().map(|value| TerraformValue::Boolean(!value)),
                    UnaryOperator::Neg => value.number()?.negated().map(TerraformValue::Number).ok_or(NoValue::Undecided),
                }
            }
            Expression::BinaryOp(operation) => self.binary(operation),
            Expression::FuncCall(call) => self.call(call),
            Expression::ForExpr(each) => self.each(each),
            Expression::StringTemplate(template) => self.template(template),
            Expression::HeredocTemplate(_) => Err(NoValue::Undecided),
        }
    }

    /// Counts work.
    fn step(&mut self, steps: usize) -> Outcome<()> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MOST_STEPS { Err(NoValue::Undecided) } else { Ok(()) }
    }

    fn entry(&mut self, (key, value): (&'s ObjectKey, &'s ObjectValue)) -> Outcome<(String, TerraformValue)> {
        let key = match key {
            ObjectKey::Ident(name) => name.as_str().to_owned(),
            // These words are text here.
            ObjectKey::Expression(Expression::Null(_) | Expression::Bool(_)) => return Err(NoValue::Undecided),
            ObjectKey::Expression(key) => self.evaluate(key)?.text()?,
        };
        Ok((key, self.evaluate(value.expr())?))
    }

    fn local(&mut self, name: &str) -> Outcome<TerraformValue> {
        let found = self.locals.iter().rev().find(|(local, _)| *local == name);
        let value = found.map(|(_, value)| value.clone()).ok_or(NoValue::Undecided)?;
        self.step(value.size()).map(|()| value)
    }

    fn traversal(&mut self, traversal: &'s Traversal) -> Outcome<TerraformValue> {
        let mut operators = traversal.operators.iter().map(|operator| operator.value()).collect::<Vec<_>>();
        let value = match (&traversal.expr, operators.first()) {
            (Expression::Variable(root), Some(TraversalOperator::GetAttr(name)))
                if root.as_str() == "var" && name.as_str() == self.variable.0 =>
            {
                operators.remove(0);
                self.step(self.variable.1.size())?;
                self.variable.1.clone()
            }
            (expression, _) => self.evaluate(expression)?,
        };
        self.reach(value, &operators)
    }

    /// What a way of attributes, indices and splats leads to.
    fn reach(&mut self, value: TerraformValue, operators: &[&'s TraversalOperator]) -> Outcome<TerraformValue> {
        let Some((first, rest)) = operators.split_first() else { return Ok(value) };
        let key = match first {
            TraversalOperator::GetAttr(name) => {
                if !matches!(value.kind(), ValueKind::Map | ValueKind::Object | ValueKind::Null) {
                    return NoValue::error("attributes are of objects alone");
                }
                TerraformValue::Text(name.as_str().to_owned())
            }
            TraversalOperator::Index(index) => self.evaluate(index)?,
            TraversalOperator::LegacyIndex(_) => return Err(NoValue::Undecided),
            TraversalOperator::FullSplat(_) | TraversalOperator::AttrSplat(_) => {
                let is_list = matches!(value, TerraformValue::List(_) | TerraformValue::Set(_));
                let items = match value {
                    // A list that is null has none, and anything else does.
                    TerraformValue::Null => return Err(NoValue::Undecided),
                    TerraformValue::List(items) | TerraformValue::Set(items) | TerraformValue::Tuple(items) => items,
                    single => vec![single],
                };
                // The way behind `.*` ends at the next index.
                if matches!(first, TraversalOperator::AttrSplat(_)) && rest.iter().any(|it| !matches!(it, TraversalOperator::GetAttr(_))) {
                    return Err(NoValue::Undecided);
                }
                // What is not there has a type all the same, which the way may not fit.
                if is_list && items.is_empty() && !rest.is_empty() {
                    return Err(NoValue::Undecided);
                }
                let items = items.into_iter().map(|item| self.reach(item, rest)).collect::<Outcome<_>>()?;
                return Ok(if is_list { TerraformValue::List(items) } else { TerraformValue::Tuple(items) });
            }
        };
        self.reach(at(value, key)?, rest)
    }

    fn conditional(&mut self, conditional: &'s Conditional) -> Outcome<TerraformValue> {
        let is_true = self.evaluate(&conditional.cond_expr)?.boolean()?;
        let (chosen, other) = (self.evaluate(&conditional.true_expr), self.evaluate(&conditional.false_expr));
        let (chosen, other) = if is_true { (chosen, other) } else { (other, chosen) };
        let unchosen = if is_true { &conditional.false_expr } else { &conditional.true_expr };
        let chosen = chosen?;
        match other {
            // What is not chosen may be an error, and has a type all the same.
            Err(NoValue::Error(_)) if chosen.kind() == ValueKind::Boolean && is_condition(unchosen) => Ok(chosen),
            Err(_) => Err(NoValue::Undecided),
            Ok(other) => unified(chosen, &other),
        }
    }

    fn binary(&mut self, operation: &'s BinaryOp) -> Outcome<TerraformValue> {
        let operator = *operation.operator.value();
        let left = self.evaluate(&operation.lhs_expr)?;
        if let BinaryOperator::And | BinaryOperator::Or = operator {
            let left = left.boolean()?;
            let decides = left == (operator == BinaryOperator::Or);
            return match self.evaluate(&operation.rhs_expr).and_then(TerraformValue::boolean) {
                Ok(right) => Ok(TerraformValue::Boolean(if decides { left } else { right })),
                // Terraform looks at the right side all the same before version 1.12, and not since.
                Err(NoValue::Error(_)) if decides => Err(NoValue::Undecided),
                Err(stop) => Err(stop),
            };
        }
        let right = self.evaluate(&operation.rhs_expr)?;
        match operator {
            BinaryOperator::Eq => left.equals(&right).map(TerraformValue::Boolean),
            BinaryOperator::NotEq => left.equals(&right).map(|equal| TerraformValue::Boolean(!equal)),
            _ => {
                let (left, right) = (left.number(), right.number());
                arithmetic(operator, left?, right?)
            }
        }
    }

    fn call(&mut self, call: &'s FuncCall) -> Outcome<TerraformValue> {
        let expands = call.args.expand_final();
        if call.name.is_namespaced() {
            return Err(NoValue::Undecided);
        }
        let name = call.name.name.as_str();
        if name == "can" || name == "try" {
            return if expands { Err(NoValue::Undecided) } else { self.attempts(name, call) };
        }
        if name.starts_with("regex") {
            self.step(STEPS_OF_A_PATTERN)?;
        }
        let mut arguments = call.args.iter().map(|argument| self.evaluate(argument)).collect::<Outcome<Vec<_>>>()?;
        if expands && let Some(last) = arguments.pop() {
            arguments.extend(last.elements()?);
        }
        for argument in &arguments {
            if let TerraformValue::Text(text) = argument {
                self.count(text)?;
            }
        }
        functions::call(name, arguments)
    }

    /// `can`, and `try`, which go on where Terraform refuses something.
    fn attempts(&mut self, name: &str, call: &'s FuncCall) -> Outcome<TerraformValue> {
        for argument in call.args.iter() {
            match (name, self.evaluate(argument)) {
                (_, Err(NoValue::Undecided)) => return Err(NoValue::Undecided),
                ("can", outcome) => return Ok(TerraformValue::Boolean(outcome.is_ok())),
                (_, Ok(value)) => return Ok(value),
                (_, Err(NoValue::Error(_))) => {}
            }
        }
        NoValue::error("none of the expressions of `try` has a value")
    }

    fn each(&mut self, each: &'s ForExpr) -> Outcome<TerraformValue> {
        if each.grouping {
            return Err(NoValue::Undecided);
        }
        let pairs: Vec<(TerraformValue, TerraformValue)> = match self.evaluate(&each.intro.collection_expr)? {
            TerraformValue::List(items) | TerraformValue::Tuple(items) => {
                items.into_iter().zip(0..).map(|(item, at)| Some((TerraformValue::Number(Decimal::whole(at)?), item))).collect()
            }
            TerraformValue::Set(items) => Some(items.into_iter().map(|item| (item.clone(), item)).collect()),
            TerraformValue::Map(entries) | TerraformValue::Object(entries) => {
                Some(entries.into_iter().map(|(key, value)| (TerraformValue::Text(key), value)).collect())
            }
            TerraformValue::Null => return Err(NoValue::null()),
            _ => return NoValue::error("a loop needs a collection"),
        }
        .ok_or(NoValue::Undecided)?;
        // An error goes on elsewhere, where these names are others' again.
        let around = self.locals.len();
        let turned = self.turns(each, pairs);
        self.locals.truncate(around);
        turned
    }

    /// What the turns of a loop give.
    fn turns(&mut self, each: &'s ForExpr, pairs: Vec<(TerraformValue, TerraformValue)>) -> Outcome<TerraformValue> {
        let (mut items, mut entries) = (Vec::new(), BTreeMap::new());
        let around = self.locals.len();
        for (key, value) in pairs {
            self.locals.truncate(around);
            self.locals.extend(each.intro.key_var.iter().map(|name| (name.as_str(), key.clone())));
            self.locals.push((each.intro.value_var.as_str(), value));
            if let Some(condition) = &each.cond
                && !self.evaluate(&condition.expr)?.boolean()?
            {
                continue;
            }
            match &each.key_expr {
                None => items.push(self.evaluate(&each.value_expr)?),
                Some(key) => {
                    let key = self.evaluate(key)?.text()?;
                    let value = self.evaluate(&each.value_expr)?;
                    if entries.insert(key, value).is_some() {
                        return NoValue::error("two items of a loop have one key");
                    }
                }
            }
        }
        Ok(if each.key_expr.is_some() { TerraformValue::Object(entries) } else { TerraformValue::Tuple(items) })
    }

    fn template(&mut self, template: &'s StringTemplate) -> Outcome<TerraformValue> {
        let mut elements = template.iter();
        if let (Some(Element::Interpolation(only)), None) = (elements.next(), elements.next())
            && only.strip == Strip::None
        {
            return self.evaluate(&only.expr);
        }
        let mut text = String::new();
        for element in template {
            match element {
                Element::Literal(literal) => text.push_str(literal.value()),
                // What `~` takes away is left to Terraform.
                Element::Interpolation(interpolation) if interpolation.strip != Strip::None => return Err(NoValue::Undecided),
                Element::Interpolation(interpolation) => text.push_str(&self.evaluate(&interpolation.expr)?.text()?),
                Element::Directive(_) => return Err(NoValue::Undecided),
            }
            self.count(&text)?;
        }
        Ok(TerraformValue::Text(text))
    }

    /// Counts text that is looked through.
    fn count(&mut self, text: &str) -> Outcome<()> {
        self.text += text.len();
        if self.text > MOST_TEXT { Err(NoValue::Undecided) } else { Ok(()) }
    }
}

/// The element of a collection with a key.
fn at(value: TerraformValue, key: TerraformValue) -> Outcome<TerraformValue> {
    match value {
        TerraformValue::Map(mut entries) | TerraformValue::Object(mut entries) => {
            let key = key.text()?;
            entries.remove(&key).map_or_else(|| NoValue::error(format!("there is no `{key}`")), Ok)
        }
        TerraformValue::List(items) | TerraformValue::Tuple(items) => {
            let index = key.number()?.as_whole().and_then(|index| usize::try_from(index).ok());
            index.and_then(|index| items.into_iter().nth(index)).map_or_else(|| NoValue::error("there is no element of this number"), Ok)
        }
        TerraformValue::Null => Err(NoValue::null()),
        _ => NoValue::error("only collections have elements"),
    }
}

/// True for an expression that is a boolean.
fn is_condition(expression: &Expression) -> bool {
    let functions = ["alltrue", "anytrue", "can", "contains", "endswith", "startswith", "strcontains"];
    match expression {
        Expression::Bool(_) => true,
        Expression::Parenthesis(inner) => is_condition(inner.inner()),
        Expression::UnaryOp(operation) => *operation.operator.value() == UnaryOperator::Not,
        Expression::BinaryOp(operation) => !matches!(
            operation.operator.value(),
            BinaryOperator::Plus | BinaryOperator::Minus | BinaryOperator::Mul | BinaryOperator::Div | BinaryOperator::Mod
        ),
        Expression::FuncCall(call) => functions.contains(&call.name.name.as_str()),
        Expression::Conditional(inner) => is_condition(&inner.true_expr) && is_condition(&inner.false_expr),
        _ => false,
    }
}

/// The chosen side of a conditional, whose sides come to one type. A null has a type too, which nobody knows here.
fn unified(chosen: TerraformValue, other: &TerraformValue) -> Outcome<TerraformValue> {
    let is_empty =
        |value: &TerraformValue| *value == TerraformValue::Tuple(Vec::new()) || *value == TerraformValue::Object(BTreeMap::new());
    let items = |value: &TerraformValue| value.clone().elements().unwrap_or_default();
    match (chosen.kind(), other.kind()) {
        (ValueKind::Null, _) => Ok(chosen),
        (ValueKind::Boolean, ValueKind::Boolean) | (ValueKind::Number, ValueKind::Number) | (ValueKind::Text, ValueKind::Text) => {
            Ok(chosen)
        }
        (ValueKind::List, ValueKind::List) | (ValueKind::Set, ValueKind::Set) => {
            let (one, another) = (items(&chosen), items(other));
            let are_there = !one.is_empty() && !another.is_empty();
            same_kind(&[one, another].concat())?;
            if are_there { Ok(chosen) } else { Err(NoValue::Undecided) }
        }
        // An empty list next to one of a type, as the way out for null.
        (ValueKind::Tuple, ValueKind::List) if is_empty(&chosen) => Ok(TerraformValue::List(Vec::new())),
        (ValueKind::Tuple, ValueKind::Set) if is_empty(&chosen) => Ok(TerraformValue::Set(Vec::new())),
        (ValueKind::Object, ValueKind::Map) if is_empty(&chosen) => Ok(TerraformValue::Map(BTreeMap::new())),
        (ValueKind::List | ValueKind::Set, ValueKind::Tuple) | (ValueKind::Map, ValueKind::Object) if is_empty(other) => Ok(chosen),
        (ValueKind::Tuple, ValueKind::Tuple) | (ValueKind::Object, ValueKind::Object) if is_empty(&chosen) && is_empty(other) => Ok(chosen),
        _ => Err(NoValue::Undecided),
    }
}

/// Comparisons, and arithmetic of whole numbers: of fractions Terraform's own rounding would count.
fn arithmetic(operator: BinaryOperator, left: Decimal, right: Decimal) -> Outcome<TerraformValue> {
    let is_sum = matches!(operator, BinaryOperator::Plus | BinaryOperator::Minus);
    let whole = |of: fn(i64, i64) -> Option<i64>| {
        let (left, right) = (left.as_whole()?, right.as_whole()?);
        // A zero that comes of a negative number is a negative one, but for sums.
        let number = of(left, right).filter(|number| *number != 0 || is_sum || (left >= 0 && right >= 0))?;
        Some(TerraformValue::Number(Decimal::whole(number)?))
    };
    match operator {
        BinaryOperator::Less => return Ok(TerraformValue::Boolean(left < right)),
        BinaryOperator::LessEq => return Ok(TerraformValue::Boolean(left <= right)),
        BinaryOperator::Greater => return Ok(TerraformValue::Boolean(left > right)),
        BinaryOperator::GreaterEq => return Ok(TerraformValue::Boolean(left >= right)),
        BinaryOperator::Div | BinaryOperator::Mod if right.as_whole() == Some(0) => {}
        BinaryOperator::Plus => return whole(i64::checked_add).ok_or(NoValue::Undecided),
        BinaryOperator::Minus => return whole(i64::checked_sub).ok_or(NoValue::Undecided),
        BinaryOperator::Mul => return whole(i64::checked_mul).ok_or(NoValue::Undecided),
        BinaryOperator::Mod => return whole(i64::checked_rem).ok_or(NoValue::Undecided),
        BinaryOperator::Div => {
            return whole(|left, right| (left.checked_rem(right)? == 0).then(|| left.checked_div(right))?).ok_or(NoValue::Undecided);
        }
        BinaryOperator::Eq | BinaryOperator::NotEq | BinaryOperator::And | BinaryOperator::Or => {}
    }
    Err(NoValue::Undecided)
}
