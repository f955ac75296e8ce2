//! Whether a value is one of what a service declares.

use super::{ServiceDeclared, ServiceKinds};
use crate::edm::{LargeNumbers, conforms, unknown_member};
use crate::json::{Json, Kind};

/// How a value other than null stands beside what is declared of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// Nothing is known of the type.
    #[default]
    Unknown,
    /// It is a value of the type.
    Fits,
    /// An array or an object stands for something else, or the reverse.
    Structure,
    /// It is of another type.
    Type,
    /// It is of the right kind of JSON, and not in the form that values of the type have.
    Format,
    /// It is not a member of the enumeration.
    Member,
}

impl ServiceDeclared<'_> {
    /// How a value of a kind other than null stands beside what is declared. `scalar` gives a value that is neither an array nor an object.
    pub fn fit(&self, kind: Kind, scalar: impl FnOnce() -> Json, large_numbers: LargeNumbers) -> Fit {
        if self.is_collection() {
            return match kind {
                Kind::Array => Fit::Fits,
                Kind::Object => Fit::Structure,
                _ => Fit::Type,
            };
        }
        let fits = |is_valid: bool, otherwise: Fit| if is_valid { Fit::Fits } else { otherwise };
        match (self.kinds(), kind) {
            (ServiceKinds::Unknown, _) => Fit::Unknown,
            (ServiceKinds::Structured, Kind::Object) => Fit::Fits,
            (ServiceKinds::Primitive(primitive), Kind::String | Kind::Number | Kind::Boolean) => {
                let otherwise = if primitive.kind() == kind { Fit::Format } else { Fit::Type };
                fits(conforms(primitive, &scalar(), large_numbers), otherwise)
            }
            (ServiceKinds::Enumeration(own), Kind::String) => {
                let is_member = |name: &str| own.members.iter().any(|member| member == name);
                let text = scalar();
                let unknown = unknown_member(text.as_str().unwrap_or_default(), Some(own.flags), is_member);
                fits(unknown.is_none(), Fit::Member)
            }
            (_, Kind::Array) => Fit::Structure,
            _ => Fit::Type,
        }
    }
}
