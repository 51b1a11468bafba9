//! Documents with a byte lost, a piece put in, or the end cut off.

use super::random::Random;

/// What is put in: everything that means something to YAML, and bytes that mean nothing.
const PIECES: &[&[u8]] = &[
    b" ",
    b"  ",
    b"\n",
    b"\n\n",
    b"\r",
    b"\r\n",
    b"\t",
    b":",
    b": ",
    b"- ",
    b"-",
    b"? ",
    b"#",
    b" #",
    b"&a ",
    b"*a ",
    b"*a",
    b"!",
    b"!!str ",
    b"!x ",
    b"|\n",
    b">-\n",
    b"|2\n",
    b"'",
    b"\"",
    b"\\",
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b"<<: ",
    b"%",
    b"@",
    b"`",
    b"~",
    b"null",
    b"---\n",
    b"--- ",
    b"...\n",
    b"%YAML 1.2\n",
    b"0",
    b"1e5",
    b"0x",
    b"\0",
    b"\x1b",
    b"\x7f",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xcc\x81",
    b"\xf0\x9f\x98\x80",
    b"{{ region }}",
    b"a: &a [*a]\n",
    b"b: *a\n",
];

/// A damaged copy: one to four times a deletion, an insertion, a copied stretch or a cut.
pub(crate) fn damage(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(10) {
            0..=3 => {
                let end = (at + 1 + random.below(3)).min(bytes.len());
                bytes.drain(at.min(end)..end);
            }
            4..=7 => {
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            8 => {
                let end = (at + random.below(60)).min(bytes.len());
                let stretch = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, stretch);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}
