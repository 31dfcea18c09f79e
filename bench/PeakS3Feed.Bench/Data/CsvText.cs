namespace PeakS3Feed.Bench.Data;

/// <summary>Writes CSV with a header and LF line ends, and quotes only where necessary.</summary>
internal sealed class CsvText : IRowText
{
    public void Begin(TextBuffer to)
    {
        foreach (var column in BenchColumn.All)
        {
            if (column != BenchColumn.All[0])
                to.Add((byte)',');
            to.Add(System.Text.Encoding.ASCII.GetBytes(column.Name));
        }

        to.Add((byte)'\n');
    }

    public void Add(TextBuffer to, BenchRow row, bool first)
    {
        to.Add(row.Id);
        to.Add((byte)',');
        if (row.Quantity is { } quantity)
            to.Add(quantity);
        to.Add((byte)',');
        if (row.Price is { } price)
            ValueText.AddPrice(to, price);
        to.Add((byte)',');
        ValueText.AddDay(to, row.Day);
        to.Add((byte)',');
        if (row.At is { } at)
            ValueText.AddTime(to, at);
        to.Add(row.Ok ? ",true,"u8 : ",false,"u8);
        to.Add(row.Code.Span);
        to.Add((byte)',');
        to.Add(row.Name.Span);
        to.Add((byte)',');
        to.Add(row.City.Span);
        to.Add((byte)',');
        AddText(to, row.Note.Span);
        to.Add((byte)',');
        to.Add(row.Reference.Span);
        to.Add((byte)',');
        to.Add(row.Flag.Span);
        to.Add((byte)'\n');
    }

    public void End(TextBuffer to)
    {
    }

    private static void AddText(TextBuffer to, ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny("\",\n"u8) < 0)
        {
            to.Add(text);
            return;
        }

        to.Add((byte)'"');
        foreach (var b in text)
        {
            if (b == '"')
                to.Add(b);
            to.Add(b);
        }

        to.Add((byte)'"');
    }
}
