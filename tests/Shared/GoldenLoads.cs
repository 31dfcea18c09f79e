using System.Globalization;
using System.Text;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Testing;

/// <summary>
/// Loads whose plans and steps are golden files, the same for each destination. The text of a load has, for each of its runs, the plan as
/// <c>peaks3feed run --plan</c> prints it, and the steps of the commit protocol in their order, each with the load's number.
/// </summary>
internal sealed class GoldenLoads : ICommitObserver, IDisposable
{
    private static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TestFolder _files = new();
    private readonly TestFolder _home = new();
    private readonly StringBuilder _text = new();
    private readonly S3FeedDestination _destination;
    private readonly Func<string, Task> _execute;
    private readonly Func<string, string> _withoutPlace;
    private TestStore? _store;
    private int _written;

    /// <param name="destination">Where the loads go: an empty place.</param>
    /// <param name="execute">Executes a statement there.</param>
    /// <param name="withoutPlace">Replaces what differs from place to place in a plan.</param>
    public GoldenLoads(S3FeedDestination destination, Func<string, Task> execute, Func<string, string> withoutPlace)
        => (_destination, _execute, _withoutPlace) = (destination, execute, withoutPlace);

    /// <summary>The names of the loads, which are those of the files.</summary>
    public static TheoryData<string> Names => ["append", "upsert", "replace", "changed-object", "adopt"];

    /// <summary>Makes the plans and runs of a load.</summary>
    public async Task<string> RunAsync(string name)
    {
        await (name switch
        {
            "append" => AppendAsync(),
            "upsert" => UpsertAsync(),
            "replace" => ReplaceAsync(),
            "changed-object" => ChangedObjectAsync(),
            "adopt" => AdoptAsync(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        });
        return _text.ToString();
    }

    public void OnStep(CommitStep step, long sequence) => _text.Append(CultureInfo.InvariantCulture, $"{step} {sequence}\n");

    public void Dispose()
    {
        _files.Dispose();
        _home.Dispose();
    }

    // Two commits, the second of which adds a column; then nothing to do; then one more object and objects that are skipped.
    private async Task AppendAsync()
    {
        await MakeStoreAsync(f => f with { CommitEveryObjects = 1, Exclude = ["*.tmp.csv"] });
        Write("a.csv", "id,name,price\n1,Ann,9.50\n2,Bo,\n");
        Write("b.csv", "id,name,price,at\n3,Cy,7.25,2026-01-02T03:04:05Z\n");
        await PlanAndRunAsync();
        await PlanAndRunAsync();
        Write("c.csv", "id,name,price\n4,Di,1.00\n");
        Write("d.tmp.csv", "id\n5\n");
        Write("empty.csv", "");
        await PlanAndRunAsync();
    }

    private async Task UpsertAsync()
    {
        await MakeStoreAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await PlanAndRunAsync();
        Write("b.csv", "id,name\n2,Bob\n3,Cy\n");
        await PlanAndRunAsync();
    }

    private async Task ReplaceAsync()
    {
        await MakeStoreAsync(f => f with { LoadType = LoadType.TruncateInsert });
        Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await PlanAndRunAsync();
        Write("a.csv", "id,name\n3,Cy\n");
        await PlanAndRunAsync();
    }

    private async Task ChangedObjectAsync()
    {
        await MakeStoreAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await PlanAndRunAsync();
        Write("a.csv", "id,name\n1,Anna\n");
        await PlanAndRunAsync();
    }

    private async Task AdoptAsync()
    {
        await MakeStoreAsync(f => f with { AdoptTable = true });
        await _execute("CREATE TABLE orders (id BIGINT, name TEXT, kept TEXT)");
        await _execute("INSERT INTO orders VALUES (0, 'Zoe', 'x')");
        Write("a.csv", "id,name\n1,Ann\n");
        await PlanAndRunAsync();
    }

    private async Task MakeStoreAsync(Func<S3Feed, S3Feed> configure) => _store = await TestStore.CreateAsync(_home.File("store"), _files.Path, _destination, configure);

    private async Task PlanAndRunAsync()
    {
        using (var plan = await _store!.Engine().PlanAsync(TestStore.FeedName, null, default))
        {
            Assert.Null(plan.Obstacle);
            var text = PlanText.Format(plan).Replace(plan.Destination, "<destination>", StringComparison.Ordinal);
            _text.Append(CultureInfo.InvariantCulture, $"== plan\n{_withoutPlace(text)}\n== steps\n");
        }

        var result = await _store.RunAsync(this);
        Assert.True(result.Run.Status is RunStatus.Succeeded or RunStatus.NothingToDo, result.Error?.ToString());
        _text.Append(CultureInfo.InvariantCulture, $"== {Quantities.Status(result.Run.Status)}: {result.Run.RowsLoaded} rows in {result.Run.Commits} commits\n\n");
    }

    // Each file is newer than the one before.
    private void Write(string name, string text)
    {
        File.WriteAllText(_files.File(name), text);
        File.SetLastWriteTimeUtc(_files.File(name), Beginning.AddMinutes(++_written));
    }
}
