using PeakS3Feed.Errors;

namespace PeakS3Feed.Rows;

/// <summary>A row that could not be loaded.</summary>
/// <param name="Position">Object, line, byte offset and, where one field is at fault, the field.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="RawText">The row as it stands in the file, cut at <see cref="MaxRawBytes"/>; bytes that are not UTF-8 are replaced. Null when not kept.</param>
public sealed record Reject(SourcePosition Position, string Reason, string? RawText)
{
    /// <summary>The most bytes of raw text that are kept of a row: 8 KiB.</summary>
    public const int MaxRawBytes = 8 * 1024;
}
