using System.Text;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Redshift as a destination.</summary>
internal sealed class RedshiftWarehouse : IStagingDestination
{
    /// <summary>What dead attempts left is deleted once it is so old.</summary>
    public static readonly TimeSpan KeepsStaged = TimeSpan.FromDays(7);

    /// <summary>The limit for dropping what a load leaves: its end must not wait long for a warehouse that does not answer.</summary>
    private static readonly TimeSpan DropTimeout = TimeSpan.FromSeconds(10);

    private readonly RedshiftChannels _channels;
    private readonly RedshiftParts _parts;

    /// <param name="definition">The definition.</param>
    /// <param name="password">The resolved password, or null.</param>
    /// <param name="staging">The place for staged files; owned.</param>
    /// <param name="loggers">Logs waiting and retries.</param>
    /// <param name="time">The clock.</param>
    public RedshiftWarehouse(RedshiftDestination definition, string? password, IStagingArea staging, ILoggerFactory loggers, TimeProvider time)
    {
        _channels = new RedshiftChannels(definition, password, loggers, time);
        _parts = new RedshiftParts(definition, staging, _channels.Errors, loggers.CreateLogger("PeakS3Feed.Destinations"), time);
    }

    public DestinationCapabilities Capabilities { get; } = new()
    {
        ValueLimits = new ValueLimits
        {
            AllowNul = false,
            StoresJsonValues = true,
            MaxTextBytes = RedshiftDialect.MaxTextBytes,
            MaxNameBytes = RedshiftDialect.MaxIdentifierBytes,
            ReservedNames = RedshiftDialect.ReservedNames,
        },
        EnforcesKeys = false,
    };

    public string Location => _channels.Location;

    public async Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(target.Table) > RedshiftDialect.MaxIdentifierBytes)
            throw DestinationErrors.IdentifierTooLong(target.Table, RedshiftDialect.MaxIdentifierBytes);
        var names = _parts.Names(target);
        return new RedshiftSession(await _channels.OpenAsync(names.Lock, cancellationToken), _parts, names, target);
    }

    public Task<IStage> OpenStageAsync(LoadTarget target, LoadSpec spec, LoadStamp stamp, LoadName name, CancellationToken cancellationToken)
        => Task.FromResult<IStage>(_parts.OpenStage(target, name, tables => DropAsync(target, tables)));

    public async Task CollectAsync(LoadTarget target, Guid current, CancellationToken cancellationToken)
    {
        var names = _parts.Names(target);
        var oldest = _parts.Time.GetUtcNow() - KeepsStaged;
        var files = await _parts.Area.ListAsync(names.Stages + "/", cancellationToken)
            .Where(f => f.WrittenAt < oldest && !f.Name.StartsWith($"{names.Stages}/{current:N}-", StringComparison.Ordinal))
            .Select(f => f.Name).ToListAsync(cancellationToken);
        await _parts.Area.DeleteAsync(files, cancellationToken);

        await using var channel = await _channels.OpenAsync(names.Lock, cancellationToken);
        foreach (var table in await new RedshiftCatalog(channel, _parts.Dialect).FindAsync(names.StageTables, cancellationToken))
        {
            // The name has the day; the table may have been created at its end.
            if (names.ReadDay(table, current) is { } day && day.AddDays(1) < oldest)
                await channel.ExecuteAsync(new($"DROP TABLE IF EXISTS {_parts.Dialect.Table(table)}"), cancellationToken);
        }
    }

    public IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken)
        => new RedshiftTest(_channels, _parts).RunAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _channels.DisposeAsync();
        await _parts.Area.DisposeAsync();
    }

    // Those that stay are dropped by a later run.
    private async Task DropAsync(LoadTarget target, IReadOnlyCollection<string> tables)
    {
        using var limit = new CancellationTokenSource(DropTimeout);
        try
        {
            await using var channel = await _channels.OpenAsync(_parts.Names(target).Lock, limit.Token);
            foreach (var table in tables)
                await channel.ExecuteAsync(new($"DROP TABLE IF EXISTS {_parts.Dialect.Table(table)}"), limit.Token);
        }
        catch (Exception e)
        {
            _parts.Logger.LogInformation("Staging tables of the load stay until a later run drops them: {Reason}", e.Message);
        }
    }
}
