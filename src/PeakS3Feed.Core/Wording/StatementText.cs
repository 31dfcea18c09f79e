namespace PeakS3Feed.Wording;

/// <summary>
/// Breaks SQL into lines for a terminal, only at spaces outside quotes. A comment that is broken continues as a comment. A destination without SQL
/// has steps in words, which begin with a small letter.
/// </summary>
public static class StatementText
{
    private const int Width = 76;
    private const string Indent = "    ";
    private const string Comment = "-- ";

    /// <summary>Whether a text is a step in words instead of SQL.</summary>
    public static bool IsStep(string statement) => statement.Length > 0 && char.IsLower(statement[0]);

    /// <summary>Returns the lines of a statement, with a semicolon at its end; or those of a comment or a step in words.</summary>
    public static IEnumerable<string> Lines(string statement)
        => (IsComment(statement) || IsStep(statement) ? statement.TrimEnd() : $"{statement.TrimEnd().TrimEnd(';')};").Split('\n').SelectMany(Break);

    private static bool IsComment(string line) => line.StartsWith(Comment, StringComparison.Ordinal);

    private static IEnumerable<string> Break(string line)
    {
        var indent = "";
        var next = IsComment(line) ? Comment : Indent;
        while (indent.Length + line.Length > Width && BreakAt(line, Width - indent.Length) is var at and > 0)
        {
            yield return indent + line[..at];
            line = line[(at + 1)..];
            indent = next;
        }
        yield return indent + line;
    }

    // The last space within the width, otherwise the first one after it. Leading spaces do not count.
    private static int BreakAt(string line, int room)
    {
        var (best, quote) = (0, '\0');
        for (var i = line.Length - line.TrimStart().Length; i < line.Length; i++)
        {
            if (line[i] is '"' or '\'' && (quote == '\0' || quote == line[i]))
                quote = quote == '\0' ? line[i] : '\0';
            if (line[i] != ' ' || quote != '\0')
                continue;
            if (i > room && best > 0)
                return best;
            best = i;
        }
        return best;
    }
}
