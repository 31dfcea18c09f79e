using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>The types of PostgreSQL and of databases that speak its protocol.</summary>
internal static class WireTypes
{
    /// <summary>Returns the type of feeds that has the values of a column; text for all that feeds do not have.</summary>
    /// <param name="type">The type in the catalog's words, such as <c>numeric(38,2)</c> (PostgreSQL documentation, 8, "Data Types").</param>
    public static ColumnType Find(string type) => type switch
    {
        "boolean" => ColumnType.Boolean,
        "smallint" or "integer" or "bigint" => ColumnType.BigInt,
        "real" or "double precision" => ColumnType.Double,
        "date" => ColumnType.Date,
        _ when type.EndsWith(']') => ColumnType.Text,
        _ when type.StartsWith("numeric", StringComparison.Ordinal) => ColumnType.Decimal,
        _ when type.StartsWith("timestamp", StringComparison.Ordinal)
            => type.EndsWith("with time zone", StringComparison.Ordinal) ? ColumnType.TimestampTz : ColumnType.Timestamp,
        _ => ColumnType.Text,
    };
}
