namespace PeakS3Feed.TestServers.Sql;

/// <summary>Reads and writes the tokens of SQL.</summary>
public static class SqlTokens
{
    /// <summary>The tokens of a text.</summary>
    /// <exception cref="RefusalException">A string, an identifier or a comment does not end, or has a form that the service lacks.</exception>
    public static IReadOnlyList<SqlToken> Read(string sql, SqlDialect dialect) => new SqlTokenReader(sql, dialect).Read();

    /// <summary>The statements of a text: its tokens without the semicolons between them. Empty statements are left out.</summary>
    public static IReadOnlyList<IReadOnlyList<SqlToken>> Statements(string sql, SqlDialect dialect)
    {
        var statements = new List<IReadOnlyList<SqlToken>>();
        var current = new List<SqlToken>();
        foreach (var token in Read(sql, dialect))
        {
            if (!token.IsSymbol(";"))
            {
                current.Add(token);
                continue;
            }
            if (current.Count > 0)
                statements.Add(current);
            current = [];
        }
        if (current.Count > 0)
            statements.Add(current);
        return statements;
    }

    /// <summary>A text as a literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name as a quoted identifier.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A name in lower case: only ASCII letters are folded.</summary>
    public static string Fold(string name)
        => string.Create(name.Length, name, (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        });

    /// <summary>A name in upper case: only ASCII letters are folded.</summary>
    public static string FoldUp(string name)
        => string.Create(name.Length, name, (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterLower(text[i]) ? (char)(text[i] & ~0x20) : text[i];
        });
}
