using System.Text.RegularExpressions;
using PeakS3Feed.Runs;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The requests of runs into a table on S3, which cost money: docs/s3-table.md, "What requests cost", gives these figures.</summary>
public sealed partial class ExternalTableRequestTests
{
    // The log has one entry. With more since the last checkpoint, each is read again where this one is.
    private static readonly string[] Planning =
    [
        "Get _delta_log/_last_checkpoint", "List _delta_log/", "Get _delta_log/00000000000000000000.json",
        "Get _peaks3feed/ID/00000000000000000001.json", "Get _delta_log/00000000000000000000.json", "List _delta_log/",
        "Get _peaks3feed/ID/00000000000000000001-ID.parquet",
    ];

    private static readonly string[] Staging =
    [
        "List _delta_log/", "Get _delta_log/_last_checkpoint", "List _delta_log/", "Get _delta_log/00000000000000000000.json",
        "Put part-00001-ID.zstd.parquet", "List _delta_log/", "List _delta_log/",
    ];

    private static readonly string[] Commit =
    [
        "Put _peaks3feed/ID/00000000000000000002-ID.parquet", "Put _peaks3feed/ID/00000000000000000002.json",
        "Put _delta_log/00000000000000000001.json",
    ];

    [Fact]
    public async Task A_run_with_nothing_to_do_only_reads()
        => await AssertRequestsAsync(LoadKind.Append, _ => { }, RunStatus.NothingToDo, Planning);

    [Fact]
    public async Task An_append()
        => await AssertRequestsAsync(
            LoadKind.Append, s => s.Data.Add(1), RunStatus.Succeeded, [.. Planning, .. Staging, "List _delta_log/", .. Commit]);

    [Fact]
    public async Task An_upsert_that_replaces_the_rows_of_one_file()
        => await AssertRequestsAsync(
            LoadKind.Upsert, s => s.Data.Rewrite(1), RunStatus.Succeeded,
            [
                .. Planning, .. Staging, "List _delta_log/", "Get _delta_log/00000000000000000000.json",
                // The table's file: its footer and key columns, and the columns that the new rows keep. The staged file is written again with these.
                "Get part-00002-ID.zstd.parquet", "Get part-00002-ID.zstd.parquet", "Get part-00001-ID.zstd.parquet",
                "Put part-00003-ID.zstd.parquet",
                .. Commit, "Delete",
            ]);

    private static async Task AssertRequestsAsync(LoadKind kind, Action<Scenario> change, RunStatus status, params string[] expected)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var scenario = await Scenario.CreateAsync(
            f => Task.FromResult<TestDatabase>(ExternalTableDatabase.OnFake(f, s3)), kind, files: 1);
        Assert.Equal(RunStatus.Succeeded, (await scenario.RunAsync()).Run.Status);
        change(scenario);
        var before = s3.Requests.Count;

        Assert.Equal(status, (await scenario.RunAsync()).Run.Status);

        IReadOnlyList<string> sent = [.. s3.Requests.Skip(before).Select(Describe)];
        Assert.True(expected.SequenceEqual(sent), string.Join("\n", sent));
    }

    private static string Describe(FakeRequest request)
    {
        var operation = request.Operation == FakeOperation.Other && request.Body is not null ? "Put" : request.Operation.ToString();
        var at = request.Key.IndexOf("/orders/", StringComparison.Ordinal);
        return at < 0 ? operation : $"{operation} {Ids().Replace(request.Key[(at + "/orders/".Length)..], "ID")}";
    }

    [GeneratedRegex("(?<=-)[0-9a-f]{32}|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")]
    private static partial Regex Ids();
}
