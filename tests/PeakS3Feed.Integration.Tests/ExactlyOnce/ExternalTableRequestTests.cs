using System.Text.RegularExpressions;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The requests of runs into a table on S3, which cost money: docs/s3-table.md, "What requests cost", gives these figures.</summary>
public sealed partial class ExternalTableRequestTests
{
    [Fact]
    public async Task A_run_with_nothing_to_do_only_reads()
        => await AssertRequestsAsync(LoadKind.Append, _ => { }, RunStatus.NothingToDo, "?");

    [Fact]
    public async Task An_append()
        => await AssertRequestsAsync(LoadKind.Append, s => s.Data.Add(1), RunStatus.Succeeded, "?");

    [Fact]
    public async Task An_upsert_that_rewrites_one_file()
        => await AssertRequestsAsync(LoadKind.Upsert, s => s.Data.Rewrite(1), RunStatus.Succeeded, "?");

    private static async Task AssertRequestsAsync(LoadKind kind, Action<Scenario> change, RunStatus status, params string[] expected)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var scenario = await Scenario.CreateAsync(
            f => Task.FromResult<TestDatabase>(ExternalTableDatabase.OnFake(f, s3)), kind, files: 1);
        Assert.Equal(RunStatus.Succeeded, (await scenario.RunAsync()).Run.Status);
        change(scenario);
        var before = s3.Requests.Count;

        Assert.Equal(status, (await scenario.RunAsync()).Run.Status);

        Assert.Equal(expected, s3.Requests.Skip(before).Select(Describe));
    }

    private static string Describe(FakeRequest request)
    {
        var operation = request.Operation == FakeOperation.Other && request.Body is not null ? "Put" : request.Operation.ToString();
        var key = request.Operation == FakeOperation.List ? request.Key : request.Key[request.Key.IndexOf("/orders/", StringComparison.Ordinal)..];
        key = key[(key.IndexOf("/orders/", StringComparison.Ordinal) + "/orders/".Length)..];
        return $"{operation} {Ids().Replace(key, "ID")}";
    }

    [GeneratedRegex("[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")]
    private static partial Regex Ids();
}
