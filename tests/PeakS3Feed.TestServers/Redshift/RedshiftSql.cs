using System.Text;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>
/// Refuses statements that Redshift lacks, according to its documentation. It knows tokens, not a grammar: PostgreSQL refuses the rest. Where
/// the documentation is silent, a form of PostgreSQL's own is refused.
/// </summary>
public static class RedshiftSql
{
    private const int LongestName = 127;

    private static readonly string[] Statements =
    [
        "select", "insert", "update", "delete", "merge", "with", "copy", "create", "alter", "drop", "truncate", "lock", "comment", "grant", "revoke",
        "begin", "start", "commit", "end", "rollback", "abort", "set", "reset", "show", "explain", "analyze", "vacuum", "declare", "fetch", "close",
    ];

    private static readonly string[] Settings =
    [
        "transaction", "session", "local", "search_path", "statement_timeout", "timezone", "time", "datestyle", "application_name", "query_group",
        "client_encoding", "extra_float_digits", "enable_case_sensitive_identifier", "seed",
    ];

    private static readonly string[] NotToCreate =
    [
        "index", "type", "domain", "sequence", "trigger", "extension", "rule", "cast", "aggregate", "operator", "server", "foreign", "publication",
        "subscription", "tablespace", "collation", "statistics", "recursive", "event", "unique", "conversion", "policy",
    ];

    /// <summary>Checks one statement.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="inTransaction">Whether a transaction is open.</param>
    /// <exception cref="RefusalException">Redshift lacks it.</exception>
    public static void Check(IReadOnlyList<SqlToken> tokens, bool inTransaction)
    {
        foreach (var name in tokens.Where(t => t.IsName && Encoding.UTF8.GetByteCount(t.Value) > LongestName))
            throw RedshiftRefusal.Lacks($"identifiers of more than {LongestName} bytes: {name.Value}");
        RedshiftExpressions.Check(tokens);
        var cursor = new SqlCursor(tokens);
        while (cursor.Sees("(")) // of a query in parentheses
            cursor.Next();
        var verb = cursor.Next().Value;
        if (!Statements.Contains(verb, StringComparer.Ordinal))
            throw RedshiftRefusal.Lacks($"{verb.ToUpperInvariant()} statements (or the stand-in does not know them)");
        CheckStatement(verb, cursor, tokens, inTransaction);
    }

    private static void CheckStatement(string verb, SqlCursor cursor, IReadOnlyList<SqlToken> tokens, bool inTransaction)
    {
        switch (verb)
        {
            case "insert": CheckInsert(tokens); break;
            case "update": CheckUpdate(cursor, tokens); break;
            case "delete": CheckDelete(cursor, tokens); break;
            case "merge": RedshiftMerge.Check(cursor); break;
            case "with": CheckWith(tokens); break;
            case "create": CheckCreate(cursor, inTransaction); break;
            case "drop" or "alter": CheckChange(verb, cursor, inTransaction); break;
            case "truncate": CheckTruncate(cursor, inTransaction); break;
            case "vacuum" when inTransaction: throw RedshiftRefusal.InTransaction("VACUUM");
            case "lock": CheckLock(cursor, inTransaction); break;
            case "rollback" or "abort": CheckRollback(cursor); break;
            case "commit" or "end": CheckRollback(cursor); break;
            case "set" or "reset": CheckSet(cursor); break;
        }
    }

    private static void CheckInsert(IReadOnlyList<SqlToken> tokens)
    {
        if (Has(tokens, "on", "conflict"))
            throw RedshiftRefusal.Lacks("ON CONFLICT");
        if (Has(tokens, "overriding"))
            throw RedshiftRefusal.Lacks("OVERRIDING");
    }

    private static void CheckUpdate(SqlCursor cursor, IReadOnlyList<SqlToken> tokens)
    {
        if (cursor.Sees("only"))
            throw RedshiftRefusal.Lacks("ONLY");
        var target = cursor.QualifiedName();
        if (!cursor.Sees("set"))
            throw RedshiftRefusal.Lacks("an alias of the target of UPDATE");
        cursor.Next();
        if (cursor.Sees("("))
            throw RedshiftRefusal.Lacks("UPDATE … SET (a, b) = …");
        RedshiftJoins.Check(tokens, target, "from");
    }

    private static void CheckDelete(SqlCursor cursor, IReadOnlyList<SqlToken> tokens)
    {
        cursor.Takes("from");
        if (cursor.Sees("only"))
            throw RedshiftRefusal.Lacks("ONLY");
        var target = cursor.QualifiedName();
        if (!cursor.AtEnd && !cursor.Sees("using") && !cursor.Sees("where"))
            throw RedshiftRefusal.Lacks("an alias of the target of DELETE");
        RedshiftJoins.Check(tokens, target, "using");
    }

