using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Amazon.Runtime;
using PeakS3Feed.Aws;
using PeakS3Feed.TestServers.RedshiftApi;

namespace PeakS3Feed.Tests.Aws;

/// <summary>
/// Signatures, with the requests and results of the test suite that AWS publishes for Signature Version 4: the ones of our signer, and those that the
/// fake server computes on its own.
/// </summary>
public sealed class SignatureTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Scope = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ";

    private const string Token = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/"
        + "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDry"
        + "pNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    private static readonly DateTimeOffset At = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    // Name in the suite, content type, body, session token, signed headers, signature.
    public static TheoryData<string, string?, string, string?, string, string> Vectors => new()
    {
        { "post-vanilla", null, "", null, "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
        { "post-x-www-form-urlencoded", "application/x-www-form-urlencoded", "Param1=value1", null, "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a" },
        { "post-sts-header-before", null, "", Token, "host;x-amz-date;x-amz-security-token", "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_request_of_the_suite_has_the_published_signature(string name, string? type, string body, string? token, string signed, string signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.amazonaws.com/");
        if (type is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        RequestSigner.Sign(request, Encoding.UTF8.GetBytes(body), Example, new ImmutableCredentials("AKIDEXAMPLE", Secret, token), At);

        Assert.Equal($"{Scope}SignedHeaders={signed}, Signature={signature}", Assert.Single(request.Headers.GetValues("Authorization")));
        var parts = new Authorization("AKIDEXAMPLE", "20150830", "us-east-1", "service", signed.Split(';'), "");
        Assert.Equal((name, signature), (name, SignatureCheck.Compute(Arrived(request, body), parts, Secret)));
    }

    [Theory]
    [InlineData("x-amz-target", "RedshiftData.CancelStatement", "The request signature we calculated")]
    [InlineData("host", "example.org", "The request signature we calculated")]
    [InlineData("x-amz-date", "20150830T123601Z", "The request signature we calculated")]
    [InlineData("x-amz-date", "20150830T124101Z", "Signature expired")]
    [InlineData("x-amz-extra", "1", "The header x-amz-extra is not signed")]
    [InlineData("authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE", "The Authorization header is missing or malformed")]
    public void The_fake_server_refuses_a_request_that_changed_after_it_was_signed(string header, string value, string refusal)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.amazonaws.com/");
        request.Headers.Add("X-Amz-Target", "RedshiftData.ExecuteStatement");
        RequestSigner.Sign(request, "{}"u8, Example, new ImmutableCredentials("AKIDEXAMPLE", Secret, null), At);
        var arrived = Arrived(request, "{}");
        Assert.Null(SignatureCheck.Find(arrived, Secret, At));

        var headers = new Dictionary<string, string>(arrived.Headers, StringComparer.OrdinalIgnoreCase) { [header] = value };
        Assert.StartsWith(refusal, SignatureCheck.Find(arrived with { Headers = headers }, Secret, At), StringComparison.Ordinal);
    }

    [Fact]
    public void The_fake_server_refuses_another_body_and_another_secret()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.amazonaws.com/");
        RequestSigner.Sign(request, "{}"u8, Example, new ImmutableCredentials("AKIDEXAMPLE", Secret, null), At);

        Assert.NotNull(SignatureCheck.Find(Arrived(request, "{ }"), Secret, At));
        Assert.NotNull(SignatureCheck.Find(Arrived(request, "{}"), Secret + "x", At));
    }

    [Fact]
    public void The_time_is_that_of_the_caller_in_UTC()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://example.amazonaws.com/");
        RequestSigner.Sign(request, [], Example, new ImmutableCredentials("AKIDEXAMPLE", Secret, null), At.ToOffset(TimeSpan.FromHours(14)));

        Assert.Equal(At.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), Assert.Single(request.Headers.GetValues("X-Amz-Date")));
    }

    private static ServiceEndpoint Example { get; } = new("service", "us-east-1", new Uri("https://example.amazonaws.com"));

    private static ApiRequest Arrived(HttpRequestMessage request, string body)
    {
        var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        return new("POST", "/", headers, Encoding.UTF8.GetBytes(body));
    }
}
