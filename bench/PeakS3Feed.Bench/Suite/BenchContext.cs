using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>The paths, programs and servers of the benchmark.</summary>
internal sealed record BenchContext
{
    /// <summary>The folder of data, databases and stores.</summary>
    public required string Home { get; init; }

    /// <summary>The folder bench of the repository.</summary>
    public required string Sources { get; init; }

    /// <summary>The published program peaks3feed.</summary>
    public required string Worker { get; init; }

    /// <summary>The program peaks3feed as <c>dotnet build</c> leaves it, without compiled code.</summary>
    public required string BuiltWorker { get; init; }

    /// <summary>PostgreSQL.</summary>
    public required PostgresServer Postgres { get; init; }

    /// <summary>The S3 server.</summary>
    public required string S3Endpoint { get; init; }

    public required DataFolder Data { get; init; }

    /// <summary>This program.</summary>
    public static string Self => Environment.ProcessPath!;

    /// <summary>Returns a path in <see cref="Home"/>, and creates its folder.</summary>
    public string Place(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([Home, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
