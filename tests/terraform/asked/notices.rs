//! Whom the alarms of a root notify.

use super::Poisoned;
use super::merged::Merged;
use serde_json::{Value, json};
use serde_yaml::{Mapping, Value as Yaml};
use std::collections::BTreeSet;

/// The section `notifications` of layers, where it exists.
pub(super) fn merged(layers: &[(Mapping, bool)], defaults: &Mapping) -> Option<Merged> {
    let mut merged = Merged::default();
    merged.defaults(defaults);
    layers.iter().for_each(|(layer, is_environment)| merged.layer(layer, *is_environment));
    merged.written.contains("notifications").then_some(merged)
}

/// What is asked for of notifications; `fill` puts values into templates.
pub(super) fn asked(notifications: &Merged, is_protected: bool, fill: &dyn Fn(&str) -> String) -> Poisoned {
    let list = notifications.get("notifications", "email_list").and_then(Yaml::as_sequence);
    let addresses: BTreeSet<String> = list.into_iter().flatten().filter_map(Yaml::as_str).map(fill).collect();
    let mut asked = Poisoned::new();
    asked.insert("addresses", json!(addresses));
    asked.insert("topic encrypted", json!(true));
    asked.insert("topic protected", json!(is_protected));
    asked
}

/// The topics that alarms notify: the root's own, and the shared root's.
pub(super) fn notified(is_own: bool, is_shared: bool) -> Value {
    let topics = [("own", is_own), ("shared", is_shared)];
    json!(topics.iter().filter(|(_, is_there)| *is_there).map(|(topic, _)| *topic).collect::<Vec<_>>())
}

/// What a plan has of notifications; `of` gives resources by type and name.
pub(super) fn planned<'p>(of: &dyn Fn(&str, &str) -> Vec<&'p Value>, plan: &Value) -> Poisoned {
    let mut found = Poisoned::new();
    let calls = &plan["configuration"]["root_module"]["module_calls"];
    let alarmed = [("alarms of instances notify", "customer_compute"), ("alarms of the queue notify", "customer_queue")];
    let and = [("alarms of the cache notify", "customer_cache"), ("alarms of backups notify", "customer_backup")];
    for (name, call) in alarmed.into_iter().chain(and) {
        if calls[call].is_object() {
            let references = calls[call]["expressions"]["alarm_topic_arns"]["references"].as_array();
            let is_read = |reference: &str| references.is_some_and(|all| all.iter().any(|one| one == reference));
            let own = is_read("module.customer_notifications.notifications_topic_arn");
            found.insert(name, notified(own, is_read("data.terraform_remote_state.shared.outputs.notifications_topic_arn")));
        }
    }
    if of("aws_sns_topic", "this").is_empty() {
        return found;
    }
    let subscriptions = of("aws_sns_topic_subscription", "email");
    let addresses: BTreeSet<&str> = subscriptions.iter().filter_map(|one| one["endpoint"].as_str()).collect();
    found.insert("addresses", json!(addresses));
    // What the policies say of the topic is not known before it is there: the module's own tests read them.
    found.insert("topic encrypted", json!(is_made_from(plan, "aws_sns_topic", "kms_master_key_id")));
    found.insert("topic protected", calls["customer_notifications"]["expressions"]["protected"]["constant_value"].clone());
    found
}

/// True where an argument of a resource is made from something, whatever that comes to.
fn is_made_from(plan: &Value, kind: &str, argument: &str) -> bool {
    let module = &plan["configuration"]["root_module"]["module_calls"]["customer_notifications"]["module"];
    let resources = module["resources"].as_array().into_iter().flatten();
    resources.filter(|one| one["type"] == kind).all(|one| one["expressions"][argument]["references"].is_array())
}
