namespace PeakS3Feed.Bench.Data;

/// <summary>Writes rows in one format.</summary>
internal interface IRowText
{
    void Begin(TextBuffer to);

    void Add(TextBuffer to, BenchRow row, bool first);

    void End(TextBuffer to);
}
