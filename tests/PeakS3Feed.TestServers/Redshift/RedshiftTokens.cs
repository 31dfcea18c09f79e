using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>Reads the tokens of Redshift's SQL.</summary>
public static class RedshiftTokens
{
    private static readonly SqlDialect Dialect = new(RedshiftRefusal.Lacks) { HasNumberedParameters = true };

    /// <summary>The statements of a text.</summary>
    /// <exception cref="RefusalException">A token does not end, or has a form that Redshift lacks.</exception>
    public static IReadOnlyList<IReadOnlyList<SqlToken>> Statements(string sql) => SqlTokens.Statements(sql, Dialect);
}
