namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>A token of a statement as SQLite reads it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Length">How long it is, quotes included.</param>
/// <param name="Text">Its text; of a quoted one, what the quotes hold.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length, string Text)
{
    public int End => Start + Length;

    /// <summary>Whether it is this keyword, which no quoted name is.</summary>
    public bool Is(string keyword) => Kind == SqlTokenKind.Word && string.Equals(Text, keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is this sign.</summary>
    public bool Is(char sign) => Kind == SqlTokenKind.Sign && Text[0] == sign;
}
