//! What a change means for a caller.

use graph_contracts::report::Tone;
use serde::Serialize;
use strum::{Display, IntoStaticStr};

/// What a change means for a caller, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Display, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Effect {
    /// A caller that relies on what was documented or declared before may fail.
    Breaking,
    /// A caller may use more than before, and need not.
    Additive,
    /// Neither.
    Cosmetic,
}

impl Effect {
    /// How it looks.
    pub(crate) fn tone(self) -> Tone {
        match self {
            Effect::Breaking => Tone::Bad,
            Effect::Additive => Tone::Good,
            Effect::Cosmetic => Tone::Warn,
        }
    }

    /// Every effect, the worst first.
    pub const ALL: [Effect; 3] = [Effect::Breaking, Effect::Additive, Effect::Cosmetic];

    /// The word for it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
