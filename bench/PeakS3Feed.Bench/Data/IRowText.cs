namespace PeakS3Feed.Bench.Data;

/// <summary>A format of rows.</summary>
internal interface IRowText
{
    void Begin(TextBuffer to);

    void Add(TextBuffer to, BenchRow row, bool first);

    void End(TextBuffer to);
}
