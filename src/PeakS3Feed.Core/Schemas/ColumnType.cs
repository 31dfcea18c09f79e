namespace PeakS3Feed.Schemas;

/// <summary>The types a column can have. Each destination maps them to its own.</summary>
public enum ColumnType
{
    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>64-bit signed integer.</summary>
    BigInt,

    /// <summary>Exact number of at most 38 digits, <see cref="FeedColumn.Scale"/> of them behind the point.</summary>
    Decimal,

    /// <summary>IEEE 754 double.</summary>
    Double,

    /// <summary>Calendar day, 0001-01-01 to 9999-12-31.</summary>
    Date,

    /// <summary>Date and time of day without zone, microseconds.</summary>
    Timestamp,

    /// <summary>Instant, microseconds, kept in UTC.</summary>
    TimestampTz,

    /// <summary>JSON text.</summary>
    Json,
}
