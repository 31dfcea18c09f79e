namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>Reads calls of functions and writes them for PostgreSQL.</summary>
internal static class FunctionReader
{
    // What the session has is in settings of the connection.
    private static readonly Dictionary<string, string> Session = new(StringComparer.Ordinal)
    {
        ["current_version"] = "'10.1.0'",
        ["current_user"] = "current_setting('snowflake.user')",
        ["current_role"] = "current_setting('snowflake.role')",
        ["current_warehouse"] = "NULLIF(current_setting('snowflake.warehouse'), '')",
        ["current_database"] = "NULLIF(current_setting('snowflake.database'), '')",
        ["current_schema"] = "NULLIF(current_setting('snowflake.schema'), '')",
    };

    public static string Read(StatementReader reader)
    {
        var name = reader.Word();
        reader.Require("(");
        if (Session.TryGetValue(name, out var setting))
        {
            reader.Require(")");
            return setting;
        }
        switch (name)
        {
            case "count" when reader.Takes("*"):
                reader.Require(")");
                return Windowless(reader, "COUNT(*)");
            case "count":
                var distinct = reader.Takes("distinct") ? "DISTINCT " : "";
                return Windowless(reader, $"COUNT({distinct}{Last(reader)})");
            case "sum" or "min" or "max": return Windowless(reader, $"{name.ToUpperInvariant()}({Last(reader)})");
            case "coalesce":
                var list = ExpressionReader.ReadList(reader);
                reader.Require(")");
                return $"COALESCE({list})";
            case "octet_length": return $"OCTET_LENGTH({Last(reader)})";
            case "nullif":
                var compared = ExpressionReader.ReadList(reader);
                reader.Require(")");
                return $"NULLIF({compared})";
            // TO_VARCHAR of a number without a format has its digits.
            case "to_varchar": return $"CAST({Last(reader)} AS VARCHAR)";
            case "try_to_number":
                var digits = ExpressionReader.Read(reader);
                reader.Require(",");
                reader.WholeNumber(38, 38);
                reader.Require(",");
                reader.WholeNumber(0, 0);
                reader.Require(")");
                // Rounded to whole numbers; an exponent is read, too.
                return $"(CASE WHEN {digits} ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{{1,2}})?$' THEN round(CAST({digits} AS numeric)) END)";
            case "left":
                var text = ExpressionReader.Read(reader);
                reader.Require(",");
                return $"LEFT({text}, ({Last(reader)})::integer)";
            case "row_number":
                reader.Require(")");
                return "ROW_NUMBER() " + Over(reader);
            case "parse_json":
                var json = ExpressionReader.Read(reader);
                // With 'd', the last of several members with one name counts, as in PostgreSQL; without it, they are an error.
                reader.Require(",");
                if (reader.Literal() is not "d")
                    throw SnowflakeErrors.NotInStandIn("PARSE_JSON without 'd'");
                reader.Require(")");
                return $"snowflake_account.parse_json({json})";
            case "try_parse_json":
                var tried = ExpressionReader.Read(reader);
                reader.Require(",");
                if (reader.Literal() is not "d")
                    throw SnowflakeErrors.NotInStandIn("TRY_PARSE_JSON without 'd'");
                reader.Require(")");
                return $"snowflake_account.try_parse_json({tried})";
            case "to_timestamp_ntz" or "to_timestamp_tz":
                var time = ExpressionReader.Read(reader);
                reader.Require(",");
                var hasZone = name == "to_timestamp_tz";
                if (reader.Literal() != (hasZone ? "YYYY-MM-DD HH24:MI:SS.FF6TZH" : "YYYY-MM-DD HH24:MI:SS.FF6"))
                    throw SnowflakeErrors.NotInStandIn($"{name.ToUpperInvariant()} of another format");
                reader.Require(")");
                return $"snowflake_account.{name}({time})";
            default: throw SnowflakeErrors.NotInStandIn($"the function {name.ToUpperInvariant()}");
        }
    }

    private static string Last(StatementReader reader)
    {
        var value = ExpressionReader.Read(reader);
        reader.Require(")");
        return value;
    }

    private static string Windowless(StatementReader reader, string call)
        => reader.Sees("over") ? throw SnowflakeErrors.NotInStandIn("window functions other than ROW_NUMBER") : call;

    private static string Over(StatementReader reader)
    {
        reader.Require("over", "(");
        var parts = new List<string>();
        if (reader.Takes("partition", "by"))
            parts.Add("PARTITION BY " + ExpressionReader.ReadList(reader));
        if (!reader.Sees("order")) // "ROW_NUMBER requires ORDER BY"
            throw reader.Unexpected();
        parts.Add(QueryReader.ReadOrder(reader));
        reader.Require(")");
        return $"OVER ({string.Join(' ', parts)})";
    }
}
