//! The rows of modules that watch over what the others make.

use super::NAME;
use super::modules::REVERT_THE_NAME;
use crate::modules::ArgumentShape::{Boolean, SeveralReferences, Text, Word, WordList};
use crate::modules::InputSource::{Environment, Name, OptionalKey, Outputs, Protected};
use crate::modules::{CalledBy, InputRow, ModuleRow, OutputRow, When, input, output};

static TOPIC_ARN: OutputRow = output!("customer_notifications", "notifications_topic_arn");

/// The topics that the alarms of a module notify.
pub(super) const ALARM_TOPICS: InputRow = input("alarm_topic_arns", SeveralReferences, Outputs(&TOPIC_ARN)).newer();

pub(super) const NOTIFICATIONS: ModuleRow = ModuleRow {
    cloud: NAME,
    name: "customer-notifications",
    block: "customer_notifications",
    section: "notifications",
    called_by: CalledBy::Always,
    newer: true,
    entries: None,
    inputs: &[
        // aws_sns_topic: `name` is ForceNew.
        input("name", Word, Name).harms(
            When::Changed,
            "the topic is replaced, and every address has to confirm again that it wants to hear of alarms",
            REVERT_THE_NAME,
        ),
        input("environment", Text, Environment),
        input("protected", Boolean, Protected),
        // A subscription an address: aws_sns_topic_subscription has its `endpoint` for life.
        input("email_list", WordList, OptionalKey(("notifications", "email_list"))).harms(
            When::EntriesRemoved,
            "these addresses no longer hear of alarms",
            "where they should still hear of them, write them again under `notifications.email_list`; a list replaces that of a lower layer, where `{add: [...]}` adds to it",
        ),
    ],
    outputs: &[&TOPIC_ARN],
};
