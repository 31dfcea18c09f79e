using Amazon.Runtime.Endpoints;
using Amazon.S3.Endpoints;
using PeakS3Feed.Aws;

namespace PeakS3Feed.Tests.Aws;

public class RememberedEndpointTests
{
    private readonly Rules _rules = new();

    [Fact]
    public void The_rules_are_asked_once_whatever_the_key()
    {
        var remembered = new RememberedEndpoint(_rules);
        var first = remembered.ResolveEndpoint(new S3EndpointParameters { Bucket = "a", Region = "eu-west-1", Key = "1" });
        first.URL += "/"; // as the SDK does
        var second = remembered.ResolveEndpoint(new S3EndpointParameters { Bucket = "a", Region = "eu-west-1", Key = "2", Prefix = "p" });
        Assert.Equal("https://1.example", second.URL);
        Assert.Same(first.Attributes, second.Attributes);
        Assert.Equal(1, _rules.Asked);
    }

    public static TheoryData<string> Settings => [.. typeof(S3EndpointParameters).GetProperties()
        .Where(p => p.DeclaringType == typeof(S3EndpointParameters) && p.Name is not ("Key" or "Prefix" or "CopySource"))
        .Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void They_are_asked_anew_when_anything_else_differs(string setting)
    {
        var remembered = new RememberedEndpoint(_rules);
        var before = remembered.ResolveEndpoint(new S3EndpointParameters());
        var changed = new S3EndpointParameters();
        var property = typeof(S3EndpointParameters).GetProperty(setting)!;
        property.SetValue(changed, property.PropertyType == typeof(string) ? "x" : true);
        Assert.NotEqual(before.URL, remembered.ResolveEndpoint(changed).URL);
        Assert.Equal("https://2.example", remembered.ResolveEndpoint(changed).URL);
        Assert.Equal(2, _rules.Asked);
    }

    [Fact]
    public void What_is_not_a_question_of_S3_is_passed_on()
    {
        var remembered = new RememberedEndpoint(_rules);
        Assert.NotEqual(remembered.ResolveEndpoint(new Other()).URL, remembered.ResolveEndpoint(new Other()).URL);
    }

    private sealed class Other : EndpointParameters;

    private sealed class Rules : IEndpointProvider
    {
        public int Asked { get; private set; }

        public Endpoint ResolveEndpoint(EndpointParameters parameters) => new($"https://{++Asked}.example");
    }
}
