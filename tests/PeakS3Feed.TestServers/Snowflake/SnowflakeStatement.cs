using System.Text;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>What the stand-in does with a statement.</summary>
public abstract record SnowflakeStatement
{
    /// <summary>The most bytes of a statement's text: "1 MB per statement".</summary>
    public const int LargestText = 1024 * 1024;

    /// <summary>How many parameters (<c>?</c>) it has.</summary>
    public int Parameters { get; init; }

    /// <summary>Checks and translates one statement.</summary>
    /// <exception cref="RefusalException">Snowflake or the stand-in refuses it.</exception>
    public static SnowflakeStatement Read(string text, SnowflakeScope scope)
    {
        if (Encoding.UTF8.GetByteCount(text) > LargestText)
            throw SnowflakeErrors.Syntax("The SQL text exceeds the limit of 1 MB.");
        var tokens = SnowflakeTokens.Read(text).ToList();
        if (tokens.Count > 0 && tokens[^1].IsSymbol(";"))
            tokens.RemoveAt(tokens.Count - 1);
        if (tokens.Count == 0)
            throw SnowflakeErrors.Syntax("Empty SQL statement.");
        if (tokens.Any(t => t.IsSymbol(";")))
            throw new RefusalException("0A000", "Actual statement count 2 did not match the desired statement count 1.", "000008");
        var statement = Read(text, tokens, scope, inBlock: false);
        return statement;
    }

    /// <summary>Checks and translates one statement.</summary>
    /// <param name="text">The text that the tokens are from.</param>
    /// <param name="tokens">The tokens of the statement.</param>
    /// <param name="scope">The database and schema.</param>
    /// <param name="inBlock">Whether it is in a block, and so in a transaction.</param>
    internal static SnowflakeStatement Read(string text, IReadOnlyList<SqlToken> tokens, SnowflakeScope scope, bool inBlock)
    {
        var reader = new StatementReader(text, tokens, scope);
        var statement = ReadOne(reader, inBlock);
        reader.RequireEnd();
        return statement with { Parameters = reader.Parameters };
    }

    private static SnowflakeStatement ReadOne(StatementReader reader, bool inBlock)
    {
        var word = reader.Current.Kind is SqlTokenKind.Word ? reader.Current.Value : throw reader.Unexpected();
        switch (word)
        {
            case "select": return new QueryStatement(QueryReader.Read(reader, inBlock));
            case "insert" or "update" or "delete" or "merge": return ChangeReader.Read(reader);
            case "create" or "alter" or "drop" or "copy" or "execute" when inBlock:
                throw SnowflakeErrors.InTransaction(word.ToUpperInvariant());
            case "create" or "alter" or "drop": return TableReader.Read(reader);
            case "copy": return CopyIntoStatement.Read(reader);
            case "execute": return BlockStatement.Read(reader);
            case "show" when !inBlock: return ShowStatement.Read(reader);
            case "desc" or "list" when !inBlock: return StageStatement.Read(reader);
            default: throw SnowflakeErrors.NotInStandIn($"{word.ToUpperInvariant()} statements");
        }
    }
}

/// <summary>A SELECT.</summary>
public sealed record QueryStatement(Query Query) : SnowflakeStatement;

/// <summary>What a statement does with the rows of a table.</summary>
public enum ChangeKind
{
    /// <summary>INSERT.</summary>
    Insert,

    /// <summary>UPDATE.</summary>
    Update,

    /// <summary>DELETE.</summary>
    Delete,

    /// <summary>MERGE.</summary>
    Merge,
}

/// <summary>An INSERT, UPDATE, DELETE or MERGE.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Table">The table as PostgreSQL gets it.</param>
/// <param name="Sql">The statement as PostgreSQL gets it.</param>
public sealed record ChangeStatement(ChangeKind Kind, string Table, string Sql) : SnowflakeStatement
{
    /// <summary>Of a MERGE, the query that counts the rows it updates.</summary>
    public string? CountSql { get; init; }
}
