using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>Refuses clauses, operators, functions and types that Redshift lacks, wherever they stand in a statement.</summary>
internal static class RedshiftExpressions
{
    private static readonly string[] Functions =
    [
        "array_agg", "unnest", "string_agg", "json_agg", "jsonb_agg", "to_json", "to_jsonb", "row_to_json", "jsonb_build_object", "json_build_object",
        "gen_random_uuid", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "pg_sleep", "to_regclass", "format", "encode", "decode",
        "sha224", "hashtext", "hashtextextended", "txid_current", "pg_current_xact_id", "xmlagg", "cardinality", "array_length", "string_to_array",
        "array_to_string", "regexp_matches", "regexp_split_to_table", "num_nonnulls", "make_date", "make_timestamp", "gcd", "lcm",
        // Of the leader node only: they fail beside a table, and the stand-in refuses them everywhere.
        "generate_series", "now", "current_time", "localtime", "localtimestamp", "isfinite",
    ];

    private static readonly string[] Operators = ["->", "->>", "#>", "#>>", "@>", "<@", "?", "?|", "?&", "@@", "&&", "^@"];

    public static void Check(IReadOnlyList<SqlToken> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind is SqlTokenKind.Symbol)
                CheckSymbol(tokens, i);
            else if (token.Kind is SqlTokenKind.Word && !(i > 0 && tokens[i - 1].IsSymbol(".")))
                CheckWord(token.Value, new SqlCursor(tokens) { Position = i + 1 }, i == 0);
        }
    }

    private static void CheckSymbol(IReadOnlyList<SqlToken> tokens, int i)
    {
        var symbol = tokens[i].Value;
        if (Operators.Contains(symbol, StringComparer.Ordinal))
            throw RedshiftRefusal.Lacks($"the operator {symbol}");
        if (symbol is "[")
            throw RedshiftRefusal.Lacks("arrays");
        if (symbol is "::")
            RedshiftType.Read(new SqlCursor(tokens) { Position = i + 1 });
    }

    private static void CheckWord(string word, SqlCursor next, bool first)
    {
        if (next.Sees("(") && (Functions.Contains(word, StringComparer.Ordinal) || word.StartsWith("pg_advisory", StringComparison.Ordinal)
            || word.StartsWith("pg_try_advisory", StringComparison.Ordinal) || word.StartsWith("jsonb_", StringComparison.Ordinal)))
            throw RedshiftRefusal.Lacks($"the function {word}");
        switch (word)
        {
            case "current_timestamp" or "localtimestamp" or "localtime" or "current_time":
                throw RedshiftRefusal.Lacks($"{word.ToUpperInvariant()} on compute nodes (use GETDATE())");
            case "returning": throw RedshiftRefusal.Lacks("RETURNING");
            case "savepoint" or "release" when first: throw RedshiftRefusal.Lacks(word.ToUpperInvariant());
            case "lateral": throw RedshiftRefusal.Lacks("LATERAL");
            case "tablesample": throw RedshiftRefusal.Lacks("TABLESAMPLE");
            case "array" when next.Sees("["): throw RedshiftRefusal.Lacks("arrays");
            case "any" or "all" or "some" when next.Sees("(") && !next.Peek(1).Is("select"):
                throw RedshiftRefusal.Lacks($"{word.ToUpperInvariant()} of arrays");
            case "filter" when next.Sees("("): throw RedshiftRefusal.Lacks("FILTER");
            case "within" when next.Sees("group") && !next.Peek(1).IsSymbol("("): throw next.Unexpected();
            case "distinct" when next.Sees("on", "("): throw RedshiftRefusal.Lacks("DISTINCT ON");
            case "is" when next.Sees("distinct", "from") || next.Sees("not", "distinct", "from"): throw RedshiftRefusal.Lacks("IS DISTINCT FROM");
            case "from" or "join" or "as" or "with" or "in" when next.Sees("(", "values"): throw RedshiftRefusal.Lacks("VALUES as a table");
            case "values" when first: throw RedshiftRefusal.Lacks("VALUES as a statement");
            case "for" when next.Sees("update") || next.Sees("share") || next.Sees("no", "key") || next.Sees("key", "share"):
                throw RedshiftRefusal.Lacks("FOR UPDATE and FOR SHARE");
            case "fetch" when !first && (next.Sees("first") || next.Sees("next")): throw RedshiftRefusal.Lacks("FETCH FIRST of a query");
            case "only" when next.Current.IsName: throw RedshiftRefusal.Lacks("ONLY");
            case "cast" when next.Sees("("): CheckCast(next); break;
            default: CheckTypedLiteral(word, next); break;
        }
    }

    // CAST (… AS type)
    private static void CheckCast(SqlCursor cursor)
    {
        cursor.Require("(");
        for (var depth = 1; depth > 1 || !cursor.Sees("as");)
        {
            var token = cursor.Next();
            depth += token.IsSymbol("(") ? 1 : token.IsSymbol(")") ? -1 : 0;
            if (depth == 0)
                return;
        }
        cursor.Require("as");
        RedshiftType.Read(cursor);
    }

    // uuid '…'
    private static void CheckTypedLiteral(string word, SqlCursor next)
    {
        if (next.Current.Kind is SqlTokenKind.Literal && RedshiftType.IsRefused(word) && word is not "interval")
            throw RedshiftRefusal.Lacks($"the type {word}");
    }
}
