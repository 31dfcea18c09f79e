using PeakS3Feed.Destinations.Snowflake;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Account identifiers in the forms that Snowflake shows, and the address of the SQL API.</summary>
public sealed class SnowflakeAccountTests
{
    [Theory]
    [InlineData("myorg-account", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("MYORG-ACCOUNT", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("  myorg-account\n", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("MYORG.ACCOUNT", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("MYORG.MY_ACCOUNT", "myorg-my-account.snowflakecomputing.com", "MYORG-MY_ACCOUNT")]
    [InlineData("myorg-my_account", "myorg-my-account.snowflakecomputing.com", "MYORG-MY_ACCOUNT")]
    [InlineData("xy12345", "xy12345.snowflakecomputing.com", "XY12345")]
    [InlineData("XY12345", "xy12345.snowflakecomputing.com", "XY12345")]
    [InlineData("xy12345.eu-central-1", "xy12345.eu-central-1.snowflakecomputing.com", "XY12345")]
    [InlineData("XY12345.US-EAST-2.AWS", "xy12345.us-east-2.aws.snowflakecomputing.com", "XY12345")]
    [InlineData("xy12345.fhplus-us-gov-west-1.aws", "xy12345.fhplus-us-gov-west-1.aws.snowflakecomputing.com", "XY12345")]
    [InlineData("xy12345.fhplus.us-gov-west-1.aws", "xy12345.fhplus.us-gov-west-1.aws.snowflakecomputing.com", "XY12345")]
    [InlineData("XY12345.DOD.US-GOV-WEST-1.AWS", "xy12345.dod.us-gov-west-1.aws.snowflakecomputing.com", "XY12345")]
    [InlineData(
        "https://xy12345.fhplus.us-gov-west-1.aws.snowflakecomputing.com/", "xy12345.fhplus.us-gov-west-1.aws.snowflakecomputing.com", "XY12345")]
    [InlineData(
        "xy12345.fhplus.us-gov-west-1.aws.privatelink.snowflakecomputing.com",
        "xy12345.fhplus.us-gov-west-1.aws.privatelink.snowflakecomputing.com", "XY12345")]
    [InlineData(
        "https://app.snowflake.com/fhplus.us-gov-west-1.aws/xy12345/#/homepage", "xy12345.fhplus.us-gov-west-1.aws.snowflakecomputing.com",
        "XY12345")]
    [InlineData("xy12345.us-central1.gcp", "xy12345.us-central1.gcp.snowflakecomputing.com", "XY12345")]
    [InlineData("xy12345.us-central1", "xy12345.us-central1.snowflakecomputing.com", "XY12345")]
    [InlineData("xy12345.west-europe.azure", "xy12345.west-europe.azure.snowflakecomputing.com", "XY12345")]
    [InlineData("xy12345.cn-northwest-1.aws", "xy12345.cn-northwest-1.aws.snowflakecomputing.cn", "XY12345")]
    [InlineData("xy12345.cn-northwest-1", "xy12345.cn-northwest-1.snowflakecomputing.cn", "XY12345")]
    [InlineData("acct-ab12cd.global", "acct-ab12cd.global.snowflakecomputing.com", "ACCT")]
    [InlineData("xy12345.eu-central-1.privatelink", "xy12345.eu-central-1.privatelink.snowflakecomputing.com", "XY12345")]
    [InlineData("myorg-account.privatelink", "myorg-account.privatelink.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("myorg-account.snowflakecomputing.com", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("myorg-account.snowflakecomputing.com/", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("xy12345.west-europe.snowflakecomputing.com", "xy12345.west-europe.snowflakecomputing.com", "XY12345")]
    [InlineData("XY12345.eu-central-1.SNOWFLAKECOMPUTING.COM", "xy12345.eu-central-1.snowflakecomputing.com", "XY12345")]
    [InlineData(
        "xy12345.us-east-2.aws.privatelink.snowflakecomputing.com", "xy12345.us-east-2.aws.privatelink.snowflakecomputing.com", "XY12345")]
    [InlineData("app-myorg-account.privatelink.snowflakecomputing.com", "myorg-account.privatelink.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("app-account.privatelink.snowflakecomputing.com", "app-account.privatelink.snowflakecomputing.com", "APP-ACCOUNT")]
    [InlineData("myorg-account.snowflakecomputing.cn", "myorg-account.snowflakecomputing.cn", "MYORG-ACCOUNT")]
    [InlineData("https://myorg-account.snowflakecomputing.com", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("HTTPS://MYORG-ACCOUNT.snowflakecomputing.com/console/login#/", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("https://app.snowflake.com/myorg/my_account/#/data/databases", "myorg-my-account.snowflakecomputing.com", "MYORG-MY_ACCOUNT")]
    [InlineData("https://app.snowflake.com/MYORG/account", "myorg-account.snowflakecomputing.com", "MYORG-ACCOUNT")]
    [InlineData("https://app.snowflake.com/eu-central-1/xy12345/#/homepage", "xy12345.eu-central-1.snowflakecomputing.com", "XY12345")]
    [InlineData("https://app.snowflake.com/us-east-2.aws/xy12345/", "xy12345.us-east-2.aws.snowflakecomputing.com", "XY12345")]
    [InlineData("https://app.snowflake.cn/myorg/account", "myorg-account.snowflakecomputing.cn", "MYORG-ACCOUNT")]
    [InlineData(
        "https://app.eu-central-1.privatelink.snowflakecomputing.com/eu-central-1/xy12345/", "xy12345.eu-central-1.privatelink.snowflakecomputing.com",
        "XY12345")]
    public void An_account_has_a_host_and_a_name_for_tokens(string text, string host, string name)
    {
        Assert.Null(SnowflakeAccount.Check(text));
        Assert.Equal(new SnowflakeAccount(host, name), SnowflakeAccount.Parse(text));
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "missing")]
    [InlineData("  ", "missing")]
    [InlineData("my account", "characters")]
    [InlineData("myorg/account", "characters")]
    [InlineData("-account", "characters")]
    [InlineData("account.", "characters")]
    [InlineData("myorg..account", "characters")]
    [InlineData("scheme=https;account=x", "characters")]
    [InlineData("user:hushhush@myorg-account", "characters")]
    [InlineData("a.b.c", "too many parts")]
    [InlineData("xy12345.eu-central-1.oracle", "too many parts")]
    [InlineData("xy12345.a.b.aws", "too many parts")]
    [InlineData("xy12345.fhplus.us-gov-west-1.oracle", "too many parts")]
    [InlineData("xy12345.a.fhplus.us-gov-west-1.aws", "too many parts")]
    [InlineData("xy12345.west-europe", "\"west-europe\" is neither a region")]
    [InlineData("myorg-account.snowflakecomputing.com.evil.example", "is not a host of an account of Snowflake")]
    [InlineData("app.snowflake.com", "is not a host of an account of Snowflake")]
    [InlineData("http://myorg-account.snowflakecomputing.com", "https://")]
    [InlineData("https://user:hushhush@myorg-account.snowflakecomputing.com", "without a user")]
    [InlineData("https://proxy.example.com/", "EndpointUrl")]
    [InlineData("https://app.snowflake.com/", "/organization/account")]
    [InlineData("https://app.snowflake.com/myorg", "/organization/account")]
    [InlineData("jdbc:snowflake://myorg-account.snowflakecomputing.com/?password=hushhush", "https://")]
    public void What_is_not_an_account_is_a_problem_with_the_forms(string? text, string expected)
    {
        Assert.False(SnowflakeAccount.TryParse(text, out _));
        var problem = SnowflakeAccount.Check(text);
        Assert.Equal("Account", problem?.Field);
        Assert.Contains(expected, problem!.Message, StringComparison.Ordinal);
        Assert.Contains("xy12345.eu-central-1", problem.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("hushhush", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SnowflakeAccount.Parse(text!));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("https://myorg-account.privatelink.snowflakecomputing.com", true)]
    [InlineData("https://proxy.example.com:8443", true)]
    [InlineData("https://proxy.example.com:8443/", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://proxy.example.com", false)]
    [InlineData("https://proxy.example.com/api/v2", false)]
    [InlineData("https://proxy.example.com?x=1", false)]
    [InlineData("https://user:hushhush@proxy.example.com", false)]
    [InlineData("proxy.example.com", false)]
    [InlineData("", false)]
    public void Another_address_of_the_sql_api_is_https_without_a_path(string? url, bool isValid)
    {
        var problem = SnowflakeAccount.CheckEndpoint(url);
        Assert.Equal(isValid, problem is null);
        if (problem is null)
            return;
        Assert.Equal("EndpointUrl", problem.Field);
        Assert.DoesNotContain("hushhush", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_is_the_accounts_host_unless_another_one_is_given()
    {
        var account = SnowflakeAccount.Parse("MYORG.ACCOUNT");
        Assert.Equal(new Uri("https://myorg-account.snowflakecomputing.com/"), account.Address(null));
        Assert.Equal(new Uri("http://127.0.0.1:8080/"), account.Address("http://127.0.0.1:8080"));
    }
}
