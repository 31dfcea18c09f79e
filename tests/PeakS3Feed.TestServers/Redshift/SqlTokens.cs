using System.Text;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>Reads the tokens of SQL: strings, quoted identifiers, comments, numbers, parameters and symbols.</summary>
public static class SqlTokens
{
    private const string Operators = "+-*/<>=~!@#%^&|`?:";

    /// <summary>The tokens of a text.</summary>
    /// <exception cref="RefusalException">A string, an identifier or a comment does not end, or has a form that Redshift lacks.</exception>
    public static IReadOnlyList<SqlToken> Read(string sql)
    {
        var tokens = new List<SqlToken>();
        var position = 0;
        while (SkipSpace(sql, position) is var start && start < sql.Length)
        {
            var token = ReadOne(sql, start);
            tokens.Add(token);
            position = token.End;
        }
        return tokens;
    }

    /// <summary>The statements of a text: its tokens without the semicolons between them. Empty statements are left out.</summary>
    public static IReadOnlyList<IReadOnlyList<SqlToken>> Statements(string sql)
    {
        var statements = new List<IReadOnlyList<SqlToken>>();
        var current = new List<SqlToken>();
        foreach (var token in Read(sql))
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

    private static SqlToken ReadOne(string sql, int start)
    {
        var first = sql[start];
        if (first is '\'')
            return Quoted(SqlTokenKind.Literal, sql, start, '\'');
        if (first is '"')
            return Quoted(SqlTokenKind.Quoted, sql, start, '"');
        if (first is '$')
            return Parameter(sql, start);
        if (char.IsAsciiDigit(first) || (first is '.' && start + 1 < sql.Length && char.IsAsciiDigit(sql[start + 1])))
            return Token(SqlTokenKind.Number, sql, start, NumberEnd(sql, start));
        if (IsWordStart(first))
            return Word(sql, start);
        var end = start + 1;
        if (Operators.Contains(first, StringComparison.Ordinal))
            while (end < sql.Length && Operators.Contains(sql[end], StringComparison.Ordinal) && !IsComment(sql, end))
                end++;
        return Token(SqlTokenKind.Symbol, sql, start, end);
    }

    private static SqlToken Word(string sql, int start)
    {
        var end = start + 1;
        while (end < sql.Length && (IsWordStart(sql[end]) || char.IsAsciiDigit(sql[end]) || sql[end] is '$'))
            end++;
        if (end < sql.Length && sql[end] is '\'')
            throw RefusalException.Lacks($"literals of the form {sql[start..end]}'…'");
        if (end + 1 < sql.Length && sql[end] is '&' && sql[end + 1] is '\'' or '"' && end - start == 1 && sql[start] is 'u' or 'U')
            throw RefusalException.Lacks("literals and identifiers of the form U&'…'");
        return new SqlToken(SqlTokenKind.Word, Fold(sql[start..end]), start, end);
    }

    private static SqlToken Quoted(SqlTokenKind kind, string sql, int start, char quote)
    {
        var value = new StringBuilder();
        for (var i = start + 1; i < sql.Length; i++)
        {
            if (sql[i] == quote && i + 1 < sql.Length && sql[i + 1] == quote)
                i++;
            else if (sql[i] == quote)
                return new SqlToken(kind, value.ToString(), start, i + 1);
            else if (sql[i] is '\\' && kind is SqlTokenKind.Literal)
                // PostgreSQL 8.0 reads a backslash as an escape, and so does Redshift: a literal with one means something else here.
                throw RefusalException.Lacks("literals with a backslash that stands for itself");
            value.Append(sql[i]);
        }
        throw RefusalException.Syntax(kind is SqlTokenKind.Literal ? "unterminated quoted string" : "unterminated quoted identifier");
    }

    private static SqlToken Parameter(string sql, int start)
    {
        var end = start + 1;
        while (end < sql.Length && char.IsAsciiDigit(sql[end]))
            end++;
        return end > start + 1
            ? Token(SqlTokenKind.Parameter, sql, start, end)
            : throw RefusalException.Lacks("dollar quotes outside of CREATE FUNCTION and CREATE PROCEDURE");
    }

    private static int NumberEnd(string sql, int start)
    {
        var end = start;
        while (end < sql.Length && (char.IsAsciiDigit(sql[end]) || sql[end] is '.'))
            end++;
        if (end >= sql.Length || sql[end] is not ('e' or 'E'))
            return end;
        var exponent = end + 1 < sql.Length && sql[end + 1] is '+' or '-' ? end + 2 : end + 1;
        var last = exponent;
        while (last < sql.Length && char.IsAsciiDigit(sql[last]))
            last++;
        return last > exponent ? last : end;
    }

    private static int SkipSpace(string sql, int position)
    {
        while (position < sql.Length)
        {
            if (char.IsWhiteSpace(sql[position]))
                position++;
            else if (IsComment(sql, position))
                position = CommentEnd(sql, position);
            else
                break;
        }
        return position;
    }

    private static int CommentEnd(string sql, int start)
    {
        if (sql[start] is '-')
            return sql.IndexOf('\n', start) is var line and >= 0 ? line + 1 : sql.Length;
        var depth = 0;
        for (var i = start; i + 1 < sql.Length; i++)
        {
            if (sql[i] is '/' && sql[i + 1] is '*')
                (depth, i) = (depth + 1, i + 1);
            else if (sql[i] is '*' && sql[i + 1] is '/')
                (depth, i) = (depth - 1, i + 1);
            if (depth == 0)
                return i + 1;
        }
        throw RefusalException.Syntax("unterminated /* comment");
    }

    private static bool IsComment(string sql, int position)
        => position + 1 < sql.Length && (sql[position], sql[position + 1]) is ('-', '-') or ('/', '*');

    private static bool IsWordStart(char character) => char.IsAsciiLetter(character) || character is '_' || character > '\u007f';

    // Only ASCII letters are folded.
    internal static string Fold(string name)
        => string.Create(name.Length, name, (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        });

    private static SqlToken Token(SqlTokenKind kind, string sql, int start, int end) => new(kind, sql[start..end], start, end);
}
