using PeakS3Feed.Errors;

namespace PeakS3Feed.Store.Documents;

/// <summary>Finds where in a document the property stands that a rule complains about.</summary>
internal static class ProblemPaths
{
    public static DocumentProblem Place(DefinitionProblem problem, string path, Lazy<JsonPositions>? positions)
    {
        var at = path;
        foreach (var part in problem.Field.Split('.', StringSplitOptions.RemoveEmptyEntries))
            at = JsonPositions.Member(at, char.ToLowerInvariant(part[0]) + part[1..]);
        return new(at, problem.Message, positions?.Value.Find(at), problem.Hint);
    }
}
