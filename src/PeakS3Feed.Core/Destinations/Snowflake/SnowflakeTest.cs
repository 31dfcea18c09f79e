using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Tests whether a load into Snowflake would work: login, role, warehouse, schema, stage, and a COPY of one row.</summary>
internal sealed class SnowflakeTest(SnowflakeDestination definition, SnowflakeObjects objects, SnowflakeChannels channels, WarehouseParts parts)
    : WarehouseTest(parts, definition.StagingConnection, channels.Location)
{
    private readonly WarehouseParts _parts = parts;
    private readonly SnowflakeDestination _definition = definition;
    private readonly SnowflakeObjects _objects = objects;
    private readonly SnowflakeChannels _channels = channels;
    private SnowflakeChannel? _channel;
    private string? _warehouse;
    private string? _role;

    protected override async IAsyncEnumerable<DestinationCheck> RunStepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var setup = Remedy.ShowSetup(_definition.Name);
        yield return await TryAsync("Connect", ConnectAsync, ConnectHint, cancellationToken, setup);
        if (Channel is not null)
        {
            yield return await TryAsync(
                "Role", FindRoleAsync, "Set the destination's role, or the user's DEFAULT_ROLE.", cancellationToken, setup);
            yield return await TryAsync(
                "Warehouse", FindWarehouseAsync,
                $"Grant {RoleName} USAGE on a warehouse, and set it as the destination's warehouse or as the user's DEFAULT_WAREHOUSE.",
                cancellationToken, setup);
            yield return await CreateTableAsync(
                _objects.Schema,
                $"Create database and schema unless they exist, and grant {RoleName} USAGE on both and CREATE TABLE on the schema {_objects.Schema}.",
                cancellationToken, setup);
        }
        await foreach (var check in StageAsync(cancellationToken))
            yield return check;
        var hasStage = true;
        if (Channel is not null && Staged is not null)
        {
            var check = await TryAsync(
                "Stage", DescribeStageAsync,
                $"Create the external stage with the URL {_objects.Location}, or grant {RoleName} USAGE on it.", cancellationToken, setup);
            yield return check;
            hasStage = check.Passed;
        }
        if (Channel is not null && Staged is not null && hasStage)
        {
            yield return await TryAsync(
                "StageList", ListAsync, "The role of the stage's storage integration must be allowed to list and read there.", cancellationToken);
        }
        if (IsCreated && Staged is not null && hasStage)
        {
            yield return await CopyAsync(
                CopyStagedAsync, $"through the stage {_definition.Stage}",
                "The role of the stage's storage integration must be allowed to read the staged files. If COPY loads no rows, the user's parameter "
                    + "AUTOCOMMIT must be TRUE.",
                cancellationToken);
        }
        if (Staged is not null)
            yield return await DeleteStagedAsync(cancellationToken);
    }

    protected override Exception Translate(Exception exception) => _channels.Errors.Translate(exception);

    private string RoleName => _role is null ? "the role" : $"role {_role}";

    private async Task<string> ConnectAsync(CancellationToken cancellationToken)
    {
        var channel = _channels.Open(Name);
        var row = await channel.QueryAsync(
            new("SELECT CURRENT_VERSION(), CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE(), CURRENT_DATABASE(), CURRENT_SCHEMA()"),
            cancellationToken).SingleAsync(cancellationToken);
        (Channel, _channel, _role, _warehouse) = (channel, channel, row[2], row[3]);
        return $"Snowflake {row[0]} as {row[1]}, with {Login}";
    }

    private string Login => SnowflakeLogin.From(_definition) switch
    {
        SnowflakeLogin.KeyPair => "a key pair",
        SnowflakeLogin.OAuth => "an OAuth token",
        _ => "a programmatic access token",
    };

    // The login has worked, or has an error of its own: Snowflake refuses the session.
    private string ConnectHint => "Check that these exist, and that the user may use them: "
        + (_definition.Role is { } role ? $"role {SnowflakeIdentifier.Read(role)}" : "the user's default role")
        + (_definition.Warehouse is { } warehouse ? $", warehouse {SnowflakeIdentifier.Read(warehouse)}" : ", the user's default warehouse")
        + $", database {SnowflakeIdentifier.Read(_definition.Database)}, schema {SnowflakeIdentifier.Read(_definition.Schema)}.";

    private Task<string> FindRoleAsync(CancellationToken cancellationToken)
        => Task.FromResult(_role ?? throw new InvalidDataException("The session has no role."));

    private async Task<string> FindWarehouseAsync(CancellationToken cancellationToken)
    {
        if (_warehouse is not { } name)
            throw new InvalidDataException("The session has no warehouse.");
        // The pattern's wildcards may match other names, too.
        var warehouses = _channel!.QueryByNameAsync(new($"SHOW WAREHOUSES LIKE {SnowflakeText.Literal(name)}"), cancellationToken);
        await foreach (var row in warehouses)
        {
            if (row.GetValueOrDefault("name") != name)
                continue;
            var warehouse = new WarehouseState(
                name, row.GetValueOrDefault("size") ?? "", row.GetValueOrDefault("state") ?? "", row.GetValueOrDefault("auto_suspend"),
                row.GetValueOrDefault("auto_resume") ?? "")
            {
                IsStandard = row.GetValueOrDefault("type") is null or "STANDARD",
            };
            return warehouse.IsStuck ? throw _channels.Errors.WarehouseSuspended(name, warehouse.Describe()) : warehouse.Describe();
        }
        throw new InvalidDataException($"The role may not use warehouse {name}.");
    }

    private async Task<string> DescribeStageAsync(CancellationToken cancellationToken)
    {
        string? url = null, integration = null;
        await foreach (var row in _channel!.QueryByNameAsync(new($"DESC STAGE {StagePath.Quote(_definition.Stage)}"), cancellationToken))
        {
            var value = row.GetValueOrDefault("property_value");
            if (row.GetValueOrDefault("property") == "URL")
                url = value?.Trim('[', ']', '"');
            else if (row.GetValueOrDefault("property") == "STORAGE_INTEGRATION")
                integration = value;
        }
        if (string.IsNullOrEmpty(url))
            throw new InvalidDataException($"{_definition.Stage} is not an external stage: it has no URL.");
        return _objects.IsLocation(url)
            ? $"{url}{(string.IsNullOrEmpty(integration) ? "" : $", storage integration {integration}")}"
            : throw _channels.Errors.StageElsewhere(url, _objects.Location);
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var found = await _channel!.QueryByNameAsync(new($"LIST {StagePath.From(_definition.Stage, Folder)}"), cancellationToken)
            .AnyAsync(r => r.GetValueOrDefault("name")?.EndsWith(FileName, StringComparison.Ordinal) == true, cancellationToken);
        return found ? $"Snowflake lists {FileName}" : throw new InvalidDataException($"Snowflake does not list {Staged!.Uri} in the stage.");
    }

    private Task CopyStagedAsync(CancellationToken cancellationToken)
    {
        var copy = new CopyText(Name, Folder, [FileName], NullToken.Create().Text);
        return _channel!.ExecuteAsync(new(new SnowflakeCopy(_channel, _parts, _definition).Copy(copy)), cancellationToken);
    }
}

