using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>
/// Reads expressions of Snowflake's SQL and writes them for PostgreSQL. It knows the forms that the project sends, and refuses others.
/// </summary>
public static class ExpressionReader
{
    private static readonly string[] Comparisons = ["=", "<>", "!=", "<", ">", "<=", ">="];

    /// <summary>Reads a condition or a value.</summary>
    public static string Read(StatementReader reader)
    {
        var sql = And(reader);
        while (reader.Takes("or"))
            sql = $"{sql} OR {And(reader)}";
        return sql;
    }

    /// <summary>Reads a list of values, at least one.</summary>
    public static string ReadList(StatementReader reader)
    {
        var items = new List<string> { Read(reader) };
        while (reader.Takes(","))
            items.Add(Read(reader));
        return string.Join(", ", items);
    }

    private static string And(StatementReader reader)
    {
        var sql = Not(reader);
        while (reader.Takes("and"))
            sql = $"{sql} AND {Not(reader)}";
        return sql;
    }

    private static string Not(StatementReader reader) => reader.Takes("not") ? $"NOT {Not(reader)}" : Predicate(reader);

    private static string Predicate(StatementReader reader)
    {
        var left = Concatenation(reader);
        foreach (var comparison in Comparisons)
        {
            if (reader.Takes(comparison))
                return $"{left} {comparison} {Concatenation(reader)}";
        }
        if (reader.Takes("is"))
        {
            var not = reader.Takes("not") ? "NOT " : "";
            reader.Require("null");
            return $"{left} IS {not}NULL";
        }
        if (reader.Takes("not", "in"))
            return $"{left} NOT IN {Set(reader)}";
        return reader.Takes("in") ? $"{left} IN {Set(reader)}" : left;
    }

    private static string Set(StatementReader reader)
    {
        reader.Require("(");
        var content = reader.Sees("select") ? QueryReader.Read(reader).Sql : ReadList(reader);
        reader.Require(")");
        return $"({content})";
    }

    private static string Concatenation(StatementReader reader)
    {
        var sql = Sum(reader);
        while (reader.Takes("||"))
            sql = $"{sql} || {Sum(reader)}";
        return sql;
    }

    private static string Sum(StatementReader reader)
    {
        var sql = Sign(reader);
        while (reader.Sees("+") || reader.Sees("-"))
            sql = $"{sql} {reader.Next().Value} {Sign(reader)}";
        return sql;
    }

    private static string Sign(StatementReader reader) => reader.Takes("-") ? $"- {Value(reader)}" : Value(reader);

    private static string Value(StatementReader reader)
    {
        var token = reader.Current;
        switch (token.Kind)
        {
            case SqlTokenKind.Literal: return SqlTokens.Literal(Text(reader.Next().Value));
            case SqlTokenKind.Number: return reader.Next().Value;
            case SqlTokenKind.Symbol when reader.Takes("?"): return reader.Parameter();
            case SqlTokenKind.Symbol when reader.Takes("("): return Parentheses(reader);
            case SqlTokenKind.Word when reader.Takes("case"): return Case(reader);
            case SqlTokenKind.Word when reader.Takes("cast"): return Cast(reader);
            case SqlTokenKind.Word when reader.Takes("exists"): return $"EXISTS {Set(reader)}";
            case SqlTokenKind.Word when token.Value is "null" or "true" or "false": return reader.Next().Value.ToUpperInvariant();
            case SqlTokenKind.Word when reader.Peek(1).IsSymbol("("): return FunctionReader.Read(reader);
            default: return Column(reader);
        }
    }

    // PostgreSQL has no text with a NUL.
    private static string Text(string value) => value.Contains('\0', StringComparison.Ordinal) ? throw SnowflakeErrors.NotInStandIn("a NUL") : value;

    private static string Parentheses(StatementReader reader)
    {
        var content = reader.Sees("select") ? QueryReader.Read(reader).Sql : Read(reader);
        reader.Require(")");
        return $"({content})";
    }

    private static string Case(StatementReader reader)
    {
        var sql = "CASE";
        if (!reader.Sees("when"))
            throw SnowflakeErrors.NotInStandIn("CASE with a value before WHEN");
        while (reader.Takes("when"))
        {
            var condition = Read(reader);
            reader.Require("then");
            sql = $"{sql} WHEN {condition} THEN {Read(reader)}";
        }
        if (reader.Takes("else"))
            sql = $"{sql} ELSE {Read(reader)}";
        reader.Require("end");
        return sql + " END";
    }

    private static string Cast(StatementReader reader)
    {
        reader.Require("(");
        var value = Read(reader);
        reader.Require("as");
        var type = SnowflakeType.Read(reader);
        reader.Require(")");
        // PostgreSQL's explicit cast cuts a text.
        if (type.Length is > 0 and < SnowflakeType.MaxLength && value[0] is not ('\'' or 'N' or 'n'))
            throw SnowflakeErrors.NotInStandIn("CAST of other than a literal to a VARCHAR with a length");
        return $"CAST({value} AS {type.Postgres})";
    }

    private static string Column(StatementReader reader)
    {
        var name = reader.QualifiedName();
        if (name.Count > 2)
            throw SnowflakeErrors.NotInStandIn("a column with its schema");
        return string.Join('.', name.Select(reader.Scope.Quote));
    }
}
