using System.Text;
using System.Text.RegularExpressions;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The rules for staging, COPY and the tables that are created.</summary>
internal static partial class RedshiftLoadRules
{
    // Limits of Redshift: the columns of a sort key, and the roles of a chain.
    private const int MaxSortColumns = 400;
    private const int MaxRoles = 10;

    // A key has at most 1,024 bytes. The rest is for the connection's root path, the feed, the run and the file.
    private const int MaxPrefixBytes = 512;

    /// <summary>Finds all problems.</summary>
    public static IEnumerable<DefinitionProblem> Check(RedshiftDestination definition)
    {
        if (string.IsNullOrWhiteSpace(definition.StagingConnection))
        {
            yield return new(
                nameof(definition.StagingConnection), "The staging connection is missing.",
                "Name a connection to a bucket that may write there: the warehouse loads the rows from files in this bucket.");
        }
        if (CheckPrefix(definition.StagingPrefix) is { } prefix) yield return prefix;
        if (definition.IamRole is { } roles && CheckRoles(roles) is { } role) yield return role;
        if (definition.SliceCount is < 1 or > RedshiftDestination.MaxSliceCount)
        {
            yield return new(
                nameof(definition.SliceCount), $"A cluster cannot have {definition.SliceCount} slices.",
                $"Give 1 to {RedshiftDestination.MaxSliceCount}: the number of rows of the system view stv_slices. "
                + "Leave it out for a serverless workgroup.");
        }
        if (definition.PartSizeMiB is < 1 or > RedshiftDestination.MaxPartSizeMiB)
        {
            yield return new(
                nameof(definition.PartSizeMiB), $"A staged file cannot end at {definition.PartSizeMiB} MiB.",
                $"Give 1 to {RedshiftDestination.MaxPartSizeMiB}.");
        }
        if (definition.DistKey is { } distKey && string.IsNullOrWhiteSpace(distKey))
            yield return new(nameof(definition.DistKey), "The column of the distribution key is blank.", "Leave it out for DISTSTYLE AUTO.");
        if (CheckSortKey(definition.SortKey) is { } sortKey) yield return sortKey;
    }

    /// <summary>Finds the problems of a staging connection; their fields are those of the connection.</summary>
    public static IEnumerable<DefinitionProblem> CheckStaging(S3Connection connection)
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

    private static DefinitionProblem? CheckPrefix(string prefix)
    {
        const string Field = nameof(RedshiftDestination.StagingPrefix);
        if (prefix.Length == 0) return null;
        if (PathAddress.Check(prefix, Field, bucket: null) is { } address) return address;
        if (prefix[0] == '/') return Problem("Write it without the leading slash: it is below the connection's root path.");
        if (prefix.Contains('\\', StringComparison.Ordinal)) return Problem("Write / between folders.");
        if (prefix.Any(char.IsControl)) return Problem("Leave out control characters.");
        if (prefix.TrimEnd('/').Split('/').Any(p => p is "" or "." or "..") || prefix.EndsWith("//", StringComparison.Ordinal))
            return Problem("Leave out empty folders, . and ..");
        if (prefix.AsSpan().IndexOfAny('*', '?', '$') >= 0)
            return Problem("Leave out *, ? and $. In a policy they would allow more than the folder.");
        if (prefix[^1] != '/') return Problem($"End it with a slash: {prefix}/");
        return Encoding.UTF8.GetByteCount(prefix) > MaxPrefixBytes ? Problem($"Use at most {MaxPrefixBytes} bytes of UTF-8.") : null;

        DefinitionProblem Problem(string hint) => new(Field, $"\"{prefix}\" is not a folder for staged files.", hint);
    }

    private static DefinitionProblem? CheckRoles(string roles)
    {
        const string Field = nameof(RedshiftDestination.IamRole);
        if (roles.Equals("default", StringComparison.OrdinalIgnoreCase))
            return new(Field, "IamRole must be the ARN of a role.", "Leave it out for the default role of the warehouse.");
        var all = roles.Split(',');
        if (all.FirstOrDefault(r => !RolePattern().IsMatch(r)) is { } wrong)
        {
            return new(
                Field, $"\"{wrong}\" is not the ARN of an IAM role.",
                "It has the form arn:aws:iam::123456789012:role/name. Write a chain of roles with commas and without spaces.");
        }
        return all.Length > MaxRoles ? new(Field, $"A chain of {all.Length} roles is too long.", $"Redshift takes at most {MaxRoles} roles.") : null;
    }

    private static DefinitionProblem? CheckSortKey(IReadOnlyList<string> columns)
    {
        const string Field = nameof(RedshiftDestination.SortKey);
        if (columns.Any(string.IsNullOrWhiteSpace))
            return new(Field, "A column of the sort key is blank.", "Leave out the sort key for SORTKEY AUTO.");
        if (columns.Count > MaxSortColumns)
            return new(Field, $"The sort key has {columns.Count} columns.", $"Redshift takes at most {MaxSortColumns} columns.");
        return columns.GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any()) is { } twice
            ? new(Field, $"The sort key has the column {twice.Key} twice.", "Name each column once.") : null;
    }

    [GeneratedRegex(
        @"\Aarn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/(?:[\x21-\x7E-[*?$'""\\,]]{1,510}/)?[A-Za-z0-9_+=.@-]{1,64}\z",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RolePattern();
}
