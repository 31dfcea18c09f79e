using PeakS3Feed.Connections;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store;

/// <summary>The one place where the rules of connections are asked when a document is imported.</summary>
internal static class ImportRules
{
    public static IReadOnlyList<DefinitionProblem> Check(S3Connection connection) => connection.Validate();
}
