//! Names, ids and other text with a form of AWS's: what is wrong with it, or nothing.

use crate::clouds::OfArn;
use smol_str::{SmolStr, format_smolstr};

/// The form of an EC2 instance type: a family, a dot, a size.
pub(super) fn instance_type(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    text.split_once('.').is_some_and(|(family, size)| word(family) && word(size))
}

/// A resource's id: a prefix such as `ami-`, and 8 or 17 hex digits, the two lengths that EC2 has.
pub(super) fn resource_id(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|digits| matches!(digits.len(), 8 | 17) && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

/// A version: one to four numbers with dots between, such as `15`, `8.0.36`; behind them the day of a release in RDS Extended Support, such
/// as `11.22-rds.20240509` and `5.7.44-RDS.20240808` ("Amazon RDS Extended Support versions" in the RDS user guide). Aurora MySQL has its own
/// version behind the one of MySQL, `8.0.mysql_aurora.3.08.0` ("Checking Aurora MySQL version numbers" in the Aurora user guide).
pub(super) fn version(text: &str) -> bool {
    if let Some((of_mysql, of_aurora)) = text.split_once(".mysql_aurora.") {
        let numbers =
            |text: &str, count| text.split('.').count() == count && text.split('.').all(|part| part.len() <= 6 && is_number(part));
        return numbers(of_mysql, 2) && numbers(of_aurora, 3);
    }
    let is_day = |day: &str| day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    let text = match text.split_once('-') {
        Some((version, of_rds)) if of_rds.strip_prefix("rds.").or_else(|| of_rds.strip_prefix("RDS.")).is_some_and(is_day) => version,
        Some(_) => return false,
        None => text,
    };
    text.split('.').count() <= 4 && text.split('.').all(|part| part.len() <= 6 && is_number(part))
}

/// S3's rules for general purpose buckets ("Bucket naming rules" in the S3 user guide): 3 to 63 characters of `a-z`, `0-9`, `.`, `-`,
/// a letter or digit at both ends, no `..`, not an address, no reserved prefix or suffix.
pub(super) fn bucket_name(text: &str) -> Result<(), String> {
    if !(3..=63).contains(&text.len()) {
        return Err(format!("it has {} characters, and 3 to 63 are taken", text.chars().count()));
    }
    if let Some(letter) =
        text.chars().find(|letter| !(letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-')))
    {
        return Err(format!(
            "it has the character `{}`, and only lower-case letters, digits, `.` and `-` are taken",
            letter.escape_debug()
        ));
    }
    let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    if !edge(text.chars().next()) || !edge(text.chars().last()) {
        return Err("it has to start and end with a letter or a digit".into());
    }
    if text.contains("..") {
        return Err("it has two dots in a row".into());
    }
    if text.parse::<std::net::Ipv4Addr>().is_ok() {
        return Err("it looks like an IP address".into());
    }
    if let Some(prefix) = ["xn--", "sthree-", "amzn-s3-demo-"].iter().find(|prefix| text.starts_with(**prefix)) {
        return Err(format!("AWS keeps names that start with `{prefix}`"));
    }
    if let Some(suffix) = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"].iter().find(|suffix| text.ends_with(**suffix)) {
        return Err(format!("AWS keeps names that end with `{suffix}`"));
    }
    Ok(())
}

/// The first character that a health check's path does not take. The console says "can only consist of the characters: a-z, A-Z, 0-9, and
/// @:%_+.~#?&/=" (apollographql/router, issue 1852), and takes `-` too; what stands behind `#` is never sent to a server.
pub(super) fn no_health_check_letter(text: &str) -> Option<char> {
    text.chars().find(|letter| !(letter.is_ascii_alphanumeric() || "-@:%_+.~?&/=".contains(*letter)))
}

/// A schedule of backups as `cron(six fields)`. That is the only form that AWS Backup takes (hashicorp/terraform-provider-aws, issue 8269): a
/// `rate(N unit)` becomes one where that means the same. It makes a backup once an hour at most ("Continuous backups and point-in-time
/// recovery" in its developer guide).
pub(super) fn schedule(text: &str) -> Result<SmolStr, &'static str> {
    let inside = |name: &str| text.strip_prefix(name).and_then(|rest| rest.strip_prefix('(')).and_then(|rest| rest.strip_suffix(')'));
    if let Some(rate) = inside("rate") {
        let Some((count, unit)) = rate.split_once(' ') else { return Err("a rate is a number and a unit, such as `rate(1 day)`") };
        let Ok(count) = count.parse::<u32>() else { return Err("a rate starts with a whole number") };
        return match (count, unit) {
            (0, _) => Err("a rate is at least 1"),
            (1, "hour") => Ok("cron(0 * * * ? *)".into()),
            (1, "day") | (24, "hours") => Ok("cron(0 5 * * ? *)".into()),
            (7, "days") => Ok("cron(0 5 ? * SUN *)".into()),
            (2 | 3 | 4 | 6 | 8 | 12, "hours") => Ok(format_smolstr!("cron(0 0/{count} * * ? *)")),
            (1, "minute") | (2.., "minutes") => Err("a backup is made once an hour at most"),
            (2.., "hours") => Err("of hours there are 1, 2, 3, 4, 6, 8, 12 and 24, which make up a day"),
            (2.., "days") => Err("of days there are 1 and 7; `cron(...)` says what else there is"),
            (1, _) => Err("with 1 the unit is `hour` or `day`"),
            _ => Err("with more than 1 the unit is `hours` or `days`"),
        };
    }
    let Some(cron) = inside("cron") else { return Err("it is neither `cron(...)` nor `rate(...)`") };
    let fields: Vec<&str> = cron.split_ascii_whitespace().collect();
    let [minute, hour, day, month, weekday, year] = fields.as_slice() else {
        return Err("cron takes six fields: minutes, hours, day of month, month, day of week, year");
    };
    let takes = |field: &CronField, text: &str| text.split(',').all(|part| field.takes(part));
    if !takes(&CronField::MINUTE, minute) {
        return Err("the minutes are 0 to 59");
    }
    if !is_number(minute) {
        return Err("a backup is made once an hour at most, so that there is one minute");
    }
    if !takes(&CronField::HOUR, hour) {
        return Err("the hours are 0 to 23");
    }
    match (*day == "?", *weekday == "?") {
        (true, false) | (false, true) => {}
        _ => return Err("one of day of month and day of week, and only one, has to be `?`"),
    }
    if *day != "?" && !takes(&CronField::DAY, day) {
        return Err("the day of the month is 1 to 31, `L`, or a day with `W` behind it");
    }
    if !takes(&CronField::MONTH, month) {
        return Err("the month is 1 to 12, or JAN to DEC");
    }
    if *weekday != "?" && !takes(&CronField::WEEKDAY, weekday) {
        return Err("the day of the week is 1 to 7 from Sunday, or SUN to SAT");
    }
    // Fields may have been written with several spaces between.
    if takes(&CronField::YEAR, year) { Ok(format_smolstr!("cron({})", fields.join(" "))) } else { Err("the year is 1970 to 2199") }
}

/// A field of a cron expression ("Schedule types" in the EventBridge Scheduler user guide).
struct CronField {
    least: u32,
    most: u32,
    /// Names of its values, the first of which is the least.
    names: &'static [&'static str],
    /// True for the days, which have `L`, `W` and `#`.
    is_day: bool,
}

