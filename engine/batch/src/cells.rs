//! Cells of Arrow columns, whatever their layout, as the few forms that facts come in.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType,
    Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Decimal128Array, Decimal256Array, Float32Array, Float64Array, Int64Array,
    LargeStringArray, OffsetSizeTrait, PrimitiveArray, StringArray, StringViewArray,
};
use arrow_buffer::{NullBuffer, i256};
use arrow_schema::{DataType, TimeUnit};

/// A column, read cell by cell. Layouts of one meaning are brought into one form, column by column.
pub(crate) enum Cells {
    Nothing,
    Boolean(BooleanArray),
    Integer(Int64Array),
    /// Units of `10^-scale`.
    ShortDecimal(Int64Array, i8),
    Decimal(Decimal128Array, i8),
    WideDecimal(Decimal256Array, i8),
    ShortFloat(Float32Array),
    Float(Float64Array),
    Text(StringArray),
    LargeText(LargeStringArray),
    TextView(StringViewArray),
    /// Days since 1970-01-01.
    Date(Int64Array),
    /// Nanoseconds since midnight.
    Time(Int64Array),
    /// So many of a unit since 1970-01-01T00:00, how many nanoseconds that unit has, and whether it is of UTC.
    Moment(Int64Array, i64, bool),
    /// So many of a unit, and how many nanoseconds that unit has.
    Duration(Int64Array, i64),
    /// Positions among values, and how many of these there are.
    Dictionary(Int64Array, usize, Box<Cells>),
    List(Vec<Range<usize>>, Option<NullBuffer>, Box<Cells>),
    Record(Vec<(Arc<str>, Cells)>, Option<NullBuffer>),
}

