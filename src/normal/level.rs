//! How closely the values of a response are compared.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// The levels of comparison.
#[derive(Clone, Copy, Debug, Default, IntoStaticStr, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Level {
    /// By value, but for volatile ones: what the stub answers.
    #[default]
    Exact,
    /// By declared type, enumeration and structure: values that cannot be predicted. What the request sent is still
    /// compared by value.
    Shape,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 2] = [Level::Exact, Level::Shape];

    /// The level's name.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
