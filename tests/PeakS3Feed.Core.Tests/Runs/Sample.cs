using PeakS3Feed.Errors;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Tests.Runs;

/// <summary>Runs and rejects to write down.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 891, TimeSpan.Zero);

    public static S3FeedRun Run(Guid? feed = null, DateTimeOffset? at = null, RunStatus status = RunStatus.Running, string name = "orders") => new()
    {
        Id = Guid.NewGuid(),
        FeedId = feed ?? Guid.NewGuid(),
        FeedName = name,
        Status = status,
        StartedAt = at ?? Now,
        Host = Environment.MachineName,
        ProcessId = Environment.ProcessId,
    };

    public static Reject Reject(string key = "a.csv", long line = 2, string? raw = "1,x")
        => new(new SourcePosition("s3://acme/" + key, line, 10, "price"), "not a number", raw);

    public static async Task<List<T>> ToListAsync<T>(this IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items) list.Add(item);
        return list;
    }
}
