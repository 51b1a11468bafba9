//! The built-in modules for AWS: their files, in the binary.

use crate::clouds::BuiltInFile;

macro_rules! built_in {
    ($($path:literal)*) => {
        /// Every file of the built-in modules, sorted by path. Their tests stay out: they are for those who change the modules.
        pub(super) static BUILT_IN: &[BuiltInFile] =
            &[$(BuiltInFile { path: $path, text: include_str!(concat!("../../../../modules/", $path)) },)*];
    };
}

built_in! {
    "aws/customer-compute/README.md"
    "aws/customer-compute/alarms.tf"
    "aws/customer-compute/autoscaling_group.tf"
    "aws/customer-compute/iam.tf"
    "aws/customer-compute/image.tf"
    "aws/customer-compute/launch_template.tf"
    "aws/customer-compute/load_balancer.tf"
    "aws/customer-compute/main.tf"
    "aws/customer-compute/mount_volumes.tf"
    "aws/customer-compute/moved.tf"
    "aws/customer-compute/outputs.tf"
    "aws/customer-compute/scaling.tf"
    "aws/customer-compute/security_groups.tf"
    "aws/customer-compute/user_data.tf"
    "aws/customer-compute/variables.tf"
    "aws/customer-compute/versions.tf"
    "aws/customer-database/README.md"
    "aws/customer-database/aurora.tf"
    "aws/customer-database/encryption.tf"
    "aws/customer-database/main.tf"
    "aws/customer-database/moved.tf"
    "aws/customer-database/outputs.tf"
    "aws/customer-database/parameter_group.tf"
    "aws/customer-database/password.tf"
    "aws/customer-database/replicas.tf"
    "aws/customer-database/security_group.tf"
    "aws/customer-database/variables.tf"
    "aws/customer-database/versions.tf"
    "aws/customer-existing-network/README.md"
    "aws/customer-existing-network/main.tf"
    "aws/customer-existing-network/outputs.tf"
    "aws/customer-existing-network/variables.tf"
    "aws/customer-existing-network/versions.tf"
    "aws/customer-queue/README.md"
    "aws/customer-queue/alarms.tf"
    "aws/customer-queue/main.tf"
    "aws/customer-queue/outputs.tf"
    "aws/customer-queue/policy.tf"
    "aws/customer-queue/variables.tf"
    "aws/customer-queue/versions.tf"
    "aws/customer-storage/README.md"
    "aws/customer-storage/encryption.tf"
    "aws/customer-storage/main.tf"
    "aws/customer-storage/outputs.tf"
    "aws/customer-storage/policy.tf"
    "aws/customer-storage/variables.tf"
    "aws/customer-storage/versions.tf"
    "aws/customer-vpc/README.md"
    "aws/customer-vpc/endpoints.tf"
    "aws/customer-vpc/flow_logs.tf"
    "aws/customer-vpc/main.tf"
    "aws/customer-vpc/nat.tf"
    "aws/customer-vpc/outputs.tf"
    "aws/customer-vpc/subnets.tf"
    "aws/customer-vpc/variables.tf"
    "aws/customer-vpc/versions.tf"
    "aws/customer-vpc/vpn.tf"
}
