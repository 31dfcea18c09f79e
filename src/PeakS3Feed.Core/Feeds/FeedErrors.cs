using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds;

/// <summary>The errors of feeds' definitions.</summary>
internal static class FeedErrors
{
    public static FeedException Invalid(string feedName, IReadOnlyList<DefinitionProblem> problems) => new(
        "FeedInvalid",
        FeedErrorCategory.InvalidArgument,
        $"The feed \"{feedName}\" cannot be: {problems[0].Message}{(problems.Count > 1 ? $" (And {problems.Count - 1} more.)" : "")}")
    {
        Target = feedName,
        Hint = problems[0].Hint,
    };
}
