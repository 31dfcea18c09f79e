using PeakS3Feed.Rows;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>A row that could not be loaded. Its properties are flat, so that it exports well.</summary>
public sealed record S3FeedReject
{
    /// <summary>The run that read the row.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The feed's name at the time of the run.</summary>
    public required string FeedName { get; init; }

    /// <summary>The object as <c>s3://bucket/key</c>.</summary>
    public required string Object { get; init; }

    /// <summary>The line on which the row begins, from 1; 0 if unknown.</summary>
    public required long Line { get; init; }

    /// <summary>The offset of the row's first byte in the decompressed content, from 0; -1 if unknown.</summary>
    public required long ByteOffset { get; init; }

    /// <summary>The source field at fault, or null for the whole row.</summary>
    public string? Column { get; init; }

    /// <summary>The reason, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The row as in the file, at most 8 KiB; null if not kept.</summary>
    public string? RawText { get; init; }

    internal static S3FeedReject From(S3FeedRun run, Reject reject) => new()
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

    /// <summary>The place of the row.</summary>
    public override string ToString() => $"{Object}, line {Line}";
}
