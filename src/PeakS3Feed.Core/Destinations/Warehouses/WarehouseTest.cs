using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// Tests whether a load into a warehouse would work: login, rights in the schema, the place for staged files, and a COPY of one row.
/// </summary>
/// <param name="parts">What all sessions share.</param>
/// <param name="stagingConnection">The name of the connection whose bucket takes the staged files.</param>
/// <param name="location">The destination, for the log.</param>
internal abstract class WarehouseTest(WarehouseParts parts, string stagingConnection, string location)
{
    private static readonly byte[] Row = "1,peaks3feed\n"u8.ToArray();

    private StagedPart? _staged;

    /// <summary>The name of the test's table.</summary>
    protected string Name { get; } = $"peaks3feed_test_{Guid.NewGuid():N}";

    /// <summary>The test's table, quoted.</summary>
    protected string Table => parts.Dialect.Table(Name);

    /// <summary>The folder of the test's files.</summary>
    protected static string Folder => "test/";

    /// <summary>The name of the staged file in the folder. It has the columns <c>id</c> and <c>name</c>, and one row.</summary>
    protected string FileName => $"{Name}.csv.gz";

    /// <summary>The test's files in the staging area.</summary>
    protected virtual IReadOnlyList<string> Files => [Folder + FileName];

    /// <summary>The way to the warehouse, once the login has worked.</summary>
    protected IWarehouseChannel? Channel { get; set; }

    /// <summary>Whether the table is there.</summary>
    protected bool IsCreated { get; private set; }

    /// <summary>The staged file while it is there.</summary>
    protected StagedPart? Staged => _staged;

    /// <summary>Runs the checks in order. Those that need an earlier one that failed are left out. Leaves nothing behind.</summary>
    public async IAsyncEnumerable<DestinationCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var check in RunStepsAsync(cancellationToken))
                yield return check;
        }
        finally
        {
            await CleanAsync();
        }
    }

    /// <summary>Runs the checks.</summary>
    protected abstract IAsyncEnumerable<DestinationCheck> RunStepsAsync(CancellationToken cancellationToken);

    /// <summary>Returns the error to show for an exception of the channel.</summary>
    protected abstract Exception Translate(Exception exception);

    /// <summary>Returns the commands to suggest for an error.</summary>
    protected virtual IReadOnlyList<Remedy> GetRemedies(FeedException error) => error.Remedies;

    /// <summary>Runs one check.</summary>
    /// <param name="step">Its name.</param>
    /// <param name="action">Returns what was found.</param>
    /// <param name="hint">How to fix what an error does not explain.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="remedy">The command that the hint speaks of, or null.</param>
    protected async Task<DestinationCheck> TryAsync(
        string step, Func<CancellationToken, Task<string>> action, string hint, CancellationToken cancellationToken, Remedy? remedy = null)
    {
        IReadOnlyList<Remedy> hinted = remedy is null ? [] : [remedy];
        try
        {
            return new(step, true, await action(cancellationToken));
        }
        catch (StatementRefusedException e) when (e.Refusal != StatementRefusal.FilesRefused && e.InnerException is not FeedException)
        {
            // The warehouse's own words; the hint of a run's error is about feeds.
            return new(step, false, e.Message, hint) { Remedies = hinted };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (e as FeedException ?? Translate(e)) is FeedException shown
                ? new(step, false, shown.Message, shown.Hint ?? hint) { Remedies = GetRemedies(shown) }
                : new(step, false, e.Message, hint) { Remedies = hinted };
        }
    }

    /// <summary>The check that the test's table can be created.</summary>
    /// <param name="schema">The schema, for people.</param>
    /// <param name="hint">Which rights that needs.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="remedy">The command that the hint speaks of, or null.</param>
    protected Task<DestinationCheck> CreateTableAsync(
        string schema, string hint, CancellationToken cancellationToken, Remedy? remedy = null) => TryAsync(
        "CreateTable",
        async c =>
        {
            await Channel!.ExecuteAsync(new($"CREATE TABLE {Table} (id BIGINT, name VARCHAR(256))"), c);
            IsCreated = true;
            return $"a table in schema {schema}";
        },
        hint, cancellationToken, remedy);

    /// <summary>The checks that files can be staged and read.</summary>
    protected async IAsyncEnumerable<DestinationCheck> StageAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await TryAsync("StagingWrite", WriteAsync, StagingHint, cancellationToken);
        if (_staged is not null)
            yield return await TryAsync("StagingRead", ReadAsync, StagingHint, cancellationToken);
    }

    /// <summary>The check that the warehouse loads the staged file.</summary>
    /// <param name="copy">Copies the file into the test's table.</param>
    /// <param name="how">How, for people: <c>with the default role</c>.</param>
    /// <param name="hint">Which rights that needs.</param>
    /// <param name="cancellationToken">Stops it.</param>
    protected Task<DestinationCheck> CopyAsync(Func<CancellationToken, Task> copy, string how, string hint, CancellationToken cancellationToken)
        => TryAsync(
            "Copy",
            async c =>
            {
                await copy(c);
                var rows = await Channel!.QueryAsync(new($"SELECT COUNT(*) FROM {Table}"), c).SingleAsync(c);
                return rows[0] == "1" ? $"1 row {how}" : throw new InvalidDataException($"COPY loaded {rows[0]} rows instead of 1.");
            },
            hint, cancellationToken);

    /// <summary>The check that staged files can be deleted.</summary>
    protected Task<DestinationCheck> DeleteStagedAsync(CancellationToken cancellationToken)
        => TryAsync("StagingDelete", DeleteAsync, StagingHint, cancellationToken);

    private string StagingHint => $"Check connection {stagingConnection}, and allow it to write, read and delete there.";

    private async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Row);
        await using var file = parts.Area.Create(Folder + FileName);
        await file.WriteAsync(bytes.ToArray(), cancellationToken);
        await file.CompleteAsync(cancellationToken);
        _staged = new StagedPart(parts.Area.GetUri(Folder + FileName), bytes.Length, "", 1, new FeedSchema([]));
        return _staged.Uri;
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        await using var file = await parts.Area.OpenAsync(Folder + FileName, cancellationToken);
        await using var content = new GZipStream(file, CompressionMode.Decompress);
        using var read = new MemoryStream();
        await content.CopyToAsync(read, cancellationToken);
        return read.ToArray().AsSpan().SequenceEqual(Row)
            ? string.Create(CultureInfo.InvariantCulture, $"{_staged!.Bytes} bytes")
            : throw new InvalidDataException($"{_staged!.Uri} is not the file that was written.");
    }

    private async Task<string> DeleteAsync(CancellationToken cancellationToken)
    {
        await parts.Area.DeleteAsync(Files, cancellationToken);
        _staged = null;
        return $"deleted from {parts.Area.Location}";
    }

    private async Task CleanAsync()
    {
        if (_staged is not null)
            await TryCleanAsync(_staged.Uri, parts.Area.DeleteAsync(Files, CancellationToken.None));
        if (IsCreated)
            await TryCleanAsync($"the table {Table}", Channel!.ExecuteAsync(new($"DROP TABLE IF EXISTS {Table}"), CancellationToken.None));
        if (Channel is not null)
            await Channel.DisposeAsync();
    }

    // One that fails does not keep the other one from going.
    private async Task TryCleanAsync(string what, Task cleaning)
    {
        try
        {
            await cleaning;
        }
        catch (Exception e)
        {
            parts.Logger.LogWarning("The test of {Location} leaves {What}: {Reason}", location, what, e.Message);
        }
    }
}
