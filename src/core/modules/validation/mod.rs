//! `validation` blocks of a module's inputs, judged before Terraform sees the value.
//!
//! A block is judged where it reads nothing but the variable itself and calls functions that are known here. What cannot be said for certain is
//! left to Terraform: nothing is refused here that Terraform takes.

mod decimal;
mod evaluate;
mod functions;
mod networks;
mod no_value;
mod pattern;
mod value;

pub use decimal::Decimal;
pub use functions::known_functions;
pub use value::TerraformValue;

use super::interface::{FilePlace, Variable};
use evaluate::Scope;
use hcl_edit::expr::{Expression, ForExpr, FuncCall, Traversal, TraversalOperator};
use hcl_edit::visit::{Visit, visit_expr, visit_func_call, visit_traversal};
use no_value::NoValue;

/// A `validation` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// The place of its condition.
    pub place: FilePlace,
    /// Its condition as it is written.
    pub written: String,
    /// The variable's name.
    variable: String,
    condition: Expression,
    message: Option<Expression>,
    /// Why only Terraform can judge it.
    left: Option<String>,
}

/// What a block says of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Terraform takes it.
    Holds,
    /// Terraform refuses it, with this message where the block has one that is known.
    Fails(Option<String>),
    /// Only Terraform can say.
    Left,
}

impl Validation {
    /// A block of a variable: its condition, as it is parsed and written, and its message.
    pub(super) fn new(variable: &str, condition: &Expression, written: &str, message: Option<&Expression>, place: FilePlace) -> Validation {
        let (variable, written) = (variable.to_owned(), written.to_owned());
        // Terraform composes the letters of all text.
        let beyond =
            (!written.is_ascii() || written.contains("\\u") || written.contains("\\U")).then(|| "it has letters beyond ASCII".to_owned());
        let left = reads(&variable, condition).or(beyond);
        Validation { place, written, condition: condition.clone(), message: message.cloned(), left, variable }
    }

    /// Why only Terraform can judge the block, where that is so: `it reads local.names`.
    pub fn left(&self) -> Option<&str> {
        self.left.as_deref()
    }

    /// The block as it is written in a variable's; nothing for one with a comment, which is for who reads the module.
    pub(super) fn block(&self) -> Option<String> {
        let message = self.message.as_ref().filter(|message| reads(&self.variable, message).is_none()).map(ToString::to_string);
        let texts = [Some(self.written.as_str()), message.as_deref()];
        if texts.into_iter().flatten().any(may_have_comment) {
            return None;
        }
        let message = message.map(|message| format!("    error_message ={message}\n")).unwrap_or_default();
        Some(format!("  validation {{\n    condition = {}\n{message}  }}\n", self.written))
    }

    /// What the block says of a value that has the variable's type.
    fn judge(&self, value: &TerraformValue) -> Verdict {
        if self.left.is_some() {
            return Verdict::Left;
        }
        match Scope::new(&self.variable, value).evaluate(&self.condition).and_then(TerraformValue::boolean) {
            Ok(true) => Verdict::Holds,
            Ok(false) => Verdict::Fails(self.message_for(value)),
            // A condition that cannot be worked out refuses the value too, and the block's message says what is wanted.
            Err(NoValue::Error(reason)) => Verdict::Fails(Some(self.message_for(value).unwrap_or(reason))),
            Err(NoValue::Undecided) => Verdict::Left,
        }
    }

    fn message_for(&self, value: &TerraformValue) -> Option<String> {
        let message = Scope::new(&self.variable, value).evaluate(self.message.as_ref()?).ok()?.text().ok()?;
        Some(message.trim().to_owned())
    }
}

impl Variable {
    /// The first block that refuses a value, and why.
    pub fn refused(&self, given: &TerraformValue) -> Option<(&Validation, String)> {
        self.verdicts(given).into_iter().find_map(|(validation, verdict)| match verdict {
            Verdict::Fails(reason) => Some((validation, reason.unwrap_or_else(|| "the module's rule refuses it".to_owned()))),
            Verdict::Holds | Verdict::Left => None,
        })
    }

    /// The blocks that can be judged before Terraform sees a value.
    pub fn judged(&self) -> impl Iterator<Item = &Validation> {
        self.validations.iter().filter(|validation| validation.left.is_none())
    }

