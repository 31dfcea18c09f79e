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
              "feeds": [ { "name": "orders", "connectionName": "lake", "fileType": "Csv" } ]
            }
            """),
        StoreDefinitions.Empty).Definitions);

    [Fact]
    public void Settings_are_changed_and_the_connection_is_untested_again()
    {
        var (definitions, changes) = Edit(("region", "eu-central-1"), ("requesterPays", "true"), ("sessionDuration", "04:00:00"));
        var connection = definitions.FindConnection("lake")!;
        Assert.Equal(("eu-central-1", true, TimeSpan.FromHours(4)), (connection.Region, connection.RequesterPays, connection.SessionDuration));
        Assert.Equal(("ext-1", ConnectionStatus.Untested), (connection.ExternalId, connection.Status));
        Assert.Equal(("region", "\"eu-west-1\"", "\"eu-central-1\""), (changes[0].Key, changes[0].Before, changes[0].After));
        Assert.Equal(Current.Feeds, definitions.Feeds);
    }

    [Fact]
    public void An_empty_value_goes_back_to_the_default()
    {
        var (definitions, changes) = Edit(("roleArn", ""), ("externalId", ""));
        Assert.Equal((null, null), (definitions.FindConnection("lake")!.RoleArn, definitions.FindConnection("lake")!.ExternalId));
        Assert.Equal(("\"ext-1\"", null), (changes[1].Before, changes[1].After));
    }

    [Fact]
    public void The_value_that_is_there_already_leaves_it_verified()
        => Assert.Equal(ConnectionStatus.Verified, Edit(("region", "eu-west-1")).Definitions.FindConnection("lake")!.Status);

    [Theory]
    [InlineData("region", "Europe!", "region")]
    [InlineData("regoin", "eu-west-1", "regoin is not known")]
    [InlineData("kmsKeyArn", "alias/x", "kmsKeyArn")]
    [InlineData("sessionDuration", "a while", "sessionDuration")]
    [InlineData("name", "pond", "name of connection lake cannot be changed")]
    [InlineData("status", "Verified", "status of connection lake cannot be changed")]
    public void What_an_import_would_refuse_is_refused(string key, string value, string message)
    {
        var error = Assert.Throws<FeedException>(() => Edit((key, value)));
        Assert.Equal(("SettingInvalid", "lake"), (error.Id, error.Target));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static StoreDefinitions Verified(StoreDefinitions definitions) => definitions.With(definitions.FindConnection("lake")! with { Status = ConnectionStatus.Verified });

    private static (StoreDefinitions Definitions, IReadOnlyList<SettingChange> Changes) Edit(params (string Key, string Value)[] settings)
        => ConnectionEdit.Apply(Current, Current.FindConnection("lake")!, [.. settings.Select(s => KeyValuePair.Create(s.Key, s.Value))]);
}
