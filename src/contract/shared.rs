//! A part that several contracts share, in the file of each.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(super) fn serialize<T: Serialize, S: Serializer>(shared: &Arc<T>, serializer: S) -> Result<S::Ok, S::Error> {
    T::serialize(shared, serializer)
}

pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<T>, D::Error> {
    T::deserialize(deserializer).map(Arc::new)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::contract::{Contract, PageName, TypeIndex, build};
    use crate::page::Page;

    #[test]
    fn contracts_of_a_page_share_its_permissions_and_each_file_has_them() {
        let pair = |at: usize| format!("```http\nGET /lamps/{at}\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n\n");
        let table = "## Permissions\n\n|Permission type|Permissions|\n|---|---|\n|Application|Lamp.Read|\n\n";
        let text = format!("# Get lamp\n\n{table}## Example\n\n{}{}", pair(1), pair(2));
        let page = Page::parse("lamp.md", &text);
        let built = build(&page, &PageName::of(&page), &TypeIndex::default());
        let [(_, one), (_, other)] = built.contracts.as_slice() else { panic!("two contracts") };
        assert!(Arc::ptr_eq(&one.permissions, &other.permissions));
        let file = serde_json::to_string(one).expect("a contract is JSON");
        assert_eq!(serde_json::from_str::<Contract>(&file).expect("it is read"), *one);
    }
}
