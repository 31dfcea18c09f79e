using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Checks;

/// <summary>
/// A row as text that does not depend on where it was loaded: the columns in order, separated by U+001F. NULL is empty (the data has no empty text),
/// a decimal has two digits after the point, a date is yyyy-MM-dd, an instant is microseconds since 1970 in UTC, a boolean is 1 or 0, and text is its
/// bytes.
/// </summary>
internal sealed class Projection
{
    private const byte Separator = 0x1F;
    private readonly TextBuffer _line = new(512);

    public ReadOnlySpan<byte> Line => _line.Span;

    /// <summary>Creates the projection of a generated row.</summary>
    public ReadOnlySpan<byte> Of(BenchRow row)
    {
        _line.Clear();
        _line.Add(row.Id);
        Next();
        if (row.Quantity is { } quantity)
            _line.Add(quantity);
        Next();
        if (row.Price is { } price)
            ValueText.AddPrice(_line, price);
        Next();
        ValueText.AddDay(_line, row.Day);
        Next();
        if (row.At is { } at)
            _line.Add(at * 1_000_000);
        Next();
        _line.Add(row.Ok ? (byte)'1' : (byte)'0');
        foreach (var text in (ReadOnlySpan<TextBuffer>)[row.Code, row.Name, row.City, row.Note, row.Reference, row.Flag])
        {
            Next();
            _line.Add(text.Span);
        }

        return Line;
    }

    /// <summary>Starts a row whose values come as text.</summary>
    public void Begin() => _line.Clear();

    /// <summary>Adds the value of a column as a database shows it; empty for NULL.</summary>
    public void Add(int column, ReadOnlySpan<byte> text)
    {
        if (column > 0)
            Next();
        if (text.IsEmpty)
            return;
        switch (BenchColumn.All[column].Type)
        {
            case "timestamptz":
                _line.Add(InstantText.Microseconds(text));
                break;
            case "boolean":
                _line.Add(IsTrue(text) ? (byte)'1' : (byte)'0');
                break;
            default:
                _line.Add(text);
                break;
        }
    }

    private void Next() => _line.Add(Separator);

    private static bool IsTrue(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("t"u8) || text.SequenceEqual("true"u8) || text.SequenceEqual("1"u8))
            return true;
        if (text.SequenceEqual("f"u8) || text.SequenceEqual("false"u8) || text.SequenceEqual("0"u8))
            return false;
        throw new FormatException($"\"{System.Text.Encoding.UTF8.GetString(text)}\" is no boolean.");
    }
}
