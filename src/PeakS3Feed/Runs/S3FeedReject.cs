using PeakS3Feed.Rows;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>A row that could not be loaded, flat, so that it exports well.</summary>
public sealed record S3FeedReject
{
    /// <summary>The run that read the row.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The feed's name when it ran.</summary>
    public required string FeedName { get; init; }

    /// <summary>The object as <c>s3://bucket/key</c>.</summary>
    public required string Object { get; init; }

    /// <summary>The line on which the row begins, from 1; 0 when not known.</summary>
    public required long Line { get; init; }

    /// <summary>Offset of the row's first byte in the decompressed content, from 0; -1 when not known.</summary>
    public required long ByteOffset { get; init; }

    /// <summary>The source field at fault, or null when the whole row is.</summary>
    public string? Column { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The row as it stands in the file, at most 8 KiB of it; null when not kept.</summary>
    public string? RawText { get; init; }

    internal static S3FeedReject Of(S3FeedRun run, Reject reject) => new()
    {
        RunId = run.Id,
        FeedName = run.FeedName,
        Object = reject.Position.ObjectUri,
        Line = reject.Position.Line,
        ByteOffset = reject.Position.ByteOffset,
        Column = reject.Position.Column,
        Reason = reject.Reason,
        RawText = reject.RawText,
    };
}
