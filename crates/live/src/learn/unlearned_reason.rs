//! Why a difference between two reads is not a volatile value.

use std::fmt;

use serde::{Serialize, Serializer};

/// Why a difference is not a volatile value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnlearnedReason {
    /// Another status.
    Status,
    /// It was there in one of the reads.
    CameOrWent,
    /// Another number of elements.
    Length,
    /// Elements in another order.
    Order,
    /// Other elements.
    Elements,
    /// Values that look different: a rule masks values by what they look like.
    Shape(&'static str, &'static str),
    /// Text, into which no rule reaches.
    Text,
    /// So many members that the page does not document, in which nothing is compared.
    Undocumented(usize),
}

impl fmt::Display for UnlearnedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnlearnedReason::Status => f.write_str("another status"),
            UnlearnedReason::CameOrWent => f.write_str("there in one of the reads alone"),
            UnlearnedReason::Length => f.write_str("another number of elements"),
            UnlearnedReason::Order => f.write_str("elements in another order"),
            UnlearnedReason::Elements => f.write_str("other elements"),
            UnlearnedReason::Shape(one, other) => {
                write!(f, "[{one}], then [{other}]: a rule covers values of one shape")
            }
            UnlearnedReason::Text => f.write_str("text, into which no rule reaches"),
            UnlearnedReason::Undocumented(1) => f.write_str("1 value that the page does not document"),
            UnlearnedReason::Undocumented(number) => write!(f, "{number} values that the page does not document"),
        }
    }
}

impl Serialize for UnlearnedReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
