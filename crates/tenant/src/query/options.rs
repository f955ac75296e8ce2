//! The system query options of a request: which there are, and which of them can be applied (OData URL Conventions 4.01 section 5.1).

use std::fmt;

use percent_encoding::percent_decode_str;

use super::expand::{ExpandItem, MOST_LEVELS, parse_expand};
use super::search::Search;
use super::select::Select;
use graph_contracts::query::{
    Expression, ParseError, SYSTEM_OPTIONS, Sorting, parse_filter, parse_orderby, system_option,
};

/// An option that was not applied, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The option, such as `$filter`.
    pub option: String,
    /// Why it was not applied.
    pub reason: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not applied: {}", self.option, self.reason)
    }
}

/// An option that is not valid. A service refuses the request (OData Protocol 4.01 section 9.3.1), Microsoft Graph with status 400.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOption {
    /// The option, such as `$filter`.
    pub option: String,
    /// Where it is wrong, in bytes of the decoded value.
    pub at: usize,
    /// What is wrong.
    pub reason: String,
}

/// A navigation property that a request expands, with the options of its own.
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    pub(super) name: String,
    pub(super) options: Option<Options>,
    /// Whether it is one of those that `$levels=max` stands for: the last one has nothing behind it.
    pub(super) may_end: bool,
}

/// How many times a property is expanded that leads to what has it again (`$levels`, section 5.1.3).
#[derive(Clone, Copy, Debug)]
enum Levels {
    Exactly(usize),
    Max,
}

/// The system query options of a request.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Each parameter as it was sent, with the option that it is: those that lead to the next page repeat them.
    pub(super) sent: Vec<(String, Option<&'static str>)>,
    pub(super) select: Option<Select>,
    pub(super) filter: Option<Expression>,
    pub(super) orderby: Vec<Sorting>,
    pub(super) expand: Vec<Expansion>,
    /// In how many expanded properties they stand.
    level: usize,
    /// How many times the property is expanded, in what it leads to again.
    levels: Option<Levels>,
    /// Whether they, or options within them, stand for several levels.
    is_leveled: bool,
    pub(super) search: Option<Search>,
    pub(super) top: Option<usize>,
    pub(super) skip: usize,
    pub(super) count: bool,
    /// How many items earlier pages had (`$skiptoken`).
    pub(super) token: Option<usize>,
    pub(super) invalid: Vec<InvalidOption>,
    pub(super) notes: Vec<Note>,
}

impl Options {
    /// Reads the query of a URL, without its `?`. A `+` is a blank, as Microsoft Graph reads it. Services of 4.01 read the names of the
    /// options in any case and without their `$` (section 5.1).
    pub fn parse(query: &str) -> Options {
        Options::parse_with(query, &|_| false)
    }

