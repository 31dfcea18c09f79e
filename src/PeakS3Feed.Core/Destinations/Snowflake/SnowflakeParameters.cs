using System.Text;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Converts parameters by name to those of the SQL API. Pure functions.</summary>
internal static class SnowflakeParameters
{
    /// <summary>Replaces each <c>:name</c> by <c>?</c>, outside quotes and comments, and returns the values in the order of the <c>?</c>.</summary>
    /// <param name="sql">The text. <c>::</c> is a cast.</param>
    /// <param name="values">The values by name. One that occurs twice is bound twice.</param>
    /// <exception cref="ArgumentException">The text has a parameter without a value.</exception>
    public static (string Sql, IReadOnlyList<string> Values) Bind(string sql, IReadOnlyList<(string Name, string Value)> values)
    {
        if (values.Count == 0)
            return (sql, []);
        var text = new StringBuilder(sql.Length);
        var bound = new List<string>();
        for (var i = 0; i < sql.Length;)
        {
            var end = SqlText.SkipQuoted(sql, i);
            if (end > i)
            {
                text.Append(sql, i, end - i);
                i = end;
                continue;
            }
            if (sql[i] == ':' && i + 1 < sql.Length && sql[i + 1] == ':')
            {
                text.Append("::");
                i += 2;
                continue;
            }
            var length = sql[i] == ':' ? NameLength(sql, i + 1) : 0;
            if (length == 0)
            {
                text.Append(sql[i++]);
                continue;
            }
            bound.Add(Find(values, sql.Substring(i + 1, length)));
            text.Append('?');
            i += 1 + length;
        }
        return (text.ToString(), bound);
    }

    private static int NameLength(string sql, int start)
    {
        if (start >= sql.Length || !(char.IsAsciiLetter(sql[start]) || sql[start] == '_'))
            return 0;
        var end = start + 1;
        while (end < sql.Length && (char.IsAsciiLetterOrDigit(sql[end]) || sql[end] == '_'))
            end++;
        return end - start;
    }

    private static string Find(IReadOnlyList<(string Name, string Value)> values, string name)
    {
        foreach (var (known, value) in values)
        {
            if (known.Equals(name, StringComparison.Ordinal))
                return value;
        }
        throw new ArgumentException($"The parameter :{name} has no value.", nameof(values));
    }
}

/// <summary>The parts of Snowflake's SQL text that have a text of their own. Pure functions.</summary>
internal static class SqlText
{
    /// <summary>
    /// Returns where the literal, quoted identifier or comment that begins at a position ends; the position itself if none begins there. One that
    /// is not closed ends with the text.
    /// </summary>
    public static int SkipQuoted(string sql, int start) => sql[start] switch
    {
        '\'' => SkipUntil(sql, start, '\'', hasEscapes: true),
        '"' => SkipUntil(sql, start, '"', hasEscapes: false),
        '$' when StartsWith(sql, start, "$$") => SkipPast(sql, start + 2, "$$"),
        '-' when StartsWith(sql, start, "--") => SkipPast(sql, start + 2, "\n"),
        '/' when StartsWith(sql, start, "/*") => SkipPast(sql, start + 2, "*/"),
        _ => start,
    };

    /// <summary>Returns the text in one line: blanks outside quotes become one space each, and comments are left out.</summary>
    public static string ToLine(string sql)
    {
        var line = new StringBuilder(sql.Length);
        for (var i = 0; i < sql.Length;)
        {
            var end = SkipQuoted(sql, i);
            var isComment = end > i && sql[i] is '-' or '/';
            if (end > i && !isComment)
                line.Append(sql, i, end - i);
            else if (isComment || char.IsWhiteSpace(sql[i]))
                AppendSpace(line);
            else
                line.Append(sql[i]);
            i = Math.Max(end, i + 1);
        }
        return line.ToString().Trim();
    }

    private static void AppendSpace(StringBuilder line)
    {
        if (line.Length > 0 && line[^1] != ' ')
            line.Append(' ');
    }

    // A quote inside is doubled, and in a literal also escaped.
    private static int SkipUntil(string sql, int start, char quote, bool hasEscapes)
    {
        for (var i = start + 1; i < sql.Length; i++)
        {
            if (hasEscapes && sql[i] == '\\')
                i++;
            else if (sql[i] == quote && i + 1 < sql.Length && sql[i + 1] == quote)
                i++;
            else if (sql[i] == quote)
                return i + 1;
        }
        return sql.Length;
    }

    private static int SkipPast(string sql, int start, string end)
        => start <= sql.Length && sql.IndexOf(end, start, StringComparison.Ordinal) is >= 0 and var at ? at + end.Length : sql.Length;

    private static bool StartsWith(string sql, int start, string text) => string.CompareOrdinal(sql, start, text, 0, text.Length) == 0;
}
