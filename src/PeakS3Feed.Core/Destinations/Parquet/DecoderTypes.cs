using PeakS3Feed.Schemas;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>Which types of files can be read as which types of columns.</summary>
internal static class DecoderTypes
{
    /// <summary>Creates the decoder for a column; null if its type in the file cannot be read as the table's type.</summary>
    public static ColumnDecoder? Create(string file, FeedColumn column, Native.ColumnDescriptor leaf, int index)
    {
        if (leaf.MaxRepetitionLevel > 0)
            return null;
        using var logical = leaf.LogicalType;
        return new Choice(file, column, leaf, logical, index).Create();
    }

    /// <summary>The type of a file's column, for people: for example <c>INT64 as timestamp (Micros)</c>.</summary>
    public static string Describe(Native.ColumnDescriptor leaf)
    {
        using var logical = leaf.LogicalType;
        var physical = leaf.PhysicalType switch
        {
            Native.PhysicalType.ByteArray => "BYTE_ARRAY",
            Native.PhysicalType.FixedLenByteArray => "FIXED_LEN_BYTE_ARRAY",
            var type => type.ToString().ToUpperInvariant(),
        };
        return logical switch
        {
            Native.NoneLogicalType => physical,
            Native.DecimalLogicalType d => $"{physical} as decimal({d.Precision},{d.Scale})",
            Native.IntLogicalType i => $"{physical} as {(i.IsSigned ? "" : "unsigned ")}{i.BitWidth}-bit integer",
            Native.TimestampLogicalType t => $"{physical} as timestamp ({t.TimeUnit})",
            _ => $"{physical} as {logical.Type}",
        };
    }

    private readonly struct Choice(string file, FeedColumn column, Native.ColumnDescriptor leaf, Native.LogicalType logical, int index)
    {
        private bool IsOptional => leaf.MaxDefinitionLevel > 0;

        public ColumnDecoder? Create() => (column.Type, leaf.PhysicalType) switch
        {
            (ColumnType.Text or ColumnType.Json, Native.PhysicalType.ByteArray)
                when logical is Native.StringLogicalType or Native.JsonLogicalType or Native.EnumLogicalType or Native.NoneLogicalType
                => new TextDecoder(file, column, index, IsOptional),
            (ColumnType.Boolean, Native.PhysicalType.Boolean) => Fixed<bool, bool, Same<bool>>(default),
            (ColumnType.Double, Native.PhysicalType.Double) => Fixed<double, double, Same<double>>(default),
            (ColumnType.Double, Native.PhysicalType.Float) => Fixed<float, double, FromFloat>(default),
            (ColumnType.Date, Native.PhysicalType.Int32) when logical is Native.DateLogicalType => Fixed<int, int, Same<int>>(default),
            (ColumnType.BigInt, Native.PhysicalType.Int64) when IsInteger(64) => Fixed<long, long, Same<long>>(default),
            (ColumnType.BigInt, Native.PhysicalType.Int32) when IsInteger(32)
                => logical is Native.IntLogicalType { IsSigned: false }
                    ? Fixed<int, long, FromUnsigned>(default)
                    : Fixed<int, long, FromInt>(default),
            (ColumnType.Decimal, _) => CreateDecimal(),
            (ColumnType.Timestamp or ColumnType.TimestampTz, _) => CreateTimestamp(),
            _ => null,
        };

        private bool IsInteger(int bits) => logical is Native.NoneLogicalType
            || (logical is Native.IntLogicalType i && (i.IsSigned || (i.BitWidth < 64 && bits == 32)));

        private ColumnDecoder? CreateDecimal()
        {
            if (logical is not Native.DecimalLogicalType d || d.Scale > column.Scale)
                return null;
            var scale = new DecimalScale(column.Scale - d.Scale);
            return leaf.PhysicalType switch
            {
                Native.PhysicalType.Int32 => Fixed<int, Int128, DecimalFromInt>(new(scale)),
                Native.PhysicalType.Int64 => Fixed<long, Int128, DecimalFromLong>(new(scale)),
                Native.PhysicalType.FixedLenByteArray => Fixed<Native.FixedLenByteArray, Int128, DecimalFromFixed>(new(scale, leaf.TypeLength)),
                Native.PhysicalType.ByteArray => Fixed<Native.ByteArray, Int128, DecimalFromBytes>(new(scale)),
                _ => null,
            };
        }

        private ColumnDecoder? CreateTimestamp() => (leaf.PhysicalType, logical) switch
        {
            (Native.PhysicalType.Int96, _) => Fixed<Native.Int96, long, FromInt96>(default),
            (Native.PhysicalType.Int64, Native.TimestampLogicalType { TimeUnit: Native.TimeUnit.Micros }) => Fixed<long, long, Same<long>>(default),
            (Native.PhysicalType.Int64, Native.TimestampLogicalType { TimeUnit: Native.TimeUnit.Millis }) => Fixed<long, long, FromMillis>(default),
            (Native.PhysicalType.Int64, Native.TimestampLogicalType { TimeUnit: Native.TimeUnit.Nanos }) => Fixed<long, long, FromNanos>(default),
            _ => null,
        };

        private FixedDecoder<TIn, TOut, TConverter> Fixed<TIn, TOut, TConverter>(TConverter converter)
            where TIn : unmanaged
            where TOut : unmanaged
            where TConverter : struct, IValueConverter<TIn, TOut>
            => new(file, column, index, IsOptional, converter);
    }
}
