using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Where everything is.</summary>
internal sealed record BenchContext
{
    /// <summary>The folder of data, databases and stores.</summary>
    public required string Home { get; init; }

    /// <summary>The folder bench/ of the repository.</summary>
    public required string Sources { get; init; }

    /// <summary>The program peaks3feed as it is published.</summary>
    public required string Worker { get; init; }

    /// <summary>PostgreSQL.</summary>
    public required PostgresServer Postgres { get; init; }

    /// <summary>The S3 server, for what loads from S3.</summary>
    public required string S3Endpoint { get; init; }

    public required DataFolder Data { get; init; }

    /// <summary>This program.</summary>
    public static string Self => Environment.ProcessPath!;

    /// <summary>A path in <see cref="Home"/>, whose folder is made.</summary>
    public string Place(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([Home, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
