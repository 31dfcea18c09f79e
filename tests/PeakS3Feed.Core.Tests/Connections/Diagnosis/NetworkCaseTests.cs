using System.Net;
using System.Net.Sockets;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Access;
using PeakS3Feed.Tests.Sources;

namespace PeakS3Feed.Tests.Connections.Diagnosis;

/// <summary>The ways in which no service answers at all.</summary>
public sealed class NetworkCaseTests
{
    [Fact]
    public async Task A_name_without_an_address_is_a_matter_of_name_resolution()
        => await FailsAsync(S3Harness.Plain with { EndpointUrl = "https://no-such-host.invalid" }, "PSFSSS", "S3Unreachable", "The host name no-such-host.invalid cannot be resolved", "Name resolution is at fault");

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_matter_of_the_network()
    {
        var port = FreePort();
        await FailsAsync(S3Harness.Plain with { EndpointUrl = $"https://127.0.0.1:{port}" }, "PSFSSS", "S3Unreachable", $"Connection refused (127.0.0.1:{port})", "The network is at fault", "host and port");
        await FailsAsync(S3Harness.WithRole with { EndpointUrl = $"http://127.0.0.1:{port}" }, "PFSSSS", "S3Unreachable", $"127.0.0.1:{port} cannot be reached", "The network is at fault", "A server with TLS needs https://");
    }

    [Fact]
    public async Task Sts_may_be_the_one_that_is_not_reached()
    {
        await using var s3 = await FakeS3.StartAsync();
        var port = FreePort();
        await FailsAsync(S3Harness.WithRole with { EndpointUrl = s3.Url, StsEndpointUrl = $"http://127.0.0.1:{port}" }, "PFSSSS", "S3Unreachable", $"127.0.0.1:{port} cannot be reached", "The network is at fault");
    }

    [Fact]
    public async Task Https_to_a_plain_port_is_a_matter_of_the_endpoint()
    {
        await using var s3 = await FakeS3.StartAsync();
        await FailsAsync(S3Harness.Plain with { EndpointUrl = s3.Url.Replace("http:", "https:", StringComparison.Ordinal) }, "PSFSSS", "TlsFailed", "does not use TLS", "scheme or port is at fault", "http://");
    }

    [Fact]
    public async Task Http_to_a_port_with_tls_says_that_it_wants_https()
    {
        using var certificate = TestCertificate.Create("127.0.0.1", -1, 1);
        await using var s3 = await FakeS3.StartAsync(certificate);
        await FailsAsync(S3Harness.Plain with { EndpointUrl = s3.Url.Replace("https:", "http:", StringComparison.Ordinal) }, "PSFSSS", "S3Unreachable", "cannot be reached", "A server with TLS needs https://");
    }

    [Trait(Category.Name, Category.Slow)]
    // A certificate signed by itself is not trusted in any case; what is the matter besides comes first.
    [Theory]
    [InlineData("127.0.0.1", -1, 1, "UntrustedRoot", "Trust is at fault")]
    [InlineData("other.example", -1, 1, "RemoteCertificateNameMismatch", "The host name is at fault")]
    [InlineData("127.0.0.1", -10, -1, "NotTimeValid", "The certificate's validity is at fault")]
    [InlineData("127.0.0.1", 1, 10, "NotTimeValid", "this machine's clock")]
    public async Task A_certificate_that_is_not_accepted_says_what_is_wrong_with_it(string name, int from, int to, string message, string hint)
    {
        using var certificate = TestCertificate.Create(name, from, to);
        await using var s3 = await FakeS3.StartAsync(certificate);
        await FailsAsync(S3Harness.Plain with { EndpointUrl = s3.Url }, "PSFSSS", "TlsFailed", message, hint);
        await FailsAsync(S3Harness.WithRole with { EndpointUrl = s3.Url }, "PFSSSS", "TlsFailed", message, hint);
    }

    [Theory]
    [InlineData(HttpRequestError.ProxyTunnelError, "S3Unreachable", "The proxy is at fault")]
    [InlineData(HttpRequestError.NameResolutionError, "S3Unreachable", "check that eu-west-1 is a region")]
    [InlineData(HttpRequestError.ConnectionError, "S3Unreachable", "The network is at fault")]
    public void Amazons_own_endpoints_have_hints_of_their_own(HttpRequestError error, string id, string hint)
    {
        var failure = ServiceFailure.From(new HttpRequestException(error, "words"));
        var diagnosis = AccessDiagnosis.Explain(new(ConnectionStep.List, S3Harness.Plain), failure);
        Assert.Equal(id, diagnosis.Id);
        Assert.Contains("S3 in eu-west-1", diagnosis.Message, StringComparison.Ordinal);
        Assert.Contains(hint, diagnosis.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void No_answer_in_time_is_a_matter_of_the_network()
    {
        var failure = ServiceFailure.From(new TaskCanceledException("words", new TimeoutException()));
        var diagnosis = AccessDiagnosis.Explain(new(ConnectionStep.List, S3Harness.Plain), failure);
        Assert.Equal(("S3Unreachable", true), (diagnosis.Id, failure.IsTransient));
        Assert.Contains("The network is at fault", diagnosis.Hint, StringComparison.Ordinal);
    }

    // To the SDK it is a listing without objects, and a feed would think that its folder is empty.
    [Fact]
    public async Task A_page_in_the_place_of_a_listing_is_no_empty_folder()
    {
        await using var h = await S3Harness.StartAsync();
        await h.PutAsync("a.csv", "one");
        h.S3.Faults.Enqueue(new Fault { Status = 200, Page = "<html><body>Welcome</body></html>" }, FakeOperation.List, times: 100);
        await S3Harness.FailsAsync("NotS3", () => h.ListAsync());
        await S3Harness.FailsAsync("NotS3", () => h.Source.FindAsync("a.csv", default));
    }

    private static async Task FailsAsync(S3Connection connection, string outcomes, string id, string message, params string[] hint)
    {
        var checks = await Checks.RunAsync(connection);
        Assert.Equal(outcomes, Checks.Letters(checks));
        var failed = checks.Single(c => c.Outcome == CheckOutcome.Failed);
        Assert.Equal((id, null, null), (failed.ErrorId, failed.ServiceCode, failed.RequestId));
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.All(hint, part => Assert.Contains(part, failed.Hint, StringComparison.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
