//! The certificates that the authority makes: its own, and one for all hosts that it may speak for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use graph_contracts::url::endpoint::graph_hosts;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier as _;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::{Error, RootCertStore};

use super::error::TlsError;
use crate::sign_in::sign_in_hosts;

/// How long the authority is valid, in days.
const AUTHORITY_DAYS: i64 = 5 * 365;

/// How long a certificate is valid, in days. Some clients trust none that is valid for more than 398 days (CA/Browser Forum, Baseline
/// Requirements section 6.3.2).
const LEAF_DAYS: i64 = 90;

/// The addresses of this machine.
const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// A certificate with its key.
pub(super) struct Leaf {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

/// Every host that the authority may speak for: Microsoft Graph and sign-in in all clouds, and this machine.
fn hosts() -> impl Iterator<Item = &'static str> {
    graph_hosts().chain(sign_in_hosts()).chain(["localhost"])
}

/// The functions of cryptography.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// What the authority's certificate says. It is the same each time but for the dates, so that the key is all that has to be read to sign
/// with it. Names outside of the constraints are refused by clients, whoever has the key (RFC 5280 section 4.2.1.10).
pub(super) fn authority() -> CertificateParams {
    let mut own = CertificateParams::default();
    own.distinguished_name.push(DnType::CommonName, "graph-contracts: simulated Microsoft Graph on this machine");
    own.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    own.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let names = hosts().map(|host| GeneralSubtree::DnsName(host.to_owned()));
    let addresses = LOOPBACK.map(|address| {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, bits))
    });
    own.name_constraints =
        Some(NameConstraints { permitted_subtrees: names.chain(addresses).collect(), excluded_subtrees: Vec::new() });
    set_dates(&mut own, AUTHORITY_DAYS);
    own
}

/// A certificate for all hosts.
pub(super) fn leaf(issuer: &Issuer<'_, KeyPair>) -> Result<Leaf, TlsError> {
    let mut own = CertificateParams::new(hosts().map(str::to_owned).collect::<Vec<_>>())?;
    own.subject_alt_names.extend(LOOPBACK.map(SanType::IpAddress));
    own.distinguished_name.push(DnType::CommonName, "graph-contracts");
    own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    own.use_authority_key_identifier_extension = true;
    set_dates(&mut own, LEAF_DAYS);
    let key = KeyPair::generate()?;
    let certificate = own.signed_by(&key, issuer)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Ok(Leaf { chain: vec![certificate.der().clone()], key })
}

/// Valid from yesterday on, as clocks differ.
fn set_dates(own: &mut CertificateParams, days: i64) {
    let date = |days: i64| {
        let day = Timestamp::now() + SignedDuration::from_hours(24 * days);
        let date = day.to_zoned(jiff::tz::TimeZone::UTC).date();
        rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    own.not_before = date(-1);
    own.not_after = date(days);
}

/// Whether a client that trusts the authority trusts a certificate of it for all hosts, today and as long as the certificate is valid.
pub(super) fn check(authority: &CertificateDer<'static>, leaf: &Leaf) -> Result<(), Error> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone())?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|error| Error::General(error.to_string()))?;
    let names = hosts().map(|host| ServerName::try_from(host).map_err(|error| Error::General(error.to_string())));
    let addresses = LOOPBACK.map(|address| Ok(ServerName::from(address)));
    let now = UnixTime::now().as_secs();
    let end = now + (24 * 3600 * LEAF_DAYS.unsigned_abs()).saturating_sub(2 * 24 * 3600);
    for name in names.chain(addresses) {
        let name = name?;
        for time in [now, end] {
            let time = UnixTime::since_unix_epoch(Duration::from_secs(time));
            for certificate in &leaf.chain {
                verifier.verify_server_cert(certificate, &[], &name, &[], time)?;
            }
        }
    }
    Ok(())
}