impl CronField {
    const MINUTE: CronField = CronField { least: 0, most: 59, names: &[], is_day: false };
    const HOUR: CronField = CronField { least: 0, most: 23, names: &[], is_day: false };
    const DAY: CronField = CronField { least: 1, most: 31, names: &[], is_day: true };
    const MONTH: CronField = CronField {
        least: 1,
        most: 12,
        names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
        is_day: false,
    };
    const WEEKDAY: CronField = CronField { least: 1, most: 7, names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], is_day: true };
    const YEAR: CronField = CronField { least: 1970, most: 2199, names: &[], is_day: false };

    /// True for one part of a list: `*`, a value, a range, either with a step, and for days `L`, `15W`, `LW`, `6L` and `3#2`.
    fn takes(&self, part: &str) -> bool {
        let (part, step) = part.split_once('/').map_or((part, None), |(part, step)| (part, Some(step)));
        let is_step = |step: &str| is_number(step) && step.parse::<u32>().is_ok_and(|step| (1..=self.most).contains(&step));
        if step.is_some_and(|step| !is_step(step)) {
            return false;
        }
        if part == "*" {
            return true;
        }
        if let Some((first, last)) = part.split_once('-') {
            return self.value(first).is_some() && self.value(last).is_some();
        }
        if self.value(part).is_some() {
            return true;
        }
        if step.is_some() || !self.is_day {
            return false;
        }
        let is_weekday = !self.names.is_empty();
        match part.split_once('#') {
            Some((day, which)) => is_weekday && self.value(day).is_some() && matches!(which, "1" | "2" | "3" | "4" | "5"),
            None if is_weekday => part.strip_suffix('L').is_some_and(|day| day.is_empty() || self.value(day).is_some()),
            None => matches!(part, "L" | "LW") || part.strip_suffix('W').is_some_and(|day| self.value(day).is_some()),
        }
    }

    /// The number of a value.
    fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let number = match named {
            Some(at) => u32::try_from(at).ok()? + self.least,
            None if is_number(text) => text.parse().ok()?,
            None => return None,
        };
        (self.least..=self.most).contains(&number).then_some(number)
    }
}

