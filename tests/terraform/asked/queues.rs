//! The queue of a root.

use super::merged::Merged;
use super::{Poisoned, number};
use serde_json::{Value, json};
use serde_yaml::Value as Yaml;

/// What is asked for of a queue; dead letters stay for 14 days.
pub(super) fn asked(queue: &Merged, is_protected: bool) -> Poisoned {
    let value = |key: &str, default: f64| queue.get("queue", key).and_then(Yaml::as_f64).unwrap_or(default);
    let mut asked = Poisoned::new();
    asked.insert("fifo", json!(queue.get("queue", "fifo").and_then(Yaml::as_bool).unwrap_or(false)));
    asked.insert("hidden for", json!(value("visibility_timeout", 30.0)));
    asked.insert("messages kept for", json!(value("retention_days", 4.0) * 86_400.0));
    asked.insert("dead letters kept for", json!(1_209_600.0));
    asked.insert("alarm of age", json!(value("alarm_age", 900.0)));
    asked.insert("dead after", json!(value("max_receives", 5.0)));
    asked.insert("queues encrypted", json!([true, true]));
    asked.insert("queues protected", json!(is_protected));
    asked
}

/// What a plan has of queues; `of` gives resources by type and name.
pub(super) fn planned<'p>(of: &dyn Fn(&str, &str) -> Vec<&'p Value>) -> Poisoned {
    let mut found = Poisoned::new();
    let Some(queue) = of("aws_sqs_queue", "this").first().copied() else { return found };
    let dead = of("aws_sqs_queue", "dead_letters");
    let of_dead = |key: &str| dead.first().map(|queue| queue[key].clone()).unwrap_or_default();
    found.insert("fifo", json!(queue["fifo_queue"] == json!(true) && of_dead("fifo_queue") == json!(true)));
    found.insert("hidden for", number(queue["visibility_timeout_seconds"].clone()));
    found.insert("messages kept for", number(queue["message_retention_seconds"].clone()));
    found.insert("dead letters kept for", number(of_dead("message_retention_seconds")));
    found.insert("queues encrypted", json!([queue["sqs_managed_sse_enabled"], of_dead("sqs_managed_sse_enabled")]));
    let alarm = |name: &str, key: &str| of("aws_cloudwatch_metric_alarm", name).first().map(|alarm| alarm[key].clone()).unwrap_or_default();
    found.insert("alarm of age", number(alarm("age", "threshold")));
    let policies = [queue["policy"].clone(), of_dead("policy")];
    let refuses =
        |policy: &Value| policy.as_str().is_some_and(|policy| policy.contains("sqs:DeleteQueue") && policy.contains("sqs:PurgeQueue"));
    found.insert("queues protected", json!(policies.iter().all(refuses)));
    // Which queue the dead letters are of is not known yet; the alarm of them says the number.
    let description = alarm("dead_letters", "alarm_description");
    let words = description.as_str().and_then(|text| text.split(" was received ").nth(1)?.split(' ').next()?.parse::<f64>().ok());
    found.insert("dead after", json!(words));
    found
}
