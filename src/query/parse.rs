//! Reads expressions: from text to [`Expression`] (OData URL Conventions 4.01 section 5.1.1, OData ABNF Construction Rules 4.01 section 5).

use super::expression::{Comparison, Expression, Function, Lambda, PropertyPath};
use super::literal;

/// Expressions are read down to this depth.
const MOST_DEPTH: usize = 64;

/// So many operands and functions an expression may have.
const MOST_PARTS: usize = 512;

/// Lambda expressions within lambda expressions are read down to this depth.
const MOST_LAMBDAS: usize = 4;

/// Why an expression is not one that can be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Whether it is not an expression at all; otherwise it is one that is not supported here.
    pub invalid: bool,
    /// Where, in bytes of the text.
    pub at: usize,
    /// What is wrong.
    pub reason: String,
}

/// An operand of `$orderby`, and whether it is in descending order.
pub type Sorting = (Expression, bool);

/// Reads the expression of `$filter`.
///
/// # Errors
///
/// When the text is not an expression, or one that nothing here can evaluate.
pub fn parse_filter(text: &str) -> Result<Expression, ParseError> {
    match read_filter(text)? {
        (expression, None) => Ok(expression),
        (_, Some(error)) => Err(error),
    }
}

/// Reads the expression of `$filter`, also one that nothing here can evaluate, with the reason for that.
///
/// # Errors
///
/// When the text is not an expression, or one that is too large or too deep.
pub fn read_filter(text: &str) -> Result<(Expression, Option<ParseError>), ParseError> {
    let mut parser = Parser::new(text);
    parser.blanks();
    let expression = parser.disjunction()?;
    parser.end()?;
    let unsupported = parser.unsupported;
    Ok((expression, unsupported.map(|(at, reason)| ParseError { invalid: false, at, reason })))
}

