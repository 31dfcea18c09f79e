using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public sealed class ConnectionEditTests
{
    private static readonly StoreDefinitions Current = Verified(DefinitionImport.Read(
        Encoding.UTF8.GetBytes(
            """
            {
              "connections": [ { "name": "lake", "bucketName": "acme-lake", "region": "eu-west-1", "roleArn": "arn:aws:iam::111122223333:role/x", "externalId": "ext-1" } ],
              "feeds": [ { "name": "orders", "connectionName": "lake", "fileType": "Csv" },
                         { "name": "returns", "connectionName": "lake", "path": "in/returns/", "fileType": "Csv" } ]
            }
            """),
        StoreDefinitions.Empty).Definitions);

    [Fact]
    public void Settings_are_changed_and_the_connection_is_untested_again()
    {
        var (definitions, edit) = Edit(("region", "eu-central-1"), ("requesterPays", "true"), ("sessionDuration", "04:00:00"));
        var connection = definitions.FindConnection("lake")!;
        Assert.Equal(("eu-central-1", true, TimeSpan.FromHours(4)), (connection.Region, connection.RequesterPays, connection.SessionDuration));
        Assert.Equal(("ext-1", ConnectionStatus.Untested), (connection.ExternalId, connection.Status));
        Assert.Equal(("region", "\"eu-west-1\"", "\"eu-central-1\""), (edit.Changes[0].Key, edit.Changes[0].Before, edit.Changes[0].After));
        Assert.Equal(Current.Feeds, definitions.Feeds);
    }

    [Fact]
    public void An_empty_value_goes_back_to_the_default()
    {
        var (definitions, edit) = Edit(("roleArn", ""), ("externalId", ""));
        Assert.Equal((null, null), (definitions.FindConnection("lake")!.RoleArn, definitions.FindConnection("lake")!.ExternalId));
        Assert.Equal(("\"ext-1\"", null), (edit.Changes[1].Before, edit.Changes[1].After));
    }

    [Theory]
    [InlineData("4h")]
    [InlineData("04:00:00")]
    [InlineData("3h60m")]
    public void A_duration_is_written_as_in_a_cmdlet(string text)
        => Assert.Equal("\"04:00:00\"", Edit(("sessionDuration", text)).Result.Changes[0].After);

    [Fact]
    public void The_value_that_is_there_already_leaves_it_verified()
        => Assert.Equal(ConnectionStatus.Verified, Edit(("region", "eu-west-1")).Definitions.FindConnection("lake")!.Status);

    [Theory]
    [InlineData("region", "eu-central-1", true)]
    [InlineData("rootPath", "in/", true)]
    [InlineData("externalId", "ext-2", true)]
    [InlineData("region", "eu-west-1", false)]
    [InlineData("requesterPays", "true", false)]
    public void It_says_when_the_policy_no_longer_fits(string key, string value, bool outdated)
        => Assert.Equal(outdated, Edit((key, value)).Result.OutdatesPolicy);

    [Theory]
    [InlineData("region", "Europe!", "region")]
    [InlineData("regoin", "eu-west-1", "regoin is not known")]
    [InlineData("kmsKeyArn", "alias/x", "kmsKeyArn")]
    [InlineData("sessionDuration", "a while", "sessionDuration must be a duration: 90s, 5m, 2h, 30d, 1h30m or 00:05:00")]
    [InlineData("sessionDuration", "3", "sessionDuration must be a duration, and 3 has no unit. Write 3s for seconds, 3m for minutes, 3h for hours, or 3d for days")]
    [InlineData("kmsKeyArm", "", "kmsKeyArm is not known")]
    [InlineData("rootPath", "out/", "outside the root path \"out/\": returns")]
    [InlineData("name", "pond", "name of connection lake cannot be changed")]
    [InlineData("status", "Verified", "status of connection lake cannot be changed")]
    public void What_an_import_would_refuse_is_refused(string key, string value, string message)
    {
        var error = Assert.Throws<FeedException>(() => Edit((key, value)));
        Assert.Equal(("SettingInvalid", "lake"), (error.Id, error.Target));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static StoreDefinitions Verified(StoreDefinitions definitions) => definitions.With(definitions.FindConnection("lake")! with { Status = ConnectionStatus.Verified });

    private static (StoreDefinitions Definitions, SettingsResult<S3Connection> Result) Edit(params (string Key, string Value)[] settings)
        => TextSettings.Apply(Current, Current.FindConnection("lake")!, [.. settings.Select(s => KeyValuePair.Create(s.Key, s.Value))], DefinitionFormat.Default);
}
