//! The clouds that Microsoft Graph is in.

use std::str::FromStr;

use serde::Deserialize;
use serde::de::IntoDeserializer as _;

use crate::url::endpoint;

/// The national clouds of Microsoft Graph (Graph documentation, "National cloud deployments").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
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

    /// Reads the name of a cloud, as profiles and arguments have it.
    fn from_str(name: &str) -> Result<Cloud, String> {
        let known = "the clouds are global, usgov, usgov-dod and china";
        Cloud::deserialize(name.into_deserializer()).map_err(|_: serde::de::value::Error| known.to_owned())
    }
}

impl Cloud {
    /// Every cloud.
    pub const ALL: [Cloud; 4] = [Cloud::Global, Cloud::Usgov, Cloud::UsgovDod, Cloud::China];

    /// The cloud whose Microsoft Graph is at that host, with or without the port of https; `None` for any other host.
    pub fn of_host(host: &str) -> Option<Cloud> {
        let host = host.strip_suffix(":443").unwrap_or(host);
        let is_own =
            |cloud: &Cloud| cloud.base_url().split("://").nth(1).is_some_and(|own| own.eq_ignore_ascii_case(host));
        Cloud::ALL.into_iter().find(is_own)
    }

    /// Its name, as profiles, arguments and contracts have it.
    pub fn name(self) -> &'static str {
        match self {
            Cloud::Global => "global",
            Cloud::Usgov => "usgov",
            Cloud::UsgovDod => "usgov-dod",
            Cloud::China => "china",
        }
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Cloud::Global => "the global service",
            Cloud::Usgov => "US Government L4",
            Cloud::UsgovDod => "US Government L5 (DOD)",
            Cloud::China => "China operated by 21Vianet",
        }
    }

    /// The endpoint of Microsoft Graph in this cloud.
    pub fn base_url(self) -> &'static str {
        match self {
            Cloud::Global => endpoint::GLOBAL,
            Cloud::Usgov => endpoint::USGOV,
            Cloud::UsgovDod => endpoint::USGOV_DOD,
            Cloud::China => endpoint::CHINA,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_is_known_by_its_name() {
        for cloud in Cloud::ALL {
            assert_eq!(cloud.name().parse(), Ok(cloud));
        }
        assert!("moon".parse::<Cloud>().is_err());
    }

    #[test]
    fn a_host_is_a_clouds_only_as_a_whole() {
        assert_eq!(Cloud::of_host("graph.microsoft.com"), Some(Cloud::Global));
        assert_eq!(Cloud::of_host("Graph.Microsoft.US:443"), Some(Cloud::Usgov));
        assert_eq!(Cloud::of_host("dod-graph.microsoft.us"), Some(Cloud::UsgovDod));
        assert_eq!(Cloud::of_host("microsoftgraph.chinacloudapi.cn"), Some(Cloud::China));
        for host in ["telegraph.org", "graph.facebook.com", "graph.microsoft.com.example", "graph.microsoft.com:80", ""]
        {
            assert_eq!(Cloud::of_host(host), None, "{host}");
        }
    }
}
