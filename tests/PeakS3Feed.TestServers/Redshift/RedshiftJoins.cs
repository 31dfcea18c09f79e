using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>
/// Refuses an UPDATE or DELETE whose target is not compared for equality with a column of the other tables (Redshift Database Developer Guide,
/// "UPDATE", "Usage notes"). It knows comparisons of two qualified columns.
/// </summary>
internal static class RedshiftJoins
{
    /// <summary>Checks a statement whose target is the table between these positions.</summary>
    /// <param name="tokens">The tokens of the statement.</param>
    /// <param name="target">The position of the target's first and behind its last token.</param>
    /// <param name="keyword">The keyword before the other tables: <c>from</c> or <c>using</c>.</param>
    public static void Check(IReadOnlyList<SqlToken> tokens, (int First, int Behind) target, string keyword)
    {
        if (Find(tokens, target.Behind, keyword) is not { } others)
            return;
        var table = tokens[target.Behind - 1].Value;
        for (var i = others; i < tokens.Count; i++)
        {
            if (tokens[i].IsSymbol("=") && (Before(tokens, i), After(tokens, i)) is ({ } left, { } right)
                && Same(left, table) != Same(right, table))
                return;
        }
        throw RedshiftRefusal.FromRedshift("XX000", "Target table must be part of an equijoin predicate");
    }

    // The position of a keyword outside of parentheses.
    private static int? Find(IReadOnlyList<SqlToken> tokens, int start, string keyword)
    {
        var depth = 0;
        for (var i = start; i < tokens.Count; i++)
        {
            depth += tokens[i].IsSymbol("(") ? 1 : tokens[i].IsSymbol(")") ? -1 : 0;
            if (depth == 0 && tokens[i].Is(keyword))
                return i;
        }
        return null;
    }

    // The table of the qualified column that ends before a position.
    private static string? Before(IReadOnlyList<SqlToken> tokens, int at)
        => at >= 3 && tokens[at - 1].IsName && tokens[at - 2].IsSymbol(".") && tokens[at - 3].IsName ? tokens[at - 3].Value : null;

    // The table of the qualified column that begins behind a position.
    private static string? After(IReadOnlyList<SqlToken> tokens, int at)
    {
        string? table = null;
        for (var i = at + 1; i + 2 < tokens.Count && tokens[i].IsName && tokens[i + 1].IsSymbol(".") && tokens[i + 2].IsName; i += 2)
            table = tokens[i].Value;
        return table;
    }

    private static bool Same(string name, string table) => string.Equals(SqlTokens.Fold(name), SqlTokens.Fold(table), StringComparison.Ordinal);
}