/// True for digits alone; `parse` takes a sign too.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The parts of an ARN: the service, where what it names is, and the resource.
fn arn(text: &str) -> Result<(&str, OfArn<'_>, &str), &'static str> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts.as_slice() else {
        return Err("an ARN has six parts with `:` between");
    };
    if *arn != "arn" || !matches!(*partition, "aws" | "aws-cn" | "aws-us-gov") {
        return Err("it does not start with `arn:aws:`");
    }
    if !self::account(account) {
        return Err("its account is not 12 digits");
    }
    if region.is_empty() {
        return Err("it names no region");
    }
    if !region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Err("its region has a character that none has");
    }
    Ok((service, OfArn { region, account }, resource))
}

/// The region and the account of an ACM certificate's ARN (`arn:aws:acm:eu-west-1:123456789012:certificate/...`).
pub(super) fn certificate_arn(text: &str) -> Result<OfArn<'_>, &'static str> {
    let (service, of_arn, resource) = arn(text)?;
    if service != "acm" {
        return Err("it is not of the certificate manager (`acm`)");
    }
    let id = resource.strip_prefix("certificate/").ok_or("its last part does not start with `certificate/`")?;
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err("its certificate id is empty or has a character that it cannot have");
    }
    Ok(of_arn)
}

/// The most characters of a parameter's name ("About requirements and constraints for parameter names" in the Systems Manager user guide),
/// which is longer than a secret's may be.
const LONGEST_PARAMETER: usize = 1011;

/// A reference to a secret, whole: the ARN of one in Secrets Manager, the ARN of a parameter of Systems Manager, or `ssm:/path` for a
/// parameter of the deployment's own account and region. Gives where it is, of an ARN.
pub(super) fn secret_reference(text: &str) -> Result<Option<OfArn<'_>>, &'static str> {
    if let Some(path) = text.strip_prefix("ssm:") {
        return if !path.starts_with('/') {
            Err("the path behind `ssm:` starts with `/`")
        } else if is_parameter(path) {
            Ok(None)
        } else {
            Err("the path behind `ssm:` has names of letters, digits and `_ . -` with one `/` before each, and is not below `/aws`")
        };
    }
    if !text.starts_with("arn:") {
        return Err("it is neither an ARN nor a path behind `ssm:`");
    }
    let (service, of_arn, resource) = arn(text)?;
    // What names of secrets take ("CreateSecret" in the API reference of Secrets Manager).
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte);
    let is_secret = |name: &str| (1..=512).contains(&name.len()) && name.bytes().all(is_letter);
    match (service, resource.strip_prefix("secret:"), resource.strip_prefix("parameter/")) {
        ("secretsmanager", Some(name), _) if is_secret(name) => Ok(Some(of_arn)),
        ("secretsmanager", _, _) => Err("its last part is not `secret:` with the name of a secret behind it"),
        ("ssm", _, Some(name)) if is_parameter(&format!("/{name}")) => Ok(Some(of_arn)),
        ("ssm", _, _) => Err("its last part is not `parameter/` with the name of a parameter behind it"),
        _ => Err("it is neither of Secrets Manager (`secretsmanager`) nor of Systems Manager (`ssm`)"),
    }
}

/// True for a path of names.
fn is_parameter(path: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let is_name = |name: &str| !matches!(name, "" | "." | "..") && name.bytes().all(is_letter);
    // What stands below `/aws` is the cloud's, and by one of its names a secret of Secrets Manager.
    let is_own = |names: &str| names.split('/').all(is_name) && names.split('/').next() != Some("aws");
    path.len() <= LONGEST_PARAMETER && path.strip_prefix('/').is_some_and(is_own)
}

/// The first character that is not taken in a tag's key or value: IAM's characters (language.md section 4).
pub(super) fn no_tag_letter(text: &str) -> Option<char> {
    let is_usual =
        |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'_' | b'.' | b':' | b'/' | b'=' | b'+' | b'-' | b'@');
    if text.bytes().all(is_usual) {
        return None;
    }
    text.chars().find(|letter| !letter.is_alphanumeric() && !u8::try_from(*letter).is_ok_and(is_usual))
}

/// An account's id: 12 digits.
pub(super) fn account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Access key ids: `AKIA` or `ASIA` and 16 more (IAM user guide, "IAM identifiers").
pub(super) fn access_key(word: &str) -> bool {
    let is_rest = |rest: &str| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    ["AKIA", "ASIA"].iter().any(|prefix| word.strip_prefix(prefix).is_some_and(is_rest))
}