/// <summary>A virtual warehouse, as SHOW WAREHOUSES has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size: <c>X-Small</c>.</param>
/// <param name="State">Its state: <c>STARTED</c>, <c>SUSPENDED</c>, <c>RESIZING</c>.</param>
/// <param name="AutoSuspend">After how many seconds without work it is suspended; null for never.</param>
/// <param name="AutoResume">Whether a statement resumes it: <c>true</c> or <c>false</c>.</param>
internal sealed record WarehouseState(string Name, string Size, string State, string? AutoSuspend, string AutoResume)
{
    /// <summary>Whether it costs what standard warehouses cost.</summary>
    public bool IsStandard { get; init; } = true;

    // Credits an hour of a standard warehouse (Snowflake's documentation, "Overview of warehouses"). Each resumption costs at least one minute.
    private static readonly string[] Sizes =
        ["X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large", "5X-Large", "6X-Large"];

    /// <summary>Whether no statement can run: it is suspended and does not resume by itself.</summary>
    public bool IsStuck => IsSuspended && !AutoResume.Equals("true", StringComparison.OrdinalIgnoreCase);

    // In the other states it runs statements, or does so soon: STARTED, RESUMING, RESIZING.
    private bool IsSuspended => State.Equals("SUSPENDED", StringComparison.OrdinalIgnoreCase)
        || State.Equals("SUSPENDING", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns its state and what resuming costs, for people.</summary>
    public string Describe() => $"{Name} ({Size}), {State.ToLowerInvariant()}; {Resumes}{Suspends}{Cost}";

    private string Resumes => IsStuck ? "does not resume by itself, and " : IsSuspended ? "resumes by itself, and " : "";

    private string Suspends => AutoSuspend is { Length: > 0 } and not "0"
        ? $"suspends after {AutoSuspend} s without work"
        : "never suspends by itself";

    private string Cost => IsStandard && Array.FindIndex(Sizes, s => s.Equals(Size, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at
        ? $"; {1 << at} credit{(at == 0 ? "" : "s")} an hour, and at least one minute each time it resumes"
        : "";
}
