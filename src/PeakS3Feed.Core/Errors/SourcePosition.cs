namespace PeakS3Feed.Errors;

/// <summary>A position in the source data.</summary>
/// <param name="ObjectUri">The object as <c>s3://bucket/key</c>.</param>
/// <param name="Line">The physical line on which the row begins, from 1; 0 when unknown.</param>
/// <param name="ByteOffset">The offset of the row's first byte in the decompressed content, from 0; -1 when unknown.</param>
/// <param name="Column">The source field, or null for the whole row.</param>
public sealed record SourcePosition(string ObjectUri, long Line = 0, long ByteOffset = -1, string? Column = null)
{
    /// <summary>Returns, for example, <c>s3://acme/in/a.csv, line 7, column "price"</c>.</summary>
    public override string ToString()
        => ObjectUri + (Line > 0 ? $", line {Line}" : "") + (Column is null ? "" : $", column \"{Column}\"");
}
