namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>A change of a table's definition.</summary>
/// <param name="Name">The table's name of one to three parts.</param>
public abstract record TableStatement(IReadOnlyList<string> Name) : SnowflakeStatement;

/// <summary>A column of a new table.</summary>
public sealed record NewColumn(string Name, SnowflakeType Type, bool IsNullable);

/// <summary>CREATE TABLE.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Columns">The columns.</param>
/// <param name="IfMissing">Whether nothing happens if the table exists.</param>
/// <param name="IsTransient">Whether it is a transient table.</param>
/// <param name="Rows">The query with its first rows; null for an empty table.</param>
public sealed record CreateTableStatement(
    IReadOnlyList<string> Name, IReadOnlyList<NewColumn> Columns, bool IfMissing, bool IsTransient, string? Rows) : TableStatement(Name);

/// <summary>ALTER TABLE … ADD COLUMN.</summary>
public sealed record AddColumnStatement(IReadOnlyList<string> Name, string Column, SnowflakeType Type, bool IfMissing) : TableStatement(Name);

/// <summary>ALTER TABLE … RENAME COLUMN.</summary>
public sealed record RenameColumnStatement(IReadOnlyList<string> Name, string From, string To) : TableStatement(Name);

/// <summary>ALTER TABLE … ALTER COLUMN … SET DATA TYPE.</summary>
public sealed record ChangeTypeStatement(IReadOnlyList<string> Name, string Column, SnowflakeType Type) : TableStatement(Name);

/// <summary>DROP TABLE.</summary>
public sealed record DropTableStatement(IReadOnlyList<string> Name, bool IfExists) : TableStatement(Name);

/// <summary>Reads CREATE TABLE, ALTER TABLE and DROP TABLE.</summary>
internal static class TableReader
{
    public static TableStatement Read(StatementReader reader)
    {
        var verb = reader.Word();
        var isTransient = verb is "create" && reader.Takes("transient");
        if (!reader.Takes("table"))
            throw SnowflakeErrors.NotInStandIn($"{verb.ToUpperInvariant()} of other than a table");
        return verb switch
        {
            "create" => Create(reader, isTransient),
            "alter" => Alter(reader),
            _ => Drop(reader),
        };
    }

    private static CreateTableStatement Create(StatementReader reader, bool isTransient)
    {
        var ifMissing = reader.Takes("if", "not", "exists");
        var name = reader.QualifiedName();
        reader.Require("(");
        var columns = new List<NewColumn>();
        do
        {
            var column = new NewColumn(reader.Name(), SnowflakeType.Read(reader), !reader.Takes("not", "null"));
            if (columns.Exists(c => c.Name == column.Name))
                throw SnowflakeErrors.DuplicateColumn(column.Name);
            columns.Add(column);
        }
        while (reader.Takes(","));
        reader.Require(")");
        if (reader.Takes("data_retention_time_in_days"))
        {
            reader.Require("=");
            reader.WholeNumber(0, isTransient ? 1 : 90);
        }
        if (reader.Takes("default_ddl_collation"))
        {
            reader.Require("=");
            if (reader.Literal().Length > 0)
                throw SnowflakeErrors.NotInStandIn("a collation");
        }
        var rows = reader.Takes("as") ? QueryReader.Read(reader).Sql : null;
        return new(name, columns, ifMissing, isTransient, rows);
    }

    private static DropTableStatement Drop(StatementReader reader)
    {
        var ifExists = reader.Takes("if", "exists");
        return new(reader.QualifiedName(), ifExists);
    }

    private static TableStatement Alter(StatementReader reader)
    {
        var name = reader.QualifiedName();
        if (reader.Takes("add", "column"))
        {
            var ifMissing = reader.Takes("if", "not", "exists");
            return new AddColumnStatement(name, reader.Name(), SnowflakeType.Read(reader), ifMissing);
        }
        if (reader.Takes("rename", "column"))
        {
            var from = reader.Name();
            reader.Require("to");
            return new RenameColumnStatement(name, from, reader.Name());
        }
        if (!reader.Takes("alter", "column"))
            throw SnowflakeErrors.NotInStandIn("ALTER TABLE other than ADD COLUMN, RENAME COLUMN and ALTER COLUMN");
        var column = reader.Name();
        reader.Require("set", "data", "type");
        return new ChangeTypeStatement(name, column, SnowflakeType.Read(reader));
    }
}
