//! Text with a form of its own: what is wrong with it, or nothing.

/// An address that mail can be sent to: one `@`, a local part of RFC 5321's characters up to 64 of them, a host name with a dot.
pub(super) fn email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let local_letter = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    (1..=64).contains(&local.len())
        && local.bytes().all(local_letter)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && host.contains('.')
        && host_name(host)
}

fn host_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

/// An https URL: a host name, perhaps a port, and what follows without white space.
pub(super) fn url(text: &str) -> Result<(), &'static str> {
    let Some(rest) = text.strip_prefix("https://") else {
        return Err(if text.starts_with("http://") { "it is not encrypted" } else { "it does not start with `https://`" });
    };
    if text.len() > 2048 || text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err("it has white space in it, or more than 2048 characters");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') {
        return Err("it has a user name or password in it");
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    if !host_name(host) || port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err("its host is not a host name");
    }
    Ok(())
}
