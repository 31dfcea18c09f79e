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

    /// <summary>The most rejects; not used where <see cref="Percent"/> is set.</summary>
    public long Count { get; }

    /// <summary>The most rejects in hundredths of the rows read (0 to 100), or null for a count.</summary>
    public decimal? Percent { get; }

    /// <summary>At most that many rows.</summary>
    public static FailedRowThreshold OfCount(long count) => new(count, null);

    /// <summary>At most that share, 0 to 100.</summary>
    public static FailedRowThreshold OfPercent(decimal percent) => new(0, percent);

    /// <summary>Reads <c>25</c> or <c>1%</c> or <c>0.5%</c>.</summary>
    public static FailedRowThreshold Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.EndsWith('%')
            && decimal.TryParse(trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent <= 100)
            return OfPercent(percent);
        if (long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return OfCount(count);
        throw new FeedException(
            "FailedRowThresholdInvalid", FeedErrorCategory.InvalidArgument, $"\"{text}\" is neither a number of rows nor a share of them.")
        {
            Hint = "Write a whole number such as 25, or a share such as 1% or 0.5%.",
        };
    }

    /// <summary>Whether so many rejects among so many rows (loaded and rejected) are too many.</summary>
    public bool IsExceededBy(long rejects, long rows) => Percent is { } percent ? rejects * 100m > percent * rows : rejects > Count;

    /// <inheritdoc/>
    public override string ToString()
        => Percent is { } percent ? percent.ToString(CultureInfo.InvariantCulture) + "%" : Count.ToString(CultureInfo.InvariantCulture);
}
