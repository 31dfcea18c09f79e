using System.Globalization;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>A type of a column.</summary>
/// <param name="Name">The word of Snowflake's catalog, such as <c>TEXT</c> or <c>NUMBER</c>.</param>
/// <param name="Postgres">The type of PostgreSQL that stands for it.</param>
/// <param name="Length">The most characters of a text; 0 for other types.</param>
/// <param name="Precision">The digits of a number; 0 for other types.</param>
/// <param name="Scale">The digits after the point.</param>
public sealed record SnowflakeType(string Name, string Postgres, int Length = 0, int Precision = 0, int Scale = 0)
{
    /// <summary>The most characters of a VARCHAR.</summary>
    public const int MaxLength = 16_777_216;

    // PostgreSQL's most characters of a varchar.
    private const int MaxPostgresLength = 10_485_760;

    private static readonly SnowflakeType Integer = Number(38, 0);

    /// <summary>The type as Snowflake's messages name it.</summary>
    public string Text => Name switch
    {
        "TEXT" => string.Create(CultureInfo.InvariantCulture, $"VARCHAR({Length})"),
        "NUMBER" => string.Create(CultureInfo.InvariantCulture, $"NUMBER({Precision},{Scale})"),
        _ => Name,
    };

    /// <summary>Reads a type.</summary>
    /// <exception cref="RefusalException">It is none that the stand-in has.</exception>
    public static SnowflakeType Read(StatementReader reader)
    {
        var word = reader.Word();
        switch (word)
        {
            case "varchar":
                if (!reader.Takes("("))
                    return Varchar(MaxLength);
                var length = reader.WholeNumber(1, MaxLength);
                reader.Require(")");
                return Varchar(length);
            case "number":
                reader.Require("(");
                var precision = reader.WholeNumber(1, 38);
                reader.Require(",");
                var scale = reader.WholeNumber(0, Math.Min(37, precision));
                reader.Require(")");
                return Number(precision, scale);
            case "bigint" or "integer": return Integer;
            case "float": return new("FLOAT", "double precision");
            case "boolean": return new("BOOLEAN", "boolean");
            case "date": return new("DATE", "date");
            case "timestamp_ntz": return new("TIMESTAMP_NTZ", $"timestamp{Fraction(reader)} without time zone");
            case "timestamp_tz" or "timestamptz": return new("TIMESTAMP_TZ", $"timestamp{Fraction(reader)} with time zone");
            case "variant": return new("VARIANT", "jsonb");
            default: throw SnowflakeErrors.NotInStandIn($"the type {word.ToUpperInvariant()}");
        }
    }

    /// <summary>The type of a column of PostgreSQL.</summary>
    /// <param name="type">The type as <c>format_type</c> writes it.</param>
    public static SnowflakeType FromPostgres(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var sizes = open < 0 ? [] : type[(open + 1)..type.IndexOf(')', StringComparison.Ordinal)].Split(',').Select(Size).ToArray();
        return (open < 0 ? type : type[..open].TrimEnd()) switch
        {
            "text" => Varchar(MaxLength),
            "character varying" => Varchar(sizes.Length == 0 ? MaxLength : sizes[0]),
            "numeric" when sizes.Length == 2 => Number(sizes[0], sizes[1]),
            "numeric" or "bigint" or "integer" or "smallint" => Integer,
            "double precision" or "real" => new("FLOAT", type),
            "boolean" => new("BOOLEAN", type),
            "date" => new("DATE", type),
            "timestamp without time zone" or "timestamp" when !type.EndsWith("with time zone", StringComparison.Ordinal) => new("TIMESTAMP_NTZ", type),
            "timestamp with time zone" or "timestamp" => new("TIMESTAMP_TZ", type),
            "jsonb" => new("VARIANT", type),
            _ => throw new InvalidOperationException($"No type of Snowflake is stored as {type}."),
        };
    }

    // PostgreSQL has microseconds at most.
    private static string Fraction(StatementReader reader)
    {
        if (!reader.Takes("("))
            return "";
        var digits = reader.WholeNumber(0, 9);
        reader.Require(")");
        return digits < 6 ? string.Create(CultureInfo.InvariantCulture, $"({digits})") : "";
    }

    private static SnowflakeType Varchar(int length) => new(
        "TEXT", length > MaxPostgresLength ? "text" : string.Create(CultureInfo.InvariantCulture, $"character varying({length})"), length);

    private static SnowflakeType Number(int precision, int scale) => new(
        "NUMBER", string.Create(CultureInfo.InvariantCulture, $"numeric({precision},{scale})"), 0, precision, scale);

    private static int Size(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
