//! Reading MessagePack (<https://github.com/msgpack/msgpack/blob/master/spec.md>), as far as
//! signatures in credentials of the W3C's form use it.
//!
//! The library that writes them has no text form for big numbers there: it writes their bytes, as a
//! string of bytes or a list of numbers. Both become decimals here, as the other forms have them.

use std::iter::repeat_with;

use dashu_int::UBig;
use serde_json::{Map, Value};

/// How deep lists and objects may be nested.
const MAX_DEPTH: u8 = 16;

/// Reads one value; `None` if the bytes are not that.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    let mut reader = Reader { rest: bytes };
    let value = reader.value(0)?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    fn value(&mut self, depth: u8) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let marker = self.number(1)? as u8;
        Some(match marker {
            0x00..=0x7f => Value::from(marker),
            0x80..=0x8f => self.object(usize::from(marker & 0x0f), depth)?,
            0x90..=0x9f => self.list(usize::from(marker & 0x0f), depth)?,
            0xa0..=0xbf => self.text(usize::from(marker & 0x1f))?,
            0xc0 => Value::Null,
            0xc2 => Value::Bool(false),
            0xc3 => Value::Bool(true),
            0xc4..=0xc6 => {
                let length = self.length(1 << (marker - 0xc4))?;
                decimal(self.take(length)?)
            }
            0xcc..=0xcf => Value::from(self.number(1 << (marker - 0xcc))?),
            0xd9..=0xdb => {
                let length = self.length(1 << (marker - 0xd9))?;
                self.text(length)?
            }
            0xdc | 0xdd => {
                let length = self.length(2 << (marker - 0xdc))?;
                self.list(length, depth)?
            }
            0xde | 0xdf => {
                let length = self.length(2 << (marker - 0xde))?;
                self.object(length, depth)?
            }
            // negative and fractional numbers and extensions, of which there are none
            _ => return None,
        })
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// Reads a number of so many bytes.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let bytes = self.take(bytes)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn length(&mut self, bytes: usize) -> Option<usize> {
        usize::try_from(self.number(bytes)?).ok()
    }

    fn text(&mut self, length: usize) -> Option<Value> {
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        Some(Value::from(text))
    }

    fn list(&mut self, length: usize, depth: u8) -> Option<Value> {
        let list: Vec<Value> =
            repeat_with(|| self.value(depth + 1)).take(length).collect::<Option<_>>()?;
        let bytes: Option<Vec<u8>> = list
            .iter()
            .map(|element| element.as_u64().and_then(|number| u8::try_from(number).ok()))
            .collect();
        Some(match bytes {
            Some(bytes) if !bytes.is_empty() => decimal(&bytes),
            _ => Value::Array(list),
        })
    }

    fn object(&mut self, length: usize, depth: u8) -> Option<Value> {
        let mut object = Map::new();
        for _ in 0..length {
            let Value::String(name) = self.value(depth + 1)? else {
                return None;
            };
            object.insert(name, self.value(depth + 1)?);
        }
        Some(Value::Object(object))
    }
}

/// A number of these bytes, the highest first.
fn decimal(bytes: &[u8]) -> Value {
    Value::from(UBig::from_be_bytes(bytes).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_read_from_both_forms_of_bytes() {
        // {"a": [1, 255], "b": bytes 01 00, "i": 7, "n": null, "t": "x"}
        let bytes = [
            0x85, 0xa1, b'a', 0x92, 1, 0xcc, 255, 0xa1, b'b', 0xc4, 2, 1, 0, 0xa1, b'i', 7, 0xa1,
            b'n', 0xc0, 0xa1, b't', 0xa1, b'x',
        ];
        let expected = json!({"a": "511", "b": "256", "i": 7, "n": null, "t": "x"});
        assert_eq!(read(&bytes).unwrap(), expected);
    }

    #[test]
    fn what_is_cut_or_goes_on_is_refused() {
        assert_eq!(read(&[0x92, 1]), None);
        assert_eq!(read(&[0xdb, 255, 255, 255, 255]), None);
        assert_eq!(read(&[1, 2]), None);
        assert_eq!(read(&[0x91; 40]), None);
        assert_eq!(read(&[]), None);
    }
}
