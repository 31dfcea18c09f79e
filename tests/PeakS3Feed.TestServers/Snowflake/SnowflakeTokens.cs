using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>Reads the tokens of Snowflake's SQL.</summary>
public static class SnowflakeTokens
{
    // Unquoted, these are no names.
    private static readonly HashSet<string> ReservedWords = new(
        """
        account all alter and any as between by case cast check column connect connection constraint create cross current current_date
        current_time current_timestamp current_user database delete distinct drop else exists false following for from full grant group
        gscluster having ilike in increment inner insert intersect into is issue join lateral left like localtime localtimestamp minus
        natural not null of on or order organization qualify regexp revoke right rlike row rows sample schema select set some start table
        tablesample then to trigger true try_cast union unique update using values view when whenever where with
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    private static readonly SqlDialect Dialect = new(SnowflakeErrors.NotInStandIn)
    {
        HasEscapes = true, Pairs = ["<=", ">=", "<>", "!=", "||", "::", ":="],
    };

    /// <summary>Whether a word is no name unless it is quoted.</summary>
    public static bool IsReserved(string word) => ReservedWords.Contains(word);

    /// <summary>The tokens of a text.</summary>
    /// <exception cref="RefusalException">A token does not end, or has a form that the stand-in refuses.</exception>
    public static IReadOnlyList<SqlToken> Read(string sql)
    {
        try
        {
            return SqlTokens.Read(sql, Dialect);
        }
        catch (RefusalException e) when (e.Code.Length == 0)
        {
            throw SnowflakeErrors.Syntax(e.Message);
        }
    }
}
