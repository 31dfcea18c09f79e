using System.Data.Common;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.TestKinds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A folder of tables, whose commits are files that are created if they do not exist.</summary>
public sealed class FolderDatabase(string root) : TestDatabase
{
    public override S3FeedDestination Definition { get; } = new FolderDefinition { Name = "warehouse", Root = root };

    public override Task<DbConnection> OpenAsync() => throw new NotSupportedException("A folder has no connection.");

    public override Task<Snapshot> SnapshotAsync(string table)
    {
        var log = FolderLog.Create(root, table).Read();
        var entries = new List<Snapshot.Entry>();
        foreach (var entry in log)
        {
            if (entry.Load.Mode == LoadMode.Replace)
                entries.Clear();
            entries.AddRange(entry.Files.Select(f => new Snapshot.Entry(f.Key, f.ETag, entry.Load.Sequence)));
        }
        var rows = FolderTable.Rows(root, table).Select(r => new DataRow(
            r["row_id"].GetString()!, r["customer"].GetInt64(), r["version"].GetInt64(), r["amount"].GetInt64()));
        return Task.FromResult(new Snapshot(
            [.. rows], log.Count == 0 ? 0 : log[^1].Load.Sequence,
            [.. log.Select(e => new Snapshot.Load(e.Load.Sequence, e.Load.RunId, e.Load.Rows, e.Load.Objects))], entries));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override string FindTable(string name) => throw new NotSupportedException();
}
