using System.Globalization;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>A comparison in the filter of a query.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    IsNull,
    IsNotNull,
}

/// <summary>
/// How an engine compares the values of a column: Int128 for numbers, decimals, days and microseconds; double; bytes of UTF-8. Null where it finds
/// no order.
/// </summary>
internal delegate int? EngineComparison(object one, object other);

/// <summary>
/// Which files an engine skips by the statistics in the log of a Delta table, written from the protocol alone: it shares no code with the product.
/// </summary>
internal sealed class EngineSkipping
{
    private readonly EngineComparison _compare;
    private readonly long _rows;
    private readonly long _nulls;

    /// <summary>Reads the statistics of a column.</summary>
    /// <param name="stats">The member <c>stats</c> of an <c>add</c> action.</param>
    /// <param name="column">The column.</param>
    /// <param name="compare">How the engine compares.</param>
    /// <param name="addsMillisecond">Whether the engine adds a millisecond to the maximum of times, as the protocol lets it.</param>
    public EngineSkipping(string stats, FeedColumn column, EngineComparison compare, bool addsMillisecond)
    {
        _compare = compare;
        using var json = JsonDocument.Parse(stats);
        _rows = json.RootElement.GetProperty("numRecords").GetInt64();
        _nulls = json.RootElement.GetProperty("nullCount").GetProperty(column.Name).GetInt64();
        Min = Read(json, "minValues", column);
        Max = Read(json, "maxValues", column);
        if (addsMillisecond && Max is Int128 micros && column.Type is ColumnType.Timestamp or ColumnType.TimestampTz)
            Max = (Int128)Max! + 1000;
    }

    /// <summary>The lower bound; null if there is none.</summary>
    public object? Min { get; }

    /// <summary>The upper bound; null if there is none.</summary>
    public object? Max { get; }

    /// <summary>Whether the engine skips the file for a filter.</summary>
    public bool Skips(FilterOperator filter, object? literal) => filter switch
    {
        FilterOperator.IsNull => _nulls == 0,
        FilterOperator.IsNotNull => _nulls == _rows,
        _ => _nulls == _rows || IsOutside(filter, literal!),
    };

    /// <summary>Whether a value passes a filter.</summary>
    public static bool Passes(EngineComparison compare, FilterOperator filter, object? value, object? literal)
    {
        if (filter is FilterOperator.IsNull or FilterOperator.IsNotNull)
            return value is null == (filter == FilterOperator.IsNull);
        if (value is null)
            return false;
        var order = compare(value, literal!);
        return filter switch
        {
            FilterOperator.Equal => order == 0,
            FilterOperator.NotEqual => order != 0,
            FilterOperator.Less => order < 0,
            FilterOperator.LessOrEqual => order <= 0,
            FilterOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private bool IsOutside(FilterOperator filter, object literal)
    {
        var (min, max) = (Min is null ? null : _compare(Min, literal), Max is null ? null : _compare(Max, literal));
        return filter switch
        {
            FilterOperator.Equal => min > 0 || max < 0,
            FilterOperator.NotEqual => min == 0 && max == 0,
            FilterOperator.Less => min >= 0,
            FilterOperator.LessOrEqual => min > 0,
            FilterOperator.Greater => max <= 0,
            _ => max < 0,
        };
    }

    private static object? Read(JsonDocument json, string member, FeedColumn column)
    {
        if (!json.RootElement.GetProperty(member).TryGetProperty(column.Name, out var bound))
            return null;
        return column.Type switch
        {
            ColumnType.BigInt => Int128.Parse(bound.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
            ColumnType.Decimal => ReadDecimal(bound.GetRawText(), column.Scale),
            ColumnType.Double => double.Parse(bound.GetRawText(), CultureInfo.InvariantCulture),
            ColumnType.Date => (Int128)(Time(bound, "yyyy-MM-dd") / TimeSpan.TicksPerDay),
            ColumnType.Timestamp => (Int128)(Time(bound, "yyyy-MM-dd'T'HH:mm:ss.fff") / TimeSpan.TicksPerMicrosecond),
            ColumnType.TimestampTz => (Int128)(Time(bound, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'") / TimeSpan.TicksPerMicrosecond),
            _ => Encoding.UTF8.GetBytes(bound.GetString()!),
        };
    }

    private static long Time(JsonElement bound, string format)
        => (DateTime.ParseExact(bound.GetString()!, format, CultureInfo.InvariantCulture, DateTimeStyles.None) - DateTime.UnixEpoch).Ticks;

    private static Int128 ReadDecimal(string text, int scale)
    {
        var parts = text.Split('.');
        var fraction = parts.Length == 1 ? "" : parts[1];
        Assert.True(fraction.Length <= scale, text);
        return Int128.Parse(parts[0] + fraction.PadRight(scale, '0'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}
