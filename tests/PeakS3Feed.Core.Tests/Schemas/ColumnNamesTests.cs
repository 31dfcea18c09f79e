using System.Text;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Schemas;

public class ColumnNamesTests
{
    [Theory]
    [InlineData("id", "id")]
    [InlineData("OrderId", "order_id")]
    [InlineData("orderID", "order_id")]
    [InlineData("HTTPServerName", "http_server_name")]
    [InlineData("Order Date", "order_date")]
    [InlineData("  Unit-Price (€) ", "unit_price")]
    [InlineData("a__b.c/d", "a_b_c_d")]
    [InlineData("Address2", "address2")]
    [InlineData("q1Sales", "q1_sales")]
    [InlineData("TOTAL", "total")]
    [InlineData("Größe", "grosse")]
    [InlineData("Žluťoučký kůň", "zlutoucky_kun")]
    [InlineData("cre\u0301dit", "credit")]
    [InlineData("Øresund Æble", "oresund_aeble")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("日付", "日付")]
    [InlineData("Цена Й", "цена_й")]
    [InlineData("m²", "m2")]
    [InlineData("2024 sales", "_2024_sales")]
    [InlineData("", "column_3")]
    [InlineData(" - ", "column_3")]
    [InlineData("\ud800x", "x")]
    [InlineData("x\uFFFEé", "x_e")] // which .NET does not normalise
    [InlineData("PeakAuditCreatedAt", "peak_audit_created_at")]
    [InlineData("PEAKAUDITFILENAME", "peakauditfilename_2")]
    public void Names_are_snake_case(string field, string name) => Assert.Equal(name, new ColumnNames(new ValueLimits()).Assign(field, 3));

    [Fact]
    public void A_name_is_given_once()
    {
        var names = new ColumnNames(new ValueLimits(), ["Name", "b_2"]);
        Assert.Equal(["name_2", "name_3", "b", "b_3", "name_2_2"], new[] { "name", "NAME", "b", "B", "name 2" }.Select(f => names.Assign(f, 1)));
    }

    [Fact]
    public void Long_names_are_cut_at_whole_characters_and_told_apart_by_a_hash()
    {
        var limits = new ValueLimits { MaxNameBytes = 20 };
        var names = new ColumnNames(limits);
        var assigned = new[] { new string('ж', 30), new string('ж', 31), new string('x', 20), new string('x', 20), new string('x', 21) }
            .Select(f => names.Assign(f, 1)).ToList();
        Assert.All(assigned, n => Assert.InRange(Encoding.UTF8.GetByteCount(n), 1, 20));
        Assert.Equal(5, assigned.Distinct().Count());
        Assert.Equal(new string('x', 20), assigned[2]);
        Assert.Equal(new string('x', 18) + "_2", assigned[3]);
        Assert.Matches("^жжжжж_[0-9a-f]{8}$", assigned[0]);
        Assert.Equal(assigned[0], new ColumnNames(limits).Assign(new string('ж', 30), 9));
    }

    [Fact]
    public void Names_can_be_upper_case()
        => Assert.Equal("ORDER_ID", new ColumnNames(new ValueLimits { UpperCaseNames = true }).Assign("orderId", 1));

    [Fact]
    public void A_name_that_the_destination_keeps_for_itself_gets_a_number()
    {
        var limits = new ValueLimits { ReservedNames = new HashSet<string>(["xmin", "ctid"], StringComparer.OrdinalIgnoreCase) };
        var names = new ColumnNames(limits);
        Assert.Equal(["xmin_2", "xmin_3", "ctid_2", "ymin"], new[] { "xmin", "XMIN", "ctid", "ymin" }.Select(f => names.Assign(f, 1)));
        Assert.Equal("xmin", new ColumnNames(new ValueLimits()).Assign("xmin", 1));
    }

    [Fact]
    public void A_schema_from_before_gets_a_free_name_or_the_one_that_the_table_has()
    {
        var limits = new ValueLimits { ReservedNames = new HashSet<string>(["xmin", "ctid"], StringComparer.OrdinalIgnoreCase) };
        var schema = new FeedSchema([Column("xmin"), Column("ymin"), Column("ctid"), Column("xmin_2")]);
        Assert.Equal(["xmin_3", "ymin", "ctid_2", "xmin_2"], ColumnNames.ReplaceReserved(schema, [], limits).Columns.Select(c => c.Name));
        Assert.Equal(["xmin", "ymin", "ctid", "xmin_2"], ColumnNames.ReplaceReserved(schema, [], limits).Columns.Select(c => c.Field));
        var recorded = new FeedColumn("left_edge", "xmin", ColumnType.BigInt, 0, true);
        Assert.Equal(["left_edge", "ymin", "ctid_2", "xmin_2"], ColumnNames.ReplaceReserved(schema, [recorded], limits).Columns.Select(c => c.Name));
        Assert.Same(schema, ColumnNames.ReplaceReserved(schema, [], new ValueLimits()));
    }

    private static FeedColumn Column(string name) => new(name, name, ColumnType.BigInt, 0, true);
}
