using PeakS3Feed.Errors;

namespace PeakS3Feed.Rows;

/// <summary>A row that cannot be loaded.</summary>
/// <param name="Position">The object, line and byte offset and, where one field is at fault, the field.</param>
/// <param name="Reason">The reason, in one sentence.</param>
/// <param name="RawText">The source text of the row, cut at <see cref="MaxRawBytes"/>, with replacements for bytes that are not UTF-8. Null when it
/// is not kept.</param>
public sealed record Reject(SourcePosition Position, string Reason, string? RawText)
{
    /// <summary>The maximum size of the raw text of a row, in bytes: 8 KiB.</summary>
    public const int MaxRawBytes = 8 * 1024;
}
