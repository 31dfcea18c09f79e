using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Feeds;

public class FeedRulesTests
{
    private static readonly S3Connection Whole = new() { Name = "demo", BucketName = "acme" };
    private static readonly S3Connection Part = Whole with { RootPath = "in/" };
    private static readonly S3Feed Fine = new() { Name = "orders", ConnectionName = "demo" };

    private static string[] Fields(S3Feed feed, S3Connection? connection = null)
        => [.. FeedRules.Check(feed, connection ?? Whole).Select(p => p.Field)];

    [Fact]
    public void A_plain_feed_is_fine() => Assert.Empty(FeedRules.Check(Fine, Whole));

    [Theory]
    [InlineData("a")]
    [InlineData("Orders_2026")]
    [InlineData("a2345678901234567890123456789012345678901234567890")]
    public void Good_names_pass(string name) => Assert.Empty(Fields(Fine with { Name = name }));

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("_a")]
    [InlineData("a_")]
    [InlineData("a-b")]
    [InlineData("a b")]
    [InlineData("größe")]
    [InlineData("a23456789012345678901234567890123456789012345678901")]
    public void Bad_names_do_not(string name) => Assert.Equal(["Name"], Fields(Fine with { Name = name }));

    [Theory]
    [InlineData("orders/", true, false)]
    [InlineData("in/", true, true)]
    [InlineData("in/orders/", true, true)]
    [InlineData("/", true, false)]
    [InlineData("In/", true, false)]
    [InlineData("orders", false, false)]
    [InlineData("/in/", false, false)]
    [InlineData("in/*/", false, false)]
    [InlineData("", false, false)]
    public void Paths_end_in_a_slash_and_lie_under_the_root(string path, bool inWhole, bool inPart)
    {
        Assert.Equal(inWhole, FeedRules.Check(Fine with { Path = path }, Whole).Count == 0);
        Assert.Equal(inPart, FeedRules.Check(Fine with { Path = path }, Part).Count == 0);
    }

    [Fact]
    public void Load_types_and_keys_fit()
    {
        Assert.Equal(["PrimaryKey"], Fields(Fine with { LoadType = LoadType.Upsert }));
        Assert.Empty(Fields(Fine with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] }));
        Assert.Equal(["PrimaryKey"], Fields(Fine with { PrimaryKey = ["id"] }));
        Assert.Equal(["PrimaryKey"], Fields(Fine with { LoadType = LoadType.Upsert, PrimaryKey = ["id", "ID"] }));
        Assert.Equal(["OnChangedObject"], Fields(Fine with { OnChangedObject = ChangedObjectAction.Replace, AuditColumns = AuditColumns.None }));
        Assert.Empty(Fields(Fine with { OnChangedObject = ChangedObjectAction.Replace }));
        Assert.Equal(["CommitEveryBytes", "CommitEveryObjects"], Fields(Fine with { CommitEveryBytes = 0, CommitEveryObjects = -1 }));
    }

    [Fact]
    public void One_destination_is_named_or_two()
    {
        Assert.Equal(["DestinationNames"], Fields(Fine with { DestinationNames = [] }));
        Assert.Empty(Fields(Fine with { DestinationNames = ["a", "b"] }));
        Assert.Equal(["DestinationNames"], Fields(Fine with { DestinationNames = ["a", "A"] }));
        Assert.Equal(["DestinationNames"], Fields(Fine with { DestinationNames = ["a", "b", "c"] }));
    }

    [Fact]
    public void Nothing_is_blank()
        => Assert.Equal(
            ["Table", "Include", "Exclude", "Tags"], Fields(Fine with { Table = " ", Include = ["a", ""], Exclude = [" "], Tags = [""] }));

    [Fact]
    public void Patterns_compile()
    {
        var problems = FeedRules.Check(Fine with { Include = ["*.csv", "[a"], Exclude = ["[z-a]"] }, Whole);
        Assert.Equal(["Include", "Exclude"], problems.Select(p => p.Field));
        Assert.Contains("\"[a\"", problems[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("peaks3feed_file", "tables of the ledger")]
    [InlineData("Peaks3Feed_x", "tables of the ledger")]
    [InlineData("sales.orders", "The schema belongs to the destination")]
    public void A_table_is_named_alone_and_is_none_of_ours(string table, string says)
    {
        var problem = Assert.Single(FeedRules.Check(Fine with { Table = table }, Whole));
        Assert.Equal("Table", problem.Field);
        Assert.Contains(says, problem.Message + problem.Hint, StringComparison.Ordinal);
        Assert.Empty(Fields(Fine with { Name = "peaks3feed_x", Table = "x" }));
        Assert.Equal(["Table"], Fields(Fine with { Name = "peaks3feed_x" }));
    }

    [Theory]
    [InlineData("dd.MM.yyyy", true)]
    [InlineData("d/M/yy", true)]
    [InlineData("yyyyMMdd", true)]
    [InlineData("MM/dd/yyyy hh:mm:ss tt", true)]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", true)]
    [InlineData("dd MMM yyyy HH:mm", true)]
    [InlineData("MM/dd/yyyy hh:mm", false)]
    [InlineData("HH:mm", false)]
    [InlineData("dd.MM.", false)]
    [InlineData("d", false)]
    [InlineData("", false)]
    [InlineData("dd.MM.yyyy '", false)]
    [InlineData("dd.mm.yyyy", false)]
    public void Date_formats_can_read_what_they_write(string format, bool fine)
        => Assert.Equal(fine ? [] : ["DateFormats"], Fields(Fine with { DateFormats = [format] }));

    [Fact]
    public void A_dialect_has_no_contradictions()
    {
        Assert.Equal(["Csv.Separator"], Fields(Fine with { Csv = new CsvOptions { Separator = "" } }));
        Assert.Equal(["Csv.Separator"], Fields(Fine with { Csv = new CsvOptions { Separator = "\"" } }));
        Assert.Equal(["Csv.Separator"], Fields(Fine with { Csv = new CsvOptions { Separator = "a\n" } }));
        Assert.Equal(
            ["Csv.Quote", "Csv.Escape", "Csv.SkipRows"], Fields(Fine with { Csv = new CsvOptions { Quote = 'ä', Escape = '\n', SkipRows = -1 } }));
        Assert.Equal(["Csv.ColumnNames"], Fields(Fine with { Csv = new CsvOptions { ColumnNames = ["a", " ", " "] } }));
        Assert.Equal(["Csv.ColumnNames"], Fields(Fine with { Csv = new CsvOptions { ColumnNames = ["a", "a"] } }));
        Assert.Empty(Fields(Fine with { Csv = new CsvOptions { Separator = null, Quote = null } }));
    }

    [Theory]
    [InlineData("#", true)]
    [InlineData("-- ", true)]
    [InlineData(" #", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("#\n", false)]
    [InlineData("\"#", false)]
    [InlineData(",", false)]
    [InlineData(",,", false)]
    public void A_comment_prefix_is_not_how_rows_begin(string prefix, bool fine)
        => Assert.Equal(fine ? [] : ["Csv.CommentPrefix"], Fields(Fine with { Csv = new CsvOptions { CommentPrefix = prefix } }));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1_000, true)]
    [InlineData(-1, false)]
    [InlineData(1_001, false)]
    public void Few_rows_can_be_left_out_at_the_end(int rows, bool fine)
        => Assert.Equal(fine ? [] : ["Csv.SkipLastRows"], Fields(Fine with { Csv = new CsvOptions { SkipLastRows = rows } }));

    [Theory]
    [InlineData("1/0|Y/N|t/f", null)]
    [InlineData("да/нет", null)]
    [InlineData("true/nope|yep/false", null)]
    [InlineData("y/n|Y/N", null)]
    [InlineData("1", "\"1\" is not a pair.")]
    [InlineData("1/", "\"1/\" is not a pair.")]
    [InlineData("/0", "\"/0\" is not a pair.")]
    [InlineData("a/b/c", "\"a/b/c\" is not a pair.")]
    [InlineData("", "\"\" is not a pair.")]
    [InlineData("x/X", "\"X\" means both true and false.")]
    [InlineData("1/0|0/1", "\"0\" means both true and false.")]
    [InlineData("FALSE/x", "\"FALSE\" means both true and false.")]
    public void Boolean_values_are_pairs_that_agree(string pairs, string? problem)
    {
        var problems = FeedRules.Check(Fine with { Csv = new CsvOptions { BooleanValues = pairs.Split('|') } }, connection: null);
        Assert.Equal(problem is null ? [] : [("Csv.BooleanValues", problem)], problems.Select(p => (p.Field, p.Message)));
    }

    [Theory]
    [InlineData(',', '.', null)]
    [InlineData(null, ',', null)]
    [InlineData(',', '\u00A0', null)]
    [InlineData('.', '\'', null)]
    [InlineData('٫', '٬', null)]
    [InlineData('1', null, "Csv.DecimalSeparator")]
    [InlineData('e', null, "Csv.DecimalSeparator")]
    [InlineData('-', null, "Csv.DecimalSeparator")]
    [InlineData(',', '\n', "Csv.GroupSeparator")]
    [InlineData(',', '0', "Csv.GroupSeparator")]
    [InlineData(',', ',', "Csv.GroupSeparator")]
    [InlineData(null, '.', "Csv.GroupSeparator")]
    public void Separators_in_numbers_are_two_that_no_number_has_otherwise(char? point, char? group, string? field)
        => Assert.Equal(field is null ? [] : [field], Fields(Fine with { Csv = new CsvOptions { DecimalSeparator = point, GroupSeparator = group } }));

    [Theory]
    [InlineData("Semikolon", "Did you mean Semicolon?")]
    [InlineData("tabs", "Did you mean Tab?")]
    [InlineData("x", null)]
    [InlineData("::", null)]
    [InlineData("~|~", null)]
    [InlineData("a-b", null)]
    [InlineData("Ş", null)]
    public void A_word_that_names_no_separator_is_refused(string separator, string? hint)
    {
        var problems = FeedRules.Check(Fine with { Csv = new CsvOptions { Separator = separator } }, connection: null);
        Assert.Equal(hint is null ? [] : ["Csv.Separator"], problems.Select(p => p.Field));
        Assert.Equal(hint is null ? [] : [hint], problems.Select(p => p.Hint));
    }

    [Theory]
    [InlineData(FileType.Json)]
    [InlineData(FileType.Ndjson)]
    public void A_separator_is_for_CSV_alone(FileType type)
    {
        Assert.Equal(["Csv.Separator"], Fields(Fine with { FileType = type, Csv = new CsvOptions { Separator = "," } }));
        Assert.Equal(["Csv.Separator"], Fields(Fine with { FileType = type, Csv = new CsvOptions { Separator = null } }));
        Assert.Empty(Fields(Fine with { FileType = type }));
        Assert.Empty(Fields((Fine with { Csv = new CsvOptions { Separator = "\t" } }).WithFileType(type)));
    }

    [Theory]
    [InlineData(FileType.Json)]
    [InlineData(FileType.Ndjson)]
    public void So_are_the_settings_of_lines_and_values_but_not_the_encoding(FileType type)
    {
        var feed = Fine with
        {
            Encoding = FileEncoding.Utf16,
            Csv = new CsvOptions { CommentPrefix = "#", TrimValues = true, EmptyAsNull = true, SkipLastRows = 1, BooleanValues = ["Y/N"], DecimalSeparator = ',', GroupSeparator = '.' },
        };
        Assert.Empty(Fields(feed));
        var problems = FeedRules.Check(feed with { FileType = type }, connection: null);
        Assert.Equal(
            ["Csv.CommentPrefix", "Csv.TrimValues", "Csv.EmptyAsNull", "Csv.SkipLastRows", "Csv.BooleanValues", "Csv.DecimalSeparator", "Csv.GroupSeparator"],
            problems.Select(p => p.Field));
        Assert.Equal($"CommentPrefix is for CSV files; this feed reads {type}.", problems[0].Message);
        Assert.Empty(Fields(feed.WithFileType(type)));
    }

    [Fact]
    public void A_schema_has_every_column_once()
    {
        static FeedColumn Column(string name, string field) => new(name, field, ColumnType.Text);
        Assert.Equal(["Schema"], Fields(Fine with { Schema = new([Column("a", "a"), Column("A", "b")]) }));
        Assert.Equal(["Schema"], Fields(Fine with { Schema = new([Column("a", "x"), Column("b", "x")]) }));
        Assert.Empty(Fields(Fine with { Schema = new([Column("a", "x"), Column("b", "X")]) }));
        Assert.Equal(["Schema"], Fields(Fine with { Schema = new([Column("PeakAuditFileName", "x")]) }));
        Assert.Empty(Fields(Fine with { Schema = new([Column("peakaudit_of_mine", "x")]) }));
    }

    [Fact]
    public void A_key_names_a_column_by_its_name_in_any_case_or_by_its_field()
    {
        static FeedColumn Column(string name, string field) => new(name, field, ColumnType.Text);
        var upsert = Fine with { LoadType = LoadType.Upsert, Schema = new([Column("CUSTOMER_ID", "Customer Id"), Column("NAME", "name")]) };
        foreach (var key in (string[])["CUSTOMER_ID", "customer_id", "Customer Id"])
            Assert.Empty(FeedRules.Check(upsert with { PrimaryKey = [key] }, Whole));
        Assert.Equal("Did you mean CUSTOMER_ID?", Assert.Single(FeedRules.Check(upsert with { PrimaryKey = ["customerid"] }, Whole)).Hint);
        Assert.Contains(
            "the column \"CUSTOMER_ID\" twice",
            Assert.Single(FeedRules.Check(upsert with { PrimaryKey = ["Customer Id", "customer_id"] }, Whole)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Throwing_names_all_problems()
    {
        FeedRules.ThrowIfInvalid(Fine, Whole);
        var error = Assert.Throws<FeedException>(() => FeedRules.ThrowIfInvalid(Fine with { LoadType = LoadType.Upsert, CommitEveryBytes = 0 }, Whole));
        Assert.Equal(("FeedInvalid", "orders"), (error.Id, error.Target));
        Assert.Contains("primary key", error.Message, StringComparison.Ordinal);
        Assert.Contains("(2) ", error.Message, StringComparison.Ordinal);
    }
}
