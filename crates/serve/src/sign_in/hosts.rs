//! Where Microsoft identity platform is, in all clouds (Microsoft identity platform, "National clouds"; the aliases are those that its
//! instance discovery lists).

/// A cloud: the host that clients are to use, and the names that it has beside.
pub(super) struct SignInCloud {
    pub(super) preferred: &'static str,
    pub(super) aliases: &'static [&'static str],
}

/// All clouds.
pub(super) const CLOUDS: [SignInCloud; 4] = [
    SignInCloud {
        preferred: "login.microsoftonline.com",
        aliases: &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    },
    SignInCloud {
        preferred: "login.partner.microsoftonline.cn",
        aliases: &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    },
    SignInCloud {
        preferred: "login.microsoftonline.us",
        aliases: &["login.microsoftonline.us", "login.usgovcloudapi.net", "login-us.microsoftonline.com"],
    },
    // Germany: closed in 2021, but clients know it.
    SignInCloud { preferred: "login.microsoftonline.de", aliases: &["login.microsoftonline.de"] },
];

/// The hosts of Microsoft identity platform.
pub fn sign_in_hosts() -> impl Iterator<Item = &'static str> {
    CLOUDS.iter().flat_map(|cloud| cloud.aliases.iter().copied())
}

/// Whether Microsoft identity platform is at that host, with or without the port of https.
pub(crate) fn is_sign_in_host(host: &str) -> bool {
    let host = host.strip_suffix(":443").unwrap_or(host);
    sign_in_hosts().any(|own| own.eq_ignore_ascii_case(host))
}
