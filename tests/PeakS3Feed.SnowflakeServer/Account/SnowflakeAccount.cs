using System.Collections.Concurrent;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.SnowflakeApi;

namespace PeakS3Feed.SnowflakeServer.Account;

/// <summary>A virtual warehouse.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">STARTED or SUSPENDED.</param>
/// <param name="Size">Its size, such as <c>X-Small</c>.</param>
/// <param name="AutoSuspend">After how many seconds without work it is suspended; 0 for never.</param>
/// <param name="AutoResume">Whether a statement starts it.</param>
public sealed record SnowflakeWarehouse(
    string Name, string State = "STARTED", string Size = "X-Small", int AutoSuspend = 60, bool AutoResume = true);

/// <summary>An external stage.</summary>
/// <param name="Name">Its full name: <c>DATABASE.SCHEMA.STAGE</c>.</param>
/// <param name="Url">Its place: <c>s3://bucket/prefix/</c>.</param>
/// <param name="Integration">The storage integration. One whose name ends in <c>_DENIED</c> may read nothing.</param>
public sealed record SnowflakeStage(string Name, string Url, string Integration)
{
    /// <summary>The bucket.</summary>
    public string Bucket => Url["s3://".Length..].Split('/')[0];

    /// <summary>The beginning of the keys.</summary>
    public string Prefix => Url["s3://".Length..][(Bucket.Length + 1)..];
}

/// <summary>What an account has besides tables. Tests may change it at any time. Safe for concurrent use.</summary>
public sealed class SnowflakeAccount
{
    private readonly ConcurrentDictionary<string, SnowflakeStage> _stages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SnowflakeWarehouse> _warehouses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _roles = new(StringComparer.Ordinal);

    internal SnowflakeAccount(SnowflakeStandInOptions options, TimeProvider clock)
    {
        Logins = new SnowflakeLogins(options.Accounts, clock);
        foreach (var role in options.Roles)
            Add(role);
        foreach (var warehouse in options.Warehouses)
            Add(warehouse);
        (DefaultRole, DefaultWarehouse) = (options.Roles[0], options.Warehouses[0].Name);
    }

    /// <summary>The users' keys and tokens.</summary>
    public SnowflakeLogins Logins { get; }

    /// <summary>The role of a request that names none.</summary>
    public string DefaultRole { get; }

    /// <summary>The warehouse of a request that names none; null if users have none.</summary>
    public string? DefaultWarehouse { get; set; }

    /// <summary>The warehouses in the order of their names.</summary>
    public IReadOnlyList<SnowflakeWarehouse> Warehouses => [.. _warehouses.Values.OrderBy(w => w.Name, StringComparer.Ordinal)];

    /// <summary>Adds a role, which all users have.</summary>
    public void Add(string role) => _roles[role] = true;

    /// <summary>Adds a warehouse, or replaces the one of its name.</summary>
    public void Add(SnowflakeWarehouse warehouse) => _warehouses[warehouse.Name] = warehouse;

    /// <summary>Adds an external stage, or replaces the one of its name.</summary>
    public void Add(SnowflakeStage stage)
    {
        if (!stage.Url.StartsWith("s3://", StringComparison.Ordinal) || !stage.Url.EndsWith('/') || stage.Name.Split('.').Length != 3)
            throw new ArgumentException("A stage has a name of three parts, and a place of the form s3://bucket/prefix/.", nameof(stage));
        _stages[stage.Name] = stage;
    }

    internal bool HasRole(string role) => _roles.ContainsKey(role);

    internal SnowflakeWarehouse? FindWarehouse(string name) => _warehouses.GetValueOrDefault(name);

    /// <summary>Starts a warehouse for a statement.</summary>
    internal void Resume(string? name)
    {
        if (name is null || FindWarehouse(name) is not { } warehouse)
            throw SnowflakeErrors.NoWarehouse;
        if (warehouse.State is "STARTED")
            return;
        if (!warehouse.AutoResume)
            throw SnowflakeErrors.NoWarehouse;
        Add(warehouse with { State = "STARTED" });
    }

    internal SnowflakeStage FindStage(StageLocation location, SnowflakeScope scope)
    {
        var name = scope.FullName(location.Stage);
        return _stages.GetValueOrDefault(name) ?? throw SnowflakeErrors.Missing("Stage", name);
    }
}
