using System.Globalization;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.TestKinds;

/// <summary>
/// A warehouse that takes one script a commit, as Redshift's Data API and Snowflake's SQL API do: on SQLite, in one call. Files are staged in a
/// folder and copied into a staging table in a request of its own. The script's checks are statements that fail.
/// </summary>
public sealed class ScriptDestination(string database, string stage) : IStagingDestination
{
    public DestinationCapabilities Capabilities { get; } = new() { ValueLimits = new ValueLimits() };

    public string Location => $"script on {database}";

    /// <summary>The longest text that the engine takes. Nothing declares it, so that the engine alone complains.</summary>
    public int MaxText { get; init; } = int.MaxValue;

    /// <summary>Is called for each commit script with what sends it; may throw before or after.</summary>
    public Func<Func<Task>, Task> Send { get; set; } = send => send();

    /// <summary>Is called when the rows are in the staging table, with what runs a statement and the table's name.</summary>
    public Func<Func<string, Task>, string, Task> AfterCopy { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>How often a stage was opened.</summary>
    public int Stagings { get; private set; }

    public async Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={database};Pooling=False;Default Timeout=60");
        await connection.OpenAsync(cancellationToken);
        return new ScriptSession(this, connection, target);
    }

    public Task<IStage> OpenStageAsync(LoadTarget target, LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken)
    {
        Stagings++;
        Directory.CreateDirectory(stage);
        var opened = new PartStage(stage, Prefix(target), name, objectsApart: false, end => end == StageEnd.InDoubt);
        return Task.FromResult<IStage>(opened);
    }

    public Task CollectAsync(LoadTarget target, Guid current, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(stage))
            return Task.CompletedTask;
        foreach (var path in Directory.GetFiles(stage, Prefix(target) + "*"))
        {
            if (!Path.GetFileName(path).StartsWith($"{Prefix(target)}{current:N}-", StringComparison.Ordinal))
                File.Delete(path);
        }
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<DestinationCheck> TestAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(new LoadTarget(Guid.Empty, "test", "peaks3feed_test"), cancellationToken);
        await session.InspectAsync(cancellationToken);
        yield return new DestinationCheck("Connect", true, Location);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Prefix(LoadTarget target) => string.Create(CultureInfo.InvariantCulture, $"{target.FeedId:N}-");
}
