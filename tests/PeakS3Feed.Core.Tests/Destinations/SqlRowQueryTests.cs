using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>The query that reads rows of a table, and the columns that it reads.</summary>
public sealed class SqlRowQueryTests
{
    private static readonly LoadTarget Target = new(Guid.NewGuid(), "orders", "orders");
    private static readonly Guid Run = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");

    [Fact]
    public void Rows_without_conditions_come_as_the_table_has_them_with_audit_columns_last()
    {
        var selection = new RowSelection(21);
        var columns = Columns(selection, "id", "peakauditrequestid", "peakauditfilename", "late");
        Assert.Equal(["id", "late", "peakauditfilename", "peakauditrequestid"], columns.Names);
        Assert.Equal("SELECT \"id\", \"late\", \"peakauditfilename\", \"peakauditrequestid\" FROM t LIMIT 21", Write(columns, selection));
        Assert.Empty(SqlRowQuery.Values(selection));
    }

    [Fact]
    public void Rows_of_a_run_are_ordered_by_their_object_and_values_are_parameters()
    {
        var selection = new RowSelection(20) { RunId = Run };
        Assert.Equal(
            "SELECT \"id\", \"peakauditfilename\", \"peakauditrequestid\" FROM t WHERE \"peakauditrequestid\" = :run ORDER BY \"peakauditfilename\" LIMIT 20",
            Write(Columns(selection, "id", "peakauditfilename", "peakauditrequestid"), selection));
        Assert.Equal([("run", "0f8fad5b-d9cb-469f-a165-70867728950e")], SqlRowQuery.Values(selection));
        // A table of another program may have one of the audit columns alone.
        Assert.EndsWith("WHERE \"peakauditrequestid\" = :run LIMIT 20", Write(Columns(selection, "id", "peakauditrequestid"), selection), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_object_need_no_order()
    {
        var selection = new RowSelection(20) { RunId = Run, ObjectUri = "s3://b/it's; DROP TABLE t" };
        var sql = Write(Columns(selection, "peakauditfilename", "peakauditrequestid"), selection);
        Assert.EndsWith("WHERE \"peakauditrequestid\" = :run AND \"peakauditfilename\" = :object LIMIT 20", sql, StringComparison.Ordinal);
        Assert.Equal(("object", "s3://b/it's; DROP TABLE t"), SqlRowQuery.Values(selection)[^1]);
    }

    [Fact]
    public void Names_are_quoted_and_those_of_Snowflake_are_upper_case()
    {
        var selection = new RowSelection(1) { ObjectUri = "s3://b/k", Schema = new FeedSchema([new FeedColumn("say_\"hi\"", "x", ColumnType.Decimal, 2)]) };
        var table = Table("SAY_\"HI\"", "PEAKAUDITFILENAME");
        var columns = SelectedColumns.From(table, new SnowflakeDialect("PUBLIC"), selection, Target);
        Assert.Equal(
            "SELECT \"SAY_\"\"HI\"\"\", \"PEAKAUDITFILENAME\" FROM t WHERE \"PEAKAUDITFILENAME\" = :object LIMIT 1",
            Write(columns, selection));
        Assert.Equal([ColumnType.Decimal, ColumnType.Text], columns.Known.Select(c => c!.Type));
    }

    [Fact]
    public void A_table_that_is_missing_is_an_error_with_the_command_that_creates_it()
    {
        var error = Assert.Throws<FeedException>(() => SelectedColumns.From(new TableSnapshot(), new PostgreSqlDialect("public"), new(1), Target));
        Assert.Equal(("TableMissing", "Invoke-S3Feed -Name orders"), (error.Id, Assert.Single(error.Remedies).Cmdlet));
    }

    [Theory]
    [InlineData("peakauditrequestid", true)]
    [InlineData("peakauditfilename", false)]
    public void A_table_without_the_audit_column_is_an_error_with_the_setting(string column, bool byRun)
    {
        var selection = new RowSelection(1) { RunId = byRun ? Run : null, ObjectUri = byRun ? null : "s3://b/k" };
        var error = Assert.Throws<FeedException>(() => Columns(selection, "id"));
        Assert.Equal("RowsNotTraceable", error.Id);
        Assert.Contains(column, error.Message, StringComparison.Ordinal);
        Assert.Contains("Set-S3Feed -Name orders -AuditColumns All", error.Remedies.Select(r => r.Cmdlet));
    }

    private static TableSnapshot Table(params string[] columns)
        => new() { Exists = true, Columns = [.. columns.Select(c => new TableColumn(c, "text", Required: false))] };

    private static SelectedColumns Columns(RowSelection selection, params string[] columns)
        => SelectedColumns.From(Table(columns), new PostgreSqlDialect("public"), selection, Target);

    private static string Write(SelectedColumns columns, RowSelection selection) => SqlRowQuery.Write("t", columns, selection, (name, _) => ":" + name);
}
