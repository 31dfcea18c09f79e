using System.Globalization;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>A type of Redshift, as it is written for PostgreSQL.</summary>
/// <param name="Sql">The type's SQL.</param>
/// <param name="Bytes">How many bytes a text may have; null for other types.</param>
public sealed record RedshiftType(string Sql, int? Bytes = null)
{
    private const int LongestVarchar = 65535;
    private const int LongestChar = 4096;

    private static readonly string[] Refused =
    [
        "bytea", "uuid", "json", "jsonb", "xml", "money", "inet", "cidr", "macaddr", "serial", "bigserial", "smallserial", "citext", "hstore",
        "bit", "varbit", "tsvector", "tsquery", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange",
        "oid", "regclass", "interval",
    ];

    /// <summary>Whether Redshift has no type of this name.</summary>
    public static bool IsRefused(string name) => Refused.Contains(name, StringComparer.Ordinal);

    /// <summary>Reads the type that comes next.</summary>
    internal static RedshiftType Read(SqlCursor cursor)
    {
        var type = ReadScalar(cursor);
        if (cursor.Sees("[") || cursor.Sees("array"))
            throw RedshiftRefusal.Lacks("arrays");
        return type;
    }

    private static RedshiftType ReadScalar(SqlCursor cursor)
    {
        var name = cursor.Name();
        var text = SqlTokens.Fold(name.Value);
        switch (text)
        {
            case "smallint" or "int2": return new("smallint");
            case "integer" or "int" or "int4": return new("integer");
            case "bigint" or "int8": return new("bigint");
            case "decimal" or "numeric": return Decimal(cursor);
            case "real" or "float4": return new("real");
            case "double": cursor.Require("precision"); return new("double precision");
            case "float8" or "float": return new("double precision");
            case "boolean" or "bool": return new("boolean");
            case "character" or "char" or "nchar" when !cursor.Sees("varying"): return Text("char", cursor, fallback: 1, LongestChar);
            case "bpchar": return new("char(256)", 256);
            case "character": cursor.Next(); return Text("varchar", cursor, fallback: 256, LongestVarchar);
            case "varchar" or "nvarchar": return Text("varchar", cursor, fallback: 256, LongestVarchar);
            case "text": return new("varchar(256)", 256);
            case "date": return new("date");
            case "timestamp": return Zoned("timestamp", cursor);
            case "timestamptz": NoPrecision(text, cursor); return new("timestamp with time zone");
            case "time": return Zoned("time", cursor);
            case "timetz": NoPrecision(text, cursor); return new("time with time zone");
            case "super": return new("super");
            case "varbyte" or "varbinary" or "geometry" or "geography" or "hllsketch": throw RedshiftRefusal.NotInStandIn($"the type {text}");
            default: throw RedshiftRefusal.Lacks($"the type {text}");
        }
    }

    private static RedshiftType Zoned(string name, SqlCursor cursor)
    {
        NoPrecision(name, cursor);
        if (cursor.Takes("with", "time", "zone"))
            return new(name + " with time zone");
        cursor.Takes("without", "time", "zone");
        return new(name + " without time zone");
    }

    private static void NoPrecision(string name, SqlCursor cursor)
    {
        if (cursor.Sees("("))
            throw RedshiftRefusal.Lacks($"a precision of {name}");
    }

    private static RedshiftType Text(string name, SqlCursor cursor, int fallback, int longest)
    {
        var length = fallback;
        if (cursor.Takes("("))
        {
            length = cursor.Takes("max") ? longest : Number(cursor);
            cursor.Require(")");
        }
        return length >= 1 && length <= longest
            ? new(string.Create(CultureInfo.InvariantCulture, $"{name}({length})"), length)
            : throw RedshiftRefusal.Lacks(string.Create(CultureInfo.InvariantCulture, $"{name} of {length} bytes; the limit is {longest}"));
    }

    private static RedshiftType Decimal(SqlCursor cursor)
    {
        var (precision, scale) = (18, 0);
        if (cursor.Takes("("))
        {
            precision = Number(cursor);
            scale = cursor.Takes(",") ? Number(cursor) : 0;
            cursor.Require(")");
        }
        // The documentation gives 37 as the largest scale.
        return precision is >= 1 and <= 38 && scale >= 0 && scale <= Math.Min(precision, 37)
            ? new(string.Create(CultureInfo.InvariantCulture, $"numeric({precision},{scale})"))
            : throw RedshiftRefusal.Lacks(string.Create(
                CultureInfo.InvariantCulture, $"decimal({precision},{scale}); the limits are 38 digits and 37 decimals"));
    }

    private static int Number(SqlCursor cursor)
        => cursor.Current.Kind is SqlTokenKind.Number && int.TryParse(cursor.Current.Value, CultureInfo.InvariantCulture, out var number)
            ? Passed(cursor, number)
            : throw cursor.Unexpected();

    private static int Passed(SqlCursor cursor, int number)
    {
        cursor.Next();
        return number;
    }
}
