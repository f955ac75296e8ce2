//! Names in lower case, as they are looked up.

/// Calls a function with a text in lower case. Nearly all names are short and ASCII, and need not be copied to the heap for that.
pub(crate) fn in_lower_case<T>(text: &str, take: impl FnOnce(&str) -> T) -> T {
    const SHORT: usize = 96;
    let mut bytes = [0; SHORT];
    let Some(own) = bytes.get_mut(..text.len()).filter(|_| text.is_ascii()) else { return take(&text.to_lowercase()) };
    own.copy_from_slice(text.as_bytes());
    own.make_ascii_lowercase();
    match std::str::from_utf8(own) {
        Ok(lower) => take(lower),
        // ASCII is UTF-8.
        Err(_) => take(&text.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_in_lower_case_whatever_its_length_and_script() {
        for text in ["", "microsoft.graph.managedDevice", "GERÄT", "СВЕТ", "İ", &"A".repeat(96), &"B".repeat(97)]
        {
            assert_eq!(in_lower_case(text, str::to_owned), text.to_lowercase());
        }
    }
}
