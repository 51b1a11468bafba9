//! Text that tries to be something else than text.

// Each test takes what it needs.
#![allow(dead_code)]

use crate::damage::Random;

const PIECES: &[&str] = &[
    "${",
    "%{",
    "$${",
    "%%{",
    "$$${",
    "%%%{",
    "$",
    "%",
    "$%{",
    "%${",
    "{",
    "}",
    "{{",
    "}}",
    "{{{{",
    "}}}}",
    "${a}%${var.db_password}",
    "%{ if true }",
    "%{ endif ~}",
    "${~ x ~}",
    "\"",
    "\\",
    "\\\\",
    "\\\"",
    "\\n",
    "\\u0041",
    "\\${",
    "\"}",
    "'",
    "`",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "<<EOT",
    "<<-EOT\n",
    "\nEOT\n",
    "#",
    "//",
    "/*",
    "*/",
    "=",
    ",",
    "[",
    "]",
    "(",
    ")",
    "\n}\nresource \"x\" \"y\" {\n",
    "\" }",
    "file(\"/etc/passwd\")",
    "\0",
    "\u{1}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{9b}",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{2066}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{ad}",
    "\u{e000}",
    "\u{e0041}",
    "\u{10ffff}",
    "\u{fffd}",
    "e\u{301}",
    "\u{301}",
    "a\u{31b}\u{323}",
    "\u{915}\u{940}",
    "\u{1112}\u{1161}\u{11ab}",
    "\u{1f1e9}\u{1f1ea}",
    "\u{1f469}\u{200d}\u{1f680}",
    "\u{fe0f}",
    "\u{e9}",
    "\u{df}",
    "\u{65e5}\u{672c}",
    "\u{1f600}",
    "\u{a0}",
    "\u{3000}",
    "word",
    " ",
    "  ",
    "0",
    "true",
    "null",
    "a",
    "var.x",
    "module.customer_vpc.vpc_id",
];

/// A hostile text, now and then a long one.
pub(crate) fn hostile(random: &mut Random) -> String {
    let pieces = if random.below(200) == 0 { 400 } else { random.below(9) };
    let mut text = String::new();
    for _ in 0..pieces {
        if random.below(8) == 0 {
            // Any character at all.
            text.extend(char::from_u32(u32::try_from(random.below(0x11_0000)).unwrap_or(0)));
        } else {
            text.push_str(PIECES[random.below(PIECES.len())]);
        }
    }
    text
}
