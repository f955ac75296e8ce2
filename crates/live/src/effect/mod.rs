//! What a write does beyond the object that it creates, changes or deletes, and that nobody can take back.
//!
//! - [`EffectClass`]: the classes of effects, each of which needs its own leave (`effect_class.rs`)
//! - `table.rs`: which operations have which effects, with the pages that say so; `signs.rs`: its rows, taken apart
//! - `operation.rs`: what a contract's request is called and sends; `words.rs`: names as words
//! - [`Effect`], `effects`: the effects of a step (`effects.rs`)
//! - `switch.rs`: a policy that is sent switched off

mod effect_class;
mod effects;
mod operation;
mod signs;
mod switch;
mod table;
mod words;

pub use effect_class::{EffectClass, NoEffectClass};
pub use effects::{Because, Effect};
pub(crate) use effects::{effects, switch};
pub(crate) use signs::sources;