/// Reads the items of `$orderby` (section 5.1.5).
///
/// # Errors
///
/// When the text is not a list of expressions with directions, or one of them is not supported.
pub fn parse_orderby(text: &str) -> Result<Vec<Sorting>, ParseError> {
    let mut parser = Parser::new(text);
    let mut all = Vec::new();
    loop {
        parser.blanks();
        let expression = parser.disjunction()?;
        parser.blanks();
        let is_descending = match parser.word() {
            word if word.eq_ignore_ascii_case("desc") => true,
            word if word.eq_ignore_ascii_case("asc") => false,
            "" => false,
            word => return parser.invalid(format!("`{word}` is neither `asc` nor `desc`")),
        };
        parser.at += parser.word().len();
        all.push((expression, is_descending));
        parser.blanks();
        if !parser.eats(",") {
            break;
        }
    }
    parser.end()?;
    parser.supported(all)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    parts: usize,
    /// The variables that can be named here, the innermost last.
    variables: Vec<&'t str>,
    /// The first thing that is not supported.
    unsupported: Option<(usize, String)>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Parser<'t> {
        Parser { text, at: 0, depth: 0, parts: 0, variables: Vec::new(), unsupported: None }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    fn eats(&mut self, token: &str) -> bool {
        let has = self.rest().starts_with(token);
        self.at += if has { token.len() } else { 0 };
        has
    }

    /// The letters that follow.
    fn word(&self) -> &'t str {
        let rest = self.rest();
        &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())]
    }

    fn invalid<T>(&self, reason: impl Into<String>) -> Result<T, ParseError> {
        Err(ParseError { invalid: true, at: self.at, reason: reason.into() })
    }

    /// What stands here, for messages.
    fn shown(&self) -> String {
        match self.rest().chars().next() {
            Some(_) => format!("`{}`", self.rest().chars().take(20).collect::<String>()),
            None => "the end".to_owned(),
        }
    }

    fn not_supported(&mut self, at: usize, reason: impl Into<String>) {
        self.unsupported.get_or_insert_with(|| (at, reason.into()));
    }

    /// What was read, unless some of it is not supported.
    fn supported<T>(self, read: T) -> Result<T, ParseError> {
        match self.unsupported {
            Some((at, reason)) => Err(ParseError { invalid: false, at, reason }),
            None => Ok(read),
        }
    }

    fn end(&mut self) -> Result<(), ParseError> {
        self.blanks();
        if self.rest().is_empty() { Ok(()) } else { self.invalid(format!("{} is not expected", self.shown())) }
    }

    /// Takes an operator of letters, which blanks or brackets separate from what it joins.
    fn operator(&mut self, is_it: impl Fn(&str) -> bool) -> Option<&'t str> {
        let before = self.at;
        self.blanks();
        let (word, is_apart) = (self.word(), self.at > before || self.text[..before].ends_with([')', '\'']));
        let behind = self.rest()[word.len()..].chars().next();
        if is_apart && is_it(word) && behind.is_none_or(|c| " \t(".contains(c)) {
            self.at += word.len();
            self.blanks();
            return Some(word);
        }
        self.at = before;
        None
    }

    fn disjunction(&mut self) -> Result<Expression, ParseError> {
        self.joined("or", Expression::Or, |parser| parser.joined("and", Expression::And, Parser::comparison))
    }

    fn joined(
        &mut self,
        word: &str,
        all: impl Fn(Vec<Expression>) -> Expression,
        operand: impl Fn(&mut Self) -> Result<Expression, ParseError>,
    ) -> Result<Expression, ParseError> {
        let first = operand(self)?;
        let mut operands = vec![first];
        while self.operator(|own| own.eq_ignore_ascii_case(word)).is_some() {
            operands.push(operand(self)?);
        }
        Ok(if operands.len() == 1 { operands.remove(0) } else { all(operands) })
    }

    fn comparison(&mut self) -> Result<Expression, ParseError> {
        let mut left = self.arithmetic()?;
        loop {
            let start = self.at;
            if let Some(own) = self.operator(|word| Comparison::read(word).is_some()).and_then(Comparison::read) {
                left = Expression::Compare(Box::new(left), own, Box::new(self.arithmetic()?));
            } else if self.operator(|word| word.eq_ignore_ascii_case("has")).is_some() {
                let right = self.arithmetic()?;
                self.not_supported(start, "`has` is not supported");
                left = Expression::Other(vec![left, right]);
            } else if self.operator(|word| word.eq_ignore_ascii_case("in")).is_some() {
                left = Expression::In(Box::new(left), self.list()?);
            } else {
                return Ok(left);
            }
        }
    }

    /// The values behind `in` (section 5.1.1.1.10).
    fn list(&mut self) -> Result<Vec<Expression>, ParseError> {
        if !self.eats("(") {
            self.arithmetic()?;
            self.not_supported(self.at, "`in` is supported with a list of values only");
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        loop {
            self.blanks();
            all.push(self.arithmetic()?);
            self.blanks();
            if self.eats(")") {
                return Ok(all);
            }
            if !self.eats(",") {
                return self.invalid(format!("`,` or `)` is expected instead of {}", self.shown()));
            }
        }
    }

    fn arithmetic(&mut self) -> Result<Expression, ParseError> {
        let mut left = self.operand()?;
        let is_arithmetic =
            |word: &str| ["add", "sub", "mul", "div", "divby", "mod"].iter().any(|own| own.eq_ignore_ascii_case(word));
        loop {
            let start = self.at;
            let Some(word) = self.operator(is_arithmetic) else { return Ok(left) };
            let right = self.operand()?;
            self.not_supported(start, format!("`{word}` is not supported"));
            left = Expression::Other(vec![left, right]);
        }
    }

    fn operand(&mut self) -> Result<Expression, ParseError> {
        self.parts += 1;
        self.depth += 1;
        if self.depth > MOST_DEPTH || self.parts > MOST_PARTS {
            let reason = format!("of more than {MOST_PARTS} operands, or deeper than {MOST_DEPTH}, it is not read");
            return Err(ParseError { invalid: false, at: self.at, reason });
        }
        let operand = self.operand_within();
        self.depth -= 1;
        operand
    }

    fn operand_within(&mut self) -> Result<Expression, ParseError> {
        if self.eats("(") {
            self.blanks();
            let inner = self.disjunction()?;
            self.blanks();
            if !self.eats(")") {
                return self.invalid(format!("`)` is expected instead of {}", self.shown()));
            }
            return Ok(inner);
        }
        let start = self.at;
        if self.word().eq_ignore_ascii_case("not") && self.rest()[3..].starts_with([' ', '\t', '(']) {
            self.at += 3;
            self.blanks();
            return Ok(Expression::Not(Box::new(self.operand()?)));
        }
        match literal::read(self.rest()) {
            Some(Ok((own, length))) => {
                self.at += length;
                return Ok(Expression::Literal(own));
            }
            Some(Err((reason, Some(length)))) => {
                self.at += length;
                self.not_supported(start, reason);
                return Ok(Expression::Other(Vec::new()));
            }
            Some(Err((reason, None))) => return self.invalid(reason),
            None => {}
        }
        match self.rest().chars().next() {
            Some('-') => {
                self.at += 1;
                let inner = self.operand()?;
                self.not_supported(start, "negation is supported of numbers only");
                Ok(Expression::Other(vec![inner]))
            }
            Some(open @ ('[' | '{')) => {
                // The text up to the bracket that closes the first one; documentation has placeholders there, too.
                let Some(length) = bracketed(self.rest()) else {
                    return self.invalid(format!("`{}` is missing", if open == '[' { ']' } else { '}' }));
                };
                self.at += length;
                self.not_supported(start, "arrays and objects are not supported");
                Ok(Expression::Other(Vec::new()))
            }
            Some('@') => {
                self.at +=
                    1 + self.rest()[1..].len() - self.rest()[1..].trim_start_matches(char::is_alphanumeric).len();
                self.not_supported(start, "parameter aliases are not supported");
                Ok(Expression::Other(Vec::new()))
            }
            Some(c) if c.is_alphabetic() || "_$".contains(c) => self.path_or_call(),
            _ => self.invalid(format!("an operand is expected instead of {}", self.shown())),
        }
    }

    /// A name with its namespace, or one with a `$`.
    fn name(&mut self) -> Result<&'t str, ParseError> {
        let rest = self.rest();
        let own = rest.strip_prefix('$').unwrap_or(rest);
        let length = own.find(|c: char| !c.is_alphanumeric() && !"_.".contains(c)).unwrap_or(own.len());
        if length == 0 {
            return self.invalid(format!("a name is expected instead of {}", self.shown()));
        }
        let name = &rest[..rest.len() - own.len() + length];
        self.at += name.len();
        Ok(name)
    }

    fn path_or_call(&mut self) -> Result<Expression, ParseError> {
        let start = self.at;
        let first = self.name()?;
        if self.rest().starts_with('(') {
            return self.call(start, first);
        }
        let mut path = PropertyPath::default();
        match first {
            // The object itself (section 5.1.1.11.4).
            "$it" => {}
            _ if self.variables.contains(&first) => path.variable = Some(first.to_owned()),
            _ => self.segment(&mut path, start, first),
        }
        while self.eats("/") {
            let at = self.at;
            let name = self.name()?;
            let is_lambda = name.eq_ignore_ascii_case("any") || name.eq_ignore_ascii_case("all");
            if is_lambda && self.eats("(") {
                return self.lambda(at, path, name.eq_ignore_ascii_case("all"));
            }
            if self.rest().starts_with('(') {
                let inner = self.call(at, name)?;
                self.not_supported(at, format!("`{name}(…)` in a path is not supported"));
                return Ok(Expression::Other(vec![Expression::Path(path), inner]));
            }
            self.segment(&mut path, at, name);
        }
        Ok(Expression::Path(path))
    }

    fn segment(&mut self, path: &mut PropertyPath, at: usize, name: &str) {
        match name {
            "$count" if !path.names.is_empty() && !self.rest().starts_with('/') => path.counts = true,
            _ if name.starts_with('$') => self.not_supported(at, format!("`{name}` is not supported here")),
            _ => {
                if name.contains('.') {
                    self.not_supported(at, format!("the type `{name}` in a path is not supported"));
                }
                path.names.push(name.to_owned());
            }
        }
    }

    fn call(&mut self, start: usize, name: &str) -> Result<Expression, ParseError> {
        self.at += 1;
        let mut arguments = Vec::new();
        self.blanks();
        if !self.eats(")") {
            loop {
                self.blanks();
                arguments.push(self.disjunction()?);
                self.blanks();
                if self.eats(")") {
                    break;
                }
                if !self.eats(",") {
                    return self.invalid(format!("`,` or `)` is expected instead of {}", self.shown()));
                }
            }
        }
        match Function::read(name) {
            Some((_, count)) if arguments.len() != count => {
                self.at = start;
                self.invalid(format!("`{name}` takes {count} arguments, not {}", arguments.len()))
            }
            Some((function, _)) => Ok(Expression::Call(function, arguments)),
            None => {
                self.not_supported(start, format!("the function `{name}` is not supported"));
                Ok(Expression::Other(arguments))
            }
        }
    }

    /// `any` and `all` behind their parenthesis (section 5.1.1.13).
    fn lambda(&mut self, start: usize, collection: PropertyPath, all: bool) -> Result<Expression, ParseError> {
        self.blanks();
        if self.eats(")") {
            if all {
                return self.invalid("`all` needs an expression");
            }
            return Ok(Expression::Lambda(Box::new(Lambda { collection, all, body: None })));
        }
        let variable = self.word();
        self.at += variable.len();
        self.blanks();
        if variable.is_empty() || !self.eats(":") {
            return self.invalid(format!("`:` behind a variable is expected instead of {}", self.shown()));
        }
        // Otherwise the time would grow with the product of the sizes of all collections.
        if self.variables.len() >= MOST_LAMBDAS || self.variables.last().copied() != collection.variable.as_deref() {
            self.not_supported(start, "this lambda expression within another one is not supported");
        }
        self.variables.push(variable);
        self.blanks();
        let body = self.disjunction()?;
        self.variables.pop();
        self.blanks();
        if !self.eats(")") {
            return self.invalid(format!("`)` is expected instead of {}", self.shown()));
        }
        Ok(Expression::Lambda(Box::new(Lambda { collection, all, body: Some((variable.to_owned(), body)) })))
    }
}

