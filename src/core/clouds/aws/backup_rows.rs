//! The shared module for backups: its row, with a row for each input. What the words mean is said in `modules.rs`.

use super::NAME;
use super::modules::REVERT_THE_NAME;
use super::watching::ALARM_TOPICS;
use crate::modules::ArgumentShape::{Boolean, Number, SeveralReferences, Text, Word};
use crate::modules::InputSource::{CopyRegion, Environment, Key, Name, OwnOutputs, Protected};
use crate::modules::{CalledBy, InputRow, ModuleRow, OwnOutput, When, input, output};

/// The module.
pub(super) const MODULE: ModuleRow = ModuleRow {
    cloud: NAME,
    name: "customer-backup",
    block: "customer_backup",
    section: "backup",
    called_by: CalledBy::ToActOn("enabled"),
    newer: true,
    entries: None,
    inputs: BACKUP,
    outputs: &[&output!("customer_backup", "backup_vault"), &output!("customer_backup", "backup_restore_role_arn")],
};

static DATABASES: OwnOutput = OwnOutput { module: "customer-database", name: "database_arn", unless_false: None };
/// AWS Backup takes no bucket that keeps no versions ("Amazon S3 backups" in its developer guide).
static BUCKET: OwnOutput =
    OwnOutput { module: "customer-storage", name: "storage_bucket_arn", unless_false: Some(("storage", "versioning_enabled")) };

static BACKUP: &[InputRow] = &[
    // aws_backup_vault: `name` is ForceNew, and AWS Backup deletes no vault that has a backup in it.
    input("name", Word, Name).harms(
        When::Changed,
        "backups go to another vault from then on, and the apply is refused while there are some in the old one",
        REVERT_THE_NAME,
    ),
    input("environment", Text, Environment),
    input("protected", Boolean, Protected),
    input("database_arns", SeveralReferences, OwnOutputs(&DATABASES)),
    input("bucket_arns", SeveralReferences, OwnOutputs(&BUCKET)),
    input("schedule", Word, Key(("backup", "schedule"))),
    // Of backups that there are the days stay what they were: a plan's lifecycle is that of the backups that it makes from then on
    // ("UpdateBackupPlan" in the AWS Backup API).
    input("retention_days", Number, Key(("backup", "retention_days"))),
    // aws_backup_vault: `region` is ForceNew.
    input("copy_region", Word, CopyRegion(("backup", "cross_region_copy"))).newer().absent("false").harms(
        When::ChangedUnless("false"),
        "nothing is copied to the old region any more, and the apply is refused while there are copies in its vault",
        "revert the change; or wait until the copies have expired after `retention_days`, or delete them, and apply once more",
    ),
    ALARM_TOPICS,
];
