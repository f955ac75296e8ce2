//! Undoes the content codings of a body (RFC 9110 section 8.4.1).

use std::borrow::Cow;
use std::io::{self, Read};

use brotli_decompressor::Decompressor;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use strum::{EnumString, IntoStaticStr};

use super::send_error::SendError;

/// A body that is encoded more often is not looked into: each coding costs the time of the largest body.
const MAX_CODINGS: usize = 3;

/// One content coding.
#[derive(Clone, Copy, Debug, EnumString, IntoStaticStr, PartialEq, Eq)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Coding {
    #[strum(to_string = "gzip", serialize = "x-gzip")]
    Gzip,
    Deflate,
    #[strum(serialize = "br")]
    Brotli,
}

/// The codings that the values of `Content-Encoding` name, in the order in which they were applied.
///
/// # Errors
///
/// When one of them is not known, or there are too many.
pub(super) fn codings(values: &[String]) -> Result<Vec<Coding>, SendError> {
    let names = values.iter().flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase());
    let names: Vec<String> = names.filter(|name| !name.is_empty() && name != "identity").collect();
    if names.len() > MAX_CODINGS {
        return Err(SendError::TooManyCodings { count: names.len(), limit: MAX_CODINGS });
    }
    names.iter().map(|name| name.parse().map_err(|_| SendError::UnknownCoding)).collect()
}

/// The body of a request without its content codings, as a server reads it.
///
/// # Errors
///
/// When a coding is not known or there are too many, when the body is not in it, or when it has more than `max_body` bytes decoded.
pub fn decoded_body<'b>(headers: &HeaderMap, body: &'b [u8], max_body: usize) -> Result<Cow<'b, [u8]>, SendError> {
    let values = headers.get_all("content-encoding").iter();
    let values: Vec<String> = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    match codings(&values)? {
        codings if codings.is_empty() => Ok(body.into()),
        codings => decode(body.to_vec(), &codings, max_body).map(Into::into),
    }
}

/// Undoes the codings, the last one first. No step gives more than `max_body` bytes, so a bomb takes neither memory nor time.
///
/// # Errors
///
/// When a step gives more, or its input is not in that coding from the first byte to the last.
pub(super) fn decode(body: Vec<u8>, codings: &[Coding], max_body: usize) -> Result<Vec<u8>, SendError> {
    codings.iter().rev().try_fold(body, |body, coding| {
        let decoded = undo(*coding, &body, max_body);
        let decoded = decoded.map_err(|cause| SendError::Encoded { coding: coding.into(), cause })?;
        decoded.ok_or(SendError::Bomb { coding: coding.into(), encoded: body.len(), limit: max_body })
    })
}

/// Undoes one coding; `None` if that gives more than `limit` bytes.
fn undo(coding: Coding, encoded: &[u8], limit: usize) -> io::Result<Option<Vec<u8>>> {
    match coding {
        // Several members are one body (RFC 1952 section 2.2); what follows them has to be one too.
        Coding::Gzip => read(&mut MultiGzDecoder::new(encoded), limit, |_| Ok(true)),
        // `deflate` means zlib, yet some providers leave the wrapping out (RFC 9110 section 8.4.1.2).
        Coding::Deflate if is_zlib(encoded) => {
            read(&mut ZlibDecoder::new(encoded), limit, |decoder| Ok(decoder.get_ref().is_empty()))
        }
        Coding::Deflate => read(&mut DeflateDecoder::new(encoded), limit, |decoder| Ok(decoder.get_ref().is_empty())),
        // Reading once more past the end is an error where bytes are left in its buffer.
        Coding::Brotli => read(&mut Decompressor::new(encoded, 0), limit, |decoder| {
            Ok(decoder.read(&mut [0])? == 0 && decoder.get_ref().is_empty())
        }),
    }
}

/// Reads all of it; `None` if that is more than `limit` bytes. `is_at_end` says whether the input ends with the coding.
fn read<D: Read>(
    decoder: &mut D,
    limit: usize,
    is_at_end: impl Fn(&mut D) -> io::Result<bool>,
) -> io::Result<Option<Vec<u8>>> {
    let mut decoded = Vec::new();
    decoder.by_ref().take((limit as u64).saturating_add(1)).read_to_end(&mut decoded)?;
    match decoded.len() > limit {
        true => Ok(None),
        false if is_at_end(decoder)? => Ok(Some(decoded)),
        false => Err(io::Error::new(io::ErrorKind::InvalidData, "other bytes follow it")),
    }
}

