//! What is known of the things of a cloud, in types that every cloud has: regions, instance types, engines of databases.
//!
//! The facts themselves are tables of each cloud. Those of a dated table hold on its day, whatever today's date is.

use std::fmt;

/// A region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The name, such as `eu-west-1`.
    pub name: &'static str,
    /// The name that the cloud gives it for people, such as `Europe (Ireland)`.
    pub description: &'static str,
    /// The letters of its zones in order, such as `abc`, or `None` when they are not known. A letter may mean another
    /// zone in another account; offers are listed for the account that the source was read with.
    pub zones: Option<&'static str>,
    pub(super) is_commercial: bool,
    pub(super) usable_zones: Option<&'static str>,
}

impl Region {
    /// The name without its last `-` and number: `eu-west` for `eu-west-1`.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.name.rsplit_once('-').map_or(self.name, |(label, _)| label)
    }

    /// The zone letters that the compiler uses: the catalogue's without those in which hardly any type can be had. `None` when the zones
    /// are not known.
    #[must_use]
    pub fn usable_zones(&self) -> Option<&'static str> {
        self.usable_zones
    }

    /// Whether the region is open to every customer of the cloud.
    #[must_use]
    pub fn is_commercial(&self) -> bool {
        self.is_commercial
    }
}

/// A processor architecture, as machine images are built for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Architecture {
    /// 64-bit x86.
    X86_64,
    /// 64-bit ARM.
    Arm64,
}

impl Architecture {
    /// `x86_64` or `arm64`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An instance type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstanceType {
    /// The name, such as `m7g.large`.
    pub name: &'static str,
    /// Virtual CPUs, 1 or more.
    pub vcpu: u16,
    /// Memory in MiB.
    pub memory_mib: u32,
    pub(super) architectures: &'static str,
    /// The row of its cloud's table that says where it is offered.
    pub(super) offers: &'static str,
}

impl InstanceType {
    /// The architecture to choose an image for: `x86_64` where the type takes i386 images too. No type of the table
    /// takes i386 alone; one that did would count as x86.
    #[must_use]
    pub fn architecture(&self) -> Architecture {
        if self.architectures.contains("arm64") { Architecture::Arm64 } else { Architecture::X86_64 }
    }

    /// Whether the type is a Mac, which boots macOS images only and needs a dedicated host.
    #[must_use]
    pub fn is_mac(&self) -> bool {
        self.architectures.ends_with("_mac")
    }

    /// What stands before the dot of the name: `m7g`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(family, _)| family)
    }

    /// What stands after the dot of the name: `large`.
    #[must_use]
    pub fn size(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(_, size)| size)
    }
}

/// Whether and where a region offers an instance type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offer {
    /// In the zones of these letters, at least one, in order: `abd`.
    Zones(&'static str),
    /// The region's data is known and the type is not in it.
    NotOffered,
    /// The region is not in the table, or its zones are not known.
    Unknown,
}

/// What volumes of a type take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VolumeKind {
    /// The type's name.
    pub name: &'static str,
    /// The least size in GiB.
    pub least_size: i64,
    /// How many IOPS can be asked for; nothing where none can.
    pub iops: Option<IopsRange>,
    /// True where they have to be asked for.
    pub needs_iops: bool,
}

/// How many IOPS a volume can be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IopsRange {
    /// The fewest.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// The most for each GiB of the size; the fewest can be had whatever the size.
    pub of_each_gib: i64,
}
