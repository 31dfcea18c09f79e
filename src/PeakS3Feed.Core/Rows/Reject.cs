using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

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

/// <summary>Collects the rejects of a batch.</summary>
internal sealed class RejectList(string objectUri, bool keepRawText)
{
    private readonly List<Reject> _rejects = [];

    /// <summary>The rejects so far.</summary>
    public IReadOnlyList<Reject> Items => _rejects;

    /// <summary>The size of their raw text, in bytes of the file.</summary>
    public long TextBytes { get; private set; }

    /// <summary>Adds the row in the record.</summary>
    public void Add(Record record, string reason, string? field)
    {
        var raw = keepRawText ? Cut(record.Raw) : [];
        TextBytes += raw.Length;
        _rejects.Add(new Reject(
            new SourcePosition(objectUri, record.Line, record.ByteOffset, field), reason, keepRawText ? Encoding.UTF8.GetString(raw) : null));
    }

    // Does not cut inside a character.
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> raw)
    {
        if (raw.Length <= Reject.MaxRawBytes)
            return raw;
        var length = Reject.MaxRawBytes;
        while (length > Reject.MaxRawBytes - 3 && (raw[length] & 0xC0) == 0x80)
            length--;
        return raw[..length];
    }
}
