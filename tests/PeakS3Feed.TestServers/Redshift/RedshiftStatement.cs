using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>What the stand-in does with a statement: it runs the SQL on PostgreSQL, or changes a table, or copies files.</summary>
/// <param name="Sql">The SQL for PostgreSQL; empty for a COPY.</param>
/// <param name="Ddl">A change of a table.</param>
/// <param name="Copy">A COPY.</param>
/// <param name="LongNames">Names that PostgreSQL would cut, and the short ones that it gets instead.</param>
public sealed record RedshiftStatement(string Sql, TableDdl? Ddl, CopyStatement? Copy, IReadOnlyDictionary<string, string> LongNames)
{
    private const string Now = "pg_catalog.getdate()"; // SYSDATE is a word and no call
    private const int LongestPostgreSqlName = 63;

    /// <summary>Checks and rewrites one statement.</summary>
    /// <param name="sql">The text that the tokens are from.</param>
    /// <param name="tokens">The tokens of the statement.</param>
    /// <param name="inTransaction">Whether a transaction is open.</param>
    /// <param name="lastCopy">The rows and the number of the session's last COPY.</param>
    /// <exception cref="RefusalException">Redshift or the stand-in lacks it.</exception>
    public static RedshiftStatement Read(string sql, IReadOnlyList<SqlToken> tokens, bool inTransaction, (long Rows, long Id) lastCopy)
    {
        RedshiftSql.Check(tokens, inTransaction);
        var longNames = new Dictionary<string, string>(StringComparer.Ordinal);
        if (CopyStatement.Read(tokens) is { } copy)
        {
            var target = copy with { Table = [.. copy.Table.Select(Short)], Columns = [.. copy.Columns.Select(Short)] };
            return new RedshiftStatement("", null, target, longNames);
        }
        var ddl = TableDdl.Create(tokens, Write) ?? TableDdl.Alter(tokens, inTransaction, Write);
        return new RedshiftStatement(ddl is null ? Rewrite() : "", ddl, null, longNames);

        string Write(SqlToken token) => token.Kind switch
        {
            SqlTokenKind.Quoted => SqlTokens.Quote(Short(SqlTokens.Fold(token.Value))),
            SqlTokenKind.Word when token.Value == "sysdate" => Now,
            SqlTokenKind.Word => Short(token.Value),
            _ => sql[token.Start..token.End],
        };

        string Short(string name)
        {
            if (Encoding.UTF8.GetByteCount(name) <= LongestPostgreSqlName)
                return name;
            return longNames[name] = Shorten(name);
        }

        string Rewrite()
        {
            var edits = new SqlEdits();
            for (var i = 0; i < tokens.Count; i++)
            {
                if (tokens[i].Kind is SqlTokenKind.Quoted || (tokens[i].Kind is SqlTokenKind.Word && !tokens[i].Is("sysdate") && Short(tokens[i].Value) != tokens[i].Value))
                    edits.Replace(tokens[i], Write(tokens[i]));
                RewriteOne(edits, i);
            }
            var (start, end) = (tokens[0].Start, tokens[^1].End);
            return edits.Apply(sql[..end])[start..];
        }

        void RewriteOne(SqlEdits edits, int i)
        {
            var cursor = new SqlCursor(tokens) { Position = i };
            if (cursor.Sees("sysdate"))
                edits.Replace(tokens[i], Now);
            else if (cursor.Sees("pg_last_copy_count", "(", ")"))
                Call(edits, i, lastCopy.Rows);
            else if (cursor.Sees("pg_last_copy_id", "(", ")"))
                Call(edits, i, lastCopy.Id);
            // "READ COMMITTED … are mapped": a snapshot for the whole transaction is the default of new clusters and workgroups.
            else if (cursor.Sees("isolation", "level", "read", "committed") || cursor.Sees("isolation", "level", "read", "uncommitted"))
                edits.Replace(tokens[i + 2].Start, tokens[i + 3].End, "repeatable read");
            else if (cursor.Sees("query_group") && i is 1 or 2)
                edits.Replace(tokens[i].Start, tokens[i].Start, "redshift.");
        }

        // The value at the time when the statement is sent, which differs only for statements that were prepared before the COPY.
        void Call(SqlEdits edits, int i, long value)
            => edits.Replace(tokens[i].End, tokens[i + 2].End, string.Create(CultureInfo.InvariantCulture, $"({value}::bigint)"));
    }

    /// <summary>A name of at most 63 bytes that stands for a longer one.</summary>
    public static string Shorten(string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
        var start = name;
        while (Encoding.UTF8.GetByteCount(start) > LongestPostgreSqlName - hash.Length - 1)
            start = start[..^(char.IsLowSurrogate(start[^1]) ? 2 : 1)];
        return $"{start}_{hash}";
    }
}
