//! A reader of the string literals of HCL, written from its specification (hashicorp/hcl, hclsyntax/spec.md, "Template Expressions" and
//! "Quoted Template"), so that what is emitted is not judged by one crate alone.

/// Every quoted string of a text, in order; an error for one that is more than a literal.
pub(crate) fn literals(text: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '#', '/', '<']) {
        let (_, from) = rest.split_at(at);
        if let Some(inside) = from.strip_prefix('"') {
            let (literal, behind) = literal(inside)?;
            found.push(literal);
            rest = behind;
        } else if from.starts_with('#') {
            rest = from.find('\n').map_or("", |end| &from[end..]);
        } else if from.starts_with("//") || from.starts_with("/*") || from.starts_with("<<") {
            return Err(format!("a comment or a heredoc: {:?}", from.chars().take(20).collect::<String>()));
        } else {
            rest = &from[1..];
        }
    }
    Ok(found)
}

/// One literal behind its opening quote, and what is behind its closing one.
fn literal(text: &str) -> Result<(String, &str), String> {
    let mut read = String::new();
    let mut rest = text;
    loop {
        let mut letters = rest.chars();
        let letter = letters.next().ok_or("a string without an end")?;
        if let Some(behind) = rest.strip_prefix("$${").or_else(|| rest.strip_prefix("%%{")) {
            read.push(letter);
            read.push('{');
            rest = behind;
            continue;
        }
        rest = letters.as_str();
        match letter {
            '"' => return Ok((read, rest)),
            '$' | '%' if rest.starts_with('{') => return Err(format!("an unescaped `{letter}{{`")),
            '\\' => {
                let (letter, behind) = escape(rest)?;
                read.push(letter);
                rest = behind;
            }
            letter if letter.is_control() => return Err(format!("a raw {letter:?}")),
            letter => read.push(letter),
        }
    }
}

fn escape(text: &str) -> Result<(char, &str), String> {
    let mut letters = text.chars();
    let letter = letters.next().ok_or("a `\\` at the end")?;
    let digits = match letter {
        'n' => return Ok(('\n', letters.as_str())),
        'r' => return Ok(('\r', letters.as_str())),
        't' => return Ok(('\t', letters.as_str())),
        '"' | '\\' => return Ok((letter, letters.as_str())),
        'u' => 4,
        'U' => 8,
        other => return Err(format!("the escape `\\{other}`")),
    };
    let (code, behind) = letters.as_str().split_at_checked(digits).ok_or("too few digits")?;
    let code = u32::from_str_radix(code, 16).map_err(|error| error.to_string())?;
    Ok((char::from_u32(code).ok_or("no character")?, behind))
}
