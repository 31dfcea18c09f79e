using System.Text;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>A warehouse as a destination: rows are staged as files in a bucket, and the warehouse loads them with COPY.</summary>
/// <param name="parts">What all sessions share.</param>
internal abstract class StagingWarehouse(WarehouseParts parts) : IStagingDestination
{
    /// <summary>What dead attempts left is deleted once it is so old.</summary>
    public static readonly TimeSpan KeepsStaged = TimeSpan.FromDays(7);

    /// <summary>The limit for dropping what a load leaves: its end must not wait long for a warehouse that does not answer.</summary>
    private static readonly TimeSpan DropTimeout = TimeSpan.FromSeconds(10);

    public abstract DestinationCapabilities Capabilities { get; }

    public abstract string Location { get; }

    /// <summary>What all sessions share.</summary>
    protected WarehouseParts Parts => parts;

    public async Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(target.Table) > parts.Dialect.MaxNameBytes)
            throw DestinationErrors.IdentifierTooLong(target.Table, parts.Dialect.MaxNameBytes);
        return new WarehouseSession(await OpenEngineAsync(target, cancellationToken), target);
    }

    public Task<IStage> OpenStageAsync(LoadTarget target, LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken)
        => Task.FromResult<IStage>(parts.OpenStage(target, name, tables => DropAsync(target, tables)));

    public async Task CollectAsync(LoadTarget target, Guid current, CancellationToken cancellationToken)
    {
        var names = parts.Names(target);
        var oldest = parts.Time.GetUtcNow() - KeepsStaged;
        var files = await parts.Area.ListAsync(names.Stages + "/", cancellationToken)
            .Where(f => f.WrittenAt < oldest && !f.Name.StartsWith($"{names.Stages}/{current:N}-", StringComparison.Ordinal))
            .Select(f => f.Name).ToListAsync(cancellationToken);
        await parts.Area.DeleteAsync(files, cancellationToken);

        await using var engine = await OpenEngineAsync(target, cancellationToken);
        foreach (var table in await engine.Catalog.FindAsync(names.StageTables, cancellationToken))
        {
            // The name has the day; the table may have been created at its end.
            if (names.ReadDay(table, current) is { } day && day.AddDays(1) < oldest)
                await engine.DropAsync(table, cancellationToken);
        }
    }

    public abstract IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => parts.Area.DisposeAsync();

    /// <summary>Opens a session.</summary>
    /// <param name="target">The feed and table. What is in doubt is settled under the name of their lock.</param>
    /// <param name="cancellationToken">Cancels the login.</param>
    protected abstract Task<WarehouseEngine> OpenEngineAsync(LoadTarget target, CancellationToken cancellationToken);

    // Those that stay are dropped by a later run.
    private async Task DropAsync(LoadTarget target, IReadOnlyCollection<string> tables)
    {
        using var limit = new CancellationTokenSource(DropTimeout);
        try
        {
            await using var engine = await OpenEngineAsync(target, limit.Token);
            foreach (var table in tables)
                await engine.DropAsync(table, limit.Token);
        }
        catch (Exception e)
        {
            parts.Logger.LogInformation("Staging tables of the load stay until a later run drops them: {Reason}", e.Message);
        }
    }
}
