//! The table of codes. One line gives the constant, its severity and its summary, and pulls in its page, so that a code without a
//! page does not compile. Behind its summary stands `since "0.2.0"` where it came after the first version, and then
//! `deprecated "the-code-instead"` where it is on its way out.

use super::{Code, Severity};

macro_rules! codes {
    ($($group:literal { $($constant:ident $name:literal $severity:ident $($fixed:ident)? : $summary:literal
        $(since $since:literal)? $(deprecated $deprecated:literal)?;)* })*) => {
        $($(
            #[doc = $summary]
            pub static $constant: Code = Code {
                name: $name,
                severity: Severity::$severity,
                group: $group,
                summary: $summary,
                since: codes!(@since $($since)?),
                deprecated: codes!(@deprecated $($deprecated)?),
                page: include_str!(concat!("../../../docs/codes/", $name, ".md")),
                fixed: codes!(@fixed $($fixed)?),
                raisable: codes!(@raisable $($fixed)?),
            };
        )*)*
        /// Every code, in the order of its group.
        pub static ALL: &[&Code] = &[$($(&$constant,)*)*];
    };
    (@fixed fixed) => { true };
    (@fixed raisable) => { true };
    (@fixed) => { false };
    (@since $since:literal) => { $since };
    (@since) => { "0.1.0" };
    (@deprecated $instead:literal) => { Some($instead) };
    (@deprecated) => { None };
    (@raisable raisable) => { true };
    (@raisable fixed) => { false };
    (@raisable) => { false };
}

/// The code of a name.
pub fn find(name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.name == name)
}

