//! `graph-contracts serve` with TLS and as a proxy: what is refused before TLS is built. The rest is tested in `crates/serve/tests/tls`.

use crate::support::Workspace;

#[test]
fn a_proxy_is_for_this_machine_only() {
    let workspace = Workspace::with_contracts();
    for host in ["0.0.0.0", "192.0.2.1"] {
        let ran = workspace.run(&format!("serve --proxy --port 0 --host {host}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error.contains("a proxy is for programs of this machine") && ran.error.contains(host), "{ran:?}");
    }
}

#[test]
fn a_certificate_comes_with_its_key() {
    let ran = Workspace::with_contracts().run("serve --tls cert.pem");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error.contains("the files of the certificate and of its key"), "{ran:?}");
}
