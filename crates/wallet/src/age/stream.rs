//! The text of an age file: chunks of 64 KiB, each authentic by itself.

use std::io::{self, BufRead, ErrorKind, Read, Write};

use aries_askar::crypto::buffer::SecretBytes;

use super::{AgeError, Cipher, FileKey, LENGTH, random};

/// The length of a chunk's text, in bytes.
const CHUNK: usize = 64 << 10;

/// How much longer a chunk is when it is encrypted.
const TAG_LENGTH: usize = 16;

/// The keys and nonces of the chunks.
struct Chunks {
    cipher: Cipher,
    /// How many chunks came before.
    counter: u64,
}

impl Chunks {
    fn new(key: &FileKey, nonce: &[u8]) -> io::Result<Self> {
        Ok(Self { cipher: Cipher::new(&key.derive(nonce, "payload"))?, counter: 0 })
    }

    /// The nonce of the next chunk: a counter of 11 bytes, and whether it is the last.
    fn nonce(&mut self, is_last: bool) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.counter.to_be_bytes());
        nonce[11] = u8::from(is_last);
        self.counter += 1;
        nonce
    }
}

/// Encrypts what is written to it. [`finish`](Self::finish) has to be called: without the last chunk the file is not
/// whole.
pub struct AgeWriter<W> {
    sink: W,
    chunks: Chunks,
    /// Text that has not been written.
    text: SecretBytes,
}

impl<W: Write> AgeWriter<W> {
    pub(super) fn begin(mut sink: W, key: &FileKey) -> io::Result<Self> {
        let nonce = random();
        sink.write_all(&nonce)?;
        let text = SecretBytes::with_capacity(CHUNK + TAG_LENGTH);
        Ok(Self { sink, chunks: Chunks::new(key, &nonce)?, text })
    }

    /// Writes the last chunk, and returns the sink.
    ///
    /// # Errors
    ///
    /// The sink's.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_chunk(true)?;
        self.sink.flush()?;
        Ok(self.sink)
    }

    fn write_chunk(&mut self, is_last: bool) -> io::Result<()> {
        let nonce = self.chunks.nonce(is_last);
        let empty = SecretBytes::with_capacity(CHUNK + TAG_LENGTH);
        let mut chunk = std::mem::replace(&mut self.text, empty);
        self.chunks.cipher.seal(&mut chunk, &nonce)?;
        self.sink.write_all(&chunk)
    }
}

impl<W: Write> Write for AgeWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // a full chunk waits until it is known that it is not the last
        if self.text.len() == CHUNK && !bytes.is_empty() {
            self.write_chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.text.len());
        self.text.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    /// Flushes the sink. The text of a chunk that is not full is kept.
    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Decrypts what is read from it.
pub struct AgeReader<R> {
    source: R,
    chunks: Chunks,
    /// The text of a chunk, and how much of it has been read.
    text: SecretBytes,
    read: usize,
    is_last: bool,
}

impl<R: BufRead> AgeReader<R> {
    pub(super) fn begin(mut source: R, key: &FileKey) -> Result<Self, AgeError> {
        let mut nonce = [0; LENGTH];
        source.read_exact(&mut nonce).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => AgeError::Damaged,
            _ => AgeError::Unreadable(error),
        })?;
        let chunks = Chunks::new(key, &nonce)?;
        Ok(Self { source, chunks, text: SecretBytes::default(), read: 0, is_last: false })
    }

    /// Reads the next chunk.
    fn next(&mut self) -> io::Result<()> {
        let mut sealed = vec![0; CHUNK + TAG_LENGTH];
        let mut length = 0;
        while let Some(rest) = sealed.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        sealed.truncate(length);
        self.is_last = self.source.fill_buf()?.is_empty();
        let is_first = self.chunks.counter == 0;
        let nonce = self.chunks.nonce(self.is_last);
        let mut text = SecretBytes::from(sealed);
        // only an empty text has an empty chunk
        if !self.chunks.cipher.open(&mut text, &nonce) || (text.is_empty() && !is_first) {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                "the encrypted file was cut or altered; copy it again",
            ));
        }
        (self.text, self.read) = (text, 0);
        Ok(())
    }
}

impl<R: BufRead> Read for AgeReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.read == self.text.len() && !self.is_last {
            self.next()?;
        }
        let rest = self.text.get(self.read..).unwrap_or_default();
        let length = rest.len().min(bytes.len());
        for (to, from) in bytes.iter_mut().zip(rest) {
            *to = *from;
        }
        self.read += length;
        Ok(length)
    }
}
