using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Engine;

/// <summary>Which rows of a feed's table to read. At least one of feed and run is given.</summary>
public sealed record RowRequest
{
    /// <summary>The feed; null for that of the run.</summary>
    public string? FeedName { get; init; }

    /// <summary>The run that loaded the rows: its id, or the beginning of it; null for all rows.</summary>
    public string? Run { get; init; }

    /// <summary>The object that the rows came from: its full key, or its <c>s3://</c> URI; null for all rows.</summary>
    public string? Key { get; init; }

    /// <summary>The destination; null for the first one of the feed.</summary>
    public string? DestinationName { get; init; }

    /// <summary>At most this many rows.</summary>
    public long First { get; init; } = DefaultFirst;

    /// <summary>How many rows are read unless a person asks for another number: 20.</summary>
    public const int DefaultFirst = 20;
}

/// <summary>Rows of a feed's table. They are read while they are enumerated.</summary>
/// <param name="FeedName">The feed.</param>
/// <param name="Table">The table.</param>
/// <param name="DestinationName">The destination of the table.</param>
/// <param name="Rows">The rows.</param>
public sealed record FeedRows(string FeedName, string Table, string DestinationName, IAsyncEnumerable<TableRow> Rows)
{
    /// <summary>The table and its destination, for people.</summary>
    public string Place => $"{Table} in {DestinationName}";

    /// <summary>Which rows these are.</summary>
    public required RowSelection Selection { get; init; }

    /// <summary>The warning for a person who gets only the first rows, without having asked for so many.</summary>
    public FeedWarning More => EngineWarnings.MoreRows(this);

    /// <summary>The run that loaded the rows; null for rows of all runs, and for a run that the history does not have.</summary>
    public S3FeedRun? Run { get; init; }
}
