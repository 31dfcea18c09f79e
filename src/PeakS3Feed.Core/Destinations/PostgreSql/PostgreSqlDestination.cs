using System.Globalization;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>A PostgreSQL database, version 12 or later.</summary>
public sealed record PostgreSqlDestination : S3FeedDestination
{
    /// <summary>The values of <see cref="SslMode"/>, in any case.</summary>
    public static IReadOnlyList<string> SslModes => ServerRules.SslModes;

    /// <summary>Host name, address, or the folder of a Unix socket.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The login role; null for PGUSER or the system's user.</summary>
    public string? Username { get; init; }

    /// <summary>A reference to the password (<c>env:NAME</c>, <c>file:PATH</c>); null for the passfile or a login without one.</summary>
    public string? Password { get; init; }

    /// <summary>Disable, Prefer, Require, VerifyCA or VerifyFull (default).</summary>
    public string SslMode { get; init; } = "VerifyFull";

    /// <summary>PEM file of the authorities to trust; null for the system's.</summary>
    public string? RootCertificate { get; init; }

    /// <summary>The schema that tables are created in.</summary>
    public string Schema { get; init; } = "public";

    /// <inheritdoc/>
    public override string Kind => "PostgreSQL";

    /// <inheritdoc/>
    public override string Place => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}/{Database}, schema {Schema}");
}
