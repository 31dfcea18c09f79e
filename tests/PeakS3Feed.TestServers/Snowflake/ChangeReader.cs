namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>Reads INSERT, UPDATE, DELETE and MERGE statements and writes them for PostgreSQL.</summary>
internal static class ChangeReader
{
    public static ChangeStatement Read(StatementReader reader) => reader.Word() switch
    {
        "insert" => Insert(reader),
        "update" => Update(reader),
        "delete" => Delete(reader),
        _ => Merge(reader),
    };

    private static ChangeStatement Insert(StatementReader reader)
    {
        reader.Require("into");
        var table = reader.Scope.Table(reader.QualifiedName(), "INSERT");
        if (!reader.Sees("("))
            throw SnowflakeErrors.NotInStandIn("INSERT without the names of the columns");
        var columns = Columns(reader);
        var rows = reader.Takes("values") ? "VALUES " + Values(reader) : QueryReader.Read(reader).Sql;
        return new(ChangeKind.Insert, table, $"INSERT INTO {table} {columns} {rows}");
    }

    private static ChangeStatement Update(StatementReader reader)
    {
        var table = reader.Scope.Table(reader.QualifiedName(), "UPDATE");
        reader.Require("set");
        var sql = $"UPDATE {table} SET {Assignments(reader)}";
        if (reader.Takes("from"))
            sql = $"{sql} FROM {QueryReader.ReadTables(reader, "UPDATE")}";
        return new(ChangeKind.Update, table, sql + Where(reader));
    }

    private static ChangeStatement Delete(StatementReader reader)
    {
        reader.Require("from");
        var table = reader.Scope.Table(reader.QualifiedName(), "DELETE");
        var sql = $"DELETE FROM {table}";
        if (reader.Takes("using"))
            sql = $"{sql} USING {QueryReader.ReadTables(reader, "DELETE")}";
        return new(ChangeKind.Delete, table, sql + Where(reader));
    }

    private static ChangeStatement Merge(StatementReader reader)
    {
        reader.Require("into");
        var table = reader.Scope.Table(reader.QualifiedName(), "MERGE");
        var alias = reader.Scope.Quote(reader.Name());
        reader.Require("using");
        if (!reader.Sees("("))
            throw SnowflakeErrors.NotInStandIn("MERGE from other than a query");
        var source = QueryReader.ReadTable(reader, "MERGE");
        reader.Require("on");
        var condition = ExpressionReader.Read(reader);
        reader.Require("when", "matched", "then", "update", "set");
        var update = Assignments(reader);
        reader.Require("when", "not", "matched", "then", "insert");
        var columns = Columns(reader);
        reader.Require("values");
        var values = $"({Row(reader)})";
        var sql = $"MERGE INTO {table} {alias} USING {source} ON {condition} WHEN MATCHED THEN UPDATE SET {update} "
            + $"WHEN NOT MATCHED THEN INSERT {columns} VALUES {values}";
        return new(ChangeKind.Merge, table, sql) { CountSql = $"SELECT COUNT(*) FROM {table} {alias} JOIN {source} ON {condition}" };
    }

    private static string Columns(StatementReader reader) => $"({string.Join(", ", reader.ColumnList().Select(reader.Scope.Quote))})";

    private static string Values(StatementReader reader)
    {
        var rows = new List<string> { $"({Row(reader)})" };
        while (reader.Takes(","))
            rows.Add($"({Row(reader)})");
        return string.Join(", ", rows);
    }

    private static string Row(StatementReader reader)
    {
        reader.Require("(");
        var values = ExpressionReader.ReadList(reader);
        reader.Require(")");
        return values;
    }

    private static string Assignments(StatementReader reader)
    {
        var assignments = new List<string>();
        do
        {
            var column = reader.Scope.Quote(reader.Name());
            reader.Require("=");
            assignments.Add($"{column} = {ExpressionReader.Read(reader)}");
        }
        while (reader.Takes(","));
        return string.Join(", ", assignments);
    }

    private static string Where(StatementReader reader) => reader.Takes("where") ? " WHERE " + ExpressionReader.Read(reader) : "";
}
