using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>The rules for the staged files of a warehouse, the same for each kind: the connection, the folder and the size of a file.</summary>
internal static class StagingRules
{
    // A key has at most 1,024 bytes. The rest is for the connection's root path, the feed, the run and the file.
    private const int MaxPrefixBytes = 512;

    /// <summary>Checks the name of the staging connection.</summary>
    public static DefinitionProblem? CheckName(string? connection, string field) => string.IsNullOrWhiteSpace(connection)
        ? new(
            field, "The staging connection is missing.",
            "Name a connection to a bucket that may write there: the warehouse loads the rows from files in this bucket.")
        : null;

    /// <summary>Finds the problems of a staging connection; their fields are those of the connection.</summary>
    public static IEnumerable<DefinitionProblem> CheckConnection(S3Connection connection)
    {
        if (connection.IsFolder)
        {
            yield return new(
                nameof(connection.EndpointUrl), $"The connection {connection.Name} is to a folder, and a warehouse cannot read a folder.",
                "Use a connection to a bucket for staging.");
        }
        if (connection.Anonymous)
        {
            yield return new(
                nameof(connection.Anonymous), $"The connection {connection.Name} is anonymous, so it cannot write staged files.",
                "Use a connection with credentials that may write for staging.");
        }
    }

    /// <summary>Checks the folder for files: empty, or names with a slash after each.</summary>
    /// <param name="prefix">The folder.</param>
    /// <param name="field">The setting.</param>
    /// <param name="what">What the folder is for, in the plural.</param>
    public static DefinitionProblem? CheckPrefix(string prefix, string field, string what = "staged files")
    {
        if (prefix.Length == 0) return null;
        if (PathAddress.Check(prefix, field, bucket: null) is { } address) return address;
        if (prefix[0] == '/') return Problem("Write it without the leading slash: it is below the connection's root path.");
        if (prefix.Contains('\\', StringComparison.Ordinal)) return Problem("Write / between folders.");
        if (prefix.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')) return Problem("Leave out control characters.");
        if (prefix.TrimEnd('/').Split('/').Any(p => p is "" or "." or "..") || prefix.EndsWith("//", StringComparison.Ordinal))
            return Problem("Leave out empty folders, . and ..");
        if (prefix.AsSpan().IndexOfAny('*', '?', '$') >= 0)
            return Problem("Leave out *, ? and $. In a policy they would allow more than the folder.");
        if (prefix[^1] != '/') return Problem($"End it with a slash: {prefix}/");
        return Encoding.UTF8.GetByteCount(prefix) > MaxPrefixBytes ? Problem($"Use at most {MaxPrefixBytes} bytes of UTF-8.") : null;

        DefinitionProblem Problem(string hint) => new(field, $"\"{prefix}\" is not a folder for {what}.", hint);
    }

    /// <summary>Checks the size at which a staged file ends.</summary>
    /// <param name="size">The size in MiB.</param>
    /// <param name="max">The maximum of the kind, in MiB.</param>
    /// <param name="field">The setting.</param>
    public static DefinitionProblem? CheckPartSize(int size, int max, string field)
        => size < 1 || size > max ? new(field, $"A staged file cannot end at {size} MiB.", $"Give 1 to {max}.") : null;
}
