using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Redshift as a destination.</summary>
internal sealed class RedshiftWarehouse : StagingWarehouse
{
    private readonly RedshiftDestination _definition;
    private readonly RedshiftChannels _channels;

    private RedshiftWarehouse(RedshiftDestination definition, RedshiftChannels channels, WarehouseParts parts)
        : base(parts)
    {
        (_definition, _channels) = (definition, channels);
        Capabilities = CreateCapabilities(definition, parts.Area);
    }

    public override DestinationCapabilities Capabilities { get; }

    private static DestinationCapabilities CreateCapabilities(RedshiftDestination definition, IStagingArea area) => new()
    {
        Direct = new DirectLoading
        {
            LoadPath = definition.LoadPath,
            RefuseNullValue = RedshiftObjects.RefuseNullValue,
            RefusePlace = place => RedshiftObjects.RefusePlace(place, area),
        },
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

    public override string Location => _channels.Location;

    /// <summary>Opens the destination. Makes no request yet.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="password">The resolved password, or null.</param>
    /// <param name="staging">The place for staged files; owned.</param>
    /// <param name="loggers">Logs waiting and retries.</param>
    /// <param name="time">The clock.</param>
    public static RedshiftWarehouse Open(
        RedshiftDestination definition, string? password, IStagingArea staging, ILoggerFactory loggers, TimeProvider time)
    {
        var options = new CsvStageOptions("", definition.PartSizeMiB * 1024L * 1024) { Slices = definition.SliceCount };
        var parts = new WarehouseParts(
            new RedshiftDialect(definition.Schema), new RedshiftSyntax(), staging, options, loggers.CreateLogger("PeakS3Feed.Destinations"), time);
        return new(definition, new RedshiftChannels(definition, password, loggers, time), parts);
    }

    public override IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken)
        => new RedshiftTest(_definition, _channels, Parts).RunAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _channels.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task<WarehouseEngine> OpenEngineAsync(LoadTarget target, CancellationToken cancellationToken)
        => new RedshiftEngine(await _channels.OpenAsync(Parts.Names(target).Lock, cancellationToken), Parts, _definition, _channels.Errors);
}

/// <summary>What one session does in Redshift's own way.</summary>
internal sealed class RedshiftEngine(IRedshiftChannel channel, WarehouseParts parts, RedshiftDestination definition, RedshiftErrors errors)
    : WarehouseEngine(channel, parts)
{
    public override IWarehouseCatalog Catalog { get; } = new RedshiftCatalog(channel, parts.Dialect);

    public override IWarehouseCopy Copy { get; } = new RedshiftCopy(channel, parts, definition, errors);

    public override WarehouseTables Tables(LoadTarget target) => new RedshiftTables(this, definition, target);

    public override Exception Translate(Exception exception, LoadTarget target) => errors.Translate(exception, target);
}
