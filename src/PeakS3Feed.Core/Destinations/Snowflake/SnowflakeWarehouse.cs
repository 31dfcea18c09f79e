using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Schemas;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Snowflake as a destination.</summary>
internal sealed class SnowflakeWarehouse : StagingWarehouse
{
    // Each text of NULL_IF is compared with every value.
    private const int MaxNullValues = 16;

    private readonly SnowflakeDestination _definition;
    private readonly SnowflakeObjects _objects;
    private readonly SnowflakeChannels _channels;

    private SnowflakeWarehouse(SnowflakeDestination definition, SnowflakeObjects objects, SnowflakeChannels channels, WarehouseParts parts)
        : base(parts)
    {
        (_definition, _objects, _channels) = (definition, objects, channels);
        Capabilities = CreateCapabilities(definition);
    }

    public override DestinationCapabilities Capabilities { get; }

    private static DestinationCapabilities CreateCapabilities(SnowflakeDestination definition) => new()
    {
        Direct = new DirectLoading
        {
            LoadPath = definition.LoadPath,
            TellsEmptyFromNull = true,
            MaxNullValues = MaxNullValues,
            RefusePlace = _ => SnowflakeSource.RefusePlace(definition),
        },
        ValueLimits = new ValueLimits
        {
            AllowNul = false,
            StoresJsonValues = true,
            MaxTextBytes = SnowflakeDialect.MaxTextBytes,
            MaxNameBytes = SnowflakeDialect.MaxIdentifierBytes,
            UpperCaseNames = true,
            ReservedNames = SnowflakeDialect.ReservedNames,
        },
        EnforcesKeys = false,
        RenamesInCommit = false,
    };

    public override string Location => _channels.Location;

    /// <summary>Opens the destination. Makes no request and resolves no secret yet.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="connection">Its staging connection.</param>
    /// <param name="secrets">Resolves the references of the login, whenever it is renewed.</param>
    /// <param name="staging">The place for staged files; owned.</param>
    /// <param name="loggers">Logs waiting and retries.</param>
    /// <param name="time">The clock.</param>
    public static SnowflakeWarehouse Open(
        SnowflakeDestination definition, S3Connection connection, ISecretResolver secrets, IStagingArea staging, ILoggerFactory loggers,
        TimeProvider time)
    {
        var parts = new WarehouseParts(
            new SnowflakeDialect(definition.Schema), new SnowflakeSyntax(), staging, new CsvStageOptions("", definition.PartSizeMiB * 1024L * 1024),
            loggers.CreateLogger("PeakS3Feed.Destinations"), time);
        var objects = new SnowflakeObjects(definition, new(connection, []));
        return new(definition, objects, new SnowflakeChannels(definition, secrets, loggers, time), parts);
    }

    public override IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken)
        => new SnowflakeTest(_definition, _objects, _channels, Parts).RunAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        _channels.Dispose();
        await base.DisposeAsync();
    }

    protected override Task<WarehouseEngine> OpenEngineAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        var channel = _channels.Open(Parts.Names(target).Lock, target.FeedName);
        return Task.FromResult<WarehouseEngine>(new SnowflakeEngine(channel, Parts, _definition, _channels.Errors));
    }
}

/// <summary>What one session does in Snowflake's own way.</summary>
internal sealed class SnowflakeEngine(SnowflakeChannel channel, WarehouseParts parts, SnowflakeDestination definition, SnowflakeErrors errors)
    : WarehouseEngine(channel, parts)
{
    public override IWarehouseCatalog Catalog { get; } = new SnowflakeCatalog(channel, parts.Dialect);

    public override IWarehouseCopy Copy { get; } = new SnowflakeCopy(channel, parts, definition);

    public override WarehouseTables Tables(LoadTarget target) => new SnowflakeTables(this, target);

    public override Exception Translate(Exception exception, LoadTarget target) => errors.Translate(exception, target);
}

/// <summary>Changes the target as a load needs it. Snowflake lengthens a VARCHAR and gives a NUMBER more digits, and no other type.</summary>
internal sealed class SnowflakeTables(WarehouseEngine engine, LoadTarget target) : WarehouseTables(engine, target)
{
    protected override string Add => "ADD COLUMN IF NOT EXISTS";

    protected override string SetType => "SET DATA TYPE";
}
