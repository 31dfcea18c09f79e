namespace PeakS3Feed.Errors;

/// <summary>A setting that would fix an error. The code that creates the error need not know the feed.</summary>
/// <param name="Setting">The parameter of the cmdlet.</param>
/// <param name="Value">Its value.</param>
/// <param name="Key">The key in the import document, where it is not the parameter's name in camelCase.</param>
public sealed record FeedSetting(string Setting, string Value, string? Key = null)
{
    /// <summary>Skip files that fail.</summary>
    public static FeedSetting SkipBadFiles { get; } = new("OnBadFile", "Skip");

    /// <summary>The files have no header.</summary>
    public static FeedSetting NoHeader { get; } = new("NoHeader", "true");
}
