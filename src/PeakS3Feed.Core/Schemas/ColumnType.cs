namespace PeakS3Feed.Schemas;

/// <summary>The types of columns. Each destination maps them to types of its own.</summary>
public enum ColumnType
{
    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A 64-bit signed integer.</summary>
    BigInt,

    /// <summary>An exact number of at most 38 digits, <see cref="FeedColumn.Scale"/> of them after the point.</summary>
    Decimal,

    /// <summary>An IEEE 754 double.</summary>
    Double,

    /// <summary>A calendar day, 0001-01-01 to 9999-12-31.</summary>
    Date,

    /// <summary>A date and time of day without a time zone, in microseconds.</summary>
    Timestamp,

    /// <summary>An instant in UTC, in microseconds.</summary>
    TimestampTz,

    /// <summary>JSON text.</summary>
    Json,
}
