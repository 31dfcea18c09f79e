using System.Text;

namespace PeakS3Feed.TestServers.Sql;

/// <summary>Reads the tokens of a text: strings, quoted identifiers, comments, numbers, parameters and symbols.</summary>
internal sealed class SqlTokenReader(string sql, SqlDialect dialect)
{
    private const string Operators = "+-*/<>=~!@#%^&|`?:";

    public IReadOnlyList<SqlToken> Read()
    {
        var tokens = new List<SqlToken>();
        var position = 0;
        while (SkipSpace(position) is var start && start < sql.Length)
        {
            var token = ReadOne(start);
            tokens.Add(token);
            position = token.End;
        }
        return tokens;
    }

    private SqlToken ReadOne(int start)
    {
        var first = sql[start];
        if (first is '\'')
            return Quoted(SqlTokenKind.Literal, start, '\'');
        if (first is '"')
            return Quoted(SqlTokenKind.Quoted, start, '"');
        if (first is '$' && dialect.HasNumberedParameters)
            return Parameter(start);
        if (char.IsAsciiDigit(first) || (first is '.' && start + 1 < sql.Length && char.IsAsciiDigit(sql[start + 1])))
            return Token(SqlTokenKind.Number, start, NumberEnd(start));
        if (IsWordStart(first))
            return Word(start);
        return Token(SqlTokenKind.Symbol, start, SymbolEnd(start));
    }

    private int SymbolEnd(int start)
    {
        var end = start + 1;
        if (dialect.Pairs is { } pairs)
            return end < sql.Length && pairs.Contains(sql[start..(end + 1)], StringComparer.Ordinal) ? end + 1 : end;
        if (Operators.Contains(sql[start], StringComparison.Ordinal))
            while (end < sql.Length && Operators.Contains(sql[end], StringComparison.Ordinal) && !IsComment(end))
                end++;
        return end;
    }

    private SqlToken Word(int start)
    {
        var end = start + 1;
        while (end < sql.Length && (IsWordStart(sql[end]) || char.IsAsciiDigit(sql[end]) || sql[end] is '$'))
            end++;
        if (end < sql.Length && sql[end] is '\'')
            throw dialect.Lacks($"literals of the form {sql[start..end]}'…'");
        if (end + 1 < sql.Length && sql[end] is '&' && sql[end + 1] is '\'' or '"' && end - start == 1 && sql[start] is 'u' or 'U')
            throw dialect.Lacks("literals and identifiers of the form U&'…'");
        return new SqlToken(SqlTokenKind.Word, SqlTokens.Fold(sql[start..end]), start, end);
    }

    private SqlToken Quoted(SqlTokenKind kind, int start, char quote)
    {
        var value = new StringBuilder();
        for (var i = start + 1; i < sql.Length; i++)
        {
            if (sql[i] == quote && i + 1 < sql.Length && sql[i + 1] == quote)
                i++;
            else if (sql[i] == quote)
                return new SqlToken(kind, value.ToString(), start, i + 1);
            else if (sql[i] is '\\' && kind is SqlTokenKind.Literal)
            {
                i++;
                value.Append(Escaped(i));
                continue;
            }
            value.Append(sql[i]);
        }
        throw RefusalException.Syntax(kind is SqlTokenKind.Literal ? "unterminated quoted string" : "unterminated quoted identifier");
    }

    private char Escaped(int position)
    {
        // PostgreSQL 8.0 reads a backslash as an escape, and so does Redshift: a literal with one means something else there.
        if (!dialect.HasEscapes)
            throw dialect.Lacks("literals with a backslash that stands for itself");
        return (position < sql.Length ? sql[position] : '\0') switch
        {
            '\\' => '\\',
            '\'' => '\'',
            '"' => '"',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            var other => throw dialect.Lacks($"the escape \\{other} in a literal"),
        };
    }

    private SqlToken Parameter(int start)
    {
        var end = start + 1;
        while (end < sql.Length && char.IsAsciiDigit(sql[end]))
            end++;
        return end > start + 1
            ? Token(SqlTokenKind.Parameter, start, end)
            : throw dialect.Lacks("dollar quotes outside of CREATE FUNCTION and CREATE PROCEDURE");
    }

    private int NumberEnd(int start)
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

    private int SkipSpace(int position)
    {
        while (position < sql.Length)
        {
            if (char.IsWhiteSpace(sql[position]))
                position++;
            else if (IsComment(position))
                position = CommentEnd(position);
            else
                break;
        }
        return position;
    }

    private int CommentEnd(int start)
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

    private bool IsComment(int position)
        => position + 1 < sql.Length && (sql[position], sql[position + 1]) is ('-', '-') or ('/', '*');

    private static bool IsWordStart(char character) => char.IsAsciiLetter(character) || character is '_' || character > '\u007f';

    private SqlToken Token(SqlTokenKind kind, int start, int end) => new(kind, sql[start..end], start, end);
}
