namespace PeakS3Feed.Bench.Data;

/// <summary>Writes one object for each row, as lines (NDJSON) or as the elements of one array.</summary>
internal sealed class JsonText(bool array) : IRowText
{
    public void Begin(TextBuffer to)
    {
        if (array)
            to.Add("[\n"u8);
    }

    public void Add(TextBuffer to, BenchRow row, bool first)
    {
        if (!first)
            to.Add(array ? ",\n"u8 : "\n"u8);
        to.Add("{\"id\":"u8);
        to.Add(row.Id);
        to.Add(",\"qty\":"u8);
        if (row.Quantity is { } quantity)
            to.Add(quantity);
        else
            to.Add("null"u8);
        to.Add(",\"price\":"u8);
        if (row.Price is { } price)
            ValueText.AddPrice(to, price);
        else
            to.Add("null"u8);
        to.Add(",\"day\":\""u8);
        ValueText.AddDay(to, row.Day);
        to.Add("\",\"at\":"u8);
        AddTime(to, row.At);
        to.Add(row.Ok ? ",\"ok\":true,\"code\":"u8 : ",\"ok\":false,\"code\":"u8);
        AddText(to, row.Code.Span);
        to.Add(",\"name\":"u8);
        AddText(to, row.Name.Span);
        to.Add(",\"city\":"u8);
        AddText(to, row.City.Span);
        to.Add(",\"note\":"u8);
        AddText(to, row.Note.Span);
        to.Add(",\"ref\":"u8);
        AddText(to, row.Reference.Span);
        to.Add(",\"flag\":"u8);
        AddText(to, row.Flag.Span);
        to.Add((byte)'}');
    }

    public void End(TextBuffer to) => to.Add(array ? "\n]\n"u8 : "\n"u8);

    private static void AddTime(TextBuffer to, long? unixSeconds)
    {
        if (unixSeconds is not { } at)
        {
            to.Add("null"u8);
            return;
        }

        to.Add((byte)'"');
        ValueText.AddTime(to, at);
        to.Add((byte)'"');
    }

    // The rows contain only quotes and line feeds of the characters that JSON escapes.
    private static void AddText(TextBuffer to, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            to.Add("null"u8);
            return;
        }

        to.Add((byte)'"');
        foreach (var b in text)
        {
            if (b == '"')
                to.Add("\\\""u8);
            else if (b == '\n')
                to.Add("\\n"u8);
            else
                to.Add(b);
        }

        to.Add((byte)'"');
    }
}
