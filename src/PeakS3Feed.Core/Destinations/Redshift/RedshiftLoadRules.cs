using System.Text.RegularExpressions;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The rules for staging, COPY and the tables that are created.</summary>
internal static partial class RedshiftLoadRules
{
    // Limits of Redshift: the columns of a sort key, and the roles of a chain.
    private const int MaxSortColumns = 400;
    private const int MaxRoles = 10;

    /// <summary>Finds all problems.</summary>
    public static IEnumerable<DefinitionProblem> Check(RedshiftDestination definition)
    {
        if (StagingRules.CheckName(definition.StagingConnection, nameof(definition.StagingConnection)) is { } name) yield return name;
        if (StagingRules.CheckPrefix(definition.StagingPrefix, nameof(definition.StagingPrefix)) is { } prefix) yield return prefix;
        if (definition.IamRole is { } roles && CheckRoles(roles) is { } role) yield return role;
        if (definition.SliceCount is < 1 or > RedshiftDestination.MaxSliceCount)
        {
            yield return new(
                nameof(definition.SliceCount), $"A cluster cannot have {definition.SliceCount} slices.",
                $"Give 1 to {RedshiftDestination.MaxSliceCount}: the number of rows of the system view stv_slices. "
                + "Leave it out for a serverless workgroup.");
        }
        if (StagingRules.CheckPartSize(definition.PartSizeMiB, RedshiftDestination.MaxPartSizeMiB, nameof(definition.PartSizeMiB)) is { } size)
            yield return size;
        if (definition.DistKey is { } distKey && string.IsNullOrWhiteSpace(distKey))
            yield return new(nameof(definition.DistKey), "The column of the distribution key is blank.", "Leave it out for DISTSTYLE AUTO.");
        if (CheckSortKey(definition.SortKey) is { } sortKey) yield return sortKey;
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
