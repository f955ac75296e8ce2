//! `graph-contracts export`

use crate::support::Workspace;

#[test]
fn contracts_are_written_for_each_tool_with_an_account_of_what_is_not_said() {
    let workspace = Workspace::with_contracts();
    for (target, file) in [
        ("openapi", "openapi.json"),
        ("wiremock", "mappings/graph-contracts.json"),
        ("hurl", "v1.0/create-userstatussummary.hurl"),
        ("pact", "pact.json"),
        ("postman", "collection.json"),
        ("dev-proxy", "mocks.json"),
    ] {
        let ran = workspace.run(&format!("export {target} --output out/{target} --json out.json"));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.out.contains("5 contracts, 6 routes: ") && ran.out.contains("graph-contracts-export.json"),
            "{ran:?}"
        );
        assert!(workspace.read(&format!("out/{target}/{file}")).contains("create-userstatussummary"));
        let document: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).expect("JSON");
        assert_eq!((&document["target"], &document["contracts"]), (&target.into(), &5.into()), "{document}");
        let account = workspace.read(&format!("out/{target}/graph-contracts-export.json"));
        let account: serde_json::Value = serde_json::from_str(&account).expect("JSON");
        assert_eq!(account["left_out"], document["left_out"]);
        let names = document["limits"].as_array().expect("limits").iter().filter_map(|name| name.as_str());
        for name in names {
            assert!(ran.out.contains(&format!("{name}: ")) && account["limits"][name].is_string(), "{name}: {ran:?}");
        }
    }
}

#[test]
fn a_part_of_the_contracts_can_be_one_file() {
    let workspace = Workspace::with_contracts();
    let ran = workspace.run("export hurl v1.0/create-userstatussummary --output out/one.hurl");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(workspace.read("out/one.hurl").matches("\nPOST ").count(), 1);
    assert!(workspace.files().contains(&"out/one.hurl.graph-contracts-export.json".to_owned()));
}

#[test]
fn the_output_may_stand_in_the_configuration() {
    let workspace = Workspace::with_contracts();
    workspace.write("graph-contracts.toml", "[export]\noutput = 'there'\n");
    assert_eq!(workspace.run("export openapi").code, 0);
    assert!(workspace.files().contains(&"there/openapi.json".to_owned()));
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_is_lost() {
    let workspace = Workspace::with_contracts();
    workspace.write("out/openapi.json", "precious");
    workspace.check_refused("export openapi --output out", &["openapi.json: not written: ", "--overwrite"]);
    assert_eq!(workspace.read("out/openapi.json"), "precious");
    assert_eq!(workspace.run("export openapi --output out --overwrite").code, 0);
    workspace.check_refused("export nothing --output out", &["invalid value 'nothing'", "wiremock"]);
    workspace.check_refused("export hurl nothing-like-it --output out", &["no contract's id contains nothing-like-it"]);
    workspace.check_refused("export hurl", &["--output"]);
}
