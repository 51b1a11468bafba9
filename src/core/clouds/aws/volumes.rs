//! The types of EBS volumes that the language has.
//!
//! Source: "Amazon EBS volume types" and "Provisioned IOPS SSD volumes" in the EBS User Guide. gp3 takes up to 80,000 IOPS in some regions,
//! and io2 up to 256,000 with some instance types; what every region and type takes is less, and stands here.

use crate::clouds::{IopsRange, VolumeKind};

/// Volumes by their type.
pub(super) static KINDS: [VolumeKind; 4] = [
    VolumeKind { name: "gp3", least_size: 1, iops: Some(IopsRange { least: 3_000, most: 16_000, of_each_gib: 500 }), needs_iops: false },
    // `iops` is required for io2: BlockDeviceMapping in the EC2 API, EbsBlockDevice.
    VolumeKind { name: "io2", least_size: 4, iops: Some(IopsRange { least: 100, most: 64_000, of_each_gib: 1_000 }), needs_iops: true },
    VolumeKind { name: "st1", least_size: 125, iops: None, needs_iops: false },
    VolumeKind { name: "sc1", least_size: 125, iops: None, needs_iops: false },
];
