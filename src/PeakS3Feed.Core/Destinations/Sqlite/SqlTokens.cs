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

/// <summary>A token of a statement as SQLite reads it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Length">How long it is, quotes included.</param>
/// <param name="Text">Its text; of a quoted one, what the quotes hold.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length, string Text)
{
    public int End => Start + Length;

    /// <summary>Returns whether it is this keyword. A quoted name is not.</summary>
    public bool Is(string keyword) => Kind == SqlTokenKind.Word && string.Equals(Text, keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns whether it is this sign.</summary>
    public bool Is(char sign) => Kind == SqlTokenKind.Sign && Text[0] == sign;
}

/// <summary>Splits a statement into tokens; white space and comments are left out.</summary>
internal static class SqlTokens
{
    /// <summary>Returns all tokens, or null where a quote or comment is not closed.</summary>
    public static List<SqlToken>? Split(string sql)
    {
        var tokens = new List<SqlToken>();
        var at = 0;
        while (at < sql.Length)
        {
            var c = sql[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (sql.AsSpan(at).StartsWith("--"))
            {
                var end = sql.IndexOf('\n', at);
                at = end < 0 ? sql.Length : end + 1;
            }
            else if (sql.AsSpan(at).StartsWith("/*"))
            {
                var end = sql.IndexOf("*/", at + 2, StringComparison.Ordinal);
                if (end < 0)
                    return null;
                at = end + 2;
            }
            else
            {
                SqlToken? token = c is '"' or '\'' or '`' or '[' ? Quoted(sql, at)
                    : IsWord(c) ? Word(sql, at)
                    : new SqlToken(SqlTokenKind.Sign, at, 1, c.ToString());
                if (token is not { } found)
                    return null;
                tokens.Add(found);
                at = found.End;
            }
        }
        return tokens;
    }

    private static SqlToken Word(string sql, int start)
    {
        var end = start;
        while (end < sql.Length && IsWord(sql[end]))
            end++;
        return new SqlToken(SqlTokenKind.Word, start, end - start, sql[start..end]);
    }

    // A quote within is doubled; a bracket cannot be.
    private static SqlToken? Quoted(string sql, int start)
    {
        var close = sql[start] == '[' ? ']' : sql[start];
        for (var at = start + 1; at < sql.Length; at++)
        {
            if (sql[at] != close)
                continue;
            if (close != ']' && at + 1 < sql.Length && sql[at + 1] == close)
            {
                at++;
                continue;
            }
            var text = sql[(start + 1)..at];
            if (close != ']')
                text = text.Replace($"{close}{close}", $"{close}", StringComparison.Ordinal);
            return new SqlToken(SqlTokenKind.Quoted, start, at + 1 - start, text);
        }
        return null;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c >= 0x80;
}