codes! {
    "The text" {
        YAML_SYNTAX "yaml-syntax" Error fixed: "the text is not YAML";
        DUPLICATE_KEY "duplicate-key" Error fixed: "a key written twice in one mapping";
        UNSUPPORTED_YAML "unsupported-yaml" Error fixed: "YAML that the language does not allow: custom tags, keys that are not text, several documents";
        NOT_UTF8 "not-utf8" Error fixed: "the file is not UTF-8 text";
        DOCUMENT_TOO_LARGE "document-too-large" Error fixed: "a document has too many bytes, levels or nodes";
        TOO_MANY_DOCUMENTS "too-many-documents" Error fixed: "a repository has too many documents, services or deployments";
    }
    "Documents" {
        NOT_A_DOCUMENT "not-a-document" Error fixed: "a document is a directory, a device or a pipe";
        OUTSIDE_REPOSITORY "outside-repository" Error fixed: "a document, or the directory of documents, is a link that leaves the repository";
        UNREADABLE_DOCUMENT "unreadable-document" Error fixed: "a document, or a directory around it, cannot be read";
        EMPTY_DOCUMENT "empty-document" Warning: "an overlay or the platform file has nothing in it";
        EMPTY_BASE "empty-base" Error fixed: "the base document has nothing in it";
        NO_DOCUMENTS "no-documents" Error fixed: "a repository has no document";
        DUPLICATE_DOCUMENT "duplicate-document" Error fixed: "one document or overlay is there twice";
        UNRECOGNISED_FILE "unrecognised-file" Warning: "a YAML file whose name or place does not make it a document";
        MISPLACED_OVERLAY "misplaced-overlay" Error fixed: "a service with the name of an environment, a region, a label or a section";
        MISLEADING_NAME "misleading-name" Warning: "a name that usually means something else";
    }
    "Shape" {
        UNKNOWN_KEY "unknown-key" Error fixed: "a key that the language does not have in this place";
        MISSING_KEY "missing-key" Error fixed: "a required key is not there";
        WRONG_TYPE "wrong-type" Error fixed: "a value of the wrong type for its key";
        MERGE_TYPE_CONFLICT "merge-type-conflict" Error fixed: "one layer writes a mapping where another writes a single value";
        IDENTITY_CONFLICT "identity-conflict" Error fixed: "a repository says two things about who it is";
        UNKNOWN_TEMPLATE_VARIABLE "unknown-template-variable" Error fixed: "a template names a variable that does not exist";
        TEMPLATE_SYNTAX "template-syntax" Error fixed: "a `{{` that is not a template, or a template where none is allowed";
        DEPRECATED_KEY "deprecated-key" Advice: "a key that has another name now";
        SECRET_IN_SOURCE "secret-in-source" Error fixed: "a credential is written in a document";
    }
    "Layers" {
        SHADOWED_VALUE "shadowed-value" Warning: "a shorthand and its section's key differ in one environment";
        SHALLOW_MERGE "shallow-merge" Advice: "a mapping replaces the one that `<<` brings";
        EMPTIED_SECTION "emptied-section" Warning: "a section has nothing below it, not even `null`";
        WITHOUT_LOAD_BALANCER "without-load-balancer" Warning: "a value about the load balancer of instances that have none" since "0.2.0";
        OVERRIDE_WITHOUT_EFFECT "override-without-effect" Advice: "an override changes nothing";
        REGION_OVERRIDES_ENVIRONMENT "region-overrides-environment" Advice: "a region overlay's top level beats the base's environment";
        ENVIRONMENT_NOT_DEPLOYED "environment-not-deployed" Warning: "an environment ends up in no deployment";
        SERVICE_NOT_DEPLOYED "service-not-deployed" Warning: "a service ends up in no deployment" since "0.2.0";
        DEPLOYMENT_WITHOUT_SERVICE "deployment-without-service" Error fixed: "instances are asked for where no service is" since "0.2.0";
        EMPTY_SERVICE "empty-service" Warning: "a service has neither compute nor a database, bucket, queue or cache";
        SHARED_AND_OWN_DATABASE "shared-and-own-database" Advice: "a service has a database in addition to the shared one";
        SECTION_WITHOUT_MODULE "section-without-module" Warning: "no shared module supports what was asked for";
        SERVICE_OVERRIDES_SHARED "service-overrides-shared" Error fixed: "a service overlay sets what all services share";
        DUPLICATE_DEPLOYMENT "duplicate-deployment" Error fixed: "two deployments have the same environment, region and service";
    }
    "Values" {
        INVALID_IDENTIFIER "invalid-identifier" Error fixed: "a name that breaks the rules of names";
        INVALID_CIDR "invalid-cidr" Error fixed: "text that is not a valid IPv4 network";
        CIDR_HOST_BITS "cidr-host-bits" Error fixed: "a network address with host bits set";
        CIDR_SIZE "cidr-size" Error fixed: "a network that is too large or too small";
        CIDR_NOT_PRIVATE "cidr-not-private" Error fixed: "a network outside the private ranges";
        INVALID_AMI "invalid-ami" Error fixed: "text that is not a valid AMI id";
        INVALID_ARN "invalid-arn" Error fixed: "text that is not a valid ACM certificate ARN";
        INVALID_EMAIL "invalid-email" Error fixed: "text that is not a valid e-mail address";
        INVALID_SECRET_REFERENCE "invalid-secret-reference" Error fixed: "text that is not a reference to a secret" since "0.2.0";
        INVALID_PATH "invalid-path" Error fixed: "text that is not a path of the form that its key takes" since "0.2.0";
        INVALID_SCHEDULE "invalid-schedule" Error fixed: "text that is not a valid `cron(...)` or `rate(...)` schedule";
        INVALID_BUCKET_NAME "invalid-bucket-name" Error fixed: "a name that S3 refuses";
        INVALID_VERSION "invalid-version" Error fixed: "text that is not a valid engine version";
        INVALID_INSTANCE_CLASS "invalid-instance-class" Error fixed: "text that is not a valid RDS instance class or ElastiCache node type";
        INVALID_TAG "invalid-tag" Error fixed: "a tag that the cloud refuses";
        OUT_OF_RANGE "out-of-range" Error fixed: "a number or a length outside its range, or a word that is not in its list";
        TEXT_NORMALISED "text-normalised" Warning: "a script that Terraform does not take byte for byte";
        MIN_EXCEEDS_MAX "min-exceeds-max" Error fixed: "a minimum above its maximum";
        CONTRADICTING_KEYS "contradicting-keys" Error fixed: "two keys of a section cannot both hold" since "0.2.0";
        STORAGE_MISMATCH "storage-mismatch" Error fixed: "a database's storage, its type, its IOPS or its limit do not fit each other" since "0.2.0";
        INVALID_WINDOW "invalid-window" Error fixed: "text that is not a time of the day or of the week, or is too short a one" since "0.2.0";
        OVERLAPPING_WINDOWS "overlapping-windows" Error fixed: "backups and maintenance of a database or a cache fall into one time" since "0.2.0";
        INVALID_PARAMETER "invalid-parameter" Error fixed: "a database parameter that the cloud refuses" since "0.2.0";
        UNSAFE_PARAMETER "unsafe-parameter" Error fixed: "a database parameter that takes protection away" since "0.2.0";
        REPLICAS_WITHOUT_BACKUPS "replicas-without-backups" Error fixed: "read replicas of a database that keeps no backups" since "0.2.0";
        NAME_WITH_SNAPSHOT "name-with-snapshot" Warning: "a database's name next to the snapshot that it is restored from" since "0.2.0";
    }
    "Catalogue" {
        UNKNOWN_ENGINE "unknown-engine" Error fixed: "no such database engine";
        UNKNOWN_REGION "unknown-region" Error fixed: "no such region";
        UNKNOWN_ZONE "unknown-zone" Error fixed: "no such zone in the region" since "0.2.0";
        UNKNOWN_INSTANCE_TYPE "unknown-instance-type" Error: "no such instance type";
        UNKNOWN_ENVIRONMENT "unknown-environment" Error fixed: "no such environment";
        UNKNOWN_SERVICE "unknown-service" Error fixed: "no such service";
        UNKNOWN_CLOUD "unknown-cloud" Error fixed: "no such cloud";
        UNKNOWN_TIER "unknown-tier" Error fixed: "no such tier";
        UNKNOWN_INSTANCE_CLASS "unknown-instance-class" Warning: "an RDS class or ElastiCache node type that the dated table does not have";
        UNSUPPORTED_ENGINE_VERSION "unsupported-engine-version" Warning: "an engine version out of standard support, or not in the dated table";
        UNVERIFIED_REGION_DATA "unverified-region-data" Warning: "a region of which the catalogue knows no zones";
        INSTANCE_TYPE_NOT_IN_REGION "instance-type-not-in-region" Error: "an instance type that the region does not offer";
        TOO_FEW_ZONES "too-few-zones" Error: "fewer zones than an instance type or a load balancer needs";
        NETWORK_TOO_SMALL "network-too-small" Error: "more instances than the private subnets have addresses";
        REGIONAL_VALUE_IN_TWO_REGIONS "regional-value-in-two-regions" Error: "a value of one region used in two";
        CLASS_WITHOUT_ENCRYPTION "class-without-encryption" Error: "an RDS class that cannot be encrypted";
        PREVIOUS_GENERATION "previous-generation" Advice: "a type of a previous generation";
        ARCHITECTURE_MISMATCH "architecture-mismatch" Warning: "an image and an instance type of two architectures";
        METRIC_NEEDS_AGENT "metric-needs-agent" Warning: "a memory threshold without an image that runs the agent";
        PRIVATE_WITHOUT_NAT "private-without-nat" Warning: "instances in private subnets that cannot reach out";
    }
    "Platform" {
        REGION_NOT_ALLOWED "region-not-allowed" Error fixed: "a region that the platform does not allow";
        REGION_MISMATCH "region-mismatch" Error fixed: "a value of another region than its document or deployment";
        ACCOUNT_MISMATCH "account-mismatch" Error fixed: "a value of another account than the customer's";
        NOT_GRANTED "not-granted" Error fixed: "a thing that exists already, in an account that others have things in" since "0.2.0";
        RESIDENCY_VIOLATION "residency-violation" Error fixed: "a region outside the customer's residency";
        MISSING_COPY_REGION "missing-copy-region" Error fixed: "copies of backups, and the platform does not say where they go" since "0.2.0";
        TIER_LIMIT_EXCEEDED "tier-limit-exceeded" Error: "more than the tier allows";
        TIER_MISMATCH "tier-mismatch" Error fixed: "another tier than the registry says";
        INSTANCE_TYPE_NOT_IN_TIER "instance-type-not-in-tier" Error: "an instance type that the tier does not have";
        REQUIREMENT_NOT_MET "requirement-not-met" Error: "the platform requires another value";
        RESERVED_TAG "reserved-tag" Error fixed: "a tag that the platform sets";
        UNREGISTERED_REPOSITORY "unregistered-repository" Error fixed: "a repository that the registry does not list";
        DUPLICATE_REPOSITORY "duplicate-repository" Error fixed: "two repositories of one name";
        CUSTOMER_ID_MISMATCH "customer-id-mismatch" Error fixed: "another customer_id than the registry says";
        CUSTOMER_ID_CONFLICT "customer-id-conflict" Error fixed: "a customer_id that belongs to another repository";
        BETWEEN_CUSTOMERS "between-customers" Advice fixed: "two customers are in each other's way, with both names, for the operator";
        MISSPELT_REGISTRATION "misspelt-registration" Error fixed: "a repository that is one slip away from a registry entry that no repository has";
        UNUSED_REGISTRATION "unused-registration" Advice: "a registry entry that no repository has";
        ENDED_RULE "ended-rule" Advice: "a rule of a registry entry whose last day is past";
        UNMATCHED_PATTERN "unmatched-pattern" Warning: "a pattern of `customers` that no directory matches, or of types that no type fits";
        MISSING_ACCOUNT "missing-account" Error fixed: "a repository whose account the registry does not give";
        CLOUD_WITHOUT_MODULES "cloud-without-modules" Error fixed: "a cloud that the platform has no modules for";
        NESTED_PLATFORM_FILE "nested-platform-file" Error fixed: "a platform file inside a customer repository";
        UNPINNABLE_MODULES "unpinnable-modules" Error fixed: "a module version that the module source cannot express";
        FIXED_RULE "fixed-rule" Error fixed: "a rule on a code that nobody may change";
        UNSUPPORTED_TERRALET_VERSION "unsupported-terralet-version" Error fixed: "the platform file is written for other versions of terralet";
        INVALID_SETTING "invalid-setting" Error fixed: "a value of the platform file that cannot be used";
        INCOMPLETE_DEPLOYMENT "incomplete-deployment" Error fixed: "a rule made an error a warning, and the value that it took away is needed";
        MODULE_INTERFACE "module-interface" Error: "a module call that the shared module does not accept";
        MODULE_VALIDATION "module-validation" Error: "a value that a `validation` block of the shared module refuses" since "0.2.0";
    }
    "Networks" {
        CIDR_OVERLAP "cidr-overlap" Error fixed: "a network that overlaps another of the same account or a reserved one";
        CIDR_OVERLAP_BETWEEN_REGIONS "cidr-overlap-between-regions" Warning: "networks of one environment overlap between regions";
    }
    "Production" {
        SINGLE_INSTANCE "single-instance" Warning: "one instance in a protected environment";
        SINGLE_ZONE "single-zone" Warning: "one zone in a protected environment";
        NO_BACKUPS "no-backups" Warning: "a database without backups in a protected environment";
        NO_MULTI_AZ "no-multi-az" Warning: "a database or a cache in one zone in a protected environment";
        OPEN_TO_THE_WORLD "open-to-the-world" Warning: "open to every address without a certificate";
    }
    "State and the tree on disk" {
        STATE_KEY_COLLISION "state-key-collision" Error fixed: "two deployments with one state key";
        NAME_COLLISION "name-collision" Error fixed: "two deployments with one name in the cloud";
        STATE_KEY_CHANGED "state-key-changed" Error fixed: "a deployment whose state would move";
        CUSTOMER_MISSING "customer-missing" Error fixed: "a repository whose roots are on disk is gone";
        FOREIGN_FILE "foreign-file" Error fixed: "a Terraform file below the output that terralet did not make";
        HAND_EDITED_FILE "hand-edited-file" Error fixed: "a generated file was edited";
        DEPLOYMENT_REMOVED "deployment-removed" Warning raisable: "a deployment is gone, and its infrastructure is not";
        DESTRUCTIVE_CHANGE "destructive-change" Warning raisable: "a change makes the cloud replace, destroy or refuse what is there";
        LIST_ENTRY_REMOVED "list-entry-removed" Advice: "an entry of a list is gone from what is deployed";
        MODULE_ADDED "module-added" Warning: "a module adds to what is there" since "0.2.0";
        FILE_SKIPPED "file-skipped" Advice fixed: "something was left out of a check";
    }
    "What Terraform says" {
        TERRAFORM_DIAGNOSTIC "terraform-diagnostic" Error fixed: "a diagnostic of Terraform's, reported by `trace` at the line that it is about";
        STALE_ROOT "stale-root" Warning fixed: "`trace` on a root that is not what the documents make now";
    }
}
