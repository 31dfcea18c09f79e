using System.Text.RegularExpressions;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The rules for staging and COPY.</summary>
internal static partial class SnowflakeLoadRules
{
    /// <summary>Finds all problems.</summary>
    public static IEnumerable<DefinitionProblem> Check(SnowflakeDestination definition)
    {
        IEnumerable<DefinitionProblem?> problems =
        [
            SnowflakeIdentifier.CheckPath(definition.Stage, nameof(definition.Stage), "stage"),
            definition.SourceStage is { } source ? SnowflakeIdentifier.CheckPath(source, nameof(definition.SourceStage), "stage") : null,
            definition is { LoadPath: LoadPath.Direct, SourceStage: null } ? NoSourceStage : null,
            StagingRules.CheckName(definition.StagingConnection, nameof(definition.StagingConnection)),
            StagingRules.CheckPrefix(definition.StagingPrefix, nameof(definition.StagingPrefix)),
            StagingRules.CheckPartSize(definition.PartSizeMiB, SnowflakeDestination.MaxPartSizeMiB, nameof(definition.PartSizeMiB)),
            CheckRole(definition),
        ];
        return problems.OfType<DefinitionProblem>();
    }

    private static DefinitionProblem NoSourceStage => new(
        nameof(SnowflakeDestination.LoadPath), "LoadPath Direct needs the external stage of the objects.",
        "Name it with SourceStage, or set LoadPath to Auto or Staged.");

    private static DefinitionProblem? CheckRole(SnowflakeDestination definition)
        => definition.IntegrationRole is { } role && !RolePattern().IsMatch(role)
            ? new(
                nameof(definition.IntegrationRole), $"\"{role}\" is not the ARN of an IAM role.",
                "It has the form arn:aws:iam::123456789012:role/name. Leave it out until the role exists.")
            : null;

    [GeneratedRegex(
        @"\Aarn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/(?:[\x21-\x7E-[*?$'""\\]]{1,510}/)?[A-Za-z0-9_+=,.@-]{1,64}\z",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RolePattern();
}
