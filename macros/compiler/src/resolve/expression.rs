//! Computing values.

use proc_macro2::{Ident, TokenStream, TokenTree};
use shapewise_core::{Axis, Shape};

use super::Builder;
use super::scope::Flow;
use super::suggest::nearest;
use super::symbol::{SymbolKind, braced, is_constant};
use super::value::{Applied, Given, Val};
use crate::report::{Error, Place};
use crate::syntax::tree::{Call, Expression, ExpressionKind, Operator};

/// Functions of integers that are no layers.
const FUNCTIONS: [&str; 4] = ["div_floor", "div_ceil", "min", "max"];

impl Builder<'_> {
    /// The value of an expression; [`Val::Unknown`] when an error was told or
    /// something above is unknown. `flow` is what `_` stands for.
    pub(super) fn evaluate(&mut self, expression: &Expression, flow: &Flow) -> Val {
        let place = expression.place;
        match &expression.kind {
            ExpressionKind::Int(value) | ExpressionKind::Quantity(value, _) => {
                Val::Int(i128::from(*value))
            }
            ExpressionKind::Float(value) => Val::Float(*value),
            ExpressionKind::Extents(extents) => Val::Extents(extents.clone()),
            ExpressionKind::Bool(value) => Val::Bool(*value),
            ExpressionKind::Text(text) => Val::Text(text.clone()),
            ExpressionKind::Word(word) => self.word(word, flow),
            ExpressionKind::Member(value, name) => self.member(value, name, flow, place),
            ExpressionKind::Every(value) => self.every(value, flow),
            ExpressionKind::Copy(value, copy) => self.copy(value, copy, flow),
            ExpressionKind::List(values) => Val::List(
                values
                    .iter()
                    .map(|value| self.evaluate(value, flow))
                    .collect(),
            ),
            ExpressionKind::Tuple(values) => Val::Tuple(
                values
                    .iter()
                    .map(|value| self.evaluate(value, flow))
                    .collect(),
            ),
            ExpressionKind::Range(start, end) => self.range(start, end, flow),
            ExpressionKind::Negate(value) => match self.evaluate(value, flow) {
                Val::Int(value) => Val::Int(-value),
                Val::Float(value) => Val::Float(-value),
                value @ Val::Symbol(_) => {
                    self.symbolic_binary(Operator::Subtract, &Val::Int(0), &value, place)
                }
                other => self.operand("-", &other, place),
            },
            ExpressionKind::Not(value) => match self.evaluate(value, flow) {
                Val::Bool(value) => Val::Bool(!value),
                Val::Symbol(symbol) if symbol.kind != SymbolKind::Number => self.negated(&symbol),
                other => self.operand("!", &other, place),
            },
            ExpressionKind::Binary(operator, left, right) => {
                self.binary(*operator, left, right, flow, place)
            }
            ExpressionKind::If(condition, then, otherwise) => {
                match self.condition(condition, flow) {
                    Some(true) => self.evaluate(then, flow),
                    Some(false) => self.evaluate(otherwise, flow),
                    None => Val::Unknown,
                }
            }
            ExpressionKind::Call(call) => self.function(call, flow, expression),
            ExpressionKind::Path(path) => self.atom(path.clone(), expression.to_string(), place),
            ExpressionKind::Rust(code) => self.atom(braced(code), expression.to_string(), place),
        }
    }

    /// A whole number; an error is told for anything else.
    pub(super) fn int(&mut self, expression: &Expression, flow: &Flow) -> Option<i128> {
        let value = self.evaluate(expression, flow);
        self.whole(expression, value)
    }

    /// The whole number that an expression was found to be.
    fn whole(&mut self, expression: &Expression, value: Val) -> Option<i128> {
        match value {
            Val::Int(value) => Some(value),
            Val::Unknown => None,
            Val::Symbol(_) => {
                self.must_be_known(expression, "a number that must be known");
                None
            }
            other => {
                self.unfit(expression, "a whole number", &other);
                None
            }
        }
    }

    /// A truth value; an error is told for anything else.
    pub(super) fn condition(&mut self, expression: &Expression, flow: &Flow) -> Option<bool> {
        match self.evaluate(expression, flow) {
            Val::Bool(value) => Some(value),
            Val::Unknown => None,
            Val::Symbol(symbol) if symbol.kind != SymbolKind::Number => {
                self.decide_symbol(&symbol, expression.place)
            }
            other => {
                self.unfit(expression, "a condition", &other);
                None
            }
        }
    }

    /// Tells that an expression is of the wrong kind.
    pub(super) fn unfit(&mut self, expression: &Expression, wanted: &str, found: &Val) {
        let help = match found {
            Val::Int(_) if wanted == "a condition" => format!("compare it: `{expression} > 0`"),
            _ => String::new(),
        };
        if let Val::Word(word) = found {
            self.unknown_name(word);
            return;
        }
        let error = Error::new(
            expression.place,
            format!("expected {wanted}, found {}: `{expression}`", found.noun()),
        );
        self.tell(error.help(help));
    }

    /// Tells that a name is not known here.
    pub(super) fn unknown_name(&mut self, word: &Ident) {
        let error = self.name_error(word);
        self.tell(error);
    }

    /// The error for a name that is not known here.
    pub(super) fn name_error(&self, word: &Ident) -> Error {
        let text = word.to_string();
        let mut error = Error::new(word.span(), format!("`{text}` is not defined here"));
        if let Some(path) = self.inner_label(&text) {
            error = error.help(format!("`{path}` is the label inside"));
        } else if self.defined_later(&text) {
            error = Error::new(
                word.span(),
                format!("`{text}` is used before it is defined"),
            )
            .help("a label can be read below its statement");
        } else if let Some(near) = nearest(&text, self.names()) {
            error = error.help(format!("did you mean `{near}`?"));
        } else if let Some((block, _)) = self.calls.last()
            && self.hidden_label(&text)
        {
            error = error.help(format!(
                "a block sees its parameters only: add `{text}` to those of `{block}`, and give the label where it is called"
            ));
        }
        error
    }

    fn word(&mut self, word: &Ident, flow: &Flow) -> Val {
        let text = word.to_string();
        match text.as_str() {
            "_" => return Val::Flow(flow.clone()),
            "input" if self.named_value("input").is_none() && self.label("input").is_none() => {
                return match self.scope_input() {
                    Some(Flow::Several(_)) => {
                        self.tell(
                            Error::new(
                                word.span(),
                                "`input` is not one value: there are several inputs",
                            )
                            .help(format!("write {}", self.input_names())),
                        );
                        Val::Unknown
                    }
                    Some(input) => Val::Flow(input.clone()),
                    None => Val::Unknown,
                };
            }
            _ => {}
        }
        if let Some(value) = self.named_value(&text) {
            return value.clone();
        }
        match self.label(&text) {
            Some(label) => Val::Flow(label.flow.clone()),
            None if is_constant(&text) => {
                let tokens = TokenStream::from(TokenTree::Ident(word.clone()));
                self.atom(tokens, text, Place::at(word.span()))
            }
            None => Val::Word(word.clone()),
        }
    }

    /// `` `left` or `right` ``
    fn input_names(&self) -> String {
        let names: Vec<String> = self
            .graph
            .inputs
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        names.join(" or ")
    }

    fn member(&mut self, value: &Expression, name: &Ident, flow: &Flow, place: Place) -> Val {
        if let Some(label) = self.labelled(value, flow)
            && let Some(inner) = label.inner.get(&name.to_string())
        {
            return Val::Flow(inner.flow.clone());
        }
        if let Some((repeat, mut names)) = below_every(value) {
            names.push(name);
            return self.in_every_copy(repeat, &names, flow);
        }
        if let ExpressionKind::Copy(repeat, copy) = &value.kind {
            return self.in_copy(repeat, copy, name, flow);
        }
        match self.evaluate(value, flow) {
            Val::Flow(Flow::Value(index)) => {
                let info = &self.graph.values[index];
                let (shape, symbolic) = (info.shape, info.symbolic);
                if symbolic {
                    return self.symbolic_axis(index, &shape, value, name, place);
                }
                self.axis(&shape, value, name, place)
            }
            Val::Extents(extents) if let Some(shape) = Shape::try_new(&extents) => {
                self.axis(&shape, value, name, place)
            }
            Val::Flow(Flow::Several(_)) => {
                self.tell(Error::new(
                    place,
                    format!("`{value}` is several values, not one"),
                ));
                Val::Unknown
            }
            Val::Word(word) => {
                self.unknown_name(&word);
                Val::Unknown
            }
            Val::Unknown | Val::Flow(Flow::Unknown) => Val::Unknown,
            other => {
                self.tell(Error::new(
                    place,
                    format!("`{value}` is {}, which has no `{name}`", other.noun()),
                ));
                Val::Unknown
            }
        }
    }

    /// The extent of a value whose shape only rustc knows.
    fn symbolic_axis(
        &mut self,
        index: usize,
        shape: &Shape,
        value: &Expression,
        name: &Ident,
        place: Place,
    ) -> Val {
        let text = name.to_string();
        let axis = Axis::ALL.iter().find(|(axis, _)| *axis == text);
        match axis.map(|(_, axis)| (*axis, shape.axis(*axis))) {
            Some((axis, Some(extent))) => {
                self.extent_symbol(index, axis, extent, format!("{value}.{name}"))
            }
            Some((_, None)) => {
                // Its rank may be another one, too.
                self.give_up();
                Val::Unknown
            }
            None => self.axis(shape, value, name, place),
        }
    }

    fn range(&mut self, start: &Expression, end: &Expression, flow: &Flow) -> Val {
        let (a, b) = (self.evaluate(start, flow), self.evaluate(end, flow));
        if !a.is_symbolic() && !b.is_symbolic() {
            return match (self.whole(start, a), self.whole(end, b)) {
                (Some(start), Some(end)) => Val::Range(start, end),
                _ => Val::Unknown,
            };
        }
        match (self.number(&a), self.number(&b)) {
            (Some(a), Some(b)) => Val::SymbolRange(Box::new(a), Box::new(b)),
            _ => {
                for (value, expression) in [(a, start), (b, end)] {
                    if self.number(&value).is_none() {
                        self.whole(expression, value);
                    }
                }
                Val::Unknown
            }
        }
    }

    fn axis(&mut self, shape: &Shape, value: &Expression, name: &Ident, place: Place) -> Val {
        let text = name.to_string();
        let axis = Axis::ALL.iter().find(|(axis, _)| *axis == text);
        if let Some(extent) = axis.and_then(|(_, axis)| shape.axis(*axis)) {
            return Val::Int(i128::try_from(extent).unwrap_or(i128::MAX));
        }
        let known: Vec<&str> = Axis::ALL
            .iter()
            .filter(|(_, axis)| shape.axis(*axis).is_some())
            .map(|(name, _)| *name)
            .collect();
        let mut error = Error::new(place, format!("`{value}` has no `{name}`"))
            .fact("shape", format!("{shape}, {}", describe(shape)));
        if axis.is_none()
            && let Some(near) = nearest(&text, known.iter().copied())
        {
            error = error.help(format!("did you mean `{near}`?"));
        } else {
            let list: Vec<String> = known.iter().map(|name| format!("`.{name}`")).collect();
            error = error.help(format!("it has {}", list.join(", ")));
        }
        self.tell(error);
        Val::Unknown
    }

    fn operand(&mut self, operator: &str, value: &Val, place: Place) -> Val {
        match value {
            Val::Unknown => {}
            Val::Word(word) => self.unknown_name(word),
            other => self.tell(Error::new(
                place,
                format!("`{operator}` does not work on {}", other.noun()),
            )),
        }
        Val::Unknown
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        flow: &Flow,
        place: Place,
    ) -> Val {
        // The right side is not looked at where the left one decides.
        if let Operator::And | Operator::Or = operator {
            return match (self.condition(left, flow), operator) {
                (Some(false), Operator::And) => Val::Bool(false),
                (Some(true), Operator::Or) => Val::Bool(true),
                (Some(_), _) => self.condition(right, flow).map_or(Val::Unknown, Val::Bool),
                (None, _) => Val::Unknown,
            };
        }
        let (a, b) = (self.evaluate(left, flow), self.evaluate(right, flow));
        match (&a, &b) {
            (Val::Int(x), Val::Int(y)) => self.integers(operator, *x, *y, left, right, place),
            (Val::Symbol(_), _) | (_, Val::Symbol(_)) => {
                self.symbolic_binary(operator, &a, &b, place)
            }
            (Val::Int(_) | Val::Float(_), Val::Int(_) | Val::Float(_)) => {
                self.floats(operator, number(&a), number(&b), place)
            }
            (Val::Bool(x), Val::Bool(y)) if let Operator::Compare(comparison) = operator => {
                Val::Bool(comparison.holds(Some(x.cmp(y))))
            }
            _ => {
                let wrong = if matches!(a, Val::Int(_) | Val::Float(_)) {
                    &b
                } else {
                    &a
                };
                self.operand(operator.symbol(), wrong, place)
            }
        }
    }

    fn integers(
        &mut self,
        operator: Operator,
        x: i128,
        y: i128,
        left: &Expression,
        right: &Expression,
        place: Place,
    ) -> Val {
        let division = matches!(operator, Operator::Divide | Operator::Remainder);
        if division && y == 0 {
            self.tell(Error::new(
                place,
                format!(
                    "`{} {} {}` divides by zero",
                    left.operand(),
                    operator.symbol(),
                    right.operand()
                ),
            ));
            return Val::Unknown;
        }
        if operator == Operator::Divide && x % y != 0 {
            let (down, up) = (x.div_euclid(y), -(-x).div_euclid(y));
            self.tell(
                Error::new(
                    place,
                    format!(
                        "`{} / {}` is not exact: {x} = {y}*{down} + {}",
                        left.operand(),
                        right.operand(),
                        x - y * down
                    ),
                )
                .help(format!(
                    "`div_floor({left}, {right})` (= {down}) or `div_ceil({left}, {right})` (= {up})"
                )),
            );
            return Val::Unknown;
        }
        let result = match operator {
            Operator::Add => x.checked_add(y),
            Operator::Subtract => x.checked_sub(y),
            Operator::Multiply => x.checked_mul(y),
            Operator::Divide => x.checked_div(y),
            Operator::Remainder => x.checked_rem(y),
            Operator::ShiftLeft => u32::try_from(y)
                .ok()
                .filter(|y| *y < 64)
                .and_then(|y| x.checked_mul(1_i128.checked_shl(y)?)),
            Operator::ShiftRight => u32::try_from(y).ok().and_then(|y| x.checked_shr(y)),
            Operator::Compare(comparison) => return Val::Bool(comparison.holds(Some(x.cmp(&y)))),
            Operator::And | Operator::Or => None,
        };
        match result {
            Some(value) if value.unsigned_abs() <= u128::from(u64::MAX) => Val::Int(value),
            _ => {
                self.tell(Error::new(
                    place,
                    format!(
                        "`{} {} {}` does not fit 64 bits: {x} {} {y}",
                        left.operand(),
                        operator.symbol(),
                        right.operand(),
                        operator.symbol()
                    ),
                ));
                Val::Unknown
            }
        }
    }

    fn floats(&mut self, operator: Operator, x: f64, y: f64, place: Place) -> Val {
        let value = match operator {
            Operator::Add => x + y,
            Operator::Subtract => x - y,
            Operator::Multiply => x * y,
            Operator::Divide => x / y,
            Operator::Compare(comparison) => {
                return Val::Bool(comparison.holds(x.partial_cmp(&y)));
            }
            _ => return self.operand(operator.symbol(), &Val::Float(x), place),
        };
        if value.is_finite() {
            return Val::Float(value);
        }
        self.tell(Error::new(
            place,
            format!("`{x:?} {} {y:?}` is not a finite number", operator.symbol()),
        ));
        Val::Unknown
    }

    /// A function of integers, or a layer with arguments as a value.
    fn function(&mut self, call: &Call, flow: &Flow, whole: &Expression) -> Val {
        let name = call.name.to_string();
        if !FUNCTIONS.contains(&name.as_str()) {
            return Val::Layer(Box::new(Applied {
                name: call.name.clone(),
                arguments: self.given(call, flow),
                text: call.to_string(),
            }));
        }
        let [a, b] = call.arguments.as_slice() else {
            self.tell(Error::new(
                whole.place,
                format!("`{name}` takes two whole numbers"),
            ));
            return Val::Unknown;
        };
        let (a, b) = (&a.value, &b.value);
        let (x, y) = (self.evaluate(a, flow), self.evaluate(b, flow));
        if x.is_symbolic() || y.is_symbolic() {
            return self.symbolic_function(&name, &x, &y, whole.place);
        }
        let (Some(x), Some(y)) = (self.whole(a, x), self.whole(b, y)) else {
            return Val::Unknown;
        };
        match name.as_str() {
            "min" => Val::Int(x.min(y)),
            "max" => Val::Int(x.max(y)),
            _ if y == 0 => {
                self.tell(Error::new(
                    whole.place,
                    format!("`{whole}` divides by zero"),
                ));
                Val::Unknown
            }
            "div_floor" => Val::Int(x.div_euclid(y)),
            _ => Val::Int(-(-x).div_euclid(y)),
        }
    }

    /// The layer whose weight `shared = label` names.
    pub(super) fn tied(&mut self, expression: &Expression, flow: &Flow) -> Val {
        if let Some(label) = self.labelled(expression, flow) {
            return match (label.main, label.flow) {
                (Some(node), _) => Val::Tied(node),
                (None, Flow::Unknown) => Val::Unknown,
                // Declared where an error keeps it from being computed.
                (None, Flow::Value(value)) if self.is_assumed(value) => Val::Unknown,
                (None, _) => {
                    self.tell(
                        Error::new(
                            expression.place,
                            format!(
                                "`{expression}` is no single layer, whose weight could be shared"
                            ),
                        )
                        .help("name the label of one earlier layer"),
                    );
                    Val::Unknown
                }
            };
        }
        match self.evaluate(expression, flow) {
            // A block's parameter may hold it.
            Val::Tied(node) => Val::Tied(node),
            Val::Unknown => Val::Unknown,
            other => {
                self.unfit(expression, "the label of an earlier layer", &other);
                Val::Unknown
            }
        }
    }

    /// The arguments of a call with their values.
    pub(super) fn given(&mut self, call: &Call, flow: &Flow) -> Vec<Given> {
        call.arguments
            .iter()
            .map(|argument| Given {
                name: argument.name.clone(),
                value: match &argument.name {
                    Some(name) if name == "shared" => self.tied(&argument.value, flow),
                    _ => self.evaluate(&argument.value, flow),
                },
                to: argument.to.as_ref().map(|to| self.evaluate(to, flow)),
                place: argument.place(),
            })
            .collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a float stands beside it")]
fn number(value: &Val) -> f64 {
    match value {
        Val::Int(value) => *value as f64,
        Val::Float(value) => *value,
        _ => 0.0,
    }
}

/// What a shape's extents are: `height x width x channels`.
pub(super) fn describe(shape: &Shape) -> &'static str {
    match shape.rank() {
        1 => "a vector",
        2 => "length x features",
        3 => "height x width x channels",
        4 => "depth x height x width x channels",
        _ => "a tensor",
    }
}

/// The repeat in `stack.*.layer`, and the names after the star.
fn below_every(value: &Expression) -> Option<(&Expression, Vec<&Ident>)> {
    match &value.kind {
        ExpressionKind::Every(repeat) => Some((repeat, Vec::new())),
        ExpressionKind::Member(value, name) => {
            let (repeat, mut names) = below_every(value)?;
            names.push(name);
            Some((repeat, names))
        }
        _ => None,
    }
}