    /// What each block says of a value that is passed to the variable.
    pub fn verdicts(&self, given: &TerraformValue) -> Vec<(&Validation, Verdict)> {
        // Null is the default, where the variable does not take null.
        let value = if *given == TerraformValue::Null && !self.nullable { None } else { given.clone().converted(&self.kind).ok() };
        let verdict = |validation: &Validation| value.as_ref().map_or(Verdict::Left, |value| validation.judge(value));
        self.validations.iter().map(|validation| (validation, verdict(validation))).collect()
    }
}

/// What an expression reads or calls that is not known here.
fn reads(variable: &str, expression: &Expression) -> Option<String> {
    let mut reads = Reads { variable, locals: Vec::new(), left: None };
    reads.visit_expr(expression);
    reads.left
}

/// True where a comment may stand in an expression: its marks, but for those in plain text.
fn may_have_comment(written: &str) -> bool {
    let mut plain = String::new();
    let mut rest = written;
    while let Some((before, inside)) = rest.split_once('"') {
        plain.push_str(before);
        let mut is_escaped = false;
        let end = inside.find(|letter| {
            let ends = letter == '"' && !is_escaped;
            is_escaped = letter == '\\' && !is_escaped;
            ends
        });
        let Some((text, behind)) = end.and_then(|end| Some((inside.get(..end)?, inside.get(end + 1..)?))) else { return true };
        // What is filled in is an expression again.
        if text.contains("${") || text.contains("%{") {
            plain.push_str(text);
        }
        rest = behind;
    }
    plain.push_str(rest);
    plain.contains('#') || plain.contains("//") || plain.contains("/*")
}

/// Finds what a condition reads that is not known here.
struct Reads<'r> {
    variable: &'r str,
    /// What loops around name.
    locals: Vec<String>,
    left: Option<String>,
}

impl Reads<'_> {
    fn leave(&mut self, reason: impl FnOnce() -> String) {
        self.left.get_or_insert_with(reason);
    }
}

impl Visit for Reads<'_> {
    fn visit_traversal(&mut self, node: &Traversal) {
        let Expression::Variable(root) = &node.expr else { return visit_traversal(self, node) };
        let root = root.as_str();
        if !self.locals.iter().any(|local| local == root) {
            match node.operators.first().map(|operator| operator.value()) {
                Some(TraversalOperator::GetAttr(name)) if root == "var" && name.as_str() == self.variable => {}
                Some(TraversalOperator::GetAttr(name)) => self.leave(|| format!("it reads `{root}.{}`", name.as_str())),
                _ => self.leave(|| format!("it reads `{root}`")),
            }
        }
        for operator in &node.operators {
            if let TraversalOperator::Index(index) = operator.value() {
                self.visit_expr(index);
            }
        }
    }

    fn visit_for_expr(&mut self, node: &ForExpr) {
        let named = node.intro.key_var.iter().chain([&node.intro.value_var]);
        if named.clone().any(|name| name.as_str() == "var") {
            self.leave(|| "a loop names `var`".to_owned());
        }
        self.visit_expr(&node.intro.collection_expr);
        let around = self.locals.len();
        self.locals.extend(named.map(|name| name.as_str().to_owned()));
        let inside = node.key_expr.iter().chain([&node.value_expr]).chain(node.cond.iter().map(|condition| &condition.expr));
        inside.for_each(|expression| self.visit_expr(expression));
        self.locals.truncate(around);
    }

    fn visit_func_call(&mut self, node: &FuncCall) {
        let name = node.name.name.as_str();
        if node.name.is_namespaced() || !known_functions().any(|known| known == name) {
            self.leave(|| format!("it calls `{name}`"));
        }
        visit_func_call(self, node);
    }

    fn visit_expr(&mut self, node: &Expression) {
        match node {
            Expression::HeredocTemplate(_) => self.leave(|| "it has a heredoc".to_owned()),
            Expression::Variable(name) if !self.locals.iter().any(|local| local == name.as_str()) => {
                self.leave(|| format!("it reads `{}`", name.as_str()));
            }
            _ => {}
        }
        visit_expr(self, node);
    }
}
