//! A stream of bytes as UTF-8: what is not UTF-8 becomes replacement characters, as in `String::from_utf8_lossy`. A byte order mark at the beginning goes.

use std::io::{self, Read};

const CHUNK: usize = 64 << 10;

pub(super) struct Utf8Reader<R> {
    source: R,
    /// Bytes that were read and not looked at yet: the beginning of a character, at most.
    rest: Vec<u8>,
    /// Text that was not handed out yet, and how much of it was.
    ready: Vec<u8>,
    given: usize,
    is_begun: bool,
    is_ended: bool,
}

impl<R: Read> Utf8Reader<R> {
    pub(super) fn new(source: R) -> Utf8Reader<R> {
        Utf8Reader { source, rest: Vec::new(), ready: Vec::new(), given: 0, is_begun: false, is_ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let old = self.rest.len();
        self.rest.resize(old + CHUNK, 0);
        let read = match self.source.read(&mut self.rest[old..]) {
            Ok(read) => read,
            Err(error) => {
                self.rest.truncate(old);
                return Err(error);
            }
        };
        self.rest.truncate(old + read);
        self.is_ended = read == 0;
        (self.given, self.ready) = (0, Vec::with_capacity(self.rest.len()));
        let mut left = 0;
        for chunk in self.rest.utf8_chunks() {
            self.ready.extend_from_slice(chunk.valid().as_bytes());
            left += chunk.valid().len();
            let invalid = chunk.invalid();
            // What follows may complete the last character.
            let is_last = left + invalid.len() == self.rest.len();
            if is_last && invalid.len() < 4 && !self.is_ended && !invalid.is_empty() {
                break;
            }
            if !invalid.is_empty() {
                self.ready.extend_from_slice("\u{fffd}".as_bytes());
                left += invalid.len();
            }
        }
        self.rest.drain(..left);
        if !self.is_begun && !self.ready.is_empty() {
            self.is_begun = true;
            if self.ready.starts_with("\u{feff}".as_bytes()) {
                self.given = "\u{feff}".len();
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if self.is_ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = into.len().min(self.ready.len() - self.given);
        into[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Slowly<'b>(&'b [u8]);

    impl Read for Slowly<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            into[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn what_is_not_utf8_is_replaced_however_it_comes() {
        for bytes in [&b"a\xffb"[..], "gr\u{fc}n \u{1f600}".as_bytes(), b"\xe2\x82", b"\xf0\x9f\x98x\x80", b""] {
            let expected = String::from_utf8_lossy(bytes);
            let (mut whole, mut slowly) = (String::new(), String::new());
            Utf8Reader::new(bytes).read_to_string(&mut whole).expect("text");
            Utf8Reader::new(Slowly(bytes)).read_to_string(&mut slowly).expect("text");
            assert_eq!((whole.as_str(), slowly.as_str()), (&*expected, &*expected), "{bytes:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_goes_at_the_beginning_alone() {
        let mut text = String::new();
        Utf8Reader::new(Slowly("\u{feff}a\u{feff}".as_bytes())).read_to_string(&mut text).expect("text");
        assert_eq!(text, "a\u{feff}");
    }
}
