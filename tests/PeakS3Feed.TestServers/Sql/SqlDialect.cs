namespace PeakS3Feed.TestServers.Sql;

/// <summary>How a service reads the tokens of SQL.</summary>
/// <param name="Lacks">Makes the error for a form of token that the service lacks.</param>
public sealed record SqlDialect(Func<string, RefusalException> Lacks)
{
    /// <summary>Whether a backslash in a literal begins an escape. Otherwise it is an error there.</summary>
    public bool HasEscapes { get; init; }

    /// <summary>The symbols of two characters; null if any row of operator characters is one symbol.</summary>
    public IReadOnlyList<string>? Pairs { get; init; }

    /// <summary>Whether parameters have numbers, such as <c>$1</c>.</summary>
    public bool HasNumberedParameters { get; init; }
}
