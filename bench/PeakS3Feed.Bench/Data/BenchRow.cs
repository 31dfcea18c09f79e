namespace PeakS3Feed.Bench.Data;

/// <summary>The values of one row; null is NULL. Texts are UTF-8 and never empty, so that an empty field is NULL.</summary>
internal sealed class BenchRow
{
    public long Id { get; set; }

    public int? Quantity { get; set; }

    /// <summary>The price in cents.</summary>
    public long? Price { get; set; }

    public DateOnly Day { get; set; }

    /// <summary>Seconds since 1970-01-01T00:00:00Z.</summary>
    public long? At { get; set; }

    public bool Ok { get; set; }

    public TextBuffer Code { get; } = new();

    public TextBuffer Name { get; } = new();

    public TextBuffer City { get; } = new();

    public TextBuffer Note { get; } = new();

    public TextBuffer Reference { get; } = new();

    public TextBuffer Flag { get; } = new();
}
