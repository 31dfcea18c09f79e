namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>The kinds of tokens that matter to <see cref="CreateTableText"/>.</summary>
internal enum SqlTokenKind
{
    /// <summary>A keyword, a name without quotes, or a number.</summary>
    Word,

    /// <summary>A name or text in quotes or brackets.</summary>
    Quoted,

    /// <summary>Any other character.</summary>
    Sign,
}
