//! Content that a page only describes.

/// An image of one pixel (W3C, "Portable Network Graphics").
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00, 0x0c, 0x49,
    0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0xa8, 0xb8, 0x02, 0x00, 0x01, 0xc8, 0x01, 0x4d, 0xf2, 0x35, 0x6f, 0xe9,
    0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// The beginning and the end of an image of JPEG (ITU-T T.81, annex B), which clients recognize it by.
const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xd9];

/// Content of a media type, always the same for the same name.
pub(crate) fn sample_bytes(media_type: &str, name: &str) -> Vec<u8> {
    match graph_contracts::contract::media_type(media_type).as_str() {
        "image/jpeg" | "image/jpg" | "image/pjpeg" => JPEG.to_vec(),
        own if own.starts_with("image/") => PNG.to_vec(),
        "application/pdf" => {
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
            trailer<</Root 1 0 R>>\n%%EOF\n"
                .to_vec()
        }
        "application/json" => format!("{{\"content\":{}}}\n", serde_json::Value::from(name)).into_bytes(),
        _ => format!("content of {name}\n").into_bytes(),
    }
}