/// One cell.
#[derive(Clone)]
pub(crate) enum Cell<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    /// Units of `10^-scale`.
    Decimal(i128, i8),
    WideDecimal(i256, i8),
    ShortFloat(f32),
    Float(f64),
    Text(&'a str),
    /// Days since 1970-01-01.
    Date(i64),
    /// Nanoseconds since midnight.
    Time(i64),
    /// Nanoseconds since 1970-01-01T00:00, and whether of UTC.
    Moment(i128, bool),
    /// Nanoseconds.
    Duration(i128),
    List(&'a Cells, Range<usize>),
    Record(&'a [(Arc<str>, Cells)], usize),
}

const NANOS_A_SECOND: i64 = 1_000_000_000;
const MILLISECONDS_A_DAY: i64 = 24 * 3_600 * 1_000;

impl Cells {
    /// The cells of a column; `None` where its layout is one that no fact comes in.
    pub(crate) fn of(column: &ArrayRef) -> Option<Cells> {
        Some(match column.data_type() {
            DataType::Null => Cells::Nothing,
            DataType::Boolean => Cells::Boolean(column.as_boolean().clone()),
            DataType::Utf8 => Cells::Text(column.as_string::<i32>().clone()),
            DataType::LargeUtf8 => Cells::LargeText(column.as_string::<i64>().clone()),
            DataType::Utf8View => Cells::TextView(column.as_string_view().clone()),
            DataType::Float32 => Cells::ShortFloat(column.as_primitive::<Float32Type>().clone()),
            DataType::Float64 => Cells::Float(column.as_primitive::<Float64Type>().clone()),
            DataType::Float16 => Cells::ShortFloat(column.as_primitive::<Float16Type>().unary(|half| half.to_f32())),
            ty if ty.is_integer() => integers(column)?,
            ty if ty.is_decimal() => decimals(column)?,
            ty if ty.is_temporal() => temporal(column)?,
            DataType::Dictionary(key, _) => dictionary(column, key)?,
            DataType::List(_) => lists::<i32>(column)?,
            DataType::LargeList(_) => lists::<i64>(column)?,
            DataType::FixedSizeList(..) => fixed_lists(column)?,
            DataType::Struct(fields) => {
                let record = column.as_struct();
                let names = fields.iter().map(|field| Arc::<str>::from(field.name().as_str()));
                let cells = record.columns().iter().map(Cells::of).collect::<Option<Vec<Cells>>>()?;
                Cells::Record(names.zip(cells).collect(), record.nulls().cloned())
            }
            _ => return None,
        })
    }

    /// A cell; null where there is none.
    #[inline]
    pub(crate) fn at(&self, row: usize) -> Cell<'_> {
        match self {
            Cells::Nothing => Cell::Null,
            Cells::Boolean(cells) if cells.is_valid(row) => Cell::Boolean(cells.value(row)),
            Cells::Integer(cells) if cells.is_valid(row) => Cell::Integer(cells.value(row)),
            Cells::ShortDecimal(cells, scale) if cells.is_valid(row) => Cell::Decimal(cells.value(row).into(), *scale),
            Cells::Decimal(cells, scale) if cells.is_valid(row) => Cell::Decimal(cells.value(row), *scale),
            Cells::WideDecimal(cells, scale) if cells.is_valid(row) => Cell::WideDecimal(cells.value(row), *scale),
            Cells::ShortFloat(cells) if cells.is_valid(row) => Cell::ShortFloat(cells.value(row)),
            Cells::Float(cells) if cells.is_valid(row) => Cell::Float(cells.value(row)),
            Cells::Text(cells) if cells.is_valid(row) => Cell::Text(cells.value(row)),
            Cells::LargeText(cells) if cells.is_valid(row) => Cell::Text(cells.value(row)),
            Cells::TextView(cells) if cells.is_valid(row) => Cell::Text(cells.value(row)),
            Cells::Date(cells) if cells.is_valid(row) => Cell::Date(cells.value(row)),
            Cells::Time(cells) if cells.is_valid(row) => Cell::Time(cells.value(row)),
            Cells::Moment(cells, unit, zoned) if cells.is_valid(row) => {
                Cell::Moment(nanos(cells.value(row), *unit), *zoned)
            }
            Cells::Duration(cells, unit) if cells.is_valid(row) => Cell::Duration(nanos(cells.value(row), *unit)),
            Cells::Dictionary(keys, _, values) if keys.is_valid(row) => {
                usize::try_from(keys.value(row)).map_or(Cell::Null, |key| values.at(key))
            }
            Cells::List(places, nulls, values) if is_valid(nulls.as_ref(), row) => {
                places.get(row).map_or(Cell::Null, |place| Cell::List(values, place.clone()))
            }
            Cells::Record(fields, nulls) if is_valid(nulls.as_ref(), row) => Cell::Record(fields, row),
            _ => Cell::Null,
        }
    }
}

fn is_valid(nulls: Option<&NullBuffer>, row: usize) -> bool {
    nulls.is_none_or(|nulls| nulls.is_valid(row))
}

fn nanos(count: i64, unit: i64) -> i128 {
    i128::from(count).saturating_mul(unit.into())
}

/// Integers of all sizes as 64 bits; those that are greater, as decimals.
fn integers(column: &ArrayRef) -> Option<Cells> {
    Some(match column.data_type() {
        DataType::Int8 => Cells::Integer(column.as_primitive::<Int8Type>().unary(i64::from)),
        DataType::Int16 => Cells::Integer(column.as_primitive::<Int16Type>().unary(i64::from)),
        DataType::Int32 => Cells::Integer(column.as_primitive::<Int32Type>().unary(i64::from)),
        DataType::Int64 => Cells::Integer(column.as_primitive::<Int64Type>().clone()),
        DataType::UInt8 => Cells::Integer(column.as_primitive::<UInt8Type>().unary(i64::from)),
        DataType::UInt16 => Cells::Integer(column.as_primitive::<UInt16Type>().unary(i64::from)),
        DataType::UInt32 => Cells::Integer(column.as_primitive::<UInt32Type>().unary(i64::from)),
        DataType::UInt64 => Cells::Decimal(column.as_primitive::<UInt64Type>().unary(i128::from), 0),
        _ => return None,
    })
}

fn decimals(column: &ArrayRef) -> Option<Cells> {
    Some(match *column.data_type() {
        DataType::Decimal32(_, scale) => {
            Cells::ShortDecimal(column.as_primitive::<Decimal32Type>().unary(i64::from), scale)
        }
        DataType::Decimal64(_, scale) => {
            let numbers = column.as_primitive::<Decimal64Type>();
            Cells::ShortDecimal(Int64Array::new(numbers.values().clone(), numbers.nulls().cloned()), scale)
        }
        DataType::Decimal128(_, scale) => Cells::Decimal(column.as_primitive::<Decimal128Type>().clone(), scale),
        DataType::Decimal256(_, scale) => Cells::WideDecimal(column.as_primitive::<Decimal256Type>().clone(), scale),
        _ => return None,
    })
}

fn temporal(column: &ArrayRef) -> Option<Cells> {
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::Second => NANOS_A_SECOND,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    };
    Some(match column.data_type() {
        DataType::Date32 => Cells::Date(column.as_primitive::<Date32Type>().unary(i64::from)),
        DataType::Date64 => {
            Cells::Date(column.as_primitive::<Date64Type>().unary(|ms| ms.div_euclid(MILLISECONDS_A_DAY)))
        }
        DataType::Time32(TimeUnit::Second) => times::<Time32SecondType>(column, NANOS_A_SECOND),
        DataType::Time32(_) => times::<Time32MillisecondType>(column, 1_000_000),
        DataType::Time64(TimeUnit::Microsecond) => times::<Time64MicrosecondType>(column, 1_000),
        DataType::Time64(_) => times::<Time64NanosecondType>(column, 1),
        DataType::Timestamp(of, zone) => {
            let counts = match of {
                TimeUnit::Second => counts::<TimestampSecondType>(column),
                TimeUnit::Millisecond => counts::<TimestampMillisecondType>(column),
                TimeUnit::Microsecond => counts::<TimestampMicrosecondType>(column),
                TimeUnit::Nanosecond => counts::<TimestampNanosecondType>(column),
            };
            Cells::Moment(counts, unit(of), zone.is_some())
        }
        DataType::Duration(of) => {
            let counts = match of {
                TimeUnit::Second => counts::<DurationSecondType>(column),
                TimeUnit::Millisecond => counts::<DurationMillisecondType>(column),
                TimeUnit::Microsecond => counts::<DurationMicrosecondType>(column),
                TimeUnit::Nanosecond => counts::<DurationNanosecondType>(column),
            };
            Cells::Duration(counts, unit(of))
        }
        _ => return None,
    })
}