    private static void CheckWith(IReadOnlyList<SqlToken> tokens)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            var begins = tokens[i - 1].IsSymbol("(") || tokens[i - 1].IsSymbol(")");
            if (begins && tokens[i] is { Kind: SqlTokenKind.Word, Value: "insert" or "update" or "delete" or "merge" })
                throw RedshiftRefusal.Lacks("WITH before or around INSERT, UPDATE, DELETE and MERGE");
        }
    }

    private static void CheckCreate(SqlCursor cursor, bool inTransaction)
    {
        cursor.Takes("or", "replace");
        var kind = cursor.Current.Value;
        if (NotToCreate.Contains(kind, StringComparer.Ordinal))
            throw RedshiftRefusal.Lacks($"CREATE {kind.ToUpperInvariant()}");
        if (kind is "unlogged" or "global")
            throw RedshiftRefusal.Lacks($"CREATE {kind.ToUpperInvariant()} TABLE");
        if (kind is "external")
            throw inTransaction ? RedshiftRefusal.InTransaction("CREATE EXTERNAL TABLE") : RedshiftRefusal.NotInStandIn("CREATE EXTERNAL");
        if (kind is "database" && inTransaction)
            throw RedshiftRefusal.InTransaction("CREATE DATABASE");
        if (kind is "function" or "procedure" or "library" or "materialized" or "user" or "role" or "datashare" or "model")
            throw RedshiftRefusal.NotInStandIn($"CREATE {kind.ToUpperInvariant()}");
    }

    private static void CheckChange(string verb, SqlCursor cursor, bool inTransaction)
    {
        var kind = cursor.Current.Value;
        if (NotToCreate.Contains(kind, StringComparer.Ordinal))
            throw RedshiftRefusal.Lacks($"{verb.ToUpperInvariant()} {kind.ToUpperInvariant()}");
        if (kind is "external" || (verb is "drop" && cursor.Sees("schema", "external")))
            throw inTransaction
                ? RedshiftRefusal.InTransaction($"{verb.ToUpperInvariant()} EXTERNAL")
                : RedshiftRefusal.NotInStandIn("EXTERNAL");
        if (kind is "system")
            throw RedshiftRefusal.Lacks("ALTER SYSTEM");
    }

    private static void CheckTruncate(SqlCursor cursor, bool inTransaction)
    {
        // Redshift runs it and commits what came before: never what a caller meant.
        if (inTransaction)
            throw RedshiftRefusal.InTransaction("TRUNCATE that does not commit");
        cursor.Takes("table");
        cursor.QualifiedName();
        if (!cursor.AtEnd)
            throw RedshiftRefusal.Lacks("TRUNCATE of several tables or with options");
    }

    private static void CheckLock(SqlCursor cursor, bool inTransaction)
    {
        if (!inTransaction)
            throw RedshiftRefusal.FromRedshift("25P01", "LOCK TABLE can only be used in transaction blocks");
        cursor.Takes("table");
        do
            cursor.QualifiedName();
        while (cursor.Takes(","));
        if (!cursor.AtEnd)
            throw RedshiftRefusal.Lacks("LOCK with a mode or NOWAIT");
    }

    private static void CheckRollback(SqlCursor cursor)
    {
        if (!cursor.Takes("work"))
            cursor.Takes("transaction");
        if (cursor.Sees("to"))
            throw RedshiftRefusal.Lacks("ROLLBACK TO");
        if (!cursor.AtEnd)
            throw RedshiftRefusal.Lacks($"{cursor.Current.Value.ToUpperInvariant()} at the end of a transaction");
    }

    private static void CheckSet(SqlCursor cursor)
    {
        if (cursor.AtEnd || cursor.Takes("all"))
            return;
        if (!cursor.Takes("session") || cursor.Sees("characteristics") || cursor.Sees("authorization"))
            cursor.Takes("local");
        var name = cursor.Next().Value;
        if (!Settings.Contains(name, StringComparer.Ordinal) && name is not ("characteristics" or "authorization"))
            throw RedshiftRefusal.Lacks($"the setting {name}");
    }

    private static bool Has(IReadOnlyList<SqlToken> tokens, params ReadOnlySpan<string> words)
    {
        for (var i = 0; i + words.Length <= tokens.Count; i++)
        {
            var all = true;
            for (var k = 0; k < words.Length; k++)
                all &= tokens[i + k].Is(words[k]);
            if (all)
                return true;
        }
        return false;
    }
}
