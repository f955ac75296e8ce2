//! The tools that contracts can be exported to.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// A tool, by the name that the command line has for it.
#[derive(Clone, Copy, Debug, Display, EnumString, IntoStaticStr, PartialEq, Eq, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Target {
    /// A document of OpenAPI 3.1.
    Openapi,
    /// Stub mappings of WireMock.
    Wiremock,
    /// Files of Hurl.
    Hurl,
    /// A pact.
    Pact,
    /// A collection of Postman.
    Postman,
    /// Mocks of Dev Proxy.
    DevProxy,
}

impl Target {
    /// Every target.
    pub const ALL: &[Target] = <Target as VariantArray>::VARIANTS;

    /// Its name.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The tool as people call it.
    pub fn title(self) -> &'static str {
        match self {
            Target::Openapi => "OpenAPI 3.1",
            Target::Wiremock => "WireMock",
            Target::Hurl => "Hurl",
            Target::Pact => "Pact",
            Target::Postman => "Postman",
            Target::DevProxy => "Dev Proxy",
        }
    }

    /// What the name of a file ends with that holds a whole export.
    pub fn extension(self) -> &'static str {
        match self {
            Target::Hurl => "hurl",
            _ => "json",
        }
    }

    /// The file that a whole export has in a folder; `None` where each contract has one.
    pub fn file(self) -> Option<&'static str> {
        match self {
            Target::Openapi => Some("openapi.json"),
            // WireMock reads the folder `mappings` of its root.
            Target::Wiremock => Some("mappings/graph-contracts.json"),
            Target::Pact => Some("pact.json"),
            Target::Postman => Some("collection.json"),
            Target::DevProxy => Some("mocks.json"),
            Target::Hurl => None,
        }
    }
}
