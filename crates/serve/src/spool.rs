//! Keeps the files that a tenant holds out of memory: in one temporary file without a name, which is gone with the process, however that ends.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use graph_contracts_tenant::Kept;

/// The file is given out in blocks of this size, of which a chunk of an upload has a whole number.
const BLOCK: usize = 64 << 10;

/// So many bytes are kept at most.
pub(crate) const MOST_KEPT: usize = 4 << 30;

/// The temporary file.
#[derive(Debug, Default)]
pub(crate) struct Spool(Mutex<Blocks>);

#[derive(Debug, Default)]
struct Blocks {
    /// Made when the first block is written.
    file: Option<File>,
    /// How long the file is.
    end: u32,
    free: Vec<u32>,
}

/// Bytes in the temporary file. Their blocks are free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Spooled {
    spool: Arc<Spool>,
    blocks: Vec<u32>,
    length: usize,
}

impl Spool {
    fn blocks(&self) -> MutexGuard<'_, Blocks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Blocks {
    fn next(&mut self) -> io::Result<u32> {
        if let Some(block) = self.free.pop() {
            return Ok(block);
        }
        if self.end as usize >= MOST_KEPT / BLOCK {
            let message = format!("files of more than {MOST_KEPT} bytes together are not kept");
            return Err(io::Error::new(io::ErrorKind::StorageFull, message));
        }
        self.end += 1;
        Ok(self.end - 1)
    }

    /// The file, at a place within a block.
    fn at(&mut self, block: u32, offset: usize) -> io::Result<&mut File> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(u64::from(block) * BLOCK as u64 + offset as u64))?;
        Ok(file)
    }
}

impl Spooled {
    /// No bytes yet.
    pub(crate) fn new(spool: Arc<Spool>) -> Spooled {
        Spooled { spool, blocks: Vec::new(), length: 0 }
    }

    /// Writes bytes behind those that are there.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or there are too many bytes in it.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let spool = Arc::clone(&self.spool);
        while !bytes.is_empty() {
            // Another upload may write between two blocks.
            let mut blocks = spool.blocks();
            let offset = self.length % BLOCK;
            if offset == 0 {
                self.blocks.push(blocks.next()?);
            }
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - offset));
            let block = self.blocks.last().copied().unwrap_or_default();
            blocks.at(block, offset)?.write_all(now)?;
            self.length += now.len();
            bytes = later;
        }
        Ok(())
    }
}

impl Kept for Spooled {
    fn length(&self) -> usize {
        self.length
    }

    fn read(&self, range: Range<usize>) -> io::Result<Bytes> {
        let mut bytes = vec![0; range.len()];
        let mut read = 0;
        while read < bytes.len() {
            let at = range.start + read;
            let Some(block) = self.blocks.get(at / BLOCK) else { return Err(io::ErrorKind::UnexpectedEof.into()) };
            let end = bytes.len().min(read + BLOCK - at % BLOCK);
            self.spool.blocks().at(*block, at % BLOCK)?.read_exact(&mut bytes[read..end])?;
            read = end;
        }
        Ok(bytes.into())
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        let mut blocks = self.spool.blocks();
        blocks.free.append(&mut self.blocks);
        if blocks.free.len() == blocks.end as usize {
            // The disk has its room again.
            *blocks = Blocks::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(spool: &Arc<Spool>, parts: &[&[u8]]) -> io::Result<Spooled> {
        let mut spooled = Spooled::new(Arc::clone(spool));
        parts.iter().try_for_each(|part| spooled.write(part))?;
        Ok(spooled)
    }

    #[test]
    fn files_that_are_written_at_once_keep_their_bytes() -> io::Result<()> {
        let spool = Arc::default();
        let whole: Vec<u8> = (0..3 * BLOCK + 5).map(|index| (index % 251) as u8).collect();
        let mut one = of(&spool, &[&whole[..7]])?;
        let other = of(&spool, &[&[1; BLOCK], &[2; 3]])?;
        one.write(&whole[7..BLOCK])?;
        one.write(&whole[BLOCK..])?;
        for range in [0..0, 0..1, 5..BLOCK, BLOCK - 1..BLOCK + 1, 9..whole.len(), whole.len()..whole.len()] {
            assert_eq!(one.read(range.clone())?, &whole[range.clone()], "{range:?}");
        }
        assert_eq!(other.read(BLOCK - 1..BLOCK + 3)?.as_ref(), [1, 2, 2, 2]);
        assert!(one.read(0..whole.len() + BLOCK).is_err());
        Ok(())
    }

    #[test]
    fn blocks_are_used_again_and_the_file_is_gone_with_the_last_one() -> io::Result<()> {
        let spool: Arc<Spool> = Arc::default();
        let stays = of(&spool, &[b"stays"])?;
        for _ in 0..10 {
            drop(of(&spool, &[&[7; 2 * BLOCK]])?);
        }
        assert_eq!(spool.blocks().end, 3);
        assert_eq!(stays.read(0..5)?.as_ref(), b"stays");
        drop(stays);
        assert!(spool.blocks().file.is_none());
        Ok(())
    }
}
