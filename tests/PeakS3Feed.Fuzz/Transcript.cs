using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Fuzz;

/// <summary>A value of a row, by the position of its field.</summary>
internal sealed record Cell(int Field, FieldKind Kind, byte[] Value)
{
    public bool Same(Cell other) => Field == other.Field && Kind == other.Kind && Value.AsSpan().SequenceEqual(other.Value);

    public override string ToString() => $"{Field}:{Kind}:{Show.Bytes(Value)}";
}

/// <summary>A row or a reject, and where it stands.</summary>
/// <param name="Complaint">Why it is a reject, null for a row. An oracle gives a word that the reason must hold.</param>
internal sealed record Entry(long Line, long Offset, byte[] Raw, IReadOnlyList<Cell> Cells, string? Complaint, string? Field = null)
{
    public bool Same(Entry other)
        => Line == other.Line && Offset == other.Offset && (Complaint is null) == (other.Complaint is null)
            && Raw.AsSpan().SequenceEqual(other.Raw)
            && Cells.Count == other.Cells.Count && Cells.Zip(other.Cells).All(pair => pair.First.Same(pair.Second));

    public override string ToString()
        => $"line {Line}, byte {Offset}, {(Complaint is null ? "row " + string.Join(' ', Cells) : $"reject ({Complaint}, {Field})")}, raw {Show.Bytes(Raw)}";
}

/// <summary>All that was read from a file.</summary>
internal sealed record Transcript(IReadOnlyList<Entry> Entries, IReadOnlyList<string> Fields, FeedException? Error, string? Separator);

/// <summary>What a file must be read as.</summary>
/// <param name="ErrorId">The error at its end, null for none.</param>
/// <param name="ErrorLine">Its line, 0 where that is not checked.</param>
/// <param name="ErrorOffset">Its byte, -1 where that is not checked.</param>
internal sealed record Expectation(
    IReadOnlyList<Entry> Entries, IReadOnlyList<string> Fields, string? ErrorId = null, long ErrorLine = 0, long ErrorOffset = -1);

/// <summary>Bytes for people.</summary>
internal static class Show
{
    public static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (var b in bytes[..Math.Min(bytes.Length, 120)])
            text.Append(b is >= 0x20 and < 0x7F and not (byte)'\\' ? ((char)b).ToString() : $"\\x{b:x2}");
        return text.Append(bytes.Length > 120 ? $"\"… ({bytes.Length} bytes)" : "\"").ToString();
    }
}

/// <summary>The product did what it must not do.</summary>
internal sealed class FuzzFailure(string message) : Exception(message)
{
    public static void Unless(bool fine, Func<string> message)
    {
        if (!fine)
            throw new FuzzFailure(message());
    }
}