/// Whether these bytes begin with the header of zlib (RFC 1950 section 2.2).
fn is_zlib(encoded: &[u8]) -> bool {
    match encoded {
        [method, flags, ..] => method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = b"{\"color\": \"green\"}";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn raw_deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    /// Decodes with a limit of 100 bytes: gives what is expected, or an error that begins with the expected words.
    #[track_caller]
    fn check(encoding: &str, body: Vec<u8>, expected: Result<&[u8], &str>) {
        let decoded = codings(&[encoding.to_owned()]).and_then(|codings| decode(body, &codings, 100));
        match (decoded, expected) {
            (Ok(decoded), Ok(expected)) => assert_eq!(decoded, expected),
            (Err(error), Err(words)) => assert!(error.to_string().starts_with(words), "{error}"),
            (decoded, expected) => panic!("{decoded:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn each_coding_is_undone() {
        check("", TEXT.to_vec(), Ok(TEXT));
        check("identity", TEXT.to_vec(), Ok(TEXT));
        check("gzip", gzip(TEXT), Ok(TEXT));
        check("X-GZip", gzip(TEXT), Ok(TEXT));
        check("deflate", zlib(TEXT), Ok(TEXT));
        check("br", b"\x8f\x02\x80hello\n\x03".to_vec(), Ok(b"hello\n"));
    }

    #[test]
    fn deflate_without_its_wrapping_is_undone() {
        check("deflate", raw_deflate(TEXT), Ok(TEXT));
    }

    #[test]
    fn several_codings_are_undone_from_the_last_to_the_first() {
        check("deflate, gzip", gzip(&zlib(TEXT)), Ok(TEXT));
        check("gzip, identity,, gzip", gzip(&gzip(TEXT)), Ok(TEXT));
        check("gzip, deflate", gzip(&zlib(TEXT)), Err("the body is not valid deflate"));
        check("gzip, gzip, gzip, gzip", TEXT.to_vec(), Err("the body has 4 content codings, more than 3"));
    }

    #[test]
    fn members_of_gzip_are_one_body() {
        check("gzip", [gzip(b"one "), gzip(b""), gzip(b"two")].concat(), Ok(b"one two"));
    }

    #[test]
    fn what_does_not_end_with_the_coding_is_refused() {
        for (encoding, mut body) in
            [("gzip", gzip(TEXT)), ("deflate", zlib(TEXT)), ("br", b"\x8f\x02\x80hello\n\x03".to_vec())]
        {
            body.extend(b"more");
            check(encoding, body.clone(), Err("the body is not valid"));
            body.extend([b' '; 10_000]);
            check(encoding, body, Err("the body is not valid"));
        }
    }

    #[test]
    fn what_is_cut_off_or_changed_is_refused() {
        for (encoding, body) in
            [("gzip", gzip(TEXT)), ("deflate", zlib(TEXT)), ("br", b"\x8f\x02\x80hello\n\x03".to_vec())]
        {
            for end in 1..body.len() {
                check(encoding, body[..end].to_vec(), Err("the body is not valid"));
            }
        }
        let mut body = gzip(TEXT);
        let end = body.len();
        body[end - 8] ^= 1;
        check("gzip", body, Err("the body is not valid gzip"));
    }

    #[test]
    fn the_limit_holds_to_the_byte_and_at_every_step() {
        check("gzip", gzip(&[b'a'; 100]), Ok(&[b'a'; 100]));
        check("gzip", gzip(&[b'a'; 101]), Err("the body, "));
        check("deflate", zlib(&[b'a'; 101]), Err("the body, "));
        check("deflate", raw_deflate(&[b'a'; 101]), Err("the body, "));
        // The second step gives nothing at all, of very much input.
        check("gzip, gzip", gzip(&gzip(b"").repeat(1000)), Err("the body, "));
    }
}
