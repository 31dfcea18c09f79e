using PeakS3Feed.Schemas;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>The types of a feed's columns in Parquet files.</summary>
internal static class ParquetTypes
{
    /// <summary>The digits of a decimal.</summary>
    public const int DecimalDigits = 38;

    /// <summary>The bytes of a decimal.</summary>
    public const int DecimalBytes = 16;

    /// <summary>Creates the schema of a file. The caller disposes it.</summary>
    public static Native.Schema.GroupNode CreateSchema(IReadOnlyList<ParquetField> fields)
    {
        var nodes = new Native.Schema.Node[fields.Count];
        try
        {
            for (var i = 0; i < nodes.Length; i++)
                nodes[i] = CreateNode(fields[i]);
            return new("schema", Native.Repetition.Required, nodes);
        }
        finally
        {
            foreach (var node in nodes)
                node?.Dispose();
        }
    }

    private static Native.Schema.PrimitiveNode CreateNode(ParquetField field)
    {
        var column = field.Column;
        var (physical, length) = column.Type switch
        {
            ColumnType.Boolean => (Native.PhysicalType.Boolean, -1),
            ColumnType.Double => (Native.PhysicalType.Double, -1),
            ColumnType.Date => (Native.PhysicalType.Int32, -1),
            ColumnType.Decimal => (Native.PhysicalType.FixedLenByteArray, DecimalBytes),
            ColumnType.Text or ColumnType.Json => (Native.PhysicalType.ByteArray, -1),
            _ => (Native.PhysicalType.Int64, -1),
        };
        using var logical = column.Type switch
        {
            ColumnType.Decimal => Native.LogicalType.Decimal(DecimalDigits, column.Scale),
            ColumnType.Date => Native.LogicalType.Date(),
            ColumnType.Timestamp => Native.LogicalType.Timestamp(isAdjustedToUtc: false, Native.TimeUnit.Micros),
            ColumnType.TimestampTz => Native.LogicalType.Timestamp(isAdjustedToUtc: true, Native.TimeUnit.Micros),
            // JSON is text for every engine that reads the table.
            ColumnType.Text or ColumnType.Json => Native.LogicalType.String(),
            _ => Native.LogicalType.None(),
        };
        return new(column.Name, Native.Repetition.Optional, logical, physical, length, field.FieldId);
    }
}
