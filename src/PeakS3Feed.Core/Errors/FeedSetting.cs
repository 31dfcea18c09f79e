namespace PeakS3Feed.Errors;

/// <summary>A setting that would mend an error; which feed it is for, the place that made the error need not know.</summary>
/// <param name="Setting">The cmdlet's parameter.</param>
/// <param name="Value">Its value.</param>
/// <param name="Key">The key in the import document, where it is not the parameter's name in camelCase.</param>
public sealed record FeedSetting(string Setting, string Value, string? Key = null)
{
    /// <summary>Leave out files that fail.</summary>
    public static FeedSetting SkipBadFiles { get; } = new("OnBadFile", "Skip");

    /// <summary>The files have no header.</summary>
    public static FeedSetting NoHeader { get; } = new("NoHeader", "true");
}
