//! The clouds that Microsoft Graph is in.

use std::str::FromStr;

use serde::Deserialize;
use serde::de::IntoDeserializer as _;

/// The national clouds of Microsoft Graph (Graph documentation, "National cloud deployments").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cloud {
    /// The global service.
    #[default]
    Global,
    /// US Government L4.
    Usgov,
    /// US Government L5 (DOD).
    UsgovDod,
    /// China, operated by 21Vianet.
    China,
}

impl FromStr for Cloud {
    type Err = String;

    /// Reads the name that a profile has for the cloud.
    fn from_str(name: &str) -> Result<Cloud, String> {
        let known = "the clouds are global, usgov, usgov-dod and china";
        Cloud::deserialize(name.into_deserializer()).map_err(|_: serde::de::value::Error| known.to_owned())
    }
}

impl Cloud {
    /// Every cloud.
    pub const ALL: [Cloud; 4] = [Cloud::Global, Cloud::Usgov, Cloud::UsgovDod, Cloud::China];

    /// The endpoint of Microsoft Graph in this cloud.
    pub fn base_url(self) -> &'static str {
        match self {
            Cloud::Global => "https://graph.microsoft.com",
            Cloud::Usgov => "https://graph.microsoft.us",
            Cloud::UsgovDod => "https://dod-graph.microsoft.us",
            Cloud::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }
}