    /// Like [`Options::parse`], where parameters of these names, which have no `$`, are those of a function or of the service's own.
    pub fn parse_with(query: &str, is_custom: &dyn Fn(&str) -> bool) -> Options {
        let mut options = Options::default();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            options.add(parameter, decoded(name).trim(), decoded(value).trim(), is_custom);
        }
        options
    }

    /// The options of an expanded property, each as `name=value` without percent-encoding.
    fn nested(parameters: Vec<&str>, level: usize) -> Options {
        let mut options = Options { level, ..Options::default() };
        for parameter in parameters {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            options.add(parameter, name.trim(), value.trim(), &|_| false);
        }
        options
    }

    /// The same where `$levels` stands for what it means: the property with the same options in itself, so many times.
    fn leveled(mut self, name: &str) -> Options {
        self.is_leveled = self.expand.iter().any(|own| own.options.as_ref().is_some_and(|own| own.is_leveled));
        let Some(levels) = self.levels.take() else { return self };
        if self.is_leveled {
            // Levels of levels would be too many.
            self.note("$levels", "it stands in the options of a property within, too".to_owned());
            return self;
        }
        let most = MOST_LEVELS.saturating_sub(self.level) + 1;
        let (levels, may_end) = match levels {
            Levels::Exactly(levels) => (levels, false),
            Levels::Max => (most, true),
        };
        if levels > most {
            self.note("$levels", format!("more than {most} are not read"));
        }
        self.is_leveled = true;
        let notes = std::mem::take(&mut self.notes);
        let has_own = self.expand.iter().any(|own| own.name.eq_ignore_ascii_case(name));
        let again = if has_own { 0 } else { levels.min(most).saturating_sub(1) };
        let whole = (0..again).fold(self.clone(), |within, _| {
            let mut around = self.clone();
            around.expand.push(Expansion { name: name.to_owned(), options: Some(within), may_end });
            around
        });
        Options { notes, ..whole }
    }

    /// Adds a parameter, as it was sent and as it is read.
    fn add(&mut self, parameter: &str, name: &str, value: &str, is_custom: &dyn Fn(&str) -> bool) {
        let bare = name.strip_prefix('$');
        let known = system_option(name).filter(|_| bare.is_some() || !is_custom(name));
        let is_twice = known.is_some() && self.sent.iter().any(|(_, own)| *own == known);
        self.sent.push((parameter.to_owned(), known));
        match known {
            Some(option) if is_twice => self.refuse(option, 0, "it may not occur more than once".to_owned()),
            Some(option) => self.read(option, value),
            None if bare.is_some() => self.note(name, "this option is not supported".to_owned()),
            None => {}
        }
    }

    /// The options that are not valid.
    pub fn invalid(&self) -> &[InvalidOption] {
        &self.invalid
    }

    /// The options that cannot be applied to anything, as far as the options themselves say so.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Whether there is any option of these names (with `$`).
    pub fn has(&self, option: &str) -> bool {
        self.sent.iter().any(|(_, own)| *own == Some(option))
    }

    /// The decoded value of an option (with `$`) as it was sent.
    pub fn value(&self, option: &str) -> Option<String> {
        let (sent, _) = self.sent.iter().find(|(_, own)| *own == Some(option))?;
        Some(decoded(sent.split_once('=').map_or("", |(_, value)| value)).trim().to_owned())
    }

    /// The most items that are asked for.
    pub fn top(&self) -> Option<usize> {
        self.top
    }

    /// How many items come before those that are asked for.
    pub fn start(&self) -> usize {
        self.token.unwrap_or(self.skip)
    }

    /// Whether the number of items is asked for.
    pub fn counts(&self) -> bool {
        self.count
    }

    /// The properties that are to be expanded, each with the options of its own.
    pub fn expands(&self) -> impl Iterator<Item = (&str, Option<&Options>)> {
        self.expand.iter().map(|own| (own.name.as_str(), own.options.as_ref()))
    }

    /// Asks for the number of items.
    pub fn count_all(&mut self) {
        self.count = true;
    }

    /// The query of the page that begins at an item: every parameter of this one, and the token.
    pub fn link(&self, at: usize) -> String {
        self.repeated(&["$skiptoken"], &format!("$skiptoken={at}"))
    }

    /// The query with every parameter but some, which the next one stands for.
    pub fn repeated(&self, leaves_out: &[&str], next: &str) -> String {
        let is_left_out = |sent: &str, own: Option<&str>| {
            let name = own.unwrap_or_else(|| sent.split('=').next().unwrap_or_default());
            leaves_out.contains(&name)
        };
        let kept = self.sent.iter().filter(|(sent, own)| !is_left_out(sent, *own)).map(|(sent, _)| sent.as_str());
        kept.chain([next]).collect::<Vec<_>>().join("&")
    }

    /// The options where those that are not valid are not applied, which is noted, instead of being refused.
    #[must_use]
    pub fn tolerant(mut self) -> Options {
        let invalid = std::mem::take(&mut self.invalid);
        self.notes.extend(invalid.into_iter().map(|one| Note { option: one.option, reason: one.reason }));
        self
    }

    /// The options without those for which this holds (with `$`); they are repeated in links all the same.
    #[must_use]
    pub fn without(mut self, leaves_out: impl Fn(&str) -> bool) -> Options {
        for option in SYSTEM_OPTIONS.into_iter().filter(|option| leaves_out(option)) {
            match option {
                "$select" => self.select = None,
                "$filter" => self.filter = None,
                "$orderby" => self.orderby.clear(),
                "$top" => self.top = None,
                "$skip" => self.skip = 0,
                "$count" => self.count = false,
                "$expand" => self.expand.clear(),
                "$search" => self.search = None,
                "$skiptoken" => self.token = None,
                _ => {}
            }
            self.invalid.retain(|one| one.option != option);
            self.notes.retain(|one| one.option != option);
        }
        self
    }

    fn refuse(&mut self, option: &str, at: usize, reason: String) {
        self.invalid.push(InvalidOption { option: option.to_owned(), at, reason });
    }

    pub(super) fn note(&mut self, option: &str, reason: String) {
        self.notes.push(Note { option: option.to_owned(), reason });
    }

    fn problem(&mut self, option: &str, error: ParseError) {
        match error {
            ParseError { invalid: true, at, reason } => self.refuse(option, at, reason),
            ParseError { reason, .. } => self.note(option, reason),
        }
    }

    fn read(&mut self, option: &'static str, value: &str) {
        match option {
            "$select" => match Select::parse(value) {
                Ok(select) => self.select = Some(select),
                Err(error) => self.problem(option, error),
            },
            "$filter" => match parse_filter(value) {
                Ok(filter) => self.filter = Some(filter),
                Err(error) => self.problem(option, error),
            },
            "$orderby" => match parse_orderby(value) {
                Ok(orderby) => self.orderby = orderby,
                Err(error) => self.problem(option, error),
            },
            "$search" => match Search::parse(value) {
                Ok(search) => self.search = Some(search),
                Err(error) => self.problem(option, error),
            },
            "$expand" => match parse_expand(value, self.level) {
                Ok(items) => {
                    let level = self.level + 1;
                    let expansion = |(name, own): ExpandItem<'_>| Expansion {
                        name: name.to_owned(),
                        options: own.map(|own| Options::nested(own, level).leveled(name)),
                        may_end: false,
                    };
                    self.expand = items.into_iter().map(expansion).collect();
                }
                Err(error) => self.problem(option, error),
            },
            "$top" => self.top = self.number(option, value),
            "$skip" => self.skip = self.number(option, value).unwrap_or_default(),
            "$skiptoken" => self.token = self.number(option, value),
            "$count" => match value.to_ascii_lowercase().as_str() {
                "true" => self.count = true,
                "false" => {}
                _ => self.refuse(option, 0, format!("`{value}` is neither `true` nor `false`")),
            },
            "$levels" if self.level > 0 => {
                self.levels = match value.eq_ignore_ascii_case("max") {
                    true => Some(Levels::Max),
                    false => self.number(option, value).map(Levels::Exactly),
                };
            }
            "$apply" | "$compute" | "$levels" | "$index" => {
                self.note(option, "this option is not supported".to_owned())
            }
            // What belongs to the protocol is up to the server.
            _ => {}
        }
    }

    /// A number that is not negative (sections 5.1.6 and 5.1.7); beyond every collection, it is the largest one.
    fn number(&mut self, option: &str, value: &str) -> Option<usize> {
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
            self.refuse(option, 0, format!("`{value}` is not a number that is 0 or greater"));
            return None;
        }
        Some(value.parse().unwrap_or(usize::MAX))
    }
}

/// A part of a query with its encoding resolved.
fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}
