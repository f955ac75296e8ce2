//! Header fields of one connection.

/// Fields that belong to one connection and not to the message (RFC 9110 section 7.6.1); no contract can be about them.
pub fn is_hop_by_hop(name: &str) -> bool {
    ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(name))
}
