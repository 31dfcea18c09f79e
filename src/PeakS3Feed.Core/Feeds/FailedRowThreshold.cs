using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds;

/// <summary>How many rows of one commit may be rejects: a count, or a share of the rows read.</summary>
public readonly record struct FailedRowThreshold
{
    private FailedRowThreshold(long count, decimal? percent)
    {
        Count = count;
        Percent = percent;
    }

    /// <summary>The maximum number of rejects; unused if <see cref="Percent"/> is set.</summary>
    public long Count { get; }

    /// <summary>The maximum share of rejects in percent of the rows read (0 to 100), or null for a count.</summary>
    public decimal? Percent { get; }

    /// <summary>Allows this many rejects.</summary>
    public static FailedRowThreshold FromCount(long count) => new(count, null);

    /// <summary>Allows this share of rejects in percent, 0 to 100.</summary>
    public static FailedRowThreshold FromPercent(decimal percent) => new(0, percent);

    /// <summary>Parses <c>25</c>, <c>1%</c> or <c>0.5%</c>.</summary>
    public static FailedRowThreshold Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.EndsWith('%')
            && decimal.TryParse(trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent <= 100)
            return FromPercent(percent);
        if (long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return FromCount(count);
        throw new FeedException(
            "FailedRowThresholdInvalid", FeedErrorCategory.InvalidArgument, $"\"{text}\" is neither a number of rows nor a percentage of rows.")
        {
            Hint = "Write a whole number such as 25, or a percentage such as 1% or 0.5%.",
        };
    }

    /// <summary>Whether this many rejects among this many rows (loaded and rejected) exceed the threshold.</summary>
    public bool IsExceededBy(long rejects, long rows) => Percent is { } percent ? rejects * 100m > percent * rows : rejects > Count;

    /// <inheritdoc/>
    public override string ToString()
        => Percent is { } percent ? percent.ToString(CultureInfo.InvariantCulture) + "%" : Count.ToString(CultureInfo.InvariantCulture);
}