fn counts<T: ArrowPrimitiveType<Native = i64>>(column: &ArrayRef) -> Int64Array {
    column.as_primitive::<T>().unary(|count| count)
}

fn times<T: ArrowPrimitiveType<Native: Into<i64>>>(column: &ArrayRef, unit: i64) -> Cells {
    Cells::Time(column.as_primitive::<T>().unary(|count| count.into().saturating_mul(unit)))
}

fn dictionary(column: &ArrayRef, key: &DataType) -> Option<Cells> {
    let keys = match key {
        DataType::Int8 => keys_of::<Int8Type>(column),
        DataType::Int16 => keys_of::<Int16Type>(column),
        DataType::Int32 => keys_of::<Int32Type>(column),
        DataType::Int64 => keys_of::<Int64Type>(column),
        DataType::UInt8 => keys_of::<UInt8Type>(column),
        DataType::UInt16 => keys_of::<UInt16Type>(column),
        DataType::UInt32 => keys_of::<UInt32Type>(column),
        _ => return None,
    };
    let values = column.as_any_dictionary().values();
    Some(Cells::Dictionary(keys, values.len(), Box::new(Cells::of(values)?)))
}

fn keys_of<K: ArrowDictionaryKeyType<Native: Into<i64>>>(column: &ArrayRef) -> Int64Array {
    let keys: &PrimitiveArray<K> = column.as_dictionary::<K>().keys();
    keys.unary(Into::into)
}

fn lists<O: OffsetSizeTrait>(column: &ArrayRef) -> Option<Cells> {
    let list = column.as_list::<O>();
    let offsets = list.value_offsets();
    let places = offsets.iter().zip(offsets.iter().skip(1)).map(|(from, to)| from.as_usize()..to.as_usize());
    Some(Cells::List(places.collect(), list.nulls().cloned(), Box::new(Cells::of(list.values())?)))
}

fn fixed_lists(column: &ArrayRef) -> Option<Cells> {
    let list = column.as_fixed_size_list();
    let length = usize::try_from(list.value_length()).ok()?;
    let start = |row: usize| row.saturating_mul(length);
    let places = (0..list.len()).map(|row| start(row)..start(row.saturating_add(1)));
    Some(Cells::List(places.collect(), list.nulls().cloned(), Box::new(Cells::of(list.values())?)))
}
