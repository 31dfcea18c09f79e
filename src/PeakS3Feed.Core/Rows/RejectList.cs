using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Rows;

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
