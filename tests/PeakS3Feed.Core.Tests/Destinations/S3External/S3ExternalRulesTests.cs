using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Destinations.S3External;

public sealed class S3ExternalRulesTests
{
    private const string Key = "arn:aws:kms:eu-west-1:444455556666:key/1b2c";

    private static readonly S3ExternalDestination Lake = new() { Name = "lake", ConnectionName = "acme" };

    private static readonly S3Connection Bucket = new() { Name = "acme", BucketName = "acme-data", Region = "eu-west-1" };

    public static TheoryData<string, S3ExternalDestination> Valid => new()
    {
        { "the connection alone", Lake },
        { "a folder", Lake with { RootPath = "lake/tables/" } },
        { "limits", Lake with { FileSizeMiB = 1, RowGroupSizeMiB = 1 } },
        { "the other limits", Lake with { FileSizeMiB = 1024, RowGroupSizeMiB = 128 } },
        { "all settings", Lake with { Compression = ParquetCompression.Snappy, KmsKeyArn = Key, SpectrumManifest = true } },
    };

    public static TheoryData<S3ExternalDestination, string, string> Invalid => new()
    {
        { Lake with { ConnectionName = " " }, "ConnectionName", "connection is missing" },
        { Lake with { RootPath = "lake" }, "RootPath", "\"lake\" is not a folder for tables." },
        { Lake with { RootPath = "/lake/" }, "RootPath", "not a folder for tables" },
        { Lake with { RootPath = "a/../b/" }, "RootPath", "not a folder for tables" },
        { Lake with { RootPath = "a*/" }, "RootPath", "not a folder for tables" },
        { Lake with { RootPath = "s3://acme-data/lake/" }, "RootPath", "is an address" },
        { Lake with { FileSizeMiB = 0 }, "FileSizeMiB", "A data file cannot end at 0 MiB." },
        { Lake with { FileSizeMiB = 1025 }, "FileSizeMiB", "A data file cannot end at 1025 MiB." },
        { Lake with { RowGroupSizeMiB = 0 }, "RowGroupSizeMiB", "A row group cannot end at 0 MiB." },
        { Lake with { RowGroupSizeMiB = 129 }, "RowGroupSizeMiB", "A row group cannot end at 129 MiB." },
        { Lake with { KmsKeyArn = "alias/lake" }, "KmsKeyArn", "\"alias/lake\" is not the ARN of a KMS key." },
        { Lake with { Compression = (ParquetCompression)7 }, "Compression", "no compression 7" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Settings_within_the_limits_are_valid(string what, S3ExternalDestination destination)
        => Assert.True(BuiltInDestinations.Kinds.Check(destination).Count == 0, $"{what}: {string.Join(" ", BuiltInDestinations.Kinds.Check(destination))}");

    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_setting_that_breaks_a_rule_is_named_alone(S3ExternalDestination destination, string field, string message)
    {
        var problem = Assert.Single(BuiltInDestinations.Kinds.Check(destination));
        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Hint);
    }

    [Fact]
    public void A_folder_may_have_tables_and_an_anonymous_connection_may_not()
    {
        var folder = Bucket with { EndpointUrl = Path.GetTempPath() };
        Assert.Empty(BuiltInDestinations.Kinds.CheckConnection(Lake, Bucket));
        Assert.Empty(BuiltInDestinations.Kinds.CheckConnection(Lake, folder));
        Assert.Equal("Anonymous", Assert.Single(BuiltInDestinations.Kinds.CheckConnection(Lake, Bucket with { Anonymous = true })).Field);
        Assert.Contains("cannot encrypt", Assert.Single(BuiltInDestinations.Kinds.CheckConnection(Lake with { KmsKeyArn = Key }, folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("Größe 2026")]
    [InlineData("a-b+c")]
    public void A_name_that_can_be_a_folder_is_that_of_a_table(string table)
        => Assert.Empty(BuiltInDestinations.Kinds.CheckTable(table, hasPartitions: false, [Lake]));

    [Theory]
    [InlineData("_orders", "begin with _")]
    [InlineData(".orders", "begin with _")]
    [InlineData("a/b", "Leave out /")]
    [InlineData("a\\b", "Leave out /")]
    [InlineData("a=b", "Leave out /")]
    [InlineData("a*", "Leave out /")]
    [InlineData("a\tb", "Leave out /")]
    [InlineData("o'neil", "Leave out /")]
    [InlineData("orders ", "the space")]
    public void Any_other_name_is_refused_with_what_to_change(string table, string hint)
    {
        var problem = Assert.Single(BuiltInDestinations.Kinds.CheckTable(table, hasPartitions: false, [Lake]));
        Assert.Equal(("Table", $"A table on S3 cannot have the name \"{table}\"."), (problem.Field, problem.Message));
        Assert.Contains(hint, problem.Hint, StringComparison.Ordinal);
        Assert.Empty(BuiltInDestinations.Kinds.CheckTable(table, hasPartitions: false, [StoreDefinitions.Local]));
    }

    [Fact]
    public void A_long_name_leaves_no_room_for_keys()
    {
        Assert.Empty(BuiltInDestinations.Kinds.CheckTable(new string('t', 128), hasPartitions: false, [Lake]));
        Assert.Contains("128 bytes", Assert.Single(BuiltInDestinations.Kinds.CheckTable(new string('t', 129), false, [Lake])).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void One_destination_of_a_feed_with_partitions_must_have_them()
    {
        var server = new PostgreSqlDestination { Name = "dwh", Host = "h", Database = "d" };
        Assert.Empty(BuiltInDestinations.Kinds.CheckTable("orders", hasPartitions: true, [Lake]));
        Assert.Empty(BuiltInDestinations.Kinds.CheckTable("orders", hasPartitions: true, [server, Lake]));
        var problem = Assert.Single(BuiltInDestinations.Kinds.CheckTable("orders", hasPartitions: true, [server]));
        Assert.Equal("PartitionBy divides tables on S3, but dwh (PostgreSQL) has no partitions.", problem.Message);
        Assert.Equal("Leave PartitionBy out, or load into an S3External destination.", problem.Hint);
    }

    [Fact]
    public void A_manifest_for_Spectrum_knows_no_partitions()
    {
        var problem = Assert.Single(BuiltInDestinations.Kinds.CheckTable("orders", hasPartitions: true, [Lake with { SpectrumManifest = true }]));
        Assert.Contains("keeps a manifest for Redshift Spectrum", problem.Message, StringComparison.Ordinal);
        Assert.Empty(BuiltInDestinations.Kinds.CheckTable("orders", hasPartitions: false, [Lake with { SpectrumManifest = true }]));
    }

    [Fact]
    public void The_same_connection_and_folder_are_one_place()
    {
        Assert.True(AreSame(Lake, Lake with { Name = "other", ConnectionName = "ACME", Compression = ParquetCompression.Snappy, FileSizeMiB = 16 }));
        Assert.False(AreSame(Lake, Lake with { RootPath = "lake/" }));
        Assert.False(AreSame(Lake, Lake with { ConnectionName = "other" }));
    }

    [Fact]
    public void The_connection_is_a_reference_with_the_folder_of_the_tables()
    {
        var reference = Assert.Single(BuiltInDestinations.Kinds.Connections(Lake with { RootPath = "lake/" }));
        Assert.Equal(("ConnectionName", "acme", "lake/", true), (reference.Field, reference.Name, reference.StagingPrefix, reference.HoldsTables));
        Assert.Empty(BuiltInDestinations.Kinds.Secrets(Lake));
        Assert.Equal([PolicyPurpose.Table], BuiltInDestinations.Kinds.KindOf(Lake).PolicyPurposes);
        Assert.Equal(("acme:/", "acme:lake/"), (Lake.Place, (Lake with { RootPath = "lake/" }).Place));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_Snowflake_it_is_refused_with_what_to_do_instead(bool snowflakeFirst)
    {
        var snow = new SnowflakeDestination { Name = "snow", Account = "acme-sales", AccessToken = "env:T", Database = "D", StagingConnection = "acme" };
        S3FeedDestination[] pair = snowflakeFirst ? [snow, Lake] : [Lake, snow];
        var error = Assert.Throws<FeedException>(() => BuiltInDestinations.Kinds.ThrowIfNotCombinable("orders", pair));
        Assert.Equal("DestinationsDoNotCombine", error.Id);
        Assert.Contains("loads either into Snowflake or into a table on S3, not into both", error.Message, StringComparison.Ordinal);
        Assert.Contains("let Snowflake read it there", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void With_Redshift_it_is_a_pair()
        => BuiltInDestinations.Kinds.ThrowIfNotCombinable(
            "orders", [new RedshiftDestination { Name = "dwh", WorkgroupName = "wg", Region = "eu-west-1", Database = "dev", StagingConnection = "acme" }, Lake]);

    [Fact]
    public void The_file_has_what_differs_from_the_defaults_and_reads_it_again()
    {
        var full = Lake with
        {
            RootPath = "lake/", Compression = ParquetCompression.Snappy, FileSizeMiB = 64, RowGroupSizeMiB = 16, KmsKeyArn = Key, SpectrumManifest = true,
        };
        var text = DefinitionFormat.Default.Write(StoreDefinitions.Empty.With(Bucket).With(Lake with { Name = "plain" }).With(full));
        var read = DefinitionFormat.Default.TryRead(text)!;
        Assert.Equal([Lake with { Name = "plain" }, full], read.Destinations);
        var plain = DefinitionFormat.Default.ToJson(Lake);
        Assert.Equal("""{"kind":"S3External","name":"lake","connectionName":"acme"}""", plain.ToJsonString());
        Assert.Contains("\"compression\": \"Snappy\"", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    private static bool AreSame(S3ExternalDestination left, S3ExternalDestination right)
        => BuiltInDestinations.Kinds.AreSame(left, right, Path.GetTempPath());
}
