//! The bytes of a file: in memory, or wherever a server keeps them.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

/// Bytes that a server keeps elsewhere than in memory, until the last owner lets them go.
pub trait Kept: Debug + Send + Sync {
    /// How many there are.
    fn length(&self) -> usize;

    /// Those of a range, which is within the length.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn read(&self, range: Range<usize>) -> io::Result<Bytes>;
}

/// The bytes of a file, of one or more pieces. A copy shares them.
#[derive(Clone, Debug, Default)]
pub struct Blob {
    pieces: VecDeque<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Memory(Bytes),
    Kept { from: Arc<dyn Kept>, range: Range<usize> },
}

impl Piece {
    fn length(&self) -> usize {
        match self {
            Piece::Memory(bytes) => bytes.len(),
            Piece::Kept { range, .. } => range.len(),
        }
    }

    fn slice(&self, own: Range<usize>) -> Piece {
        match self {
            Piece::Memory(bytes) => Piece::Memory(bytes.slice(own)),
            Piece::Kept { from, range } => {
                Piece::Kept { from: Arc::clone(from), range: range.start + own.start..range.start + own.end }
            }
        }
    }

    fn read(&self) -> io::Result<Bytes> {
        match self {
            Piece::Memory(bytes) => Ok(bytes.clone()),
            Piece::Kept { from, range } => from.read(range.clone()),
        }
    }
}

impl Blob {
    /// Bytes that are kept elsewhere.
    pub fn kept(from: Arc<dyn Kept>) -> Blob {
        let range = 0..from.length();
        Blob { pieces: [Piece::Kept { from, range }].into() }
    }

    /// How many bytes there are.
    pub fn length(&self) -> usize {
        self.pieces.iter().map(Piece::length).sum()
    }

    /// How many of them take memory.
    pub(crate) fn in_memory(&self) -> usize {
        let own = |piece: &Piece| if matches!(piece, Piece::Memory(_)) { piece.length() } else { 0 };
        self.pieces.iter().map(own).sum()
    }

    /// All of them, where they are in memory.
    pub(crate) fn as_bytes(&self) -> Option<Bytes> {
        match (self.pieces.front(), self.pieces.len()) {
            (None, _) => Some(Bytes::new()),
            (Some(Piece::Memory(bytes)), 1) => Some(bytes.clone()),
            _ if self.in_memory() == self.length() => Some(self.joined().ok()?),
            _ => None,
        }
    }

    /// Puts others behind them.
    pub(crate) fn append(&mut self, other: Blob) {
        self.pieces.extend(other.pieces.into_iter().filter(|piece| piece.length() > 0));
    }

    /// Those of a range, which is within the length.
    #[must_use]
    pub(crate) fn slice(&self, range: Range<usize>) -> Blob {
        let mut start = 0;
        let mut pieces = VecDeque::new();
        for piece in &self.pieces {
            let end = start + piece.length();
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                pieces.push_back(piece.slice(from - start..to - start));
            }
            start = end;
        }
        Blob { pieces }
    }

    /// Takes the next bytes from the front, at most so many; `None` if there are none left.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub fn take(&mut self, most: usize) -> io::Result<Option<Bytes>> {
        let Some(first) = self.pieces.front_mut() else { return Ok(None) };
        let (length, taken) = (first.length(), first.length().min(most));
        let bytes = first.slice(0..taken).read()?;
        if taken == length {
            self.pieces.pop_front();
        } else {
            *first = first.slice(taken..length);
        }
        Ok(Some(bytes))
    }

    /// All of them in memory.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub fn read(&self) -> io::Result<Bytes> {
        self.as_bytes().map_or_else(|| self.joined(), Ok)
    }

    fn joined(&self) -> io::Result<Bytes> {
        let mut all = Vec::with_capacity(self.length());
        for piece in &self.pieces {
            all.extend_from_slice(&piece.read()?);
        }
        Ok(all.into())
    }
}

impl From<Bytes> for Blob {
    fn from(bytes: Bytes) -> Blob {
        Blob { pieces: [Piece::Memory(bytes)].into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Elsewhere(&'static [u8]);

    impl Kept for Elsewhere {
        fn length(&self) -> usize {
            self.0.len()
        }

        fn read(&self, range: Range<usize>) -> io::Result<Bytes> {
            Ok(Bytes::from_static(&self.0[range]))
        }
    }

    fn blob() -> Blob {
        let mut blob = Blob::default();
        blob.append(Blob::from(Bytes::from_static(b"abc")));
        blob.append(Blob::kept(Arc::new(Elsewhere(b"defgh"))));
        blob.append(Blob::from(Bytes::from_static(b"ij")));
        blob
    }

    #[test]
    fn a_range_has_its_bytes_wherever_they_are() -> io::Result<()> {
        let whole = b"abcdefghij";
        for start in 0..=whole.len() {
            for end in start..=whole.len() {
                let slice = blob().slice(start..end);
                assert_eq!((slice.read()?.as_ref(), slice.length()), (&whole[start..end], end - start));
            }
        }
        assert_eq!((blob().length(), blob().in_memory()), (10, 5));
        Ok(())
    }

    #[test]
    fn bytes_are_taken_from_the_front_until_none_are_left() -> io::Result<()> {
        for most in 1..12 {
            let (mut blob, mut taken) = (blob(), Vec::new());
            while let Some(bytes) = blob.take(most)? {
                assert!((1..=most).contains(&bytes.len()), "{most}");
                taken.extend_from_slice(&bytes);
            }
            assert_eq!(taken, b"abcdefghij", "{most}");
        }
        Ok(())
    }
}
