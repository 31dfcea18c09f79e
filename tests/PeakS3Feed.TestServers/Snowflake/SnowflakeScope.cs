using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>
/// The database and schema of a request, and how names of Snowflake become names of PostgreSQL: a schema of a database is the schema
/// <c>DATABASE.SCHEMA</c>, and a name of more than 63 bytes gets a short one.
/// </summary>
/// <param name="database">The database; null if the request names none.</param>
/// <param name="schema">The schema; null if the request names none.</param>
public sealed class SnowflakeScope(string? database, string? schema)
{
    private const int LongestPostgresName = 63;
    private const int LongestName = 255;

    private readonly Dictionary<string, string> _longNames = new(StringComparer.Ordinal);

    /// <summary>The database; null if the request names none.</summary>
    public string? Database => database;

    /// <summary>The schema; null if the request names none.</summary>
    public string? Schema => schema;

    /// <summary>The names that PostgreSQL would cut, by the short ones that stand for them.</summary>
    public IReadOnlyDictionary<string, string> LongNames => _longNames;

    /// <summary>The name of the schema of PostgreSQL that stands for a schema of a database.</summary>
    public static string SchemaName(string database, string schema) => Shorten($"{database}.{schema}");

    /// <summary>The name that a token stands for: folded to upper case unless it is quoted.</summary>
    public static string Fold(SqlToken token) => token.Kind is SqlTokenKind.Quoted ? token.Value : SqlTokens.FoldUp(token.Value);

    /// <summary>A name as PostgreSQL gets it, quoted.</summary>
    public string Quote(string name)
    {
        if (name.Length is 0 or > LongestName)
            throw SnowflakeErrors.Syntax($"Object name '{name}' must have 1 to 255 characters.");
        var shorter = Shorten(name);
        if (shorter != name)
            _longNames[shorter] = name;
        return SqlTokens.Quote(shorter);
    }

    /// <summary>The name of a table as Snowflake's messages show it.</summary>
    public string FullName(IReadOnlyList<string> name) => string.Join('.', Complete(name, "this operation"));

    /// <summary>The name of a table as PostgreSQL gets it, quoted.</summary>
    /// <param name="name">Its one to three parts.</param>
    /// <param name="operation">What needs it, such as <c>SELECT</c>.</param>
    public string Table(IReadOnlyList<string> name, string operation)
    {
        var full = Complete(name, operation);
        return $"{SqlTokens.Quote(SchemaName(full[0], full[1]))}.{Quote(full[2])}";
    }

    /// <summary>The three parts of a name of one to three.</summary>
    public IReadOnlyList<string> Complete(IReadOnlyList<string> name, string operation) => name switch
    {
        [var table] => [database ?? throw SnowflakeErrors.NoDatabase(operation), schema ?? throw SnowflakeErrors.NoSchema(operation), table],
        [var inSchema, var table] => [database ?? throw SnowflakeErrors.NoDatabase(operation), inSchema, table],
        _ => name,
    };

    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= LongestPostgresName)
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
        var start = name;
        while (Encoding.UTF8.GetByteCount(start) > LongestPostgresName - hash.Length - 1)
            start = start[..^(start.Length > 1 && char.IsLowSurrogate(start[^1]) ? 2 : 1)];
        return $"{start}_{hash}";
    }
}
