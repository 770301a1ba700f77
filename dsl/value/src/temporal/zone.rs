//! Time zones: none, an offset from UTC, or a name of the IANA database.

use std::fmt;

use super::{TemporalError, zone_rules};

/// How a time stands to UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Not said: a local time.
    #[default]
    None,
    /// So many seconds east of UTC, at most 18 hours either way; 0 is written `Z`.
    Offset(i32),
    /// A zone of the IANA database, such as `America/Bogota`.
    Named(ZoneName),
}

/// A name of the IANA time zone database.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ZoneName(u16);

/// The zone of a time in four bytes, so that a value stays small.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PackedZone(i32);

const OFFSET_SECONDS_LIMIT: i32 = 18 * 3600;
const FIRST_NAMED: i32 = 1 << 20;

impl Zone {
    /// UTC.
    pub const UTC: Zone = Zone::Offset(0);

    /// An offset in seconds east of UTC, at most 18 hours either way.
    pub fn offset(seconds: i32) -> Result<Zone, TemporalError> {
        if seconds.unsigned_abs() > OFFSET_SECONDS_LIMIT.unsigned_abs() {
            return Err(TemporalError::Offset);
        }
        Ok(Zone::Offset(seconds))
    }

    /// A zone by its IANA name, in any case.
    pub fn named(name: &str) -> Result<Zone, TemporalError> {
        ZoneName::find(name).map(Zone::Named).ok_or_else(|| TemporalError::UnknownZone(name.into()))
    }

    /// The release of the IANA database that the offsets of named zones come from, such as `2026e`. Decisions that
    /// use named zones depend on it.
    pub fn database_release() -> &'static str {
        zone_rules::release()
    }

    /// Seconds east of UTC, where they are the same on every day from now on: not for local times, nor for places
    /// whose clocks change ([`DateTime::offset_seconds`](super::DateTime::offset_seconds) knows those).
    pub fn offset_seconds(self) -> Result<Option<i32>, TemporalError> {
        match self {
            Zone::None => Ok(None),
            Zone::Offset(seconds) => Ok(Some(seconds)),
            Zone::Named(name) => match name.rules().and_then(zone_rules::Rules::fixed) {
                Some(seconds) => Ok(Some(seconds)),
                None => Err(TemporalError::ZoneWithoutOffset(name.name())),
            },
        }
    }

    /// The offset at a moment, in seconds since 1970 in UTC; `None` for local times.
    pub(super) fn offset_at(self, seconds: i64) -> Option<i32> {
        match self {
            Zone::None => None,
            Zone::Offset(offset) => Some(offset),
            Zone::Named(name) => Some(name.rules()?.offset_at(seconds)),
        }
    }

    /// The offset at a local time, in seconds since 1970 as if it were UTC; `None` for local times without a zone.
    pub(super) fn offset_at_local(self, seconds: i64) -> Option<i32> {
        match self {
            Zone::None => None,
            Zone::Offset(offset) => Some(offset),
            Zone::Named(name) => Some(name.rules()?.offset_at_local(seconds)),
        }
    }
}

impl ZoneName {
    /// The zone of this name, in any case.
    pub fn find(name: &str) -> Option<ZoneName> {
        let wanted = name.to_ascii_lowercase();
        let position = zone_rules::NAMES.binary_search_by_key(&wanted, |known| known.to_ascii_lowercase()).ok()?;
        u16::try_from(position).ok().map(ZoneName)
    }

    /// The name as the database writes it.
    pub fn name(self) -> &'static str {
        zone_rules::NAMES.get(usize::from(self.0)).copied().unwrap_or("UTC")
    }

    fn rules(self) -> Option<&'static zone_rules::Rules> {
        zone_rules::rules(usize::from(self.0))
    }
}

impl fmt::Debug for ZoneName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// As it is written after a time: nothing, `Z`, `-05:00`, `+05:30:15` or `@America/Bogota`.
impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::None => Ok(()),
            Zone::Offset(0) => out.write_str("Z"),
            Zone::Offset(seconds) => {
                let sign = if *seconds < 0 { '-' } else { '+' };
                let total = seconds.unsigned_abs();
                write!(out, "{sign}{:02}:{:02}", total / 3600, total / 60 % 60)?;
                if total.is_multiple_of(60) { Ok(()) } else { write!(out, ":{:02}", total % 60) }
            }
            Zone::Named(name) => write!(out, "@{name}"),
        }
    }
}

impl PackedZone {
    pub(super) fn pack(zone: Zone) -> PackedZone {
        PackedZone(match zone {
            Zone::None => i32::MAX,
            Zone::Offset(seconds) => seconds.clamp(-OFFSET_SECONDS_LIMIT, OFFSET_SECONDS_LIMIT),
            Zone::Named(ZoneName(number)) => FIRST_NAMED.saturating_add(i32::from(number)),
        })
    }

    pub(super) fn unpack(self) -> Zone {
        match self.0 {
            i32::MAX => Zone::None,
            packed @ FIRST_NAMED.. => {
                Zone::Named(ZoneName(u16::try_from(packed.saturating_sub(FIRST_NAMED)).unwrap_or_default()))
            }
            seconds => Zone::Offset(seconds),
        }
    }
}
