//! Expressions of `$filter` and `$orderby` as data (OData URL Conventions 4.01 section 5.1.1).

use crate::json::Number;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A value that the request states.
    Literal(Literal),
    /// What a path leads to.
    Path(PropertyPath),
    /// `not`.
    Not(Box<Expression>),
    /// Operands between `and`, at least two.
    And(Vec<Expression>),
    /// Operands between `or`, at least two.
    Or(Vec<Expression>),
    /// Two operands that are compared.
    Compare(Box<Expression>, Comparison, Box<Expression>),
    /// `in`, with the listed values.
    In(Box<Expression>, Vec<Expression>),
    /// A canonical function with its arguments.
    Call(Function, Vec<Expression>),
    /// `any` or `all` over a collection (section 5.1.1.13).
    Lambda(Box<Lambda>),
    /// Something that is valid and has no form of its own here, with the expressions in it. Whoever parses is told.
    Other(Vec<Expression>),
}

/// The operators of comparison (section 5.1.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
}

/// The functions that can be evaluated (sections 5.1.1.5 and 5.1.1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `contains`
    Contains,
    /// `startswith`
    StartsWith,
    /// `endswith`
    EndsWith,
    /// `tolower`
    ToLower,
    /// `toupper`
    ToUpper,
    /// `trim`
    Trim,
    /// `concat`
    Concat,
    /// `length`
    Length,
}

/// A literal (OData ABNF Construction Rules 4.01, section 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text in quotes, without them; also a GUID and a member of an enumeration.
    Text(String),
    /// A date with a time and an offset, as written.
    DateTime(String),
    /// A date, as written.
    Date(String),
    /// A time of day, as written.
    Time(String),
    /// A duration, as written.
    Duration(String),
}

/// A path of properties, such as `owner/name`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropertyPath {
    /// The variable of a lambda expression that it begins at; otherwise it begins at the object.
    pub variable: Option<String>,
    /// The names of the properties, and qualified names of types (section 4.11) where there are any.
    pub names: Vec<String>,
    /// Whether it ends with `/$count`.
    pub counts: bool,
}

/// `any` or `all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lambda {
    /// The collection.
    pub collection: PropertyPath,
    /// Whether the body has to be true of all of its elements.
    pub all: bool,
    /// The variable and the body; `any()` has neither.
    pub body: Option<(String, Expression)>,
}

impl Expression {
    /// Visits the expression and what is within it, the outer ones first; what is within one of which the visitor says `false` is left out.
    pub fn visit<'e>(&'e self, visitor: &mut impl FnMut(&'e Expression) -> bool) {
        if !visitor(self) {
            return;
        }
        match self {
            Expression::Not(inner) => inner.visit(visitor),
            Expression::And(all) | Expression::Or(all) | Expression::Call(_, all) | Expression::Other(all) => {
                all.iter().for_each(|one| one.visit(visitor));
            }
            Expression::Compare(left, _, right) => {
                left.visit(visitor);
                right.visit(visitor);
            }
            Expression::In(left, all) => {
                left.visit(visitor);
                all.iter().for_each(|one| one.visit(visitor));
            }
            Expression::Lambda(lambda) => {
                if let Some((_, body)) = &lambda.body {
                    body.visit(visitor);
                }
            }
            Expression::Literal(_) | Expression::Path(_) => {}
        }
    }
}

impl Function {
    /// The function of a name, which services of 4.01 read in any case (section 5.1.1.4), and how many arguments it takes.
    pub(super) fn read(name: &str) -> Option<(Function, usize)> {
        let all = [
            ("contains", Function::Contains, 2),
            ("startswith", Function::StartsWith, 2),
            ("endswith", Function::EndsWith, 2),
            ("tolower", Function::ToLower, 1),
            ("toupper", Function::ToUpper, 1),
            ("trim", Function::Trim, 1),
            ("concat", Function::Concat, 2),
            ("length", Function::Length, 1),
        ];
        all.into_iter().find(|(own, ..)| own.eq_ignore_ascii_case(name)).map(|(_, own, count)| (own, count))
    }
}

impl Comparison {
    /// The operator of a name, in any case.
    pub(super) fn read(name: &str) -> Option<Comparison> {
        let all = [
            ("eq", Comparison::Equal),
            ("ne", Comparison::NotEqual),
            ("gt", Comparison::Greater),
            ("ge", Comparison::GreaterOrEqual),
            ("lt", Comparison::Less),
            ("le", Comparison::LessOrEqual),
        ];
        all.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, own)| own)
    }
}

/// The path as a request writes it.
impl std::fmt::Display for PropertyPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let variable = self.variable.iter().map(String::as_str);
        let counts = self.counts.then_some("$count");
        let segments: Vec<&str> = variable.chain(self.names.iter().map(String::as_str)).chain(counts).collect();
        f.write_str(&segments.join("/"))
    }
}