/// The length of a text up to the bracket that closes its first one; brackets in quotation marks do not count.
fn bracketed(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(own), c) if own == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(at + c.len_utf8());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths in an expression, or `!` before why it is not valid, `?` before why it is not supported.
    #[track_caller]
    fn check(filter: &str, expected: &str) {
        let mut paths = Vec::new();
        let shown = match read_filter(filter) {
            Err(error) => format!("{}{} {}", if error.invalid { "!" } else { "?" }, error.at, error.reason),
            Ok((expression, unsupported)) => {
                expression.visit(&mut |part| {
                    match part {
                        Expression::Path(path) => paths.push(path.to_string()),
                        Expression::Lambda(lambda) => paths.push(lambda.collection.to_string()),
                        _ => {}
                    }
                    true
                });
                paths.extend(unsupported.map(|error| format!("?{} {}", error.at, error.reason)));
                paths.join(" ")
            }
        };
        assert_eq!(shown, expected, "{filter}");
    }

    #[test]
    fn expressions_know_their_parts() {
        check("a/b eq 1 and not (c in (d,2) or e/any(f:f/g ne contains(h,'')))", "a/b c d e f/g h");
        check("tags/$count eq 0", "tags/$count");
        check("$it/a eq null", "a");
    }

    #[test]
    fn what_has_no_form_of_its_own_keeps_its_parts() {
        check("a add b gt c", "a b c ?1 `add` is not supported");
        check("year(a) eq 1 or b has n.c'd'", "a b ?0 the function `year` is not supported");
        check("n.t/a eq {id} and b eq -c", "n.t/a b c ?0 the type `n.t` in a path is not supported");
        check("a eq {\"b\": {\"c\": \"}\"}}", "a ?5 arrays and objects are not supported");
        check("a/f(b) eq [1,2]", "a b ?2 the function `f` is not supported");
    }

    #[test]
    fn what_is_no_expression_says_where() {
        check("a eq", "!4 an operand is expected instead of the end");
        check("a eq {b", "!5 `}` is missing");
        check("a eq 'b", "!5 the quotation mark is never closed");
    }

    #[test]
    fn items_have_directions() {
        let read = parse_orderby("a desc,b/c").map(|all| all.into_iter().map(|(_, down)| down).collect::<Vec<_>>());
        assert_eq!(read, Ok(vec![true, false]));
    }
}
